//! First start: the first administrator and a workspace, through the one-time link in the server's output.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use serde_json::json;
use shared::ErrorCode;

use crate::{
    WireError, browser,
    components::{Brand, Empty, Field, Icon, ProblemNotice},
    rest,
    server_fns::{account::check_setup_link, dashboard::add_sample},
    wire,
};

const USED_UP: (&str, &str) = (
    "This set-up link does not work any more",
    "It works once. As long as nobody has set this Sightline up, each start of the server prints a new one; after that, sign in.",
);

#[component]
pub fn SetupPage() -> impl IntoView {
    let query = use_query_map();
    let token = Memo::new(move |_| query.with(|query| query.get("token")).unwrap_or_default());
    let link = wire::load(move || token.get(), check_setup_link);
    view! {
        <Title text="Set up · Sightline" />
        <main class="center">
            <Suspense>
                {move || Suspend::new(async move {
                    match link.await {
                        Ok(()) => view! { <SetupForm token=token.get_untracked() /> }.into_any(),
                        Err(WireError(error)) => {
                            let (title, text) = if error.code == ErrorCode::NotFound {
                                (USED_UP.0.to_owned(), USED_UP.1.to_owned())
                            } else {
                                (error.message, error.hint.unwrap_or_default())
                            };
                            view! {
                                <Empty icon=Icon::Link title=title text=text>
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
fn SetupForm(token: String) -> impl IntoView {
    let field = || RwSignal::new(String::new());
    let (name, email, password, workspace) = (field(), field(), field(), field());
    let sample = RwSignal::new(true);
    let problem = RwSignal::new(None::<WireError>);
    let set_up = crate::browser::action(move |(): &()| {
        let body = json!({
            "token": token.as_str(),
            "name": name.get_untracked(),
            "email": email.get_untracked(),
            "password": password.get_untracked(),
            "workspace": workspace.get_untracked(),
        });
        let with_sample = sample.get_untracked();
        async move {
            let made: Result<shared::account::Me, WireError> = rest::send("POST", "/api/v1/setup", &body, None).await;
            match made {
                Ok(me) => {
                    let slug = me
                        .workspaces
                        .first()
                        .map(|workspace| workspace.slug.to_string())
                        .unwrap_or_default();
                    let next = if with_sample {
                        add_sample(slug.clone()).await.is_ok()
                    } else {
                        false
                    };
                    browser::go_to(&format!("/w/{slug}/{}", if next { "dashboards" } else { "datasets" }));
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        set_up.dispatch(());
    };
    view! {
        <div class="gate">
            <div class="gate__brand"><Brand />"Sightline"</div>
            <form class="gate__form" method="post" on:submit=submit>
                <div class="page__title">
                    <h1>"Welcome. This takes a minute."</h1>
                    <p class="muted">"You become the administrator of this Sightline. The link that brought you here works once."</p>
                </div>
                {move || problem.get().map(|error| view! { <ProblemNotice error=error.0 /> })}
                <Field label="Your name"><input class="input" name="name" autocomplete="name" required=true autofocus=true prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field>
                <Field label="E-mail"><input class="input" type="email" name="email" autocomplete="username" required=true prop:value=email on:input=move |event| email.set(event_target_value(&event)) /></Field>
                <Field label="Password" hint="At least 12 characters; a few words are best.">
                    <input class="input" type="password" name="password" autocomplete="new-password" required=true minlength="12" prop:value=password on:input=move |event| password.set(event_target_value(&event)) />
                </Field>
                <Field label="Workspace" hint="Your team or company. You can make more later.">
                    <input class="input" name="workspace" required=true prop:value=workspace on:input=move |event| workspace.set(event_target_value(&event)) />
                </Field>
                <label class="check">
                    <input type="checkbox" prop:checked=sample on:change=move |event| sample.set(event_target_checked(&event)) />
                    <span>"Add sample data and a dashboard to look at"</span>
                </label>
                <button class="button button--primary button--large" type="submit" disabled=move || set_up.pending().get()>
                    {move || if set_up.pending().get() { "Setting up …" } else { "Start" }}
                </button>
            </form>
        </div>
    }
}
