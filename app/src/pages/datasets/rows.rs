//! A table that scrolls through any number of rows and holds only those in sight.

use std::collections::BTreeMap;

use leptos::{html, prelude::*, task::spawn_local};
use shared::{
    dataset::DatasetColumn,
    ids::DatasetId,
    table::{Cell, ColumnType},
};

use super::stored::stored_text;
use crate::{WireError, components::ProblemNotice, server_fns::dataset::dataset_rows};

const ROW_PX: f64 = 30.0;
const VIEW_PX: f64 = 480.0;
/// Rows per request.
const BLOCK: u64 = 100;
/// Blocks kept; more are forgotten from the far end.
const KEPT_BLOCKS: usize = 12;
/// Browsers refuse taller elements; beyond this the scroll bar is scaled.
const MAX_HEIGHT_PX: f64 = 8_000_000.0;

#[component]
pub fn RowsTable(
    workspace: Memo<String>,
    dataset: DatasetId,
    columns: Vec<DatasetColumn>,
    total: u64,
) -> impl IntoView {
    let blocks = RwSignal::new(BTreeMap::<u64, Vec<Vec<Cell>>>::new());
    let asked = StoredValue::new(std::collections::BTreeSet::<u64>::new());
    let first = RwSignal::new(0_u64);
    let problem = RwSignal::new(None::<WireError>);
    let view_element = NodeRef::<html::Div>::new();
    let height = (total as f64 * ROW_PX).min(MAX_HEIGHT_PX);
    let shown = (VIEW_PX / ROW_PX).ceil() as u64 + 2;
    let fetch = move |block: u64| {
        if asked.with_value(|asked| asked.contains(&block)) {
            return;
        }
        asked.update_value(|asked| {
            asked.insert(block);
        });
        spawn_local(async move {
            match dataset_rows(workspace.get_untracked(), dataset, block * BLOCK, BLOCK).await {
                Ok(page) => blocks.update(|blocks| {
                    blocks.insert(block, page.rows);
                    while blocks.len() > KEPT_BLOCKS {
                        let here = first.get_untracked() / BLOCK;
                        let Some(far) = blocks.keys().copied().max_by_key(|block| block.abs_diff(here)) else {
                            break;
                        };
                        blocks.remove(&far);
                        asked.update_value(|asked| {
                            asked.remove(&far);
                        });
                    }
                }),
                Err(error) => {
                    asked.update_value(|asked| {
                        asked.remove(&block);
                    });
                    problem.set(Some(error));
                }
            }
        });
    };
    Effect::new(move |_| {
        let from = first.get();
        for block in (from / BLOCK)..=((from + shown).min(total.saturating_sub(1)) / BLOCK) {
            fetch(block);
        }
    });
    let scrolled = move |_| {
        if let Some(element) = view_element.get_untracked() {
            let room = (height - VIEW_PX).max(1.0);
            let part = f64::from(element.scroll_top()) / room;
            let last = total.saturating_sub(shown.saturating_sub(3)) as f64;
            first.set((part.clamp(0.0, 1.0) * last.max(0.0)).round() as u64);
        }
    };
    let names = columns
        .iter()
        .map(|column| {
            let class = if column.kind.is_numeric() { "table__number" } else { "" };
            view! { <th scope="col" class=class>{column.label.clone()}</th> }
        })
        .collect_view();
    let width = columns.len();
    let kinds: Vec<ColumnType> = columns.iter().map(|column| column.kind).collect();
    let rows = move || {
        let from = first.get();
        (from..(from + shown).min(total))
            .map(|index| {
                let row = blocks.with(|blocks| {
                    blocks
                        .get(&(index / BLOCK))
                        .and_then(|block| block.get((index % BLOCK) as usize))
                        .cloned()
                });
                let cells = match row {
                    Some(row) => row
                        .into_iter()
                        .zip(&kinds)
                        .map(|(cell, kind)| {
                            let class = match (&cell, kind.is_numeric()) {
                                (Cell::Null, _) => "table__null",
                                (_, true) => "table__number",
                                (_, false) => "",
                            };
                            view! { <td class=class>{cell_text(&cell, *kind)}</td> }.into_any()
                        })
                        .collect_view()
                        .into_any(),
                    None => view! { <td class="muted" colspan=width.to_string()>"…"</td> }.into_any(),
                };
                view! { <tr><td class="rows__number">{index + 1}</td>{cells}</tr> }
            })
            .collect_view()
    };
    view! {
        {move || problem.get().map(|error| view! { <ProblemNotice error=error.0 /> })}
        <div class="table-wrap rows" node_ref=view_element on:scroll=scrolled tabindex="0" role="region" aria-label="Rows">
            <div class="rows__canvas" style:--height=format!("{}px", height + ROW_PX)>
                <table class="table rows__table"><thead><tr><th class="rows__number">"#"</th>{names}</tr></thead><tbody>{rows}</tbody></table>
            </div>
        </div>
    }
}

fn cell_text(cell: &Cell, kind: ColumnType) -> String {
    match cell {
        Cell::Null => "–".to_owned(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => stored_text(text, kind, 120),
    }
}
