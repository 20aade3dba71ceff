//! A link that sets a new password.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use shared::people::{PasswordReset, ResetInfo};

use crate::{
    WireError,
    components::{Brand, Empty, Field, FormProblem, Icon, Notice, NoticeKind},
    rest,
    server_fns::account::describe_reset,
    wire,
};

#[component]
pub fn ResetPage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let info = wire::load(move || token.get(), describe_reset);
    view! {
        <Title text="New password · Sightline" />
        <main class="center">
            <Suspense>
                {move || Suspend::new(async move {
                    match info.await {
                        Ok(info) => view! { <NewPassword info=info token=token.get_untracked() /> }.into_any(),
                        Err(WireError(error)) => {
                            view! {
                                <Empty icon=Icon::KeyRound title=error.message text=error.hint.unwrap_or_else(|| "Ask an administrator for a new one.".to_owned())>
                                    <a class="button button--primary" href="/login">"Sign in"</a>
                                </Empty>
                            }
                                .into_any()
                        }
                    }
                })}
            </Suspense>
        </main>
    }
}

#[component]
fn NewPassword(info: ResetInfo, token: String) -> impl IntoView {
    let password = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<WireError>);
    let done = RwSignal::new(false);
    let email = info.email.to_string();
    let set = crate::browser::action(move |(): &()| {
        let request = PasswordReset {
            password: password.get_untracked(),
        };
        let address = format!("/api/v1/resets/{token}");
        async move {
            problem.set(None);
            match rest::send::<_, serde_json::Value>("POST", &address, &request, None).await {
                Ok(_) => done.set(true),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <div class="gate">
            <div class="gate__brand"><Brand />"Sightline"</div>
            <Show
                when=move || done.get()
                fallback=move || {
                    let email = email.clone();
                    view! {
                        <form class="gate__form" method="post" on:submit=move |event| { event.prevent_default(); set.dispatch(()); }>
                            <div class="page__title"><h1>"Choose a new password"</h1><p class="muted">"For " {email.clone()} ". You are signed out everywhere, and your API tokens end."</p></div>
                            <FormProblem problem=problem />
                            // For password managers, which keep it under the address.
                            <input type="email" name="email" autocomplete="username" value=email hidden=true readonly=true />
                            <Field label="New password" hint="At least 12 characters; a few words are best.">
                                <input class="input" type="password" name="password" autocomplete="new-password" minlength="12" required=true autofocus=true prop:value=password on:input=move |event| password.set(event_target_value(&event)) />
                            </Field>
                            <button class="button button--primary button--large" type="submit" disabled=move || set.pending().get()>"Set password"</button>
                        </form>
                    }
                }
            >
                <Notice kind=NoticeKind::Good>
                    <span class="notice__title">"Your new password is set."</span>
                    <span>"Sign in with it now."</span>
                </Notice>
                <a class="button button--primary button--large" href="/login">"Sign in"</a>
            </Show>
        </div>
    }
}
