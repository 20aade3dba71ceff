//! The cache key: what decides the answer, in one spelling.

use serde_json::{Map, Value, json};
use shared::{
    AppError,
    semantic::{Model, Query},
};

use super::{
    PlanContext, Policy,
    clock::Clock,
    interval::{Interval, resolve_range},
    resolve::resolve,
    scope::parameters,
};

/// See [`super::canonical_key`].
///
/// # Errors
/// As planning, for names and times.
pub fn canonical(query: &Query, model: &Model, policy: &Policy, context: &PlanContext) -> Result<String, AppError> {
    let parameters = parameters(query, model)?;
    let resolved = resolve(query, model, policy, &parameters, context, 0)?;
    let clock = &resolved.clock;
    let mut document = as_value(query)?;
    if let Value::Object(object) = &mut document {
        for replaced in ["model", "version", "time_zone", "as_of", "limit"] {
            object.remove(replaced);
        }
        if let Some(condition) = object.get_mut("where") {
            normalise(condition, clock);
        }
        if let Some(having) = object.get_mut("having") {
            normalise(having, clock);
        }
        if let Some(time) = &query.time {
            let interval = resolve_range(&time.range, clock, "time")?;
            object.insert(
                "time".to_owned(),
                json!({ "field": time.field, "range": interval_value(interval, clock) }),
            );
        }
        if let Some(Value::Array(metrics)) = object.get_mut("metrics") {
            metrics
                .iter_mut()
                .filter_map(|metric| metric.get_mut("where"))
                .for_each(|condition| normalise(condition, clock));
        }
    }
    let mut rules = as_value(policy)?;
    ranges_within(&mut rules, clock);
    // The unfinished period of a comparison depends on the minute, and so do relative ranges inside the model.
    let needs_now = !query.compare.is_empty() || depends_on_now(&as_value(model)?);
    let key = json!({
        "model": model.model,
        "version": model.version,
        "zone": clock.zone.name(),
        "as_of": needs_now.then(|| clock.as_of_text()),
        "limit": resolved.limit,
        "policy": sorted(rules),
        "query": sorted(document),
    });
    Ok(sorted(key).to_string())
}

fn as_value<T: serde::Serialize>(value: &T) -> Result<Value, AppError> {
    serde_json::to_value(value).map_err(|_| AppError::internal())
}

fn interval_value(interval: Interval, clock: &Clock) -> Value {
    json!({ "from": interval.from.map(|from| clock.text(from)), "to": interval.to.map(|to| clock.text(to)) })
}

/// Order of `and`, `or` and lists of values does not matter; relative ranges become absolute.
fn normalise(condition: &mut Value, clock: &Clock) {
    ranges_within(condition, clock);
    order(condition);
}

fn order(condition: &mut Value) {
    let Value::Object(object) = condition else { return };
    for list in ["and", "or"] {
        if let Some(Value::Array(items)) = object.get_mut(list) {
            items.iter_mut().for_each(order);
            sort_values(items);
        }
    }
    if let Some(not) = object.get_mut("not") {
        order(not);
    }
    let is_list = matches!(object.get("op").and_then(Value::as_str), Some("in" | "not_in"));
    if let (true, Some(Value::Array(values))) = (is_list, object.get_mut("values")) {
        sort_values(values);
        values.dedup();
    }
}

fn sort_values(values: &mut [Value]) {
    values.sort_by_cached_key(|value| sorted(value.clone()).to_string());
}

fn ranges_within(value: &mut Value, clock: &Clock) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object.iter_mut() {
                let range = (key == "range")
                    .then(|| serde_json::from_value(inner.clone()).ok())
                    .flatten();
                match range.and_then(|range| resolve_range(&range, clock, "range").ok()) {
                    Some(interval) => *inner = interval_value(interval, clock),
                    None => ranges_within(inner, clock),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| ranges_within(item, clock)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn depends_on_now(value: &Value) -> bool {
    match value {
        Value::Object(object) => object.iter().any(|(key, inner)| {
            let relative = ["last", "this", "next", "to_date"]
                .iter()
                .any(|word| inner.get(word).is_some());
            // A definition may ask for the moment itself.
            let now = key == "sql" && inner.as_str().is_some_and(|sql| sql.to_lowercase().contains("as_of"));
            now || (key == "range" && relative) || depends_on_now(inner)
        }),
        Value::Array(items) => items.iter().any(depends_on_now),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

/// Keys of objects in alphabetical order.
fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> =
                object.into_iter().map(|(key, inner)| (key, sorted(inner))).collect();
            entries.sort_by(|left, right| left.0.cmp(&right.0));
            Value::Object(entries.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => scalar,
    }
}
