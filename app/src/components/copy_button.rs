//! Copies a text, and says whether that worked.

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::browser;

#[component]
pub fn CopyButton(#[prop(into)] text: String) -> impl IntoView {
    let copied = RwSignal::new(None::<bool>);
    let copy = move |_| {
        browser::copy_text(&text, move |done| {
            // The button may be gone by then.
            let _gone = copied.try_set(Some(done));
        });
    };
    let words = move || match copied.get() {
        None => "Copy",
        Some(true) => "Copied",
        Some(false) => "Not copied: select it and copy it by hand",
    };
    view! {
        <button class="button button--primary" type="button" on:click=copy>
            <IconView icon=Signal::derive(move || if copied.get() == Some(true) { Icon::Check } else { Icon::Copy }) />
            <span aria-live="polite">{words}</span>
        </button>
    }
}
