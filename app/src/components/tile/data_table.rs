//! A table visual: sorted by a click on a header, in pages, with totals that were aggregated again, not summed here.
//! Order and pages come from where its numbers come from; a table that is all here turns its own.

use std::{cmp::Ordering, sync::Arc};

use chart::{
    Theme,
    visual::{CellLook, Parts, cell_looks, cell_text, folded, sparkline},
};
use leptos::prelude::*;
use plan::visual::is_paged;
use shared::{
    dashboard::{Selection, TableWindow},
    semantic::{Answer, ColumnRole, Sort, SortDirection},
    table::Cell,
    visual::Visual,
};

use super::{
    MarkClick,
    cell_look::{Dressed, dressed},
    is_chosen, selection_row,
};
use crate::components::{Icon, IconView};

/// Width and height of a row's course, in px.
const COURSE_PX: (f64, f64) = (120.0, 20.0);

/// Which rows are shown, and how others are asked for.
#[derive(Clone, Copy)]
pub struct TablePaging {
    pub window: Signal<TableWindow>,
    pub turn: Callback<TableWindow>,
}

#[component]
pub fn DataTable(
    visual: Arc<Visual>,
    answer: Arc<Answer>,
    /// What is chosen in this tile.
    #[prop(optional, into)]
    selection: Signal<Option<Selection>>,
    /// A click on a row, or Enter or Space on it.
    #[prop(optional_no_strip)]
    on_mark: Option<Callback<MarkClick>>,
    /// `None`: the answer has all rows there are.
    #[prop(optional_no_strip)]
    paging: Option<TablePaging>,
) -> impl IntoView {
    // A builder who limits the rows wants no others to be seen; the server gives none.
    let paging = paging.filter(|_| is_paged(&visual));
    let folded = folded(&visual, &answer);
    let courses = folded
        .as_ref()
        .map(|folded| (folded.label.clone(), Arc::new(folded.courses.clone())));
    let answer = folded.map_or(answer, |folded| Arc::new(folded.answer));
    let looks: Arc<Vec<Vec<CellLook>>> = {
        let columns = cell_looks(&visual, &answer);
        let of_row = |row: &Vec<Cell>| columns.iter().zip(row).map(|(column, cell)| column.of(cell)).collect();
        Arc::new(answer.rows.iter().map(of_row).collect())
    };
    let own = RwSignal::new(TableWindow::default());
    let window = paging.map_or_else(|| own.into(), |paging| paging.window);
    let turn = move |next: TableWindow| match paging {
        Some(paging) => paging.turn.run(next),
        None => own.set(next),
    };
    let parts = Parts::of(&visual, &answer);
    let columns: Vec<usize> = parts
        .dimensions
        .iter()
        .map(|(_, column)| *column)
        .chain(parts.measures.iter().map(|measure| measure.column))
        .collect();
    let step = u64::from(visual.format.rows_of_a_page());
    let asked = visual.query.sort.first().and_then(|sort| sorted_by(&answer, sort));
    let wanted = {
        let answer = answer.clone();
        move || window.with(|window| window.sort.as_ref().and_then(|sort| sorted_by(&answer, sort)))
    };
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
            let direction = {
                let wanted = wanted.clone();
                move || match wanted().or(asked) {
                    Some((column, SortDirection::Desc)) if column == index => Some("descending"),
                    Some((column, SortDirection::Asc)) if column == index => Some("ascending"),
                    Some(_) | None => None,
                }
            };
            let name = answer.columns.get(index).map(|column| column.name.clone()).unwrap_or_default();
            let reorder = {
                let wanted = wanted.clone();
                move |_| {
                    let dir = match untrack(&wanted) {
                        Some((column, SortDirection::Desc)) if column == index => Some(SortDirection::Asc),
                        Some((column, SortDirection::Asc)) if column == index => None,
                        Some(_) | None => Some(SortDirection::Desc),
                    };
                    let by = name.clone();
                    turn(TableWindow { offset: 0, sort: dir.map(|dir| Sort { by, dir }) });
                }
            };
            let arrow = direction.clone();
            view! {
                <th scope="col" class=class aria-sort=direction>
                    <button type="button" on:click=reorder>
                        {label}
                        {move || arrow().map(|direction| view! { <IconView icon=if direction == "ascending" { Icon::ArrowUp } else { Icon::ArrowDown } /> })}
                    </button>
                </th>
            }
        })
        .collect_view();
    let course_head = courses
        .as_ref()
        .map(|(label, _)| view! { <th scope="col">{label.clone()} " over time"</th> });
    let has_courses = courses.is_some();
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
            view! { <tfoot><tr>{cells}{has_courses.then(|| view! { <td></td> })}</tr></tfoot> }
        });
    let numeric: Vec<bool> = columns.iter().map(|column| is_number(*column)).collect();
    let body = {
        let (visual, answer) = (visual.clone(), answer.clone());
        move || {
            let order = match paging {
                Some(_) => (0..answer.rows.len()).collect(),
                None => sorted_rows(&answer, wanted()),
            };
            let skipped = if paging.is_none() {
                window.with(|window| window.offset as usize)
            } else {
                0
            };
            let shown = if paging.is_none() { step as usize } else { usize::MAX };
            order
                .into_iter()
                .skip(skipped)
                .take(shown)
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
                            let look = looks.get(row_index).and_then(|row| row.get(*column)).cloned().unwrap_or_default();
                            let Dressed { class: dress, bar } = dressed(&look);
                            let (at, size) = bar.unzip();
                            view! { <td class=format!("{class} {dress}") style:--bar-at=at style:--bar-size=size>{text(*column, &cell)}</td> }
                        })
                        .collect_view();
                    let course = courses.as_ref().map(|(_, courses)| {
                        let points = courses.get(row_index).map(|course| course.points.clone()).unwrap_or_default();
                        view! { <td class="table__course" inner_html=sparkline(&points, COURSE_PX.0, COURSE_PX.1, &Theme::css())></td> }
                    });
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
                            {course}
                        </tr>
                    }
                })
                .collect_view()
        }
    };
    let (count, truncated) = (answer.rows.len() as u64, answer.truncated);
    let offset = move || window.with(|window| window.offset);
    // Of the rows that are here, or of those the server has.
    let last = move || match paging {
        Some(_) => offset() + count,
        None => (offset() + step).min(count),
    };
    let more = move || match paging {
        Some(_) => truncated,
        None => last() < count,
    };
    let places = move || {
        if count == 0 && paging.is_some() {
            return "No further rows".to_owned();
        }
        let range = format!("{}–{}", offset() + 1, last());
        match (paging.is_some(), truncated) {
            (true, true) => range,
            (true, false) => format!("{range} of {}", last()),
            (false, true) => format!("{range} of the first {count}"),
            (false, false) => format!("{range} of {count}"),
        }
    };
    let go = move |offset: u64| {
        let sort = window.with_untracked(|window| window.sort.clone());
        turn(TableWindow { offset, sort });
    };
    let in_pages = move || more() || offset() > 0 || (paging.is_none() && truncated);
    view! {
        <div class="tile__table">
            <table class="table" class:table--choose=on_mark.is_some()>
                <thead><tr>{head}{course_head}</tr></thead>
                <tbody>{body}</tbody>
                {totals}
            </table>
        </div>
        <Show when=in_pages>
            <div class="tile__pager">
                <span>{places}</span>
                <button class="button button--quiet button--icon" type="button" aria-label="Previous rows" disabled=move || offset() == 0 on:click=move |_| go(offset().saturating_sub(step))>
                    <IconView icon=Icon::ChevronLeft />
                </button>
                <button class="button button--quiet button--icon" type="button" aria-label="Next rows" disabled=move || !more() on:click=move |_| go(offset() + step)>
                    <IconView icon=Icon::ChevronRight />
                </button>
            </div>
        </Show>
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

/// The column that is sorted by; `None` when the answer does not have it.
fn sorted_by(answer: &Answer, sort: &Sort) -> Option<(usize, SortDirection)> {
    let column = answer.columns.iter().position(|column| column.name == sort.by)?;
    Some((column, sort.dir))
}

/// Row numbers in the wanted order; NULLs last either way.
fn sorted_rows(answer: &Answer, sort: Option<(usize, SortDirection)>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..answer.rows.len()).collect();
    if let Some((column, direction)) = sort {
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
                    match direction {
                        SortDirection::Asc => ordering,
                        SortDirection::Desc => ordering.reverse(),
                    }
                }
            }
        });
    }
    order
}
