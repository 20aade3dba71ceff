//! A pivot table: groups down and across, every total aggregated again.

use std::sync::Arc;

use chart::visual::{PivotCell, PivotHead, pivot};
use leptos::prelude::*;
use shared::{dashboard::Selection, semantic::Answer, visual::Visual};

use super::{MarkClick, is_chosen, selection_row, tone_class};

#[component]
pub fn PivotTable(
    visual: Arc<Visual>,
    answer: Arc<Answer>,
    #[prop(into)] selection: Signal<Option<Selection>>,
    #[prop(optional_no_strip)] on_mark: Option<Callback<MarkClick>>,
) -> impl IntoView {
    let grid = pivot(&visual, &answer);
    let height = grid.head.len().max(1);
    let corner = grid
        .corner
        .iter()
        .map(|name| view! { <th scope="col" rowspan=height.to_string()>{name.clone()}</th> })
        .collect_view();
    let mut corner = Some(corner);
    let head = grid
        .head
        .into_iter()
        .map(|row| {
            let corner = corner.take();
            view! { <tr>{corner}{row.into_iter().map(|cell| heading(cell, "col")).collect_view()}</tr> }
        })
        .collect_view();
    let body = grid
        .rows
        .into_iter()
        .map(|row| {
            let heads = row.heads.into_iter().map(|cell| heading(cell, "row")).collect_view();
            let cells = row
                .cells
                .into_iter()
                .map(|cell| cell_view(&visual, &answer, cell, selection, on_mark))
                .collect_view();
            view! { <tr class:pivot__total=row.is_total>{heads}{cells}</tr> }
        })
        .collect_view();
    view! {
        <div class="tile__table">
            <table class="table pivot" data-testid="pivot">
                <thead>{head}</thead>
                <tbody>{body}</tbody>
            </table>
            {grid.left_out.map(|words| view! { <p class="muted pivot__rest">{format!("… and {words}.")}</p> })}
        </div>
    }
}

fn heading(cell: PivotHead, scope: &'static str) -> impl IntoView {
    view! {
        <th
            scope=scope
            colspan=(cell.colspan > 1).then(|| cell.colspan.to_string())
            rowspan=(cell.rowspan > 1).then(|| cell.rowspan.to_string())
            class:pivot__sum=cell.is_total
        >
            {cell.text}
        </th>
    }
}

fn cell_view(
    visual: &Arc<Visual>,
    answer: &Arc<Answer>,
    cell: PivotCell,
    selection: Signal<Option<Selection>>,
    on_mark: Option<Callback<MarkClick>>,
) -> impl IntoView + use<> {
    let marked = cell.row.and_then(|row| selection_row(visual, answer, row));
    let choose = on_mark.zip(marked);
    let tab_stop = choose.is_some().then_some("0");
    let chosen = {
        let (visual, answer, row) = (visual.clone(), answer.clone(), cell.row);
        move || {
            selection
                .get()
                .zip(row)
                .is_some_and(|(selection, row)| is_chosen(&visual, &answer, row, &selection))
        }
    };
    let tone = cell.tone.map(tone_class).unwrap_or_default();
    let (clicked, pressed) = (choose.clone(), choose);
    view! {
        <td
            class=format!("table__number {tone}")
            class:pivot__sum=cell.is_total
            class:table__chosen=chosen
            tabindex=tab_stop
            on:click=move |event| {
                if let Some((on_mark, row)) = clicked.clone() {
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
            {cell.text}
        </td>
    }
}
