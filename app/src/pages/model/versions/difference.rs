//! What is different between two versions of a model, in words. It compares the documents part by part, so that it knows
//! every key that a document can have.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use shared::semantic::{Model, humanize};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Added(String),
    Removed(String),
    /// What of it, with the text before and after; `None`: it was not set.
    Changed(String, Vec<(String, Option<String>, Option<String>)>),
}

/// Lists whose items have names, by key and noun.
const LISTS: [(&str, &str); 8] = [
    ("tables", "Table"),
    ("joins", "Join"),
    ("metrics", "Metric"),
    ("parameters", "Parameter"),
    ("calendars", "Calendar"),
    ("hierarchies", "Hierarchy"),
    ("rollups", "Rollup"),
    ("functions", "Function"),
];
/// Lists of a table.
const OF_TABLES: [(&str, &str); 2] = [("dimensions", "Field"), ("segments", "Segment")];

pub fn differences(before: &Model, after: &Model) -> Vec<Change> {
    let (Some(mut before), Some(mut after)) = (object(before), object(after)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for document in [&mut before, &mut after] {
        document.remove("version");
    }
    for (key, noun) in LISTS {
        compare_lists(key, noun, "", &mut before, &mut after, &mut found);
    }
    compare_keys("Model".to_owned(), &before, &after, &mut found);
    found
}

fn object(model: &Model) -> Option<Map<String, Value>> {
    match serde_json::to_value(model) {
        Ok(Value::Object(object)) => Some(object),
        Ok(_) | Err(_) => None,
    }
}

/// Takes the lists out of both documents and compares their items by name.
fn compare_lists(
    key: &str,
    noun: &str,
    within: &str,
    before: &mut Map<String, Value>,
    after: &mut Map<String, Value>,
    found: &mut Vec<Change>,
) {
    let (before, after) = (items(before.remove(key)), items(after.remove(key)));
    let title = |item: &Map<String, Value>| format!("{noun} {}{within}", label(item));
    for item in &before {
        if find(&after, item).is_none() {
            found.push(Change::Removed(title(item)));
        }
    }
    for item in &after {
        let Some(old) = find(&before, item) else {
            found.push(Change::Added(title(item)));
            continue;
        };
        let (mut old, mut new) = (old.clone(), item.clone());
        if key == "tables" {
            for (key, noun) in OF_TABLES {
                let within = format!(" of {}", label(item));
                compare_lists(key, noun, &within, &mut old, &mut new, found);
            }
        }
        compare_keys(title(item), &old, &new, found);
    }
}

fn items(list: Option<Value>) -> Vec<Map<String, Value>> {
    let Some(Value::Array(items)) = list else {
        return Vec::new();
    };
    let objects = items.into_iter().filter_map(|item| match item {
        Value::Object(object) => Some(object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    });
    objects.collect()
}

fn find<'a>(items: &'a [Map<String, Value>], like: &Map<String, Value>) -> Option<&'a Map<String, Value>> {
    items.iter().find(|item| item.get("name") == like.get("name"))
}

fn label(item: &Map<String, Value>) -> String {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    match (text("label"), text("name")) {
        (Some(label), _) => label.to_owned(),
        (None, Some(name)) => humanize(name),
        (None, None) => String::new(),
    }
}

fn compare_keys(title: String, before: &Map<String, Value>, after: &Map<String, Value>, found: &mut Vec<Change>) {
    let keys: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = keys.into_iter().filter(|key| before.get(*key) != after.get(*key));
    let lines: Vec<_> = changed
        .map(|key| (key_words(key), before.get(key).map(text), after.get(key).map(text)))
        .collect();
    if !lines.is_empty() {
        found.push(Change::Changed(title, lines));
    }
}

fn key_words(key: &str) -> String {
    match key {
        "agg" => "aggregation".to_owned(),
        "expr" => "expression".to_owned(),
        "on" => "columns".to_owned(),
        "as" => "role".to_owned(),
        "default_aggregation" => "when used as a value".to_owned(),
        "synonyms" => "also called".to_owned(),
        "good" => "which way is good".to_owned(),
        "empty" => "where there are no rows".to_owned(),
        "where" => "only rows where".to_owned(),
        _ => humanize(key).to_lowercase(),
    }
}

/// Short values as they are, the rest as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Object(one) if one.len() == 1 => match one.values().next() {
            Some(Value::String(text)) => text.clone(),
            Some(_) | None => value.to_string(),
        },
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model(metrics: Value, amount: Value) -> Model {
        let mut column = json!({"name": "amount", "type": "number", "expr": {"col": "amount"}});
        column
            .as_object_mut()
            .unwrap()
            .extend(amount.as_object().unwrap().clone());
        let table = json!({"name": "orders", "source": {"dataset": "orders"}, "dimensions": [column]});
        serde_json::from_value(json!({"format": 1, "model": "m", "tables": [table], "metrics": metrics})).unwrap()
    }

    #[test]
    fn changes_are_named_with_before_and_after() {
        let sum =
            json!({"name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "expr": {"col": "amount"}});
        let count = json!({"name": "order_count", "type": "simple", "table": "orders", "agg": "count"});
        let mut average = sum.clone();
        average["agg"] = json!("avg");
        let before = model(json!([sum, count]), json!({}));
        let after = model(json!([average]), json!({"label": "Turnover", "hidden": true}));
        let line = |what: &str, before: Option<&str>, after: Option<&str>| {
            (what.to_owned(), before.map(str::to_owned), after.map(str::to_owned))
        };
        assert_eq!(
            differences(&before, &after),
            [
                Change::Changed(
                    "Field Turnover of Orders".to_owned(),
                    vec![line("hidden", None, Some("yes")), line("label", None, Some("Turnover"))]
                ),
                Change::Removed("Metric Order count".to_owned()),
                Change::Changed(
                    "Metric Revenue".to_owned(),
                    vec![line("aggregation", Some("sum"), Some("avg"))]
                ),
            ]
        );
        assert_eq!(differences(&after, &after), []);
    }
}
