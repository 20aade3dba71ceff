//! The numbers of a chart as a table, for screen readers and for pages without scripts.

use std::sync::Arc;

use chart::visual::cell_text;
use leptos::prelude::*;
use shared::semantic::Answer;

/// Beyond this many rows a table read aloud helps nobody.
const MAX_ROWS: usize = 100;

#[component]
pub fn HiddenTable(answer: Arc<Answer>, caption: String) -> impl IntoView {
    let more = answer.rows.len().saturating_sub(MAX_ROWS);
    view! {
        <div class="tile__data">
            <table>
                <caption>{caption}</caption>
                <thead>
                    <tr>{answer.columns.iter().map(|column| view! { <th scope="col">{column.label.clone()}</th> }).collect_view()}</tr>
                </thead>
                <tbody>
                    {answer
                        .rows
                        .iter()
                        .take(MAX_ROWS)
                        .map(|row| {
                            let cells = row.iter().zip(&answer.columns).map(|(cell, column)| view! { <td>{cell_text(cell, column, None)}</td> }).collect_view();
                            view! { <tr>{cells}</tr> }
                        })
                        .collect_view()}
                </tbody>
            </table>
            {(more > 0).then(|| view! { <p>{format!("{more} more rows.")}</p> })}
        </div>
    }
}
