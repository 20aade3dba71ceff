//! What a visual asks for when its builder has not said: order, number of rows, and the rest of many members.

use shared::{
    semantic::{DimensionType, Model, Sort, SortDirection, TIME_FIELD, Top},
    visual::{Family, Visual, VisualKind, WellName},
};

use super::outputs::Output;

/// Rows of a tile at most: a scatter shows each as a point.
pub const TILE_ROWS: u64 = 100_000;

/// Slices that can be told apart; the rest is "Others".
const SLICES: u32 = 12;
/// Colours of the palette; the rest is "Others".
const SERIES: u32 = 10;

/// Totals of a table, without those by a column that is no longer shown. A donut has the whole in its middle, a pivot
/// table every level above its cells, a number the whole beside its course, a table with courses the value of each row.
pub fn totals(visual: &Visual, outputs: &[Output<'_>]) -> Vec<Vec<String>> {
    let measures = outputs.iter().filter(|output| output.is_measure).count();
    if measures == 0 {
        return Vec::new();
    }
    match visual.kind {
        VisualKind::Donut if measures == 1 && of_well(outputs, WellName::SmallMultiples).is_empty() => {
            if outputs.len() > 1 {
                vec![Vec::new()]
            } else {
                Vec::new()
            }
        }
        VisualKind::Pivot => levels(visual, outputs),
        VisualKind::Kpi if !of_well(outputs, WellName::Trend).is_empty() => vec![Vec::new()],
        VisualKind::Table => {
            let known = |by: &&Vec<String>| by.iter().all(|name| is_answered(visual, outputs, name));
            let mut totals: Vec<Vec<String>> = visual.query.totals.iter().filter(known).cloned().collect();
            if !of_well(outputs, WellName::Trend).is_empty() {
                totals.push(of_well(outputs, WellName::Axis));
            }
            totals
        }
        VisualKind::Gauge
        | VisualKind::Bullet
        | VisualKind::Kpi
        | VisualKind::Column
        | VisualKind::ColumnStacked
        | VisualKind::ColumnStacked100
        | VisualKind::Bar
        | VisualKind::BarStacked
        | VisualKind::BarStacked100
        | VisualKind::Line
        | VisualKind::Area
        | VisualKind::AreaStacked
        | VisualKind::Combo
        | VisualKind::Scatter
        | VisualKind::Pie
        | VisualKind::Donut
        | VisualKind::Treemap
        | VisualKind::Funnel
        | VisualKind::Waterfall
        | VisualKind::Sankey
        | VisualKind::Heatmap
        | VisualKind::Calendar
        | VisualKind::Histogram
        | VisualKind::BoxPlot
        | VisualKind::Choropleth
        | VisualKind::PointMap
        | VisualKind::Own => Vec::new(),
    }
}

/// Names of a well's groups.
fn of_well(outputs: &[Output<'_>], well: WellName) -> Vec<String> {
    let of = outputs
        .iter()
        .filter(|output| output.well == well && !output.is_measure);
    of.map(|output| output.name.clone()).collect()
}

/// Every level of rows with every level of columns, but the cells themselves; without subtotals only whole rows and columns.
fn levels(visual: &Visual, outputs: &[Output<'_>]) -> Vec<Vec<String>> {
    let (rows, columns) = (of_well(outputs, WellName::Axis), of_well(outputs, WellName::Columns));
    let depths = |names: &[String]| -> Vec<usize> {
        if visual.format.without_subtotals {
            let mut ends = vec![0, names.len()];
            ends.dedup();
            ends
        } else {
            (0..=names.len()).collect()
        }
    };
    let mut levels = Vec::new();
    for row in depths(&rows) {
        for column in depths(&columns) {
            if row == rows.len() && column == columns.len() {
                continue;
            }
            let kept = rows.iter().take(row).chain(columns.iter().take(column));
            levels.push(kept.cloned().collect());
        }
    }
    levels
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
    let with_course = !visual.wells.trend.is_empty();
    match visual.kind.family() {
        Family::Number if with_course => 1_000,
        Family::Number => 1,
        Family::Table if with_course => 5_000,
        Family::Table => u64::from(visual.format.rows_of_a_page()),
        Family::Pivot => 10_000,
        Family::Bars if matches!(visual.kind, VisualKind::Bar | VisualKind::Column) => 1_000,
        Family::Bars | Family::Combo | Family::Heatmap | Family::PointMap | Family::Own => 5_000,
        Family::Scatter => TILE_ROWS,
        Family::Lines => 20_000,
        Family::Round | Family::Funnel => 100,
        Family::Histogram | Family::BoxPlot | Family::Waterfall | Family::Dial => 1_000,
        Family::Treemap | Family::Sankey => 2_000,
        // Eleven years of days; the counties of the USA.
        Family::Calendar | Family::Choropleth => 4_020,
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
    let by = |output: &Output<'_>, dir| Sort {
        by: output.name.clone(),
        dir,
    };
    let along = match visual.kind.family() {
        Family::Table if !visual.wells.trend.is_empty() => return in_their_order(outputs),
        Family::Table | Family::Scatter | Family::PointMap | Family::Own => return Vec::new(),
        Family::Number | Family::Pivot | Family::Heatmap | Family::Histogram | Family::Sankey | Family::Calendar => {
            return in_their_order(outputs);
        }
        Family::Round => WellName::Legend,
        Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel
        | Family::Dial
        | Family::Treemap
        | Family::Choropleth => WellName::Axis,
    };
    let category = outputs.iter().find(|output| output.well == along && !output.is_measure);
    let value = outputs.iter().find(|output| output.is_measure);
    match (category, value) {
        (Some(category), _) if has_own_order(category, model) => vec![by(category, SortDirection::Asc)],
        (Some(category), Some(value)) => vec![by(value, SortDirection::Desc), by(category, SortDirection::Asc)],
        (Some(category), None) => vec![by(category, SortDirection::Asc)],
        (None, _) => Vec::new(),
    }
}

/// By every group from the first on.
fn in_their_order(outputs: &[Output<'_>]) -> Vec<Sort> {
    let groups = outputs.iter().filter(|output| !output.is_measure);
    groups
        .map(|output| Sort {
            by: output.name.clone(),
            dir: SortDirection::Asc,
        })
        .collect()
}

fn has_own_order(output: &Output<'_>, model: &Model) -> bool {
    output.item.grain.is_some()
        || output.item.part.is_some()
        || output.item.bin.is_some()
        || match kind_of(output, model) {
            Some(DimensionType::Time | DimensionType::Number | DimensionType::Bin) => true,
            Some(DimensionType::String | DimensionType::Bool | DimensionType::Geo | DimensionType::Json) | None => {
                false
            }
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
    let n = match visual.kind.family() {
        Family::Round => SLICES,
        Family::Bars | Family::Lines | Family::Histogram => SERIES,
        Family::Number
        | Family::Table
        | Family::Pivot
        | Family::Combo
        | Family::Scatter
        | Family::Heatmap
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel
        | Family::Dial
        | Family::Treemap
        | Family::Sankey
        | Family::Calendar
        | Family::Choropleth
        | Family::PointMap
        | Family::Own => return None,
    };
    let legend = outputs
        .iter()
        .find(|output| output.well == WellName::Legend && !output.is_measure)?;
    let is_text = kind_of(legend, model).is_some_and(DimensionType::is_text);
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
