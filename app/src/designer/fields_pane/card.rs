//! What a field is: type, description and its most frequent values.

use leptos::{prelude::*, task::spawn_local};
use shared::table::Cell;

use super::pane::Looked;
use crate::designer::{editor::FieldKind, remote, state::Designer};

/// Values shown.
const SAMPLES: usize = 6;

#[component]
pub fn FieldCard(designer: Designer, looked: Looked) -> impl IntoView {
    let Looked { field, at } = looked;
    let samples = RwSignal::new(None::<Result<Vec<Cell>, String>>);
    if field.kind != FieldKind::Metric {
        let (workspace, name) = (designer.workspace.get_value(), field.name.clone());
        let model = designer.model.with_value(|model| model.model.to_string());
        spawn_local(async move {
            let found = remote::values(workspace, model, name, String::new()).await;
            // The card may be gone; then there is nobody to tell.
            let _gone = samples.try_set(Some(found.map_err(|error| error.0.message)));
        });
    }
    let values = move || {
        samples.get().map(|found| match found {
            Err(message) => view! { <p class="field__error">{message}</p> }.into_any(),
            Ok(members) if members.is_empty() => view! { <p class="muted">"No values"</p> }.into_any(),
            Ok(members) => members
                .into_iter()
                .take(SAMPLES)
                .map(|member| view! { <div class="field-card__value">{cell_words(&member)}</div> })
                .collect_view()
                .into_any(),
        })
    };
    let is_metric = field.kind == FieldKind::Metric;
    view! {
        <aside
            class="field-card"
            aria-hidden="true"
            data-testid="field-card"
            style:--left=format!("{:.0}px", at.0)
            style:--top=format!("{:.0}px", at.1)
        >
            <strong>{field.label}</strong>
            <span class="muted">{field.kind.label()} " · " <code>{field.name}</code></span>
            {field.description.map(|text| view! { <p>{text}</p> })}
            {(!is_metric)
                .then(|| {
                    view! {
                        <div class="field-card__values">
                            <span class="muted">"Most frequent values"</span>
                            {values}
                        </div>
                    }
                })}
        </aside>
    }
}

fn cell_words(cell: &Cell) -> String {
    match cell {
        Cell::Null => "(none)".to_owned(),
        Cell::Bool(truth) => if *truth { "Yes" } else { "No" }.to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) if text.is_empty() => "(empty)".to_owned(),
        Cell::Text(text) => text.clone(),
    }
}
