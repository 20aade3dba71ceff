//! Sign in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::account::SignInRequest;

use crate::{
    WireError, browser,
    components::{Brand, Field, ProblemNotice},
    rest,
};

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
    let (email, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let problem = RwSignal::new(None::<WireError>);
    let sign_in = crate::browser::action(move |request: &SignInRequest| {
        let request = request.clone();
        let target = safe_return(query.with_untracked(|query| query.get("return_to")));
        async move {
            let answer: Result<serde_json::Value, WireError> =
                rest::send("POST", "/api/v1/session", &request, None).await;
            match answer {
                Ok(_) => browser::go_to(&target),
                Err(error) => problem.set(Some(error)),
            }
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
        <Title text="Sign in · Sightline" />
        <main class="center">
            <div class="gate">
                <div class="gate__brand"><Brand />"Sightline"</div>
                <form class="gate__form" on:submit=submit>
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
                    <p class="muted">"Forgot your password? An administrator can set a new one."</p>
                </form>
            </div>
        </main>
    }
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
