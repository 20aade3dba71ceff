//! What a visual asks for when its builder has not said: order, number of rows, and the rest of many members.

use shared::{
    semantic::{DimensionType, Model, Sort, SortDirection, TIME_FIELD, Top},
    visual::{Visual, VisualKind, WellName},
};

use super::outputs::Output;

/// Slices that can be told apart; the rest is "Others".
const SLICES: u32 = 12;
/// Colours of the palette; the rest is "Others".
const SERIES: u32 = 10;

/// Totals of a table, without those by a column that is no longer shown. A donut has the whole in its middle.
pub fn totals(visual: &Visual, outputs: &[Output<'_>]) -> Vec<Vec<String>> {
    let measures = outputs.iter().filter(|output| output.is_measure).count();
    if visual.kind == VisualKind::Donut && measures == 1 && outputs.len() > 1 {
        return vec![Vec::new()];
    }
    if visual.kind != VisualKind::Table || measures == 0 {
        return Vec::new();
    }
    let known = |by: &&Vec<String>| by.iter().all(|name| is_answered(visual, outputs, name));
    visual.query.totals.iter().filter(known).cloned().collect()
}

/// Is the name a column of the visual's answer? A field may have left its well since the builder spoke of it.
fn is_answered(visual: &Visual, outputs: &[Output<'_>], name: &str) -> bool {
    outputs.iter().any(|output| {
        let item = output.item;
        let is_source = item.field.as_deref() == Some(name) || item.metric.as_deref() == Some(name);
        let rest = name
            .strip_prefix(output.name.as_str())
            .and_then(|rest| rest.strip_prefix('_'));
        let is_computed = rest.is_some_and(|rest| {
            let compared = visual
                .query
                .compare
                .iter()
                .any(|compare| rest.starts_with(compare.alias.as_str()));
            compared || (item.show_as.is_some() && matches!(rest, "share" | "rank" | "running"))
        });
        output.name == name || is_source || is_computed
    })
}

/// Rows at most. Times need room for every bucket of every series.
pub fn limit(visual: &Visual) -> u64 {
    if let Some(limit) = visual.query.limit {
        return limit;
    }
    match visual.kind {
        VisualKind::Kpi => 1,
        VisualKind::Table => u64::from(visual.format.rows_of_a_page()),
        VisualKind::Bar | VisualKind::Column => 1_000,
        VisualKind::BarStacked | VisualKind::BarStacked100 => 5_000,
        VisualKind::ColumnStacked | VisualKind::ColumnStacked100 | VisualKind::Combo => 5_000,
        VisualKind::Line | VisualKind::Area | VisualKind::AreaStacked => 20_000,
        VisualKind::Scatter => 5_000,
        VisualKind::Pie | VisualKind::Donut => 100,
    }
}

/// Categories by the first value, greatest first; times, parts of times and numbers in their own order. Tables and
/// scatters follow their dimensions. A reader may `want` another order.
pub fn sort(visual: &Visual, outputs: &[Output<'_>], model: &Model, wanted: Option<&Sort>) -> Vec<Sort> {
    let wanted = wanted.filter(|sort| is_answered(visual, outputs, &sort.by));
    let own: Vec<Sort> = wanted
        .map_or(visual.query.sort.as_slice(), std::slice::from_ref)
        .iter()
        .filter(|sort| is_answered(visual, outputs, &sort.by))
        .cloned()
        .collect();
    if !own.is_empty() {
        return own;
    }
    let along = match visual.kind {
        VisualKind::Kpi | VisualKind::Table | VisualKind::Scatter => return Vec::new(),
        VisualKind::Pie | VisualKind::Donut => WellName::Legend,
        VisualKind::Column
        | VisualKind::ColumnStacked
        | VisualKind::ColumnStacked100
        | VisualKind::Bar
        | VisualKind::BarStacked
        | VisualKind::BarStacked100
        | VisualKind::Line
        | VisualKind::Area
        | VisualKind::AreaStacked
        | VisualKind::Combo => WellName::Axis,
    };
    let category = outputs.iter().find(|output| output.well == along && !output.is_measure);
    let value = outputs.iter().find(|output| output.is_measure);
    let by = |output: &Output<'_>, dir| Sort {
        by: output.name.clone(),
        dir,
    };
    match (category, value) {
        (Some(category), _) if has_own_order(category, model) => vec![by(category, SortDirection::Asc)],
        (Some(category), Some(value)) => vec![by(value, SortDirection::Desc), by(category, SortDirection::Asc)],
        (Some(category), None) => vec![by(category, SortDirection::Asc)],
        (None, _) => Vec::new(),
    }
}

fn has_own_order(output: &Output<'_>, model: &Model) -> bool {
    output.item.grain.is_some()
        || output.item.part.is_some()
        || match kind_of(output, model) {
            Some(DimensionType::Time | DimensionType::Number | DimensionType::Bin) => true,
            Some(DimensionType::String | DimensionType::Bool) | None => false,
        }
}

fn kind_of(output: &Output<'_>, model: &Model) -> Option<DimensionType> {
    let field = output.item.field.as_ref()?;
    if field == TIME_FIELD {
        Some(DimensionType::Time)
    } else {
        model.dimension(field).map(|(_, dimension)| dimension.kind)
    }
}

/// The visual's own top-N; else a pie keeps its greatest slices and a legend its greatest series, the rest as "Others".
pub fn top(visual: &Visual, outputs: &[Output<'_>], model: &Model) -> Option<Top> {
    let is_known = |name: &String| is_answered(visual, outputs, name);
    let still_holds = |top: &&Top| is_known(&top.by) && top.field.iter().chain(&top.per).all(is_known);
    if let Some(top) = visual.query.top.as_ref().filter(still_holds) {
        return Some(top.clone());
    }
    let n = match visual.kind {
        VisualKind::Pie | VisualKind::Donut => SLICES,
        VisualKind::Column
        | VisualKind::ColumnStacked
        | VisualKind::ColumnStacked100
        | VisualKind::Bar
        | VisualKind::BarStacked
        | VisualKind::BarStacked100
        | VisualKind::Line
        | VisualKind::Area
        | VisualKind::AreaStacked => SERIES,
        VisualKind::Kpi | VisualKind::Table | VisualKind::Combo | VisualKind::Scatter => return None,
    };
    let legend = outputs
        .iter()
        .find(|output| output.well == WellName::Legend && !output.is_measure)?;
    let is_text = kind_of(legend, model) == Some(DimensionType::String);
    let by = outputs.iter().find(|output| output.is_measure)?;
    is_text.then(|| Top {
        n,
        by: by.name.clone(),
        per: Vec::new(),
        field: Some(legend.name.clone()),
        others: true,
        dir: SortDirection::Desc,
    })
}
