//! The pane: search, groups, and the card of the field that is looked at.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{card::FieldCard, row::FieldRow};
use crate::{
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
}

#[component]
pub fn FieldsPane(designer: Designer) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let pane = PaneState {
        chosen: RwSignal::new(BTreeSet::new()),
        looked: RwSignal::new(None),
    };
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
            <div class="fields-pane__list">
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
            {move || {
                pane.looked
                    .get()
                    .filter(|_| !designer.drag.active.get())
                    .map(|looked| view! { <FieldCard designer=designer looked=looked /> })
            }}
        </section>
    }
}
