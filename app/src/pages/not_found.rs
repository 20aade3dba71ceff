//! An address that leads nowhere.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::{Empty, Icon};

#[component]
pub fn NotFound() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(axum::http::StatusCode::NOT_FOUND);
    }
    view! {
        <Title text="Not found · Sightline" />
        <main class="center">
            <Empty icon=Icon::CircleHelp title="There is nothing at this address" text="It may have been moved or deleted, or the link is incomplete.">
                <a class="button button--primary" href="/">"Go to the start page"</a>
            </Empty>
        </main>
    }
}
