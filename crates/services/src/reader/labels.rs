//! Labels and types of the fields a document speaks of, and of no others.

use std::collections::{BTreeMap, BTreeSet};

use plan::catalog::{offered_grains, offered_periods};
use serde_json::Value;
use shared::{
    dashboard::{Dashboard, FieldLabel, MetricLabel},
    semantic::Model,
};

use crate::ServiceResult;

pub(super) fn labels(
    document: &Dashboard,
    model: &Model,
) -> ServiceResult<(BTreeMap<String, FieldLabel>, BTreeMap<String, MetricLabel>)> {
    let mut spoken = BTreeSet::new();
    collect_texts(
        &serde_json::to_value((&document.tiles, &document.filters))?,
        &mut spoken,
    );
    let dimensions = model
        .tables
        .iter()
        .flat_map(|table| table.dimensions.iter().map(move |dimension| (table, dimension)));
    let fields = dimensions.filter_map(|(table, dimension)| {
        let name = format!("{}.{}", table.name, dimension.name);
        // A document may leave the table out.
        let known = spoken.contains(&name) || spoken.contains(dimension.name.as_str());
        let label = FieldLabel {
            label: dimension.display_label(),
            kind: dimension.kind,
            stored: dimension.stored,
            format: dimension.format.clone(),
            grains: offered_grains(dimension),
            calendar_grains: offered_periods(model, dimension),
        };
        known.then_some((name, label))
    });
    let metrics = model
        .metrics
        .iter()
        .filter(|metric| spoken.contains(metric.name.as_str()))
        .map(|metric| {
            let label = MetricLabel {
                label: metric.display_label(),
                format: metric.format.clone(),
                good: metric.good.clone(),
            };
            (metric.name.to_string(), label)
        });
    Ok((fields.collect(), metrics.collect()))
}

fn collect_texts(value: &Value, texts: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            texts.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(object) => object.values().for_each(|item| collect_texts(item, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
