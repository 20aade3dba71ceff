//! Visual → query document.

use shared::{
    AppError,
    dashboard::{Dashboard, FilterState, TableWindow, Tile},
    semantic::{
        Calculation, CalculationKind, Condition, DimensionType, Model, Operator, Query, TIME_FIELD, TimeFilter,
    },
    visual::{Family, Visual, VisualKind, WellName},
};

use super::{
    conditions::tile_conditions,
    defaults::{limit, sort, top, totals},
    drill::{drill_conditions, shown_visual},
    fill::{fill, sums_show_zero},
    outputs::{Output, dimension, keep_places, measure, outputs, raw_points},
};
use crate::catalog::metric_tables;

/// What a tile asks in a reader's state; `None` when it asks nothing (text, or a visual without fields).
///
/// # Errors
/// `unknown_field` for a field the model no longer has, `invalid` when a required filter has nothing chosen.
pub fn tile_query(
    tile: &Tile,
    document: &Dashboard,
    state: &FilterState,
    model: &Model,
    window: &TableWindow,
) -> Result<Option<Query>, AppError> {
    let Some(visual) = shown_visual(tile, state) else {
        return Ok(None);
    };
    let tables = asked_tables(&visual, model);
    let mut conditions = tile_conditions(tile, document, state, model, &tables)?;
    conditions.extend(drill_conditions(tile, state));
    let zone = state.time_zone.clone().or_else(|| document.time_zone.clone());
    visual_query(&visual, conditions, zone, model, window)
}

/// The query of a visual under further conditions. Dimensions come in the order of the kind's wells, then measures in
/// that order; an item shown as share, rank or running total has its calculation behind all of them, in the same order.
///
/// # Errors
/// As [`tile_query`].
pub fn visual_query(
    visual: &Visual,
    conditions: Vec<Condition>,
    time_zone: Option<String>,
    model: &Model,
    window: &TableWindow,
) -> Result<Option<Query>, AppError> {
    let visual = &*visual.asked();
    let outputs = outputs(visual);
    let measures = || outputs.iter().filter(|output| output.is_measure);
    let dimensions = || outputs.iter().filter(|output| !output.is_measure);
    if outputs.is_empty() || !is_complete(visual, &outputs) {
        return Ok(None);
    }
    let window = Some(window).filter(|_| is_paged(visual));
    let mut all = visual.query.condition.clone().into_iter().collect::<Vec<_>>();
    all.extend(conditions);
    let filling = fill(visual.kind, &outputs, &all);
    let mut metrics = measures()
        .map(|output| measure(output, model))
        .collect::<Result<Vec<_>, _>>()?;
    if let Some((_, true)) = filling {
        sums_show_zero(&mut metrics, model);
    }
    let mut grouped: Vec<_> = dimensions().map(dimension).collect();
    let points = raw_points(visual, &outputs, model);
    if !points.is_empty() {
        keep_places(&mut metrics, &outputs);
    }
    grouped.extend(points);
    let time = comparison_time(visual, &outputs, &mut all, model);
    Ok(Some(Query {
        model: model.model.to_string(),
        version: (model.version > 0).then_some(model.version),
        metrics,
        dimensions: grouped,
        time,
        condition: Condition::all(all),
        having: visual.query.having.clone(),
        compare: visual.query.compare.clone(),
        calc: calculations(&outputs),
        top: top(visual, &outputs, model),
        sort: sort(visual, &outputs, model, window.and_then(|window| window.sort.as_ref())),
        limit: Some(limit(visual)),
        offset: window.map(|window| window.offset).filter(|offset| *offset > 0),
        totals: totals(visual, &outputs),
        fill: filling.map(|(fill, _)| fill),
        time_zone,
        ..Query::default()
    }))
}

/// Is it shown a page of rows at a time? Only a table is, and only when its builder has not limited the rows: who limits
/// them wants no others to be seen. The courses of a table's rows need all of them at once.
pub fn is_paged(visual: &Visual) -> bool {
    visual.kind == VisualKind::Table && visual.query.limit.is_none() && visual.wells.trend.is_empty()
}

