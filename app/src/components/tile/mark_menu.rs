//! What can be done with one mark, as a menu at it.

use std::sync::Arc;

use chart::visual::{Parts, cell_text};
use leptos::prelude::*;
use plan::visual::{drillable, finer};
use shared::{
    dashboard::{Selection, SelectionValue},
    semantic::{Answer, Grain},
    visual::Visual,
};

use super::{MarkClick, TileActions, selection_row, values_of};
use crate::components::menu::{MenuAnchor, MenuPanel};

/// The value of a mark that can be looked into, with the words for it: "Look into 2025 by quarter".
pub fn drill_of(visual: &Visual, answer: &Answer, row: usize) -> Option<(SelectionValue, String)> {
    let asked = visual.asked();
    let (well, position) = drillable(&asked)?;
    let parts = Parts::of(visual, answer);
    let (index, column) = parts
        .dimensions
        .iter()
        .enumerate()
        .filter(|(_, (name, _))| *name == well)
        .nth(position)
        .map(|(index, (_, column))| (index, *column))?;
    let cells = answer.rows.get(row)?;
    let value = values_of(visual, answer, cells).into_iter().nth(index)?;
    if value.value.is_null() || answer.others.contains(&row) {
        return None;
    }
    let text = cell_text(cells.get(column)?, answer.columns.get(column)?, None);
    let by = value
        .grain
        .and_then(finer)
        .map(|grain| format!(" by {}", grain_word(grain)))
        .unwrap_or_default();
    Some((value, format!("Look into {text}{by}")))
}

const fn grain_word(grain: Grain) -> &'static str {
    match grain {
        Grain::Year => "year",
        Grain::Quarter => "quarter",
        Grain::Month => "month",
        Grain::Week => "week",
        Grain::Day => "day",
        Grain::Hour => "hour",
        Grain::Minute => "minute",
        Grain::Second => "second",
        Grain::Millisecond => "millisecond",
    }
}

#[component]
pub fn MarkMenu(
    visual: Arc<Visual>,
    #[prop(into)] answer: Signal<Arc<Answer>>,
    actions: TileActions,
    /// The answer row it is about.
    #[prop(into)]
    row: Signal<Option<usize>>,
    open: RwSignal<Option<MenuAnchor>>,
) -> impl IntoView {
    let visual = StoredValue::new(visual);
    view! {
        <MenuPanel label="What to do with this mark" open=open>
            {move || {
                let row = row.get()?;
                let (visual, answer) = (visual.get_value(), answer.get());
                let marked = selection_row(&visual, &answer, row);
                let mut entries: Vec<AnyView> = Vec::new();
                if let (Some(select), Some(marked)) = (actions.select, marked.clone()) {
                    entries.push(entry("Filter the page by this", "mark-filter", move || select.run(MarkClick { row: marked.clone(), add: false })));
                }
                if let (Some(drill), Some((value, words))) = (actions.drill, drill_of(&visual, &answer, row)) {
                    entries.push(entry(words, "mark-drill", move || drill.run(value.clone())));
                }
                if let Some(records) = actions.records {
                    let selection = Selection { rows: marked.into_iter().collect() };
                    entries.push(entry("See the records behind it", "mark-records", move || records.run(selection.clone())));
                }
                Some(entries)
            }}
        </MenuPanel>
    }
}

fn entry(words: impl Into<String>, testid: &'static str, run: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! {
        <button class="menu__item" type="button" role="menuitem" data-testid=testid on:click=move |_| run()>
            {words.into()}
        </button>
    }
    .into_any()
}
