//! The fields that can be asked together: dimensions within reach of the chosen metrics, and all metrics.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{
    AppError, ErrorCode,
    names::Identifier,
    semantic::{
        Aggregation, Atlas, Dimension, DimensionType, FISCAL_GRAINS, Format, Grain, GrainName, Join, MetricDefinition,
        MetricKind, Model, ModelTable, StoredTime, humanize,
    },
};

use super::nearest::nearest;
use crate::graph::{Graph, Place, Reach};

/// The body of `/query/fields`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldList {
    pub dimensions: Vec<FieldInfo>,
    pub metrics: Vec<MetricInfo>,
    /// Those of which every level is among the dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hierarchies: Vec<HierarchyInfo>,
}

/// Dimensions to go down along, the coarsest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HierarchyInfo {
    pub name: String,
    pub label: String,
    /// As `field` of the dimensions.
    pub levels: Vec<String>,
}

/// What a geo dimension names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlaceKind {
    /// A shape of this atlas.
    Region(Atlas),
    /// Grouped by, it gives its two numbers ([`shared::semantic::coordinate_names`]).
    Point,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldInfo {
    /// `table.name`, as a query names it.
    pub field: String,
    pub table: String,
    pub table_label: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(rename = "type")]
    pub kind: DimensionType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredTime>,
    /// Geo only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<PlaceKind>,
    /// Time only: the grains it can be grouped by, finest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grains: Vec<Grain>,
    /// Time only: the grains of the model's own calendars.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendar_grains: Vec<Identifier>,
    /// What dropping it into a values well does; `None`: it is grouped by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default_aggregation: Option<Aggregation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
    /// What `time` means for the metrics of its table that name no other.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub default_time: bool,
}

