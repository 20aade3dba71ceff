//! The second step of signing in: a code, a passkey or a recovery code.

use leptos::prelude::*;
use serde_json::{Value, json};
use shared::factor::{FactorKind, FactorNeeded};

use crate::{
    WireError,
    components::{Field, ProblemNotice},
    passkey, rest,
};

const FACTOR: &str = "/api/v1/session/factor";

#[component]
pub fn SecondStep(needed: FactorNeeded, on_done: Callback<()>, on_back: Callback<()>) -> impl IntoView {
    let has = |kind| needed.second_factor.contains(&kind);
    let (app, key, paper) = (
        has(FactorKind::Code),
        has(FactorKind::Passkey),
        has(FactorKind::RecoveryCode),
    );
    let problem = RwSignal::new(None::<WireError>);
    // Recovery codes are the way out, not the way in.
    let recovering = RwSignal::new(!app && !key);
    let code = RwSignal::new(String::new());
    let send = crate::browser::action(move |proof: &Value| {
        let proof = proof.clone();
        async move {
            problem.set(None);
            match complete(&proof).await {
                Ok(()) => on_done.run(()),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let with_passkey = crate::browser::action(move |(): &()| async move {
        problem.set(None);
        match by_passkey().await {
            Ok(()) => on_done.run(()),
            Err(error) => problem.set(Some(error)),
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let given = code.get_untracked();
        send.dispatch(if recovering.get_untracked() {
            json!({ "recovery_code": given })
        } else {
            json!({ "code": given })
        });
    };
    let swap = move |_| {
        code.set(String::new());
        problem.set(None);
        recovering.update(|recovering| *recovering = !*recovering);
    };
    view! {
        <form class="gate__form" method="post" on:submit=submit>
            <h1>"One more step"</h1>
            {move || problem.get().map(|error| view! { <ProblemNotice error=error.0 /> })}
            {key.then(|| {
                view! {
                    <button class="button button--primary button--large" type="button" disabled=move || with_passkey.pending().get() on:click=move |_| { with_passkey.dispatch(()); }>"Use your passkey"</button>
                }
            })}
            {move || {
                if recovering.get() {
                    view! {
                        <Field label="Recovery code" hint="One of the ten that you kept; each works once."><input class="input" name="recovery-code" autocomplete="off" required=true autofocus=true prop:value=code on:input=move |event| code.set(event_target_value(&event)) /></Field>
                        <button class="button button--large" type="submit">"Go on"</button>
                    }
                        .into_any()
                } else if app {
                    view! {
                        <Field label="Code from your authenticator app"><input class="input" name="code" inputmode="numeric" autocomplete="one-time-code" required=true autofocus=true prop:value=code on:input=move |event| code.set(event_target_value(&event)) /></Field>
                        <button class="button button--primary button--large" type="submit">"Go on"</button>
                    }
                        .into_any()
                } else {
                    ().into_any()
                }
            }}
            {(paper && (app || key))
                .then(|| {
                    view! {
                        <button class="button button--quiet" type="button" on:click=swap>
                            {move || if recovering.get() { "I have my phone or passkey" } else { "I have lost it: use a recovery code" }}
                        </button>
                    }
                })}
            <button class="button button--quiet" type="button" on:click=move |_| on_back.run(())>"Sign in as someone else"</button>
            <p class="muted">"Lost everything? An administrator can remove your second factor."</p>
        </form>
    }
}

async fn complete(proof: &Value) -> Result<(), WireError> {
    let _me: Value = rest::send("POST", FACTOR, proof, None).await?;
    Ok(())
}

async fn by_passkey() -> Result<(), WireError> {
    let address = format!("{FACTOR}/passkey");
    let asked: FactorNeeded = rest::send("POST", &address, &Value::Null, None).await?;
    let options = asked.passkey.unwrap_or_default();
    complete(&json!({ "passkey": passkey::get(&options).await? })).await
}
