//! The cases that a server can be asked so far: models without what they cannot hold yet, and the queries that do without it.

use std::{collections::BTreeMap, fs, path::Path};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    files,
};

/// Types of metrics that a model can hold.
const TYPES: [&str; 4] = ["simple", "ratio", "derived", "cumulative"];
const GRAINS: [&str; 9] = [
    "millisecond",
    "second",
    "minute",
    "hour",
    "day",
    "week",
    "month",
    "quarter",
    "year",
];
/// Parts of a model that cannot be held yet.
const PARTS: [&str; 3] = ["calendars", "hierarchies", "rollups"];
/// Keys of a query that are not understood yet.
const KEYS: [&str; 3] = ["distinct", "of", "unmatched"];

/// Writes a folder of cases in the form of `source`; returns how many it holds, and how many there are.
pub fn write(source: &Path, target: &Path) -> Outcome<(usize, usize)> {
    let _ = fs::remove_dir_all(target);
    for file in files::walk(&source.join("tables"))? {
        if let Some(name) = file.file_name().and_then(|name| name.to_str()) {
            files::write(&target.join("tables").join(name), &files::read(&file)?)?;
        }
    }
    let mut models = BTreeMap::new();
    for file in files::walk(&source.join("models"))? {
        if let Some(name) = file.file_stem().and_then(|stem| stem.to_str()) {
            let model = reduced(read_json(&file)?);
            files::write(
                &target.join(format!("models/{name}.json")),
                model.to_string().as_bytes(),
            )?;
            models.insert(name.to_owned(), model);
        }
    }
    let text = files::read_text(&source.join("cases.jsonl"))?;
    let mut kept = Vec::new();
    for line in text.lines() {
        let case: Value = serde_json::from_str(line).map_err(|error| Failure::new(format!("cases.jsonl: {error}")))?;
        let model = case
            .get("model")
            .and_then(Value::as_str)
            .and_then(|name| models.get(name));
        if model.is_some_and(|model| is_within_reach(&case, model)) {
            kept.push(line);
        }
    }
    files::write(&target.join("cases.jsonl"), format!("{}\n", kept.join("\n")).as_bytes())?;
    Ok((kept.len(), text.lines().count()))
}

fn reduced(mut model: Value) -> Value {
    let Some(object) = model.as_object_mut() else {
        return model;
    };
    for part in PARTS {
        object.remove(part);
    }
    let tables = object.get_mut("tables").and_then(Value::as_array_mut);
    for table in tables.into_iter().flatten() {
        let mut dimensions = table.get_mut("dimensions").and_then(Value::as_array_mut);
        if let Some(dimensions) = &mut dimensions {
            dimensions.retain(is_expression);
        }
        for grains in dimensions
            .into_iter()
            .flatten()
            .filter_map(|dimension| dimension.get_mut("grains")?.as_array_mut())
        {
            grains.retain(|grain| grain.as_str().is_some_and(|grain| GRAINS.contains(&grain)));
        }
    }
    if let Some(metrics) = object.get_mut("metrics").and_then(Value::as_array_mut) {
        metrics.retain(|metric| {
            let known = metric
                .get("type")
                .and_then(Value::as_str)
                .is_some_and(|kind| TYPES.contains(&kind));
            known && offsets(metric).all(is_plain) && is_expression(metric)
        });
        // What is made of metrics that fell out falls out with them.
        loop {
            let names: Vec<Value> = metrics
                .iter()
                .filter_map(|metric| metric.get("name").cloned())
                .collect();
            let before = metrics.len();
            metrics.retain(|metric| inputs(metric).iter().all(|input| names.contains(input)));
            if metrics.len() == before {
                break;
            }
        }
    }
    model
}

/// A column, an expression, or none.
fn is_expression(definition: &Value) -> bool {
    let expression = definition.get("expr");
    expression.is_none_or(|expression| expression.get("field").is_none())
}

