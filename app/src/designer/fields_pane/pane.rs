//! The pane: search, groups, and the card of the field that is looked at.

use std::collections::BTreeSet;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::{
    card::FieldCard,
    menu::{FieldMenu, FieldMenuState},
    row::FieldRow,
};
use crate::{
    browser,
    components::{Icon, IconView},
    designer::{
        editor::{Field, FieldKind},
        state::Designer,
    },
};

/// The field a card is shown for, and where (px of the window).
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    pub field: Field,
    pub at: (f64, f64),
}

/// Shared by the rows.
#[derive(Clone, Copy)]
pub struct PaneState {
    /// Names of fields chosen with Ctrl, which are dragged together.
    pub chosen: RwSignal<BTreeSet<String>>,
    pub looked: RwSignal<Option<Looked>>,
    pub menu: FieldMenuState,
}

#[component]
pub fn FieldsPane(designer: Designer) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let pane = PaneState {
        chosen: RwSignal::new(BTreeSet::new()),
        looked: RwSignal::new(None),
        menu: FieldMenuState::new(),
    };
    // What was dragged has arrived: the next drag chooses anew.
    Effect::new(move |before: Option<bool>| {
        let active = designer.drag.active.get();
        if before == Some(true) && !active {
            pane.chosen.set(BTreeSet::new());
        }
        active
    });
    let found = Memo::new(move |_| {
        let search = search.get();
        designer
            .catalog
            .with(|catalog| catalog.search(&search).into_iter().cloned().collect::<Vec<Field>>())
    });
    let groups = Memo::new(move |_| {
        let mut groups: Vec<(String, Vec<Field>)> = Vec::new();
        for field in found.get() {
            let title = match (&field.table, field.kind) {
                (_, FieldKind::Metric) | (None, _) => "Metrics".to_owned(),
                (Some((_, label)), _) => label.clone(),
            };
            match groups.iter_mut().find(|(known, _)| *known == title) {
                Some((_, fields)) => fields.push(field),
                None => groups.push((title, vec![field])),
            }
        }
        groups
    });
    view! {
        <section class="fields-pane" aria-label="Fields" data-testid="fields-pane">
            <header class="pane-head">
                <h2>"Fields"</h2>
                <span class="muted">{move || designer.catalog.with(|catalog| catalog.fields.len())}</span>
            </header>
            <div class="search fields-pane__search">
                <IconView icon=Icon::Search />
                <input
                    class="input input--search"
                    type="search"
                    placeholder="Search fields"
                    aria-label="Search fields"
                    data-testid="field-search"
                    on:input=move |event| search.set(event_target_value(&event))
                />
            </div>
            <div class="fields-pane__list" on:keydown=|event| walk(&event)>
                <For
                    each=move || groups.get()
                    key=|(title, fields)| (title.clone(), fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>())
                    children=move |(title, fields)| {
                        view! {
                            <details class="fields-pane__group" open>
                                <summary>
                                    <IconView icon=Icon::ChevronRight />
                                    {title}
                                </summary>
                                <ul>
                                    {fields
                                        .into_iter()
                                        .map(|field| view! { <FieldRow designer=designer pane=pane field=field /> })
                                        .collect_view()}
                                </ul>
                            </details>
                        }
                    }
                />
                <Show when=move || found.with(Vec::is_empty)>
                    <p class="fields-pane__none muted">
                        {move || {
                            if search.with(String::is_empty) {
                                "This model has no visible fields. Show some in the model's page."
                            } else {
                                "No field is called like that."
                            }
                        }}
                    </p>
                </Show>
            </div>
            <p class="fields-pane__foot muted">"Drag to the page, or press Enter. Ctrl+click picks several."</p>
            <FieldMenu designer=designer menu=pane.menu />
            {move || {
                pane.looked
                    .get()
                    .filter(|_| !designer.drag.active.get() && pane.menu.open.with(Option::is_none))
                    .map(|looked| view! { <FieldCard designer=designer looked=looked /> })
            }}
        </section>
    }
}

/// Arrow keys go from field to field.
fn walk(event: &web_sys::KeyboardEvent) {
    let down = match event.key().as_str() {
        "ArrowDown" => true,
        "ArrowUp" => false,
        _ => return,
    };
    let list = event
        .current_target()
        .and_then(|list| list.dyn_into::<web_sys::Element>().ok());
    let rows = list.and_then(|list| {
        list.query_selector_all(".field-row__main, .fields-pane__group > summary")
            .ok()
    });
    let (Some(rows), Some(target)) = (rows, browser::target::<web_sys::Node>(event)) else {
        return;
    };
    let rows: Vec<web_sys::HtmlElement> = (0..rows.length())
        .filter_map(|index| rows.item(index)?.dyn_into().ok())
        .filter(|row: &web_sys::HtmlElement| row.offset_parent().is_some())
        .collect();
    let Some(here) = rows.iter().position(|row| row.contains(Some(&target))) else {
        return;
    };
    let next = if down { here.checked_add(1) } else { here.checked_sub(1) };
    if let Some(row) = next.and_then(|next| rows.get(next))
        && row.focus().is_ok()
    {
        event.prevent_default();
    }
}
