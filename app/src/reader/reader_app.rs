//! The body of a reader's page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use shared::AppError;

use super::{PageScript, host};
use crate::{
    components::{
        Brand, Empty, Icon,
        dashboard::{DashboardView, ReaderPage, ReaderState},
    },
    contexts::provide_toasts,
    page_title::page_title,
};

/// The dashboard of a shared link or frame, complete without scripts.
#[component]
pub fn ReaderApp(page: ReaderPage) -> impl IntoView {
    provide_meta_context();
    provide_toasts();
    let title = page_title(page.document.title.clone());
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

const ASK: &str = "Ask whoever sent you the link for a new one.";

/// A link that does not open: not there, expired, revoked.
#[component]
pub fn ReaderProblem(error: AppError) -> impl IntoView {
    provide_meta_context();
    view! {
        <Title text=page_title(format!("{} · Sightline", error.message.trim_end_matches('.'))) />
        <main class="center">
            <div role="alert">
                <Empty icon=Icon::Link title=error.message text=error.hint.unwrap_or_else(|| ASK.to_owned()) />
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
        <Title text="Password needed · Sightline" />
        <main class="center">
            <form class="gate gate__form" method="post" action=action>
                <div class="gate__brand"><Brand />"Sightline"</div>
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
