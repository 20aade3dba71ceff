//! An invitation's link: whoever holds it joins a workspace, with a new account or with the one they are signed in to.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use serde_json::json;
use shared::{
    account::{InviteInfo, Me},
    ids::WorkspaceId,
};

use crate::{
    WireError, browser,
    components::{Brand, Empty, Field, Icon, ProblemNotice},
    contexts::use_current_user,
    pages::members::may,
    rest,
    server_fns::account::{describe_invite, me},
    wire,
};

#[component]
pub fn InvitePage() -> impl IntoView {
    let params = use_params_map();
    let token = Memo::new(move |_| params.with(|params| params.get("token").unwrap_or_default()));
    let info = wire::load(move || token.get(), describe_invite);
    let user = use_current_user();
    view! {
        <Title text="Invitation · Sightline" />
        <main class="center">
            <Suspense>
                {move || Suspend::new(async move {
                    let (info, user) = (info.await, user.0.await);
                    match info {
                        Ok(info) => view! { <Invitation info=info user=user.ok() token=token.get_untracked() /> }.into_any(),
                        Err(WireError(error)) => {
                            view! {
                                <Empty icon=Icon::Link title=error.message text=error.hint.unwrap_or_else(|| "Ask whoever sent you the link for a new one.".to_owned())>
                                    <a class="button button--primary" href="/">"Go to the start page"</a>
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
fn Invitation(info: InviteInfo, user: Option<Me>, token: String) -> impl IntoView {
    let problem = RwSignal::new(None::<WireError>);
    let sign_in = format!("/login?return_to=/invite/{token}");
    let token = StoredValue::new(token);
    let accept = crate::browser::action(move |account: &Option<serde_json::Value>| {
        let body = json!({ "account": account });
        problem.set(None);
        async move {
            match join(&token.get_value(), &body).await {
                Ok(address) => browser::go_to(&address),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let pending = Signal::derive(move || accept.pending().get());
    view! {
        <div class="gate">
            <div class="gate__brand"><Brand />"Sightline"</div>
            <div class="page__title">
                <h1>"Join “"{info.workspace.to_string()}"”"</h1>
                <p class="muted">{format!("You will be able to {}.", may(info.role))}</p>
            </div>
            {move || problem.get().map(|error| view! { <ProblemNotice error=error.0 /> })}
            {match user {
                Some(me) => {
                    view! {
                        <p>"You are signed in as " <strong>{me.user.email.to_string()}</strong> "."</p>
                        <button class="button button--primary button--large" type="button" disabled=move || pending.get() on:click=move |_| { accept.dispatch(None); }>
                            "Join the workspace"
                        </button>
                    }
                        .into_any()
                }
                None => {
                    view! {
                        <NewAccountForm pending=pending on_send=Callback::new(move |account| { accept.dispatch(Some(account)); }) />
                        <p class="muted">"You have an account? " <a href=sign_in>"Sign in first"</a> "."</p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

#[component]
fn NewAccountForm(pending: Signal<bool>, on_send: Callback<serde_json::Value>) -> impl IntoView {
    let field = || RwSignal::new(String::new());
    let (name, email, password) = (field(), field(), field());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        on_send.run(json!({
            "name": name.get_untracked(),
            "email": email.get_untracked(),
            "password": password.get_untracked(),
        }));
    };
    view! {
        <form class="gate__form" method="post" on:submit=submit>
            <Field label="Your name"><input class="input" name="name" autocomplete="name" required=true autofocus=true prop:value=name on:input=move |event| name.set(event_target_value(&event)) /></Field>
            <Field label="E-mail"><input class="input" type="email" name="email" autocomplete="username" required=true prop:value=email on:input=move |event| email.set(event_target_value(&event)) /></Field>
            <Field label="Password" hint="At least 12 characters; a few words are best.">
                <input class="input" type="password" name="password" autocomplete="new-password" required=true minlength="12" prop:value=password on:input=move |event| password.set(event_target_value(&event)) />
            </Field>
            <button class="button button--primary button--large" type="submit" disabled=move || pending.get()>
                {move || if pending.get() { "Joining …" } else { "Create account and join" }}
            </button>
        </form>
    }
}

/// Accepts, and gives the address of the workspace.
async fn join(token: &str, body: &serde_json::Value) -> Result<String, WireError> {
    #[derive(serde::Deserialize)]
    struct Joined {
        workspace: WorkspaceId,
    }
    let joined: Joined = rest::send("POST", &format!("/api/v1/invites/{token}"), body, None).await?;
    let mine = me().await?;
    let slug = mine
        .workspaces
        .into_iter()
        .find(|one| one.id == joined.workspace)
        .map(|one| one.slug.to_string());
    Ok(slug.map_or_else(|| "/".to_owned(), |slug| format!("/w/{slug}/dashboards")))
}
