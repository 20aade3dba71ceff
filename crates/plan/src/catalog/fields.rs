//! The fields that can be asked together: dimensions within reach of the chosen metrics, and all metrics.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use shared::{
    AppError, ErrorCode,
    semantic::{
        Aggregation, Dimension, DimensionType, Format, Grain, MetricDefinition, MetricKind, Model, ModelTable,
        StoredTime,
    },
};

use super::nearest::nearest;

/// The body of `/query/fields`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldList {
    pub dimensions: Vec<FieldInfo>,
    pub metrics: Vec<MetricInfo>,
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
    /// Time only: the grains it can be grouped by, finest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grains: Vec<Grain>,
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

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricInfo {
    pub metric: String,
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// `simple` or `ratio`.
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
    let mut facts: Vec<String> = Vec::new();
    for name in metrics {
        let tables = match (model.metric(name), model.dimension(name)) {
            (Some(metric), _) => metric_tables(model, metric),
            (None, Some((table, _))) => vec![table.name.to_string()],
            (None, None) => return Err(unknown_field(model, name)),
        };
        facts.extend(tables);
    }
    let reachable = |table: &ModelTable| facts.iter().all(|fact| fact == table.name.as_str());
    let dimensions = model
        .tables
        .iter()
        .filter(|table| reachable(table))
        .flat_map(|table| {
            table
                .dimensions
                .iter()
                .map(move |dimension| field_info(table, dimension))
        })
        .collect();
    Ok(FieldList {
        dimensions,
        metrics: model.metrics.iter().map(|metric| metric_info(model, metric)).collect(),
    })
}

fn field_info(table: &ModelTable, dimension: &Dimension) -> FieldInfo {
    FieldInfo {
        field: format!("{}.{}", table.name, dimension.name),
        table: table.name.to_string(),
        table_label: table.display_label(),
        label: dimension.display_label(),
        description: dimension.description.clone(),
        kind: dimension.kind,
        stored: dimension.stored,
        grains: offered_grains(dimension),
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
            MetricKind::Simple { .. } => "simple",
            MetricKind::Ratio { .. } => "ratio",
            MetricKind::Derived { .. } => "derived",
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
        dimension.grains.clone()
    }
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
        MetricKind::Simple { table, .. } => {
            if !tables.iter().any(|known| known == table.as_str()) {
                tables.push(table.to_string());
            }
        }
        MetricKind::Ratio { .. } | MetricKind::Derived { .. } => {
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
