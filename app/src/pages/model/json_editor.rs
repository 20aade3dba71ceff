//! A part of the document as its JSON, for what has no form.

use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};

use crate::wire;

/// What a form edits, as it stands in the document: folded up below the form.
#[component]
pub fn InDocument<T>(#[prop(into)] value: Signal<T>, #[prop(into)] on_change: Callback<T>) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    view! {
        <details class="disclosure">
            <summary>"Definition in the document"</summary>
            <JsonEditor label="Definition" value=value on_change=on_change />
        </details>
    }
}

/// Takes the text over when it is left and can be read; until then it stays, with the reason why it cannot.
#[component]
pub fn JsonEditor<T>(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<T>,
    #[prop(into)] on_change: Callback<T>,
) -> impl IntoView
where
    T: Serialize + DeserializeOwned + Send + Sync + 'static,
{
    let problem = RwSignal::new(None::<String>);
    let shown = Memo::new(move |_| value.with(pretty));
    let rows = move || shown.with(|text| text.lines().count().clamp(3, 24));
    let take = move |event: web_sys::Event| match wire::read::<T>(&event_target_value(&event)) {
        Ok(read) => {
            problem.set(None);
            on_change.run(read);
        }
        Err(error) => problem.set(Some(format!("This cannot be read, so nothing was changed: {error}."))),
    };
    view! {
        <label class="field">
            <span class="field__label">{label}</span>
            <textarea class="input code" spellcheck="false" rows=rows aria-invalid=move || problem.with(Option::is_some).then_some("true") prop:value=move || shown.get() on:change=take>
                {shown.get_untracked()}
            </textarea>
            {move || problem.get().map(|problem| view! { <span class="field__error" role="alert">{problem}</span> })}
        </label>
    }
}

/// Indented JSON, by way of a value: one writer for all types, which keeps the browser's part small.
pub fn pretty<T: Serialize>(value: &T) -> String {
    let value = serde_json::to_value(value);
    value
        .and_then(|value| serde_json::to_string_pretty(&value))
        .unwrap_or_default()
}
