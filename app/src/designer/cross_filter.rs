//! Filtering by clicking marks, and the chips that show it.

use leptos::prelude::*;
use shared::{dashboard::Selection, ids::TileId, table::Cell};

use super::state::Designer;
use crate::components::{Icon, IconView, tile::MarkClick};

impl Designer {
    /// Chooses a mark, joins it to what is chosen, or lets go of it when it was the only one.
    pub fn click_mark(self, tile: TileId, click: &MarkClick) {
        if self.drag.just_ended() {
            return;
        }
        // Ctrl+click on a tile that is not selected means the tile; once it is, its marks. A click that ends a selection of
        // several means the tile, too.
        let (chosen, several) = self
            .selection
            .with_untracked(|selection| (selection.contains(&tile), selection.len() > 1));
        if (click.add && !chosen && !self.preview.get_untracked()) || (!click.add && several) {
            self.click_tile(tile, click.add);
            return;
        }
        self.state.update(|state| {
            let before = state.selections.remove(&tile).unwrap_or_default();
            let chosen = before.rows.contains(&click.row);
            let rows = match (click.add, chosen) {
                (true, true) => before.rows.into_iter().filter(|row| *row != click.row).collect(),
                (true, false) => before.rows.into_iter().chain([click.row.clone()]).collect(),
                (false, true) if before.rows.len() == 1 => Vec::new(),
                (false, _) => vec![click.row.clone()],
            };
            if !click.add {
                state.selections.clear();
            }
            if !rows.is_empty() {
                state.selections.insert(tile, Selection { rows });
            }
        });
        let words = self
            .state
            .with_untracked(|state| state.selections.get(&tile).map(selection_words));
        self.say(words.map_or_else(|| "Filter removed".to_owned(), |words| format!("Filtered by {words}")));
    }
}

fn cell_words(cell: &Cell) -> String {
    match cell {
        Cell::Null => "(none)".to_owned(),
        Cell::Bool(truth) => if *truth { "Yes" } else { "No" }.to_owned(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

fn selection_words(selection: &Selection) -> String {
    let rows: Vec<String> = selection
        .rows
        .iter()
        .take(3)
        .map(|row| {
            let values: Vec<String> = row
                .0
                .iter()
                .map(|value| match (&value.value, value.grain) {
                    // A bucket is named by the day it starts on.
                    (Cell::Text(text), Some(_)) => text.get(..10).unwrap_or(text).to_owned(),
                    (cell, _) => cell_words(cell),
                })
                .collect();
            values.join(" · ")
        })
        .collect();
    let more = selection.rows.len().saturating_sub(rows.len());
    if more == 0 {
        rows.join(", ")
    } else {
        format!("{} and {more} more", rows.join(", "))
    }
}

/// One chip per tile in which marks are chosen; a click lets go of them.
#[component]
pub fn SelectionChips(designer: Designer) -> impl IntoView {
    let chips = Memo::new(move |_| {
        let _renamed = designer.document.get();
        designer.state.with(|state| {
            state
                .selections
                .iter()
                .map(|(tile, selection)| (*tile, designer.tile_title(*tile), selection_words(selection)))
                .collect::<Vec<_>>()
        })
    });
    let forget = move |tile: TileId| {
        designer.state.update(|state| {
            state.selections.remove(&tile);
        });
    };
    view! {
        <div class="chips" role="group" aria-label="Chosen marks">
            <For
                each=move || chips.get()
                key=Clone::clone
                children=move |(tile, title, words)| {
                    view! {
                        <button
                            class="chip"
                            type="button"
                            data-testid="selection-chip"
                            title="Remove this filter"
                            on:click=move |_| forget(tile)
                        >
                            <span class="muted">{title} ":"</span>
                            {words}
                            <IconView icon=Icon::Close />
                        </button>
                    }
                }
            />
        </div>
    }
}
