//! A choice from a list whose values are short texts.

use leptos::prelude::*;

/// A labelled `select`. What is chosen follows `value`, also when the list changes.
#[component]
pub fn Choose(
    #[prop(into)] label: String,
    /// Value and what people read.
    #[prop(into)]
    options: Signal<Vec<(String, String)>>,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_choose: Callback<String>,
    /// The label is heard, not seen.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    let select = {
        let label = label.clone();
        view! {
            <select class="input" aria-label=bare.then_some(label) on:change=move |event| on_choose.run(event_target_value(&event))>
                {move || {
                    let chosen = value.get();
                    options
                        .get()
                        .into_iter()
                        .map(|(value, text)| {
                            let selected = value == chosen;
                            view! { <option value=value selected=selected>{text}</option> }
                        })
                        .collect_view()
                }}
            </select>
        }
    };
    if bare {
        select.into_any()
    } else {
        view! { <label class="field"><span class="field__label">{label}</span>{select}</label> }.into_any()
    }
}

/// A labelled line of text, taken over when it is left.
#[component]
pub fn TextField(
    #[prop(into)] label: String,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] on_change: Callback<String>,
    #[prop(optional, into)] hint: Option<String>,
    #[prop(optional, into)] placeholder: Option<String>,
    /// The label is heard, not seen.
    #[prop(optional)]
    bare: bool,
) -> impl IntoView {
    // Alone the label is the name; a hint beside it is said after it.
    let (heard, explained) = (label.clone(), hint.clone());
    let input = view! {
        <input class="input" aria-label=heard aria-description=explained placeholder=placeholder prop:value=move || value.get() value=value.get_untracked() on:change=move |event| on_change.run(event_target_value(&event).trim().to_owned()) />
    };
    if bare {
        input.into_any()
    } else {
        view! {
            <label class="field">
                <span class="field__label">{label}</span>
                {input}
                {hint.map(|hint| view! { <span class="field__hint">{hint}</span> })}
            </label>
        }
        .into_any()
    }
}

/// Words separated by commas.
pub fn words_of(text: &str) -> Vec<String> {
    let words = text.split(',').map(|word| word.trim().to_owned());
    words.filter(|word| !word.is_empty()).collect()
}

/// Empty text is none.
pub fn given(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}
