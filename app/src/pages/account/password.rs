//! A new password.

use leptos::prelude::*;
use shared::account::PasswordChange;

use crate::{WireError, components::Field, contexts::use_toasts, rest};

#[component]
pub fn PasswordForm() -> impl IntoView {
    let toasts = use_toasts();
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let change = crate::browser::action(move |(): &()| {
        let request = PasswordChange {
            current: current.get_untracked(),
            new: new.get_untracked(),
        };
        async move {
            let changed: Result<serde_json::Value, WireError> =
                rest::send("PUT", "/api/v1/me/password", &request, None).await;
            match changed {
                Ok(_) => {
                    toasts.say("Password changed. All other sessions were signed out.");
                    current.set(String::new());
                    new.set(String::new());
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    view! {
        <form class="card stack" method="post" on:submit=move |event| { event.prevent_default(); change.dispatch(()); }>
            <h2>"Password"</h2>
            <Field label="Current password"><input class="input" type="password" autocomplete="current-password" required=true prop:value=current on:input=move |event| current.set(event_target_value(&event)) /></Field>
            <Field label="New password" hint="At least 12 characters. Other browsers are signed out, and your API tokens end."><input class="input" type="password" autocomplete="new-password" minlength="12" required=true prop:value=new on:input=move |event| new.set(event_target_value(&event)) /></Field>
            <div class="row"><button class="button" type="submit" disabled=move || change.pending().get()>"Change password"</button></div>
        </form>
    }
}
