//! Sign in, in one step or two.

mod second_step;

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::{
    account::SignInRequest,
    factor::{FactorKind, FactorNeeded},
};

use crate::{
    WireError, browser,
    components::{Brand, Field, ProblemNotice},
    passkey, rest,
};
use second_step::SecondStep;

/// Only an address of our own may be gone to after signing in.
fn safe_return(address: Option<String>) -> String {
    address
        .filter(|address| {
            address.starts_with('/') && !address.starts_with("//") && !address.contains(['\\', '\r', '\n', '\t'])
        })
        .unwrap_or_else(|| "/".to_owned())
}

#[component]
pub fn LoginPage() -> impl IntoView {
    let query = use_query_map();
    let target = Memo::new(move |_| safe_return(query.with(|query| query.get("return_to"))));
    let needed = RwSignal::new(None::<FactorNeeded>);
    let on_done = Callback::new(move |()| browser::go_to(&target.get_untracked()));
    // A sign-in link of the console stands for the password: the second step comes with the page.
    let look = crate::browser::action(move |(): &()| async move {
        if let Ok(found) = rest::get::<FactorNeeded>("/api/v1/session/factor").await {
            needed.set(Some(found));
        }
    });
    Effect::new(move |_| {
        if query.with(|query| query.get("step")).as_deref() == Some("factor") {
            look.dispatch(());
        }
    });
    view! {
        <Title text="Sign in · Sightline" />
        <main class="center">
            <div class="gate">
                <div class="gate__brand"><Brand />"Sightline"</div>
                {move || match needed.get() {
                    Some(found) => view! { <SecondStep needed=found on_done=on_done on_back=Callback::new(move |()| needed.set(None)) /> }.into_any(),
                    None => view! { <FirstStep on_done=on_done on_half=Callback::new(move |found| needed.set(Some(found))) /> }.into_any(),
                }}
            </div>
        </main>
    }
}

/// What signing in is answered with: who one is, or what is still missing.
#[derive(serde::Deserialize)]
struct Answer {
    #[serde(default)]
    second_factor: Option<Vec<FactorKind>>,
    #[serde(default)]
    passkey: Option<serde_json::Value>,
}

#[component]
fn FirstStep(on_done: Callback<()>, on_half: Callback<FactorNeeded>) -> impl IntoView {
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<WireError>);
    let sign_in = crate::browser::action(move |request: &SignInRequest| {
        let request = request.clone();
        async move {
            let answer: Result<Answer, WireError> = rest::send("POST", "/api/v1/session", &request, None).await;
            match answer {
                Ok(Answer {
                    second_factor: Some(second_factor),
                    passkey,
                }) => on_half.run(FactorNeeded { second_factor, passkey }),
                Ok(_) => on_done.run(()),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    // Known in the browser only: the server draws the page without the button.
    let possible = RwSignal::new(false);
    Effect::new(move |_| possible.set(passkey::are_possible_here()));
    let with_passkey = crate::browser::action(move |(): &()| async move {
        problem.set(None);
        match by_passkey().await {
            Ok(()) => on_done.run(()),
            Err(error) => problem.set(Some(error)),
        }
    });
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        problem.set(None);
        sign_in.dispatch(SignInRequest {
            email: email.get_untracked(),
            password: password.get_untracked(),
        });
    };
    view! {
        <form class="gate__form" method="post" on:submit=submit>
            <h1>"Sign in"</h1>
            {move || problem.get().map(|error| view! { <ProblemNotice error=error.0 /> })}
            <Field label="E-mail">
                <input class="input" type="email" name="email" autocomplete="username" required=true autofocus=true prop:value=email on:input=move |event| email.set(event_target_value(&event)) />
            </Field>
            <Field label="Password">
                <input class="input" type="password" name="password" autocomplete="current-password" required=true prop:value=password on:input=move |event| password.set(event_target_value(&event)) />
            </Field>
            <button class="button button--primary button--large" type="submit" disabled=move || sign_in.pending().get()>
                {move || if sign_in.pending().get() { "Signing in …" } else { "Sign in" }}
            </button>
            <Show when=move || possible.get()>
                <button class="button button--large" type="button" disabled=move || with_passkey.pending().get() on:click=move |_| { with_passkey.dispatch(()); }>"Use a passkey instead"</button>
            </Show>
            <p class="muted"><a href="/forgot">"Forgot your password?"</a></p>
        </form>
    }
}

/// Without address and password: the passkey says whose it is.
async fn by_passkey() -> Result<(), WireError> {
    let options: serde_json::Value = rest::send(
        "POST",
        "/api/v1/session/passkey/options",
        &serde_json::Value::Null,
        None,
    )
    .await?;
    let credential = passkey::get(&options).await?;
    let _me: serde_json::Value = rest::send("POST", "/api/v1/session/passkey", &credential, None).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::safe_return;

    #[test]
    fn nobody_is_sent_elsewhere() {
        for address in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/a\r\nb",
        ] {
            assert_eq!(safe_return(Some(address.to_owned())), "/", "{address}");
        }
        assert_eq!(
            safe_return(Some("/w/acme/datasets?x=1".to_owned())),
            "/w/acme/datasets?x=1"
        );
    }
}
