//! The mark, as inline SVG so that no page waits for it.

use leptos::prelude::*;

/// Decorative: the word beside it carries the name.
#[component]
pub fn Brand() -> impl IntoView {
    view! { <span class="brand" aria-hidden="true" inner_html=include_str!("../../../public/favicon.svg")></span> }
}
