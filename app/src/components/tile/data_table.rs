//! A table visual: sorted by a click on a header, in pages, with totals that were aggregated again, not summed here.

use std::{cmp::Ordering, sync::Arc};

use chart::visual::{Parts, cell_text};
use leptos::prelude::*;
use shared::{
    dashboard::Selection,
    semantic::{Answer, ColumnRole, SortDirection},
    table::Cell,
    visual::Visual,
};

use super::{MarkClick, is_chosen, selection_row};
use crate::components::{Icon, IconView};

const DEFAULT_PAGE_ROWS: usize = 50;

#[component]
pub fn DataTable(
    visual: Arc<Visual>,
    answer: Arc<Answer>,
    /// What is chosen in this tile.
    #[prop(optional, into)]
    selection: Signal<Option<Selection>>,
    /// A click on a row, or Enter or Space on it.
    #[prop(optional)]
    on_mark: Option<Callback<MarkClick>>,
) -> impl IntoView {
    let parts = Parts::of(&visual, &answer);
    let columns: Vec<usize> = parts
        .dimensions
        .iter()
        .map(|(_, column)| *column)
        .chain(parts.measures.iter().map(|measure| measure.column))
        .collect();
    let page_rows = visual
        .format
        .page_rows
        .map_or(DEFAULT_PAGE_ROWS, |rows| rows.max(1) as usize);
    let sort = RwSignal::new(None::<(usize, bool)>);
    let asked = asked_sort(&visual, &answer);
    let page = RwSignal::new(0_usize);
    let pages = answer.rows.len().div_ceil(page_rows).max(1);
    let text = {
        let (visual, answer) = (visual.clone(), answer.clone());
        move |column: usize, cell: &Cell| {
            let measure = parts.measures.iter().find(|measure| measure.column == column);
            let meta = answer.columns.get(column);
            meta.map(|meta| {
                cell_text(
                    cell,
                    meta,
                    measure.and_then(|measure| measure.format(&visual, Some(meta))),
                )
            })
            .unwrap_or_default()
        }
    };
    let is_number = |column: usize| {
        answer
            .columns
            .get(column)
            .is_some_and(|column| column.role != ColumnRole::Dimension || column.kind.is_numeric())
    };
    let head = columns
        .iter()
        .map(|index| {
            let index = *index;
            let label = visual_label(&visual, &answer, index);
            let class = if is_number(index) { "table__number" } else { "" };
            let direction = move || match sort.get().or(asked) {
                Some((column, true)) if column == index => Some("descending"),
                Some((column, false)) if column == index => Some("ascending"),
                Some(_) | None => None,
            };
            let turn = move |_| {
                page.set(0);
                sort.update(|sort| {
                    *sort = match *sort {
                        Some((column, true)) if column == index => Some((index, false)),
                        Some((column, false)) if column == index => None,
                        Some(_) | None => Some((index, true)),
                    }
                });
            };
            view! {
                <th scope="col" class=class aria-sort=direction>
                    <button type="button" on:click=turn>
                        {label}
                        {move || direction().map(|direction| view! { <IconView icon=if direction == "ascending" { Icon::ArrowUp } else { Icon::ArrowDown } /> })}
                    </button>
                </th>
            }
        })
        .collect_view();
    let totals = answer
        .totals
        .iter()
        .find(|totals| totals.by.is_empty())
        .and_then(|totals| totals.rows.first())
        .map(|row| {
            let cells = columns
                .iter()
                .enumerate()
                .map(|(position, index)| {
                    let class = if is_number(*index) { "table__number" } else { "" };
                    let is_dimension = answer
                        .columns
                        .get(*index)
                        .is_some_and(|column| column.role == ColumnRole::Dimension);
                    let shown = match (position, is_dimension) {
                        (0, true) => "Total".to_owned(),
                        (_, true) => String::new(),
                        (_, false) => row.get(*index).map(|cell| text(*index, cell)).unwrap_or_default(),
                    };
                    view! { <td class=class>{shown}</td> }
                })
                .collect_view();
            view! { <tfoot><tr>{cells}</tr></tfoot> }
        });
    let numeric: Vec<bool> = columns.iter().map(|column| is_number(*column)).collect();
    let body = {
        let (visual, answer) = (visual.clone(), answer.clone());
        move || {
            let order = sorted_rows(&answer, sort.get());
            order
                .into_iter()
                .skip(page.get() * page_rows)
                .take(page_rows)
                .filter_map(|row_index| Some((row_index, answer.rows.get(row_index)?)))
                .map(|(row_index, row)| {
                    let cells = columns
                        .iter()
                        .zip(&numeric)
                        .map(|(column, numeric)| {
                            let cell = row.get(*column).cloned().unwrap_or_default();
                            let class = match (cell.is_null(), *numeric) {
                                (true, true) => "table__number table__null",
                                (true, false) => "table__null",
                                (false, true) => "table__number",
                                (false, false) => "",
                            };
                            view! { <td class=class>{text(*column, &cell)}</td> }
                        })
                        .collect_view();
                    let marked = selection_row(&visual, &answer, row_index);
                    let chosen = {
                        let (visual, answer) = (visual.clone(), answer.clone());
                        move || selection.get().is_some_and(|selection| is_chosen(&visual, &answer, row_index, &selection))
                    };
                    let choose = on_mark.zip(marked);
                    let tab_stop = choose.is_some().then_some("0");
                    let (clicked, pressed) = (choose.clone(), choose);
                    view! {
                        <tr
                            class:table__chosen=chosen
                            tabindex=tab_stop
                            on:click=move |event| {
                                if let Some((on_mark, row)) = clicked.clone() {
                                    // What lies around lets go of what is chosen.
                                    event.stop_propagation();
                                    let add = event.ctrl_key() || event.meta_key() || event.shift_key();
                                    on_mark.run(MarkClick { row, add });
                                }
                            }
                            on:keydown=move |event| {
                                if let Some((on_mark, row)) = pressed.clone().filter(|_| matches!(event.key().as_str(), "Enter" | " ")) {
                                    event.prevent_default();
                                    event.stop_propagation();
                                    let add = event.ctrl_key() || event.meta_key() || event.shift_key();
                                    on_mark.run(MarkClick { row, add });
                                }
                            }
                        >
                            {cells}
                        </tr>
                    }
                })
                .collect_view()
        }
    };
    let (count, truncated) = (answer.rows.len(), answer.truncated);
    view! {
        <div class="tile__table">
            <table class="table" class:table--choose=on_mark.is_some()>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
                {totals}
            </table>
        </div>
        {(pages > 1 || truncated)
            .then(|| {
                view! {
                    <div class="tile__pager">
                        <span>
                            {move || {
                                let first = page.get() * page_rows;
                                format!("{}–{} of {}{count}", first + 1, (first + page_rows).min(count), if truncated { "the first " } else { "" })
                            }}
                        </span>
                        <button class="button button--quiet button--icon" type="button" aria-label="Previous rows" disabled=move || page.get() == 0 on:click=move |_| page.update(|page| *page = page.saturating_sub(1))>
                            <IconView icon=Icon::ChevronLeft />
                        </button>
                        <button class="button button--quiet button--icon" type="button" aria-label="Next rows" disabled=move || pages <= page.get() + 1 on:click=move |_| page.update(|page| *page += 1)>
                            <IconView icon=Icon::ChevronRight />
                        </button>
                    </div>
                }
            })}
    }
}

