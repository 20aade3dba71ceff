//! What is chosen by clicking, each with the tile it was clicked in; a click lets go of it.

use leptos::prelude::*;
use shared::{dashboard::Selection, table::Cell};

use super::ReaderState;
use crate::components::{Icon, IconView};

fn words(selection: &Selection) -> String {
    let names: Vec<String> = selection
        .rows
        .iter()
        .map(|row| {
            let values: Vec<String> = row
                .0
                .iter()
                .map(|value| match &value.value {
                    Cell::Null => "(none)".to_owned(),
                    Cell::Bool(truth) => if *truth { "Yes" } else { "No" }.to_owned(),
                    Cell::Int(number) => number.to_string(),
                    Cell::Float(number) => number.to_string(),
                    Cell::Text(text) if value.grain.is_some() => text.get(..10).unwrap_or(text).to_owned(),
                    Cell::Text(text) => text.clone(),
                })
                .collect();
            values.join(" · ")
        })
        .collect();
    match names.as_slice() {
        [one, two, three, rest @ ..] if !rest.is_empty() => format!("{one}, {two}, {three} and {} more", rest.len()),
        all => all.join(", "),
    }
}

#[component]
pub fn SelectionChips(reader: ReaderState) -> impl IntoView {
    let selections = move || {
        reader.state.with(|state| {
            state
                .selections
                .iter()
                .map(|(tile, selection)| (*tile, words(selection)))
                .collect::<Vec<_>>()
        })
    };
    view! {
        <div class="chips" aria-live="polite">
            {move || {
                selections()
                    .into_iter()
                    .map(|(tile, text)| {
                        view! {
                            <button
                                class="chip"
                                type="button"
                                data-testid="selection-chip"
                                title="Remove this selection"
                                on:click=move |_| reader.change(|state| { state.selections.remove(&tile); })
                            >
                                <span class="muted">{reader.tile_name(tile)} ":"</span>
                                {text}
                                <IconView icon=Icon::Close />
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}
