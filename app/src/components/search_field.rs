//! A field that finds something while one types.

use leptos::prelude::*;

use super::{Icon, IconView};
use crate::browser;

/// Typing rests this long before anything is asked.
const PAUSE_MS: u64 = 250;

/// Hands on what was typed, once typing rests.
#[component]
pub fn SearchField<Find>(
    /// Name for assistive tools.
    label: &'static str,
    placeholder: &'static str,
    on_find: Find,
) -> impl IntoView
where
    Find: Fn(String) + Copy + 'static,
{
    let typing = StoredValue::new(None::<TimeoutHandle>);
    let find = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        typing.update_value(|typing| {
            if let Some(earlier) = typing.take() {
                earlier.clear();
            }
            *typing = browser::after(PAUSE_MS, move || on_find(text));
        });
    };
    view! {
        <div class="search">
            <IconView icon=Icon::Search />
            <input class="input input--search" type="search" aria-label=label placeholder=placeholder on:input=find />
        </div>
    }
}
