//! The body of a reader's page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use shared::AppError;

use super::{PageScript, host};
use crate::{
    components::{
        ProblemNotice,
        dashboard::{DashboardView, ReaderPage, ReaderState},
    },
    contexts::provide_toasts,
};

/// The dashboard of a shared link or frame, complete without scripts.
#[component]
pub fn ReaderApp(page: ReaderPage) -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    let title = page.document.title.clone();
    let opened = Callback::new(|reader: ReaderState| {
        if reader.embed().is_some() {
            host::attach(reader);
        }
    });
    view! {
        <Title text=title />
        <PageScript page=page.clone() />
        <main>
            <DashboardView page=page opened=opened />
        </main>
    }
}

/// A link that does not open: not there, expired, revoked.
#[component]
pub fn ReaderProblem(error: AppError) -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Sightline" />
        <main class="center">
            <div class="gate">
                <ProblemNotice error=error />
            </div>
        </main>
    }
}

/// Asks for a link's password with a plain form; `wrong` after a failed try.
#[component]
pub fn PasswordPage(
    /// Where the form is sent (`POST`, field `password`).
    action: String,
    wrong: bool,
) -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text="Password needed" />
        <main class="center">
            <form class="gate gate__form" method="post" action=action>
                <h1>"This dashboard has a password"</h1>
                <label class="field">
                    <span class="field__label">"Password"</span>
                    <input class="input" type="password" name="password" required=true autofocus=true autocomplete="off" aria-invalid=wrong.then_some("true") />
                    {wrong.then(|| view! { <span class="field__error" role="alert">"That is not the password. Ask whoever sent you the link."</span> })}
                </label>
                <button class="button button--primary button--large" type="submit">"Open"</button>
            </form>
        </main>
    }
}
