//! The builder's own Vega-Lite specification: typed, checked as it is typed, and taken over when it is right.

use chart::visual::check_own;
use leptos::prelude::*;
use plan::visual::outputs;
use serde_json::Value;

use super::pane::Selected;

/// What is wrong with a text, one line each; empty when it can be drawn.
fn problems(text: &str, fields: &[String]) -> Vec<String> {
    match serde_json::from_str::<Value>(text) {
        Err(error) => vec![format!("This is not JSON: {error}.")],
        Ok(spec) => {
            let names: Vec<&str> = fields.iter().map(String::as_str).collect();
            check_own(&spec, &names)
                .into_iter()
                .map(|problem| format!("{}: {}", problem.path, problem.reason))
                .collect()
        }
    }
}

/// A specification to start from: bars of the first value by the first group.
fn proposal(fields: &[(String, bool)]) -> Value {
    let name = |measure: bool| {
        fields
            .iter()
            .find(|(_, is_measure)| *is_measure == measure)
            .map(|(name, _)| name.clone())
    };
    let mut encoding = serde_json::Map::new();
    if let Some(group) = name(false) {
        encoding.insert(
            "y".to_owned(),
            serde_json::json!({ "field": group, "type": "nominal", "sort": null, "title": null }),
        );
    }
    if let Some(value) = name(true) {
        encoding.insert(
            "x".to_owned(),
            serde_json::json!({ "field": value, "type": "quantitative" }),
        );
    }
    serde_json::json!({ "mark": "bar", "encoding": encoding })
}

#[component]
pub fn SpecEditor(selected: Selected) -> impl IntoView {
    let fields = Memo::new(move |_| {
        selected.visual.with(|visual| {
            visual
                .iter()
                .flat_map(outputs)
                .map(|output| (output.name, output.is_measure))
                .collect::<Vec<_>>()
        })
    });
    let stored = selected.part(
        |visual| {
            visual
                .format
                .spec
                .as_ref()
                .and_then(|spec| serde_json::to_string_pretty(spec).ok())
        },
        None,
    );
    let text = RwSignal::new(String::new());
    // What others store, and undo, comes into the field.
    Effect::new(move |_| {
        let stored = stored
            .get()
            .unwrap_or_else(|| serde_json::to_string_pretty(&proposal(&fields.get())).unwrap_or_default());
        text.set(stored);
    });
    let wrong = Memo::new(move |_| {
        let names: Vec<String> = fields.get().into_iter().map(|(name, _)| name).collect();
        text.with(|text| problems(text, &names))
    });
    let changed = Memo::new(move |_| stored.get().as_ref() != Some(&text.get()));
    let apply = move |_| {
        if let Ok(spec) = serde_json::from_str::<Value>(&text.get_untracked()) {
            selected.format(&["spec"], Some(spec), "specification");
        }
    };
    view! {
        <section class="properties__section">
            <h3>"Vega-Lite specification"</h3>
            <p class="muted">"Its data are the fields of the visual, by these names:"</p>
            <p class="spec__fields">
                {move || fields.get().into_iter().map(|(name, _)| view! { <code>{name}</code> }).collect_view()}
            </p>
            <textarea
                class="input spec__text"
                rows="14"
                spellcheck="false"
                aria-label="Vega-Lite specification"
                aria-invalid=move || (!wrong.with(Vec::is_empty)).to_string()
                data-testid="spec-text"
                prop:value=move || text.get()
                on:input=move |event| text.set(event_target_value(&event))
            ></textarea>
            <ul class="spec__problems" aria-live="polite" data-testid="spec-problems">
                {move || wrong.get().into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}
            </ul>
            <button
                class="button button--primary"
                type="button"
                data-testid="spec-apply"
                prop:disabled=move || !changed.get() || !wrong.with(Vec::is_empty)
                on:click=apply
            >
                "Draw it"
            </button>
        </section>
    }
}
