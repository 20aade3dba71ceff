//! A labelled control of a form.

use leptos::prelude::*;

/// The label wraps the control, so that a click on it focuses the control.
#[component]
pub fn Field(
    #[prop(into)] label: String,
    #[prop(optional, into)] hint: Option<String>,
    /// Shown in place of the hint while it is there.
    #[prop(optional, into)]
    error: MaybeProp<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            {children()}
            {move || match error.get() {
                Some(error) => view! { <span class="field__error" role="alert">{error}</span> }.into_any(),
                None => hint.clone().map(|hint| view! { <span class="field__hint">{hint}</span> }).into_any(),
            }}
        </label>
    }
}

/// A check box with its text.
#[component]
pub fn Check(#[prop(into)] label: String, checked: RwSignal<bool>) -> impl IntoView {
    view! {
        <label class="check">
            <input type="checkbox" prop:checked=move || checked.get() on:change=move |event| checked.set(event_target_checked(&event)) />
            <span>{label}</span>
        </label>
    }
}
