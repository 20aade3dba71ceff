//! Titles and one-sentence descriptions made from the data.

use shared::{
    semantic::{Answer, ColumnRole, humanize},
    table::Cell,
    visual::{Family, Visual, WellName},
};

use super::{Parts, cell_text, figures};

/// The builder's title, or one made from the fields: `Revenue by Region and Channel`.
pub fn title(visual: &Visual, answer: &Answer) -> String {
    let box_value = box_value(visual, answer);
    let visual = &*visual.asked();
    if let Some(title) = visual.title.as_ref().filter(|title| !title.trim().is_empty()) {
        return title.clone();
    }
    let parts = Parts::of(visual, answer);
    let shown = parts
        .measures
        .iter()
        .filter(|measure| measure.well != WellName::Tooltip);
    let measures: Vec<&str> = match &box_value {
        Some(name) => vec![name],
        None => shown.map(|measure| measure.label.as_str()).collect(),
    };
    let dimensions: Vec<&str> = parts
        .dimensions
        .iter()
        .filter_map(|(_, column)| answer.columns.get(*column))
        .map(|column| column.label.as_str())
        .collect();
    match (measures.is_empty(), dimensions.is_empty()) {
        (true, true) => visual.kind.label().to_owned(),
        (true, false) => listed(&dimensions),
        (false, true) => listed(&measures),
        (false, false) => format!("{} by {}", listed(&measures), listed(&dimensions)),
    }
}

/// The name of the value whose five numbers a box plot shows: as its builder wrote it, or its column's.
pub(super) fn box_value(visual: &Visual, answer: &Answer) -> Option<String> {
    if visual.kind.family() != Family::BoxPlot {
        return None;
    }
    let item = visual.wells.values.first()?;
    if let Some(label) = item.label.as_ref().filter(|label| !label.trim().is_empty()) {
        return Some(label.clone());
    }
    let shown = answer.columns.iter().find(|column| column.role == ColumnRole::Metric);
    let field = item.field.as_ref().or_else(|| shown?.source.as_ref())?;
    Some(humanize(field.rsplit('.').next().unwrap_or(field)))
}

fn listed(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [one, two] => format!("{one} and {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}

/// `Revenue by month, 36 points, highest in Dec 2025 with 1.2 M.`
pub fn describe(visual: &Visual, answer: &Answer) -> String {
    let name = title(visual, answer);
    let visual = &*visual.asked();
    let rows = answer.rows.len();
    match visual.kind.family() {
        Family::Number => {
            let numbers: Vec<String> = figures(visual, answer)
                .into_iter()
                .map(|figure| format!("{} {}", figure.label, figure.exact))
                .collect();
            format!("{}.", if numbers.is_empty() { name } else { numbers.join(", ") })
        }
        Family::Table | Family::Pivot | Family::Own => format!("{name}, {rows} rows."),
        Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Round
        | Family::Heatmap
        | Family::Histogram
        | Family::Waterfall
        | Family::Funnel
        | Family::Dial
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar
        | Family::Choropleth => match highest(visual, answer) {
            Some(highest) => format!("{name}, {rows} points, {highest}."),
            None => format!("{name}, no data."),
        },
        Family::BoxPlot => format!("{name}, {rows} boxes."),
        Family::Scatter | Family::PointMap => format!("{name}, {rows} points."),
    }
}

fn highest(visual: &Visual, answer: &Answer) -> Option<String> {
    let parts = Parts::of(visual, answer);
    let measure = parts
        .measures
        .iter()
        .find(|measure| matches!(measure.well, WellName::Values | WellName::LineValues))?;
    let number = |row: &Vec<Cell>| row.get(measure.column).and_then(Cell::as_f64);
    let row = answer
        .rows
        .iter()
        .filter(|row| number(row).is_some())
        .max_by(|a, b| number(a).unwrap_or(f64::MIN).total_cmp(&number(b).unwrap_or(f64::MIN)))?;
    let column = answer.columns.get(measure.column)?;
    let value = cell_text(row.get(measure.column)?, column, measure.format(visual, Some(column)));
    let place: Vec<String> = parts
        .dimensions
        .iter()
        .filter_map(|(_, index)| Some(cell_text(row.get(*index)?, answer.columns.get(*index)?, None)))
        .collect();
    Some(if place.is_empty() {
        format!("highest {value}")
    } else {
        format!("highest in {} with {value}", place.join(", "))
    })
}
