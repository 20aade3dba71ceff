//! A list of things a builder adds to a visual, one below the other: lines, events, rules.

use leptos::prelude::*;

use crate::components::{Icon, IconView};

/// The frame of one entry, with the button that takes it out.
#[component]
pub fn Entry(
    /// What it is called by screen readers: "Reference line 1".
    #[prop(into)]
    name: String,
    on_remove: Callback<()>,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="entry" role="group" aria-label=name.clone()>
            <div class="entry__fields">{children()}</div>
            <button
                class="button button--quiet button--icon"
                type="button"
                title="Remove"
                aria-label=format!("Remove {}", name.to_lowercase())
                on:click=move |_| on_remove.run(())
            >
                <IconView icon=Icon::Close />
            </button>
        </div>
    }
}

#[component]
pub fn AddEntry(#[prop(into)] label: String, on_add: Callback<()>, #[prop(into)] testid: String) -> impl IntoView {
    view! {
        <button class="button button--quiet" type="button" data-testid=testid on:click=move |_| on_add.run(())>
            <IconView icon=Icon::Plus />
            {label}
        </button>
    }
}
