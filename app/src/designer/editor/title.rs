//! What tiles, items and wells are called when nobody named them.

use shared::{
    dashboard::{Content, Tile},
    semantic::{Aggregation, CalculationKind, DatePart, Grain},
    visual::{Family, Visual, VisualKind, WellItem, WellName, WellRole},
};

use super::FieldCatalog;

/// Longest part of a text tile that names it.
const TEXT_CHARS: usize = 40;

pub fn tile_title(tile: &Tile, catalog: &FieldCatalog) -> String {
    match &tile.content {
        Content::Visual(visual) => visual_title(visual, catalog),
        Content::Text(text) => {
            let first = text.markdown.lines().map(|line| line.trim_start_matches('#').trim());
            let line: String = first
                .filter(|line| !line.is_empty())
                .take(1)
                .flat_map(|line| line.chars().take(TEXT_CHARS))
                .collect();
            if line.is_empty() { "text".to_owned() } else { line }
        }
        Content::Frame(frame) => frame.title.clone().unwrap_or_else(|| "frame".to_owned()),
    }
}

/// The builder's title, else one made from the fields: "Amount by Region".
pub fn visual_title(visual: &Visual, catalog: &FieldCatalog) -> String {
    if let Some(title) = &visual.title {
        return title.clone();
    }
    let labels = |role: WellRole| -> Vec<String> {
        visual
            .kind
            .wells()
            .iter()
            .filter(|well| well.role() == role && **well != WellName::Tooltip)
            .flat_map(|well| visual.wells.get(*well))
            .map(|item| item_label(item, catalog))
            .collect()
    };
    let values = joined(&labels(WellRole::Measure));
    let groups = joined(&labels(WellRole::Dimension));
    match (values.is_empty(), groups.is_empty()) {
        (true, true) => visual.kind.label().to_owned(),
        (false, true) => values,
        (true, false) => groups,
        (false, false) if visual.kind == VisualKind::Table => format!("{groups}, {values}"),
        (false, false) => format!("{values} by {groups}"),
    }
}

fn joined(labels: &[String]) -> String {
    match labels {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [first, second, rest @ ..] => format!("{first}, {second} and {} more", rest.len()),
    }
}

/// The item's own label, else its field with what is done to it: "Average of Amount", "Order date (month)".
pub fn item_label(item: &WellItem, catalog: &FieldCatalog) -> String {
    if let Some(label) = &item.label {
        return label.clone();
    }
    let base = match (&item.metric, &item.field) {
        (Some(metric), _) => catalog.label(metric),
        (None, Some(field)) => catalog.label(field),
        (None, None) => String::new(),
    };
    let shown = match (item.agg, item.grain, item.part) {
        (Some(Aggregation::Count), _, _) if item.field.as_ref().is_some_and(|field| !field.contains('.')) => {
            "Number of rows".to_owned()
        }
        (Some(agg), _, _) => format!("{}{base}", aggregation_prefix(agg, item.p)),
        (None, Some(grain), _) => format!("{base} ({})", grain_label(grain).to_lowercase()),
        (None, None, Some(part)) => format!("{base} ({})", part_label(part).to_lowercase()),
        (None, None, None) if item.bin.is_some() => format!("{base} (ranges)"),
        (None, None, None) => base,
    };
    match item.show_as {
        None => shown,
        Some(CalculationKind::ShareOfTotal) => format!("{shown}, % of total"),
        Some(CalculationKind::RunningTotal) => format!("{shown}, running total"),
        Some(CalculationKind::Rank) => format!("{shown}, rank"),
    }
}

/// "Sum of" is what everybody expects, so a sum carries the field's name alone.
fn aggregation_prefix(agg: Aggregation, p: Option<f64>) -> String {
    match agg {
        Aggregation::Sum => String::new(),
        Aggregation::Percentile => format!("p{} of ", (p.unwrap_or(0.9) * 100.0).round()),
        other => format!("{} of ", aggregation_label(other)),
    }
}

pub const fn aggregation_label(agg: Aggregation) -> &'static str {
    match agg {
        Aggregation::Sum => "Sum",
        Aggregation::Count => "Count",
        Aggregation::CountDistinct => "Distinct count",
        Aggregation::Avg => "Average",
        Aggregation::Min => "Minimum",
        Aggregation::Max => "Maximum",
        Aggregation::Median => "Median",
        Aggregation::Percentile => "Percentile",
        Aggregation::Stddev => "Standard deviation",
        Aggregation::First => "First",
        Aggregation::Last => "Last",
    }
}

pub const fn grain_label(grain: Grain) -> &'static str {
    match grain {
        Grain::Millisecond => "Millisecond",
        Grain::Second => "Second",
        Grain::Minute => "Minute",
        Grain::Hour => "Hour",
        Grain::Day => "Day",
        Grain::Week => "Week",
        Grain::Month => "Month",
        Grain::Quarter => "Quarter",
        Grain::Year => "Year",
    }
}

pub const fn part_label(part: DatePart) -> &'static str {
    match part {
        DatePart::Year => "Year number",
        DatePart::Quarter => "Quarter of year",
        DatePart::Month => "Month of year",
        DatePart::Week => "Week of year",
        DatePart::Day => "Day of month",
        DatePart::DayOfWeek => "Day of week",
        DatePart::DayOfYear => "Day of year",
        DatePart::Hour => "Hour of day",
        DatePart::Minute => "Minute of hour",
    }
}

/// What a well is called on a visual of this kind.
pub const fn well_label(kind: VisualKind, well: WellName) -> &'static str {
    match (kind.family(), well) {
        (Family::Table | Family::Pivot | Family::Heatmap, WellName::Axis) => "Rows",
        (Family::Round, WellName::Legend) => "Slices",
        (Family::Round | Family::Treemap | Family::Sankey, WellName::Values) => "Size",
        (Family::Combo, WellName::Values) => "Column values",
        (Family::Heatmap | Family::Calendar | Family::Choropleth, WellName::Values) => "Colour",
        (Family::Histogram, WellName::Axis) => "Number in ranges",
        (Family::Histogram, WellName::Values) => "Height (rows if empty)",
        (Family::BoxPlot | Family::Dial, WellName::Axis) => "Groups",
        (Family::BoxPlot, WellName::Values) => "Number",
        (Family::Funnel, WellName::Axis) => "Stages",
        (Family::Waterfall, WellName::Axis) => "Steps",
        (Family::Treemap, WellName::Axis) => "Blocks",
        (Family::Sankey, WellName::Axis) => "Stages, left to right",
        (Family::Calendar, WellName::Axis) => "Days",
        (Family::Choropleth, WellName::Axis) => "Places",
        (Family::Own, WellName::Axis) => "Groups",
        (_, WellName::Columns) => "Columns",
        (_, WellName::Target) => "Target",
        (_, WellName::Trend) => "Course over time",
        (_, WellName::Latitude) => "Latitude",
        (_, WellName::Longitude) => "Longitude",
        (_, WellName::Axis) => "Axis",
        (_, WellName::Values) => "Values",
        (_, WellName::LineValues) => "Line values",
        (_, WellName::Legend) => "Legend",
        (_, WellName::X) => "X",
        (_, WellName::Y) => "Y",
        (_, WellName::Size) => "Size",
        (_, WellName::SmallMultiples) => "Small multiples",
        (_, WellName::Tooltip) => "Tooltip",
        (_, WellName::Detail) => "One point per",
    }
}
