//! The visual that fields make by themselves.

use shared::{
    semantic::{Aggregation, Grain, coordinate_names},
    visual::{Family, Visual, VisualKind, WellItem, WellName, WellRole},
};

use super::{Field, FieldKind};

/// The item a field becomes in a well of this role; `None` when it cannot stand there.
pub fn item_for(field: &Field, role: WellRole) -> Option<WellItem> {
    match (field.kind, role) {
        (FieldKind::Metric, WellRole::Measure) => Some(WellItem::metric(&field.name)),
        (FieldKind::Metric, WellRole::Dimension) => None,
        (FieldKind::Time, WellRole::Dimension) => Some(WellItem::time(&field.name, default_grain(field))),
        (FieldKind::Time, WellRole::Measure) => Some(WellItem::aggregate(&field.name, Aggregation::Max)),
        // Two numbers stand for it.
        (FieldKind::Point, WellRole::Dimension | WellRole::Measure) => None,
        (
            FieldKind::Measure | FieldKind::Number | FieldKind::Text | FieldKind::Bool | FieldKind::Region,
            WellRole::Dimension,
        ) => Some(WellItem::dimension(&field.name)),
        (
            FieldKind::Measure | FieldKind::Number | FieldKind::Text | FieldKind::Bool | FieldKind::Region,
            WellRole::Measure,
        ) => Some(WellItem::aggregate(
            &field.name,
            field.default_aggregation.unwrap_or(Aggregation::CountDistinct),
        )),
    }
}

fn default_grain(field: &Field) -> Grain {
    [Grain::Month, Grain::Quarter, Grain::Year]
        .into_iter()
        .find(|grain| field.grains.contains(grain))
        .or_else(|| field.grains.first().copied())
        .unwrap_or(Grain::Month)
}

/// One number: KPI. Number and date: line. Number and category: bars. Two columns of numbers, or two numbers and a
/// category: scatter. A category or date alone: how many rows. Places: maps. Anything else: table. The order is the planner's default.
pub fn suggest(fields: &[Field]) -> Visual {
    let items = |wanted: fn(FieldKind) -> bool, role: WellRole| -> Vec<WellItem> {
        fields
            .iter()
            .filter(|field| wanted(field.kind))
            .filter_map(|field| item_for(field, role))
            .collect()
    };
    let measures = items(FieldKind::is_value, WellRole::Measure);
    let times = items(|kind| kind == FieldKind::Time, WellRole::Dimension);
    let groups = items(|kind| !kind.is_value() && kind != FieldKind::Time, WellRole::Dimension);
    let rows = || -> Vec<WellItem> { fields.iter().find_map(row_count).into_iter().collect() };
    let columns = fields.iter().all(|field| field.kind == FieldKind::Measure);
    if let Some(point) = fields.iter().find(|field| field.kind == FieldKind::Point) {
        let map = with(
            VisualKind::PointMap,
            [
                (WellName::Detail, groups),
                (WellName::Size, measures.into_iter().take(1).collect()),
            ],
        );
        return with_point(&map, point);
    }
    let regions: Vec<&Field> = fields.iter().filter(|field| field.kind == FieldKind::Region).collect();
    if let ([region], [], [_], true) = (
        regions.as_slice(),
        times.as_slice(),
        groups.as_slice(),
        measures.len() < 2,
    ) {
        let measures = if measures.is_empty() { rows() } else { measures };
        let mut map = with(
            VisualKind::Choropleth,
            [(WellName::Axis, groups), (WellName::Values, measures)],
        );
        map.format.atlas = region.atlas;
        return map;
    }
    match (measures.as_slice(), times.as_slice(), groups.as_slice()) {
        ([x, y], [], []) if columns => scatter(x, y, &[]),
        ([_, ..], [], []) => with(VisualKind::Kpi, [(WellName::Values, measures)]),
        ([_, ..], [time], [] | [_]) => with(
            VisualKind::Line,
            [
                (WellName::Axis, vec![time.clone()]),
                (WellName::Values, measures),
                (WellName::Legend, groups),
            ],
        ),
        ([x, y], [], [_]) => scatter(x, y, &groups),
        ([_, ..], [], [axis]) => with(
            VisualKind::Bar,
            [(WellName::Axis, vec![axis.clone()]), (WellName::Values, measures)],
        ),
        ([first, ..], [], [axis, legend]) => with(
            VisualKind::ColumnStacked,
            [
                (WellName::Axis, vec![axis.clone()]),
                (WellName::Values, vec![first.clone()]),
                (WellName::Legend, vec![legend.clone()]),
            ],
        ),
        ([], [time], []) => with(
            VisualKind::Column,
            [(WellName::Axis, vec![time.clone()]), (WellName::Values, rows())],
        ),
        ([], [], [axis]) => with(
            VisualKind::Bar,
            [(WellName::Axis, vec![axis.clone()]), (WellName::Values, rows())],
        ),
        _ => with(
            VisualKind::Table,
            [
                (WellName::Axis, items(|kind| !kind.is_value(), WellRole::Dimension)),
                (WellName::Values, measures),
            ],
        ),
    }
}

/// A point map of this point.
pub fn with_point(map: &Visual, point: &Field) -> Visual {
    let mut map = map.clone();
    let wells = [WellName::Latitude, WellName::Longitude];
    for (well, name) in wells.into_iter().zip(coordinate_names(&point.name)) {
        *map.wells.get_mut(well) = vec![WellItem::dimension(&name)];
    }
    map
}

fn scatter(x: &WellItem, y: &WellItem, points: &[WellItem]) -> Visual {
    with(
        VisualKind::Scatter,
        [
            (WellName::X, vec![x.clone()]),
            (WellName::Y, vec![y.clone()]),
            (WellName::Detail, points.to_vec()),
        ],
    )
}

/// How many rows the field's table has, as a value.
pub fn row_count(field: &Field) -> Option<WellItem> {
    field
        .table
        .as_ref()
        .map(|(table, _)| WellItem::aggregate(table, Aggregation::Count))
}

fn with<const N: usize>(kind: VisualKind, wells: [(WellName, Vec<WellItem>); N]) -> Visual {
    let mut visual = Visual::new(kind);
    for (well, items) in wells {
        *visual.wells.get_mut(well) = items;
    }
    visual
}

/// Columns and rows of the grid that a new visual takes.
pub const fn default_size(kind: VisualKind) -> (u32, u32) {
    match kind.family() {
        Family::Number => (6, 14),
        Family::Dial => (8, 24),
        Family::Table | Family::Pivot => (12, 44),
        Family::Round => (8, 36),
        Family::Sankey | Family::Choropleth | Family::PointMap => (14, 44),
        Family::Calendar => (16, 28),
        Family::Bars
        | Family::Lines
        | Family::Combo
        | Family::Scatter
        | Family::Heatmap
        | Family::Histogram
        | Family::BoxPlot
        | Family::Waterfall
        | Family::Funnel
        | Family::Treemap
        | Family::Own => (12, 36),
    }
}