fn visual_label(visual: &Visual, answer: &Answer, column: usize) -> String {
    let parts = Parts::of(visual, answer);
    let measure = parts
        .measures
        .into_iter()
        .find(|measure| measure.column == column)
        .map(|measure| measure.label);
    measure
        .or_else(|| answer.columns.get(column).map(|column| column.label.clone()))
        .unwrap_or_default()
}

/// The order in which the rows came, as a column and whether it descends.
fn asked_sort(visual: &Visual, answer: &Answer) -> Option<(usize, bool)> {
    let sort = visual.query.sort.first()?;
    let column = answer.columns.iter().position(|column| column.name == sort.by)?;
    Some((column, sort.dir == SortDirection::Desc))
}

/// Row numbers in the wanted order; NULLs last either way.
fn sorted_rows(answer: &Answer, sort: Option<(usize, bool)>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..answer.rows.len()).collect();
    if let Some((column, descending)) = sort {
        let cell = |row: usize| {
            answer
                .rows
                .get(row)
                .and_then(|row| row.get(column))
                .unwrap_or(&Cell::Null)
        };
        shared::sort::sort_by(&mut order, |a, b| {
            let (a, b) = (cell(*a), cell(*b));
            match (a.is_null(), b.is_null()) {
                (true, true) => Ordering::Equal,
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) => {
                    let ordering = match (a.as_f64(), b.as_f64()) {
                        (Some(a), Some(b)) => a.total_cmp(&b),
                        _ => a
                            .as_text()
                            .unwrap_or_default()
                            .to_lowercase()
                            .cmp(&b.as_text().unwrap_or_default().to_lowercase()),
                    };
                    if descending { ordering.reverse() } else { ordering }
                }
            }
        });
    }
    order
}
