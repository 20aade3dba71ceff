//! Asks whether it is still the person who signed in.

use leptos::prelude::*;
use serde_json::{Value, json};
use shared::factor::Factors;

use super::{Dialog, Field, FormProblem};
use crate::{
    WireError,
    contexts::{Confirmation, use_confirmation},
    passkey, rest,
};

/// Stands once, at the root; `contexts::Confirmation` opens it.
#[component]
pub fn ConfirmIdentity() -> impl IntoView {
    let confirmation = use_confirmation();
    Effect::new(move |before: Option<bool>| {
        let open = confirmation.open().get();
        if before == Some(true) && !open {
            confirmation.refused();
        }
        open
    });
    view! {
        <Dialog title="Confirm that it is you" open=confirmation.open()>
            <Question confirmation=confirmation />
        </Dialog>
    }
}

#[component]
fn Question(confirmation: Confirmation) -> impl IntoView {
    let problem = RwSignal::new(None::<WireError>);
    let (password, code) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let factors = LocalResource::new(|| rest::get::<Factors>("/api/v1/me/factors"));
    let send = crate::browser::action(move |proof: &Value| {
        let proof = proof.clone();
        async move {
            problem.set(None);
            match confirm(&proof).await {
                Ok(()) => confirmation.given(),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let with_passkey = crate::browser::action(move |(): &()| async move {
        problem.set(None);
        match by_passkey().await {
            Ok(()) => confirmation.given(),
            Err(error) => problem.set(Some(error)),
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let code = code.get_untracked();
        if code.is_empty() {
            send.dispatch(json!({ "password": password.get_untracked() }));
        } else {
            send.dispatch(json!({ "code": code }));
        }
    };
    let has =
        move |what: fn(&Factors) -> bool| factors.get().and_then(Result::ok).is_some_and(|factors| what(&factors));
    view! {
        <form class="stack" method="post" on:submit=submit>
            <p class="muted">"This gives a secret or changes rights, and you signed in more than ten minutes ago."</p>
            <FormProblem problem=problem />
            <Field label="Your password"><input class="input" type="password" name="confirm-password" autocomplete="current-password" autofocus=true prop:value=password on:input=move |event| password.set(event_target_value(&event)) /></Field>
            <Show when=move || has(|factors| factors.totp_since.is_some())>
                <Field label="Or a code from your authenticator app"><input class="input" name="confirm-code" inputmode="numeric" autocomplete="one-time-code" prop:value=code on:input=move |event| code.set(event_target_value(&event)) /></Field>
            </Show>
            <div class="row">
                <button class="button button--primary" type="submit" disabled=move || send.pending().get()>"Confirm"</button>
                <Show when=move || has(|factors| !factors.passkeys.is_empty() && factors.passkeys_possible)>
                    <button class="button" type="button" on:click=move |_| { with_passkey.dispatch(()); }>"Use a passkey"</button>
                </Show>
            </div>
        </form>
    }
}

async fn confirm(proof: &Value) -> Result<(), WireError> {
    let _done: Value = rest::send("POST", "/api/v1/me/confirmation", proof, None).await?;
    Ok(())
}

async fn by_passkey() -> Result<(), WireError> {
    let options: Value = rest::send("POST", "/api/v1/me/confirmation/passkey", &Value::Null, None).await?;
    confirm(&json!({ "passkey": passkey::get(&options).await? })).await
}