impl FieldInfo {
    /// Can times be sorted into the model's fiscal years?
    pub fn has_fiscal_years(&self) -> bool {
        let is_fiscal = |grain: &Identifier| FISCAL_GRAINS.iter().any(|(name, _)| *name == grain.as_str());
        self.calendar_grains.iter().any(is_fiscal)
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricInfo {
    pub metric: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// As in the model: `simple`, `ratio` …
    #[serde(rename = "type")]
    pub kind: String,
    /// The tables its numbers come from.
    pub tables: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub synonyms: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub hidden: bool,
}

/// All metrics, and the dimensions that every one of `metrics` (names of metrics, or fields that are aggregated) can be
/// grouped by; all dimensions when it is empty.
///
/// # Errors
/// `unknown_field` with the nearest names.
pub fn fields(model: &Model, metrics: &[String]) -> Result<FieldList, AppError> {
    let chosen = BTreeMap::new();
    let graph = Graph { model, chosen: &chosen };
    let mut facts: Vec<String> = Vec::new();
    for name in metrics {
        let tables = match (model.metric(name), model.dimension(name)) {
            (Some(metric), _) => metric_tables(model, metric),
            (None, Some((table, _))) => vec![table.name.to_string()],
            (None, None) => return Err(unknown_field(model, name)),
        };
        facts.extend(tables);
    }
    let places: Vec<Place<'_>> = facts
        .iter()
        .filter_map(|fact| model.table(fact))
        .map(Place::of)
        .collect();
    let tables = model.tables.iter().map(|table| (table.name.as_str(), table));
    let mut nodes: Vec<(&str, &ModelTable)> = tables.collect();
    for role in model.joins.iter().map(Join::node) {
        if let Some(table) = model
            .node(role)
            .filter(|_| !nodes.iter().any(|(node, _)| *node == role))
        {
            nodes.push((role, table));
        }
    }
    // A table that is only reached by its roles is offered by them.
    let sees = |from: &Place<'_>, node: &str| matches!(graph.reach_node(*from, node), Ok(Reach::One(_)));
    let dimensions = nodes
        .into_iter()
        .filter(|(node, _)| places.iter().all(|place| sees(place, node)))
        .flat_map(|(node, table)| {
            table
                .dimensions
                .iter()
                .map(move |dimension| field_info(model, node, table, dimension))
        })
        .collect::<Vec<FieldInfo>>();
    let hierarchies = hierarchies(model, &dimensions);
    Ok(FieldList {
        dimensions,
        hierarchies,
        metrics: model.metrics.iter().map(|metric| metric_info(model, metric)).collect(),
    })
}

fn hierarchies(model: &Model, dimensions: &[FieldInfo]) -> Vec<HierarchyInfo> {
    let named = model.hierarchies.iter().map(|hierarchy| HierarchyInfo {
        name: hierarchy.name.to_string(),
        label: hierarchy.display_label(),
        levels: hierarchy.levels.iter().map(|level| model.full_name(level)).collect(),
    });
    let offered = |level: &String| dimensions.iter().any(|dimension| dimension.field == *level);
    named.filter(|hierarchy| hierarchy.levels.iter().all(offered)).collect()
}

/// `node`: the table, or a role it plays.
fn field_info(model: &Model, node: &str, table: &ModelTable, dimension: &Dimension) -> FieldInfo {
    let is_role = node != table.name.as_str();
    FieldInfo {
        field: format!("{node}.{}", dimension.name),
        table: node.to_owned(),
        table_label: if is_role { humanize(node) } else { table.display_label() },
        label: dimension.display_label(),
        description: dimension.description.clone(),
        kind: dimension.kind,
        stored: dimension.stored,
        place: (dimension.kind == DimensionType::Geo).then(|| match dimension.point() {
            Some(_) => PlaceKind::Point,
            None => PlaceKind::Region(dimension.atlas.unwrap_or_default()),
        }),
        grains: offered_grains(dimension),
        calendar_grains: offered_periods(model, dimension),
        default_aggregation: dimension.default_aggregation,
        format: dimension.format.clone(),
        synonyms: dimension.synonyms.clone(),
        hidden: dimension.hidden || table.hidden,
        default_time: table.default_time.as_ref() == Some(&dimension.name),
    }
}

fn metric_info(model: &Model, metric: &MetricDefinition) -> MetricInfo {
    MetricInfo {
        metric: metric.name.to_string(),
        label: metric.display_label(),
        description: metric.description.clone(),
        kind: match metric.kind {
            MetricKind::Simple(_) => "simple",
            MetricKind::Ratio { .. } => "ratio",
            MetricKind::Derived { .. } => "derived",
            MetricKind::Cumulative { .. } => "cumulative",
            MetricKind::Conversion(_) => "conversion",
            MetricKind::Nested(_) => "nested",
        }
        .to_owned(),
        tables: metric_tables(model, metric),
        format: metric.format.clone(),
        synonyms: metric.synonyms.clone(),
        hidden: metric.hidden,
    }
}

/// The grains a time dimension can be grouped by: those it offers, else all that its stored type can give.
pub fn offered_grains(dimension: &Dimension) -> Vec<Grain> {
    if dimension.kind != DimensionType::Time {
        Vec::new()
    } else if dimension.grains.is_empty() {
        let finest = if dimension.stored == Some(StoredTime::Date) {
            Grain::Day
        } else {
            Grain::Millisecond
        };
        Grain::ALL.into_iter().filter(|grain| *grain >= finest).collect()
    } else {
        dimension.grains.iter().filter_map(GrainName::common).collect()
    }
}

/// The grains of the model's calendars that a time dimension can be grouped by: those it offers, else all.
pub fn offered_periods(model: &Model, dimension: &Dimension) -> Vec<Identifier> {
    let offers = |grain: &&Identifier| {
        let named = |offered: &GrainName| matches!(offered, GrainName::Calendar(name) if name == *grain);
        dimension.grains.is_empty() || dimension.grains.iter().any(named)
    };
    let fiscal = model.fiscal_year_start.into_iter().flat_map(|_| FISCAL_GRAINS);
    let fiscal: Vec<Identifier> = fiscal
        .filter_map(|(name, _)| Identifier::try_from(name.to_owned()).ok())
        .collect();
    let all = model
        .calendars
        .iter()
        .flat_map(|calendar| calendar.grains.keys())
        .chain(&fiscal);
    let is_time = dimension.kind == DimensionType::Time;
    all.filter(offers).filter(|_| is_time).cloned().collect()
}

/// The tables behind a metric, through those it is made of; each once.
pub fn metric_tables(model: &Model, metric: &MetricDefinition) -> Vec<String> {
    let mut tables = Vec::new();
    collect_tables(model, metric, &mut tables, 0);
    tables
}

fn collect_tables(model: &Model, metric: &MetricDefinition, tables: &mut Vec<String>, depth: usize) {
    // A chain of inputs longer than the model has metrics is a cycle; planning such a metric says so.
    if depth > model.metrics.len() {
        return;
    }
    match &metric.kind {
        MetricKind::Simple(simple) => {
            if !tables.iter().any(|known| known == simple.table.as_str()) {
                tables.push(simple.table.to_string());
            }
        }
        // A conversion is grouped and filtered by what its base events have.
        MetricKind::Conversion(conversion) => {
            if let Some(metric) = model.metric(conversion.base.metric().as_str()) {
                collect_tables(model, metric, tables, depth + 1);
            }
        }
        MetricKind::Ratio { .. }
        | MetricKind::Derived { .. }
        | MetricKind::Cumulative { .. }
        | MetricKind::Nested(_) => {
            let inputs = metric.kind.inputs();
            for metric in inputs.iter().filter_map(|input| model.metric(input.metric().as_str())) {
                collect_tables(model, metric, tables, depth + 1);
            }
        }
    }
}

/// The error for a name that is neither a dimension nor a metric of the model.
pub fn unknown_field(model: &Model, name: &str) -> AppError {
    let dimensions = model.tables.iter().flat_map(|table| {
        table
            .dimensions
            .iter()
            .map(move |dimension| format!("{}.{}", table.name, dimension.name))
    });
    let metrics = model.metrics.iter().map(|metric| metric.name.to_string());
    AppError::new(
        ErrorCode::UnknownField,
        format!("The model {} has no field called {name}.", model.model),
    )
    .with_field(name)
    .with_candidates(nearest(name, dimensions.chain(metrics)))
}
