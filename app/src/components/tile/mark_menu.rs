//! What can be done with one mark, as a menu at it.

use std::sync::Arc;

use chart::visual::{Parts, cell_text};
use leptos::prelude::*;
use plan::visual::{drillable, finer, levels, shows};
use shared::{
    dashboard::{Selection, SelectionValue},
    semantic::{Answer, Grain},
    visual::{Visual, WellName},
};

use super::{MarkClick, TileActions, selection_row, values_of};
use crate::components::menu::{MenuAnchor, MenuPanel};

/// The values of a mark that can be looked into, with the words for each: "Look into 2025 by quarter", "Look into Spain by
/// region".
pub fn drills_of(visual: &Visual, answer: &Answer, row: usize) -> Vec<(SelectionValue, String)> {
    let Some(cells) = answer.rows.get(row).filter(|_| !answer.others.contains(&row)) else {
        return Vec::new();
    };
    let asked = visual.asked();
    let parts = Parts::of(visual, answer);
    let values = values_of(visual, answer, cells);
    let at = |(well, position): (WellName, usize)| {
        let columns = parts.dimensions.iter().enumerate();
        let (index, (_, column)) = columns.filter(|(_, (name, _))| *name == well).nth(position)?;
        let value = values.get(index).filter(|value| !value.value.is_null())?;
        let column_of = answer.columns.get(*column)?;
        Some((value, column_of, cell_text(cells.get(*column)?, column_of, None)))
    };
    let mut drills = Vec::new();
    if let Some((value, _, text)) = drillable(&asked).and_then(at) {
        let by = value.grain.and_then(finer).map(grain_word);
        drills.push((value.clone(), words(&text, by)));
    }
    for (value, column, text) in levels(&asked).into_iter().filter_map(at) {
        for level in column.finer.iter().filter(|level| !shows(&asked, &level.field)) {
            let step = SelectionValue {
                to: Some(level.field.clone()),
                ..value.clone()
            };
            drills.push((step, words(&text, Some(&level.label.to_lowercase()))));
        }
    }
    drills
}

fn words(member: &str, by: Option<&str>) -> String {
    match by {
        Some(by) => format!("Look into {member} by {by}"),
        None => format!("Look into {member}"),
    }
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
                if let Some(drill) = actions.drill {
                    for (value, words) in drills_of(&visual, &answer, row) {
                        entries.push(entry(words, "mark-drill", move || drill.run(value.clone())));
                    }
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
