//! A column at a glance: type, range, what is missing, what is frequent.

use chart::visual::number_text;
use leptos::prelude::*;
use shared::{
    dataset::DatasetColumn,
    table::{Cell, ColumnType},
};

use super::{preview::type_label, stored::stored_text};

fn text(cell: &Cell, kind: ColumnType) -> String {
    match cell {
        Cell::Null => "–".to_owned(),
        Cell::Bool(truth) => if *truth { "Yes" } else { "No" }.to_owned(),
        Cell::Int(number) => number_text(*number as f64, None),
        Cell::Float(number) => number_text(*number, None),
        Cell::Text(text) => stored_text(text, kind, 40),
    }
}

#[component]
pub fn ColumnCard(column: DatasetColumn, rows: u64) -> impl IntoView {
    let profile = column.profile.clone().unwrap_or_default();
    let missing = if rows > 0 {
        column.nulls as f64 / rows as f64
    } else {
        0.0
    };
    let largest = profile.histogram.iter().map(|bin| bin.count).max().unwrap_or(0).max(1);
    let bars = profile
        .histogram
        .iter()
        .enumerate()
        .map(|(index, bin)| {
            let height = bin.count as f64 / largest as f64 * 32.0;
            let width = 100.0 / profile.histogram.len().max(1) as f64;
            view! { <rect x=format!("{:.2}", index as f64 * width + 0.3) y=format!("{:.2}", 32.0 - height) width=format!("{:.2}", (width - 0.6).max(0.4)) height=format!("{height:.2}")></rect> }
        })
        .collect_view();
    let most = profile.top.first().map_or(1, |top| top.count.max(1));
    let top = profile
        .top
        .iter()
        .take(5)
        .map(|entry| {
            let share = format!("{:.0}%", entry.count as f64 / most as f64 * 100.0);
            view! {
                <li class="column__value" style:--share=share>
                    <span>{text(&entry.value, column.kind)}</span>
                    <span class="muted">{number_text(entry.count as f64, None)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <article class="card column">
            <header class="column__head"><h3>{column.label.clone()}</h3><span class="badge">{type_label(column.kind)}</span></header>
            <p class="muted">
                {format!("{}{} distinct", if profile.distinct_is_estimate { "about " } else { "" }, number_text(column.distinct as f64, None))}
                {(column.nulls > 0).then(|| format!(" · {} missing", number_text(missing, Some(&shared::semantic::Format { kind: shared::semantic::FormatKind::Percent, ..Default::default() }))))}
            </p>
            {if profile.histogram.is_empty() {
                view! { <ul class="column__values">{top}</ul> }.into_any()
            } else {
                view! {
                    <svg class="column__histogram" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label=format!("Distribution of {}", column.label)>{bars}</svg>
                    <p class="column__range"><span>{text(&column.min, column.kind)}</span><span>{text(&column.max, column.kind)}</span></p>
                }
                    .into_any()
            }}
        </article>
    }
}
