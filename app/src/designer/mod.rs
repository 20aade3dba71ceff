//! The dashboard designer.

use leptos::prelude::*;

#[component]
pub fn DesignerPage() -> impl IntoView {
    view! { <main></main> }
}
