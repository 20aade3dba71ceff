use leptos::prelude::*;

use super::words::{EVERYBODY, ONLY_CHOSEN_AND_OWNERS};

/// Whether roles in the workspace count.
#[component]
pub fn Choice(restricted: RwSignal<bool>) -> impl IntoView {
    view! {
        <fieldset class="access__choice">
            <legend class="visually-hidden">"Who can see it"</legend>
            {[(false, EVERYBODY), (true, ONLY_CHOSEN_AND_OWNERS)]
                .map(|(value, words)| {
                    view! {
                        <label class="check">
                            <input type="radio" name="restricted" value=value.to_string() prop:checked=move || restricted.get() == value on:change=move |_| restricted.set(value) />
                            <span>{words}</span>
                        </label>
                    }
                })}
        </fieldset>
    }
}
