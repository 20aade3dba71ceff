//! Codes of an authenticator app, and recovery codes.

use leptos::prelude::*;
use serde_json::Value;
use shared::factor::{Factors, RecoveryCodes, TotpConfirm, TotpSetup};

use super::Shared;
use crate::{
    WireError,
    components::{ConfirmButton, CopyButton, Field, FormProblem, Moment},
    contexts::{use_confirmation, use_toasts},
    rest,
};

const TOTP: &str = "/api/v1/me/factors/totp";

#[component]
pub fn TwoFactor(factors: Factors, shared: Shared) -> impl IntoView {
    let is_protected = factors.is_protected();
    let left = factors.recovery_codes_left;
    view! {
        <section class="card stack" aria-labelledby="two-factor">
            <div class="row">
                <h2 id="two-factor">"Two-factor sign-in"</h2>
                {if is_protected {
                    view! { <span class="badge badge--good">"On"</span> }.into_any()
                } else {
                    view! { <span class="badge">"Off"</span> }.into_any()
                }}
            </div>
            <p class="muted">"Whoever learns your password still cannot sign in: a code from your phone, or a passkey, comes after it."</p>
            {match factors.totp_since {
                Some(since) => view! { <AppOn since=since shared=shared /> }.into_any(),
                None => view! { <AppOff shared=shared /> }.into_any(),
            }}
            {is_protected.then(|| view! { <Recovery left=left shared=shared /> })}
        </section>
    }
}

#[component]
fn AppOn(since: chrono::DateTime<chrono::Utc>, shared: Shared) -> impl IntoView {
    let (confirmation, toasts) = (use_confirmation(), use_toasts());
    let remove = crate::browser::action(move |(): &()| async move {
        match confirmation
            .run(|| rest::send::<_, Value>("DELETE", TOTP, &Value::Null, None))
            .await
        {
            Ok(_) => {
                toasts.say("Codes of the app are off.");
                shared.factors.refetch();
            }
            Err(error) => toasts.fail(&error),
        }
    });
    view! {
        <div class="row row--wide">
            <span>"Authenticator app, on since " <Moment at=since /></span>
            <ConfirmButton label="Turn off the app" question="Its codes are no longer asked for." on_sure=move |()| { remove.dispatch(()); } />
        </div>
    }
}

#[component]
fn AppOff(shared: Shared) -> impl IntoView {
    let (confirmation, toasts) = (use_confirmation(), use_toasts());
    let setup = RwSignal::new(None::<TotpSetup>);
    let begin = crate::browser::action(move |(): &()| async move {
        match confirmation
            .run(|| rest::send::<_, TotpSetup>("POST", TOTP, &Value::Null, None))
            .await
        {
            Ok(made) => setup.set(Some(made)),
            Err(error) => toasts.fail(&error),
        }
    });
    view! {
        {move || match setup.get() {
            Some(made) => view! { <SetUp made=made shared=shared on_cancel=Callback::new(move |()| setup.set(None)) /> }.into_any(),
            None => {
                view! {
                    <div class="row">
                        <button class="button button--primary" type="button" disabled=move || begin.pending().get() on:click=move |_| { begin.dispatch(()); }>"Set up an authenticator app"</button>
                    </div>
                }
                    .into_any()
            }
        }}
    }
}

#[component]
fn SetUp(made: TotpSetup, shared: Shared, on_cancel: Callback<()>) -> impl IntoView {
    let confirmation = use_confirmation();
    let code = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<WireError>);
    let turn_on = crate::browser::action(move |(): &()| {
        let confirm = TotpConfirm {
            code: code.get_untracked(),
        };
        async move {
            problem.set(None);
            let address = format!("{TOTP}/confirmation");
            let sent = confirmation
                .run(|| rest::send::<_, RecoveryCodes>("POST", &address, &confirm, None))
                .await;
            match sent {
                Ok(codes) => {
                    shared.codes.set(codes.recovery_codes);
                    shared.factors.refetch();
                }
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <form class="stack" method="post" on:submit=move |event| { event.prevent_default(); turn_on.dispatch(()); }>
            <p>"Open an authenticator app on your phone, such as Aegis, 1Password or Google Authenticator, and scan this:"</p>
            <div class="qr" inner_html=made.qr_svg></div>
            <div class="row"><span class="muted">"No camera? Type this key:"</span><code data-testid="totp-secret">{made.secret.clone()}</code><CopyButton text=made.secret /></div>
            <Field label="Code the app shows" hint="Six digits; a new code comes every 30 seconds."><input class="input" name="totp-code" inputmode="numeric" autocomplete="one-time-code" required=true prop:value=code on:input=move |event| code.set(event_target_value(&event)) /></Field>
            <FormProblem problem=problem />
            <div class="row">
                <button class="button button--primary" type="submit" disabled=move || turn_on.pending().get()>"Turn on"</button>
                <button class="button" type="button" on:click=move |_| on_cancel.run(())>"Cancel"</button>
            </div>
        </form>
    }
}

#[component]
fn Recovery(left: u32, shared: Shared) -> impl IntoView {
    let (confirmation, toasts) = (use_confirmation(), use_toasts());
    let renew = crate::browser::action(move |(): &()| async move {
        let address = "/api/v1/me/factors/recovery-codes";
        match confirmation
            .run(|| rest::send::<_, RecoveryCodes>("POST", address, &Value::Null, None))
            .await
        {
            Ok(codes) => {
                shared.codes.set(codes.recovery_codes);
                shared.factors.refetch();
            }
            Err(error) => toasts.fail(&error),
        }
    });
    view! {
        <div class="row row--wide">
            <span>{format!("Recovery codes left: {left} of 10")}</span>
            <ConfirmButton label="Make new codes" question="The old ones stop working." on_sure=move |()| { renew.dispatch(()); } />
        </div>
    }
}