/// Has the visual everything that its kind cannot do without?
fn is_complete(visual: &Visual, outputs: &[Output<'_>]) -> bool {
    let measured = outputs.iter().any(|output| output.is_measure);
    let has = |well: WellName| outputs.iter().any(|output| output.well == well);
    match visual.kind.family() {
        Family::Table | Family::Own => true,
        Family::PointMap => has(WellName::Latitude) && has(WellName::Longitude),
        Family::Calendar | Family::Histogram | Family::Treemap | Family::Sankey | Family::Choropleth => {
            measured && has(WellName::Axis)
        }
        Family::Number | Family::Dial => has(WellName::Values),
        Family::Pivot
        | Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Scatter
        | Family::Round
        | Family::Heatmap
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel => measured,
    }
}

/// The tables whose rows the visual's values come from; without values those of its dimensions.
pub(super) fn asked_tables(visual: &Visual, model: &Model) -> Vec<String> {
    let visual = &*visual.asked();
    let outputs = outputs(visual);
    let mut tables: Vec<String> = Vec::new();
    let measured = outputs.iter().any(|output| output.is_measure);
    for output in outputs.iter().filter(|output| output.is_measure == measured) {
        let of = match (&output.item.metric, &output.item.field) {
            (Some(metric), _) => model
                .metric(metric)
                .map(|metric| metric_tables(model, metric))
                .unwrap_or_default(),
            (None, Some(field)) => {
                let table = model
                    .dimension(field)
                    .map(|(table, _)| table)
                    .or_else(|| model.table(field));
                table.map(|table| table.name.to_string()).into_iter().collect()
            }
            (None, None) => Vec::new(),
        };
        tables.extend(of);
    }
    tables
}

/// A running total begins anew with each member of the legend; shares and ranks are of the whole answer.
fn calculations(outputs: &[Output<'_>]) -> Vec<Calculation> {
    let legend: Vec<String> = outputs
        .iter()
        .filter(|output| output.well == WellName::Legend && !output.is_measure)
        .map(|output| output.name.clone())
        .collect();
    let shown = outputs
        .iter()
        .filter(|output| output.is_measure)
        .filter_map(|output| Some((output, output.item.show_as?)));
    shown
        .map(|(output, kind)| {
            let (suffix, within) = match kind {
                CalculationKind::ShareOfTotal => ("share", Vec::new()),
                CalculationKind::Rank => ("rank", Vec::new()),
                CalculationKind::RunningTotal => ("running", legend.clone()),
            };
            Calculation {
                alias: format!("{}_{suffix}", output.name),
                kind,
                of: output.name.clone(),
                within,
            }
        })
        .collect()
}

/// A comparison without a time on display shifts the time that is filtered: the first range among the conditions.
fn comparison_time(
    visual: &Visual,
    outputs: &[Output<'_>],
    conditions: &mut Vec<Condition>,
    model: &Model,
) -> Option<TimeFilter> {
    let shows_time = outputs
        .iter()
        .any(|output| output.item.grain.is_some() || output.item.part.is_some());
    if visual.query.compare.is_empty() || shows_time {
        return None;
    }
    let position = conditions.iter().position(|condition| match condition {
        Condition::Field(field) => field.op == Operator::InRange && is_time(&field.field, model),
        Condition::And { .. }
        | Condition::Or { .. }
        | Condition::Not { .. }
        | Condition::Segment { .. }
        | Condition::Row(_)
        | Condition::Metric(_) => false,
    })?;
    match conditions.remove(position) {
        Condition::Field(field) => field.range.map(|range| TimeFilter {
            field: field.field,
            range,
        }),
        Condition::And { .. }
        | Condition::Or { .. }
        | Condition::Not { .. }
        | Condition::Segment { .. }
        | Condition::Row(_)
        | Condition::Metric(_) => None,
    }
}

fn is_time(field: &str, model: &Model) -> bool {
    field == TIME_FIELD
        || model
            .dimension(field)
            .is_some_and(|(_, dimension)| dimension.kind == DimensionType::Time)
}