/// What `inputs` of a metric are moved by.
fn offsets(metric: &Value) -> impl Iterator<Item = &Value> {
    let inputs = metric.get("inputs").and_then(Value::as_object);
    inputs
        .into_iter()
        .flat_map(|inputs| inputs.values())
        .filter_map(|input| input.get("offset"))
}

/// A number of units of the common calendar.
fn is_plain(offset: &Value) -> bool {
    offset
        .get("unit")
        .and_then(Value::as_str)
        .is_some_and(|unit| GRAINS.contains(&unit))
}

/// Names of the metrics that a metric is made of.
fn inputs(metric: &Value) -> Vec<Value> {
    let name = |value: &Value| match value {
        Value::Object(object) => object.get("metric").cloned(),
        other => Some(other.clone()),
    };
    let direct = ["metric", "numerator", "denominator"]
        .into_iter()
        .filter_map(|key| metric.get(key));
    let named = metric.get("inputs").and_then(Value::as_object);
    direct
        .chain(named.into_iter().flat_map(|inputs| inputs.values()))
        .filter_map(name)
        .collect()
}

fn is_within_reach(case: &Value, model: &Value) -> bool {
    let Some(query) = case.get("query").filter(|_| case.get("principal").is_none()) else {
        return false;
    };
    let metrics = model.get("metrics").and_then(Value::as_array);
    let names: Vec<&Value> = metrics
        .into_iter()
        .flatten()
        .filter_map(|metric| metric.get("name"))
        .collect();
    let asked = query.get("metrics").and_then(Value::as_array);
    let known = |metric: &Value| names.contains(&metric.get("metric").unwrap_or(metric));
    asked.is_none_or(|asked| asked.iter().all(known))
        && KEYS.iter().all(|key| query.get(key).is_none())
        && has_common_grains(query)
}

/// No grain of a model's own calendar.
fn has_common_grains(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.iter().all(|(key, inner)| {
            let common = key != "grain" || inner.as_str().is_some_and(|grain| GRAINS.contains(&grain));
            common && has_common_grains(inner)
        }),
        Value::Array(items) => items.iter().all(has_common_grains),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
    }
}

fn read_json(path: &Path) -> Outcome<Value> {
    serde_json::from_slice(&files::read(path)?).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model() -> Value {
        reduced(
            json!({"format":1,"model":"shop","joins":[{"name":"j"}],"calendars":[{"name":"retail"}],
            "tables":[{"name":"orders","source":{"dataset":"fct_orders"},"dimensions":[{"name":"at","type":"time","grains":["day","retail_month"]}]}],
            "metrics":[{"name":"revenue","type":"simple","table":"orders"},
                       {"name":"buys","type":"conversion","base":"a"},
                       {"name":"each","type":"ratio","numerator":"revenue","denominator":{"metric":"buys"}},
                       {"name":"start","type":"derived","inputs":{"r":{"metric":"revenue","offset":{"start_of":"month"}}},"expr":"r"}]}),
        )
    }

    #[test]
    fn models_keep_what_can_be_held() {
        let model = model();
        assert_eq!(
            model["metrics"],
            json!([{"name":"revenue","type":"simple","table":"orders"}])
        );
        assert_eq!(model["tables"][0]["dimensions"][0]["grains"], json!(["day"]));
        assert!(model.get("joins").is_some() && model.get("calendars").is_none());
    }

    #[test]
    fn queries_are_asked_that_do_without_the_rest() {
        let within = |query: Value| is_within_reach(&json!({"query": query}), &model());
        assert!(within(
            json!({"metrics":["revenue"],"dimensions":[{"field":"orders.at","grain":"day"}]})
        ));
        assert!(!within(json!({"metrics":["each"]})));
        assert!(!within(
            json!({"metrics":["revenue"],"dimensions":[{"field":"time","grain":"retail_month"}]})
        ));
        assert!(!within(json!({"metrics":["revenue"],"distinct":false})));
        assert!(!is_within_reach(
            &json!({"query":{"metrics":["revenue"]},"principal":"north"}),
            &model()
        ));
    }
}
