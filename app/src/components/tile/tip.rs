//! The tooltip of a mark: the members it stands for and its values.

use chart::visual::{Parts, cell_text};
use leptos::prelude::*;
use shared::{semantic::Answer, visual::Visual};

/// Label and text of every column of a row that the visual shows.
pub fn tip_lines(visual: &Visual, answer: &Answer, row: usize) -> Vec<(String, String)> {
    let parts = Parts::of(visual, answer);
    let Some(cells) = answer.rows.get(row) else {
        return Vec::new();
    };
    let dimensions = parts.dimensions.iter().filter_map(|(_, index)| {
        let column = answer.columns.get(*index)?;
        Some((column.label.clone(), cell_text(cells.get(*index)?, column, None)))
    });
    let measures = parts.measures.iter().filter_map(|measure| {
        let column = answer.columns.get(measure.column)?;
        Some((
            measure.label.clone(),
            cell_text(cells.get(measure.column)?, column, measure.format(visual, Some(column))),
        ))
    });
    dimensions.chain(measures).collect()
}

/// Where the tooltip stands (px of the tile's body) and what it says.
#[derive(Clone, Debug, PartialEq)]
pub struct Tip {
    pub left_px: f64,
    pub top_px: f64,
    pub lines: Vec<(String, String)>,
}

#[component]
pub fn TipView(tip: Tip) -> impl IntoView {
    view! {
        <div class="tile__tip" role="tooltip" style:--tip-x=format!("{:.0}px", tip.left_px) style:--tip-y=format!("{:.0}px", tip.top_px)>
            <dl>{tip.lines.into_iter().map(|(label, text)| view! { <dt>{label}</dt><dd>{text}</dd> }).collect_view()}</dl>
        </div>
    }
}
