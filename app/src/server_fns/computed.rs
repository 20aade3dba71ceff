//! Where a tile's numbers come from, in words.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    dashboard::FilterState,
    ids::{DashboardId, TileId},
};

use crate::{WireError, wire::Json};

/// What stands behind a tile. Lists are empty where there is nothing to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Computed {
    /// Label of each number and what it means.
    pub metrics: Vec<(String, String)>,
    pub by: Vec<String>,
    pub filters: Vec<String>,
    /// Tables and where they are.
    pub tables: Vec<(String, String)>,
    pub joins: Vec<String>,
    pub model: String,
    pub version: u32,
    pub sql: Vec<String>,
    pub rollups: Vec<String>,
    pub plan: String,
}

#[server(prefix = "/api/fn", endpoint = "dashboard/computed", input = Json, output = Json)]
pub async fn read_computed(
    workspace: String,
    id: DashboardId,
    tile: TileId,
    state: FilterState,
) -> Result<Computed, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.parse()?;
    let computed = answer(
        request(services::reader::ReaderService::new)?
            .computed(&workspace, id, tile, &state)
            .await,
    )?;
    Ok(words::computed(computed))
}

#[cfg(feature = "ssr")]
mod words {
    use services::reader::ComputedTile;
    use shared::semantic::{ColumnAggregation, Condition, DimensionRef, MetricSelection, Model, Query};

    use super::Computed;
    use crate::{
        components::filter_bar::range_words,
        designer::editor::aggregation_label,
        pages::model::{
            cardinality_words, condition_words, field_label, metric_label, metric_meaning, source_words, span_words,
        },
    };

    pub fn computed(tile: ComputedTile) -> Computed {
        let (query, model) = (&tile.query, tile.model.as_ref());
        let read = |name: &str| tile.tables.contains(name);
        let tables = model.tables.iter().filter(|table| read(table.name.as_str()));
        let joins = model.joins.iter().filter(|join| {
            let from = model.node(join.from.as_str()).map(|table| table.name.as_str());
            from.is_some_and(read) && read(join.to.as_str())
        });
        let joins = joins.map(|join| {
            let pairs: Vec<String> = join.on.iter().map(|(own, other)| format!("{own} = {other}")).collect();
            let (from, to) = (join.from.as_str(), join.node());
            format!(
                "{from} to {to} ({}): {}",
                cardinality_words(join.cardinality),
                pairs.join(", ")
            )
        });
        Computed {
            metrics: query.metrics.iter().map(|metric| metric_words(metric, model)).collect(),
            by: query
                .dimensions
                .iter()
                .map(|dimension| dimension_words(dimension, model))
                .collect(),
            filters: filters(query, model),
            tables: tables
                .map(|table| (table.display_label(), source_words(table)))
                .collect(),
            joins: joins.collect(),
            model: model.label.clone().unwrap_or_else(|| model.model.to_string()),
            version: model.version,
            sql: tile.sql,
            rollups: tile.rollups,
            plan: tile.plan,
        }
    }

    fn metric_words(selection: &MetricSelection, model: &Model) -> (String, String) {
        let named = |name: &str, condition: Option<&Condition>| {
            let means = model
                .metric(name)
                .map_or_else(String::new, |metric| metric_meaning(metric, model));
            (metric_label(name, model), only(means, condition, model))
        };
        match selection {
            MetricSelection::Name(name) => named(name, None),
            MetricSelection::Metric(metric) => named(&metric.metric, metric.condition.as_ref()),
            MetricSelection::Column(column) => column_words(column, model),
        }
    }

    fn column_words(column: &ColumnAggregation, model: &Model) -> (String, String) {
        let field = match model.table(&column.field) {
            Some(table) => format!("rows of {}", table.display_label()),
            None => field_label(&column.field, model),
        };
        let means = match model.dimension(&column.field) {
            Some((table, dimension)) => format!("Of {} in {}.", dimension.expr.text(), table.display_label()),
            None => String::new(),
        };
        let label = format!("{} of {field}", aggregation_label(column.agg));
        (label, only(means, column.condition.as_ref(), model))
    }

    fn only(means: String, condition: Option<&Condition>, model: &Model) -> String {
        match condition {
            Some(condition) => format!("{means} Here only where {}.", condition_words(condition, model)),
            None => means,
        }
    }

    fn dimension_words(dimension: &DimensionRef, model: &Model) -> String {
        let label = field_label(dimension.field(), model);
        match dimension {
            DimensionRef::Field(_) => label,
            DimensionRef::With(with) => match (&with.grain, with.part) {
                (Some(grain), _) => format!("{label}, by {}", grain.as_str().replace('_', " ")),
                (None, Some(part)) => format!("{label}, its {}", part.as_str().replace('_', " ")),
                (None, None) => label,
            },
        }
    }

    fn filters(query: &Query, model: &Model) -> Vec<String> {
        let time = query.time.as_ref().map(|time| {
            let label = field_label(&time.field, model);
            format!("{label}: {}", range_words(&time.range))
        });
        let conditions = match &query.condition {
            Some(Condition::And { and }) => and.iter().collect(),
            Some(condition) => vec![condition],
            None => Vec::new(),
        };
        let having = query
            .having
            .as_ref()
            .map(|having| format!("Groups where {}", condition_words(having, model)));
        let top = query
            .top
            .as_ref()
            .map(|top| format!("The first {} by {}", top.n, metric_label(&top.by, model)));
        let compared = query
            .compare
            .iter()
            .map(|compare| format!("Beside the same {} earlier", span_words(compare.shift)));
        let conditions = conditions
            .into_iter()
            .map(|condition| condition_words(condition, model));
        time.into_iter()
            .chain(conditions)
            .chain(having)
            .chain(top)
            .chain(compared)
            .collect()
    }
}
