//! The rows behind a mark.

use shared::{
    AppError,
    dashboard::{Dashboard, FilterState, Selection, Tile},
    semantic::{
        Aggregation, ColumnAggregation, Condition, DimensionRef, DimensionType, DimensionWithOptions, MetricSelection,
        Model, ModelTable, Query, Sort, SortDirection,
    },
};

use super::{
    conditions::{selection_condition, tile_conditions},
    drill::{drill_conditions, shown_visual},
    query::asked_tables,
};

/// Rows that are shown at once.
pub const RECORDS: u64 = 200;
/// Columns that are shown: more cannot be read.
const COLUMNS: usize = 40;
/// How many equal rows stand behind one line.
const TIMES: &str = "rows";

/// The rows of the tile's table that its marks in `selection` are made of (all of the tile's without one), newest first;
/// equal rows are one line with their number. `None` for a tile that asks nothing.
///
/// # Errors
/// As [`super::tile_query`].
pub fn records_query(
    tile: &Tile,
    document: &Dashboard,
    state: &FilterState,
    model: &Model,
    selection: &Selection,
) -> Result<Option<Query>, AppError> {
    let Some(visual) = shown_visual(tile, state) else {
        return Ok(None);
    };
    let tables = asked_tables(&visual, model);
    let Some(table) = tables.first().and_then(|name| model.table(name)) else {
        return Ok(None);
    };
    let mut all: Vec<Condition> = visual.query.condition.clone().into_iter().collect();
    all.extend(tile_conditions(tile, document, state, model, &tables)?);
    all.extend(drill_conditions(tile, state));
    all.extend(selection_condition(selection, |_| true));
    Ok(Some(Query {
        model: model.model.to_string(),
        version: (model.version > 0).then_some(model.version),
        metrics: vec![MetricSelection::Column(ColumnAggregation {
            field: table.name.to_string(),
            agg: Aggregation::Count,
            p: None,
            interpolation: None,
            alias: Some(TIMES.to_owned()),
            condition: None,
            empty: None,
        })],
        dimensions: columns(table),
        condition: Condition::all(all),
        sort: newest_first(table),
        limit: Some(RECORDS),
        time_zone: state.time_zone.clone().or_else(|| document.time_zone.clone()),
        ..Query::default()
    }))
}

fn columns(table: &ModelTable) -> Vec<DimensionRef> {
    let named = |name: &dyn std::fmt::Display| format!("{}.{name}", table.name);
    let plain = table
        .dimensions
        .iter()
        .filter(|dimension| dimension.kind != DimensionType::Bin && dimension.point().is_none());
    plain
        .take(COLUMNS)
        .map(|dimension| {
            DimensionRef::With(DimensionWithOptions {
                field: named(&dimension.name),
                grain: None,
                part: None,
                bin: None,
                alias: Some(named(&dimension.name)),
            })
        })
        .collect()
}

fn newest_first(table: &ModelTable) -> Vec<Sort> {
    let time = table
        .dimensions
        .iter()
        .take(COLUMNS)
        .find(|dimension| dimension.kind == DimensionType::Time);
    let sort = time.map(|time| Sort {
        by: format!("{}.{}", table.name, time.name),
        dir: SortDirection::Desc,
    });
    sort.into_iter().collect()
}
