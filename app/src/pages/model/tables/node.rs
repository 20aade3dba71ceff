//! One table of the diagram.

use leptos::prelude::*;
use shared::semantic::{MetricKind, Model};
use wasm_bindgen::JsCast as _;

use super::{
    diagram::Board,
    place::{HEIGHT, WIDTH},
};
use crate::{
    browser,
    components::{Icon, IconView},
    pages::model::{
        draft::ModelDraft,
        remove::{Consequences, RemoveButton},
        source::source_words,
        used_by::counted,
        view::ModelView,
    },
};

/// What an arrow key moves by, px; with Shift.
const STEP: f64 = 8.0;
const LEAP: f64 = 40.0;

/// Where a drag began: the pointer, and the table.
#[derive(Clone, Copy)]
struct Grip {
    pointer: (f64, f64),
    table: (f64, f64),
}

#[component]
pub fn Node(board: Board, table: String) -> impl IntoView {
    let draft = board.draft;
    let known = draft.table(table.clone());
    let name = StoredValue::new(table);
    let label =
        Memo::new(move |_| known.with(|table| table.as_ref().map(|table| table.display_label()).unwrap_or_default()));
    let source = move || known.with(|table| table.as_ref().map(source_words).unwrap_or_default());
    let key = move || {
        known.with(|table| {
            table
                .as_ref()
                .map(|table| table.primary_key.join(", "))
                .filter(|key| !key.is_empty())
        })
    };
    let fields =
        Memo::new(move |_| known.with(|table| table.as_ref().map_or(0, |table| table.written_dimensions().count())));
    let place = Memo::new(move |_| board.place(&name.get_value()));
    let grip = RwSignal::new(None::<Grip>);
    let press = move |event: web_sys::PointerEvent| {
        if event.button() != 0 || browser::within(&event, browser::CONTROLS) {
            return;
        }
        let element = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if element.is_some_and(|element| element.set_pointer_capture(event.pointer_id()).is_ok()) {
            grip.set(Some(Grip {
                pointer: (f64::from(event.client_x()), f64::from(event.client_y())),
                table: place.get_untracked(),
            }));
        }
    };
    let drag = move |event: web_sys::PointerEvent| {
        if let Some(Grip { pointer, table }) = grip.get_untracked() {
            let by = (
                f64::from(event.client_x()) - pointer.0,
                f64::from(event.client_y()) - pointer.1,
            );
            board.put(&name.get_value(), (table.0 + by.0, table.1 + by.1));
        }
    };
    let drop = move |_| {
        if grip.get_untracked().is_some() {
            grip.set(None);
            board.keep();
        }
    };
    let keys = move |event: web_sys::KeyboardEvent| {
        let step = if event.shift_key() { LEAP } else { STEP };
        let (x, y) = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" => (0.0, -step),
            "ArrowDown" => (0.0, step),
            _ => return,
        };
        event.prevent_default();
        let (left, top) = place.get_untracked();
        board.put(&name.get_value(), (left + x, top + y));
        board.keep();
    };
    view! {
        <foreignObject x=move || place.get().0 y=move || place.get().1 width=WIDTH height=HEIGHT>
            <div
                class="node"
                class:node--held=move || grip.with(Option::is_some)
                tabindex="0"
                role="group"
                aria-label=move || format!("Table {}. Arrow keys move it.", label.get())
                data-testid="node"
                on:pointerdown=press
                on:pointermove=drag
                on:pointerup=drop
                on:pointercancel=drop
                on:keydown=keys
            >
                <div class="node__head">
                    <IconView icon=Icon::Table />
                    <span class="node__label">{move || label.get()}</span>
                    {draft.may_edit.then(|| view! { <Remove draft=draft name=name label=label /> })}
                </div>
                <p class="node__line muted">{source}</p>
                <p class="node__line">
                    <a href=move || draft.address(ModelView::Fields)>{move || counted(fields.get(), "field")}</a>
                    {move || key().map(|key| view! { <span class="muted">" · key " {key}</span> })}
                </p>
            </div>
        </foreignObject>
    }
}

#[component]
fn Remove(draft: ModelDraft, name: StoredValue<String>, label: Memo<String>) -> impl IntoView {
    let consequences = move |()| {
        let name = name.get_value();
        let (parts, metrics) = draft.edited.with_untracked(|model| made_of(model, &name));
        let fields = format!("{name}.");
        Consequences {
            parts,
            dashboards: draft.users(|usage| {
                let of_fields = usage
                    .draft
                    .iter()
                    .any(|names| names.fields.iter().any(|field| field.starts_with(&fields)));
                of_fields || metrics.iter().any(|metric| usage.uses_metric(metric))
            }),
        }
    };
    let remove = move |()| draft.edit(|model| without_table(model, &name.get_value()));
    view! { <RemoveButton draft=draft what=label consequences=Callback::new(consequences) on_sure=Callback::new(remove) /> }
}

/// Labels of joins and metrics that need the table, and the names of those metrics.
fn made_of(model: &Model, table: &str) -> (Vec<String>, Vec<String>) {
    let joins = model.joins.iter().filter(|join| touches(model, join, table));
    let mut parts: Vec<String> = joins.map(|join| format!("the join {}", join.name)).collect();
    let mut names = Vec::new();
    for metric in &model.metrics {
        if let MetricKind::Simple(simple) = &metric.kind
            && simple.table.as_str() == table
        {
            parts.push(metric.display_label());
            names.push(metric.name.to_string());
        }
    }
    (parts, names)
}

fn touches(model: &Model, join: &shared::semantic::Join, table: &str) -> bool {
    let from = model.node(join.from.as_str());
    join.to.as_str() == table || from.is_some_and(|from| from.name.as_str() == table)
}

/// Its joins go with it; metrics over it stay, to be given another table or removed.
fn without_table(model: &mut Model, table: &str) {
    let before = model.clone();
    model.joins.retain(|join| !touches(&before, join, table));
    model.tables.retain(|known| known.name.as_str() != table);
}
