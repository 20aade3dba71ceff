//! Cases that ask one table only, with that table's model. A server without joins can be held to them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::{Map, Value, json};

use crate::{
    build,
    failure::{Failure, Outcome},
    files,
};

/// Kinds of metrics a one-table model can hold.
const KINDS: [&str; 3] = ["simple", "ratio", "derived"];

/// Cases that ask the same table for the same metrics.
#[derive(Debug, Default)]
struct Group {
    models: BTreeMap<String, Value>,
    cases: Vec<Value>,
    table_files: BTreeSet<String>,
}

/// Writes one folder per group below `target`, in the form of `source`; returns how many cases each holds.
pub fn write(source: &Path, target: &Path) -> Outcome<Vec<(String, usize)>> {
    let _ = fs::remove_dir_all(target);
    let models = read_models(&source.join("models"))?;
    let types = read_json(&source.join("tables/types.json"))?;
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for line in files::read_text(&source.join("cases.jsonl"))?.lines() {
        let case: Value = serde_json::from_str(line).map_err(|error| Failure::new(format!("cases.jsonl: {error}")))?;
        let Some(model) = case
            .get("model")
            .and_then(Value::as_str)
            .and_then(|name| models.get(name))
        else {
            continue;
        };
        if let Some(reduced) = reduce(&case, model) {
            let group = groups.entry(reduced.file.clone()).or_default();
            group.table_files.insert(reduced.dataset);
            let mut case = case;
            if let Some(case) = case.as_object_mut() {
                case.insert("model".to_owned(), json!(reduced.file));
            }
            group.models.insert(reduced.file, reduced.model);
            group.cases.push(case);
        }
    }
    let mut sizes = Vec::new();
    for (name, group) in groups {
        group.write(source, &target.join(&name), &types)?;
        sizes.push((name, group.cases.len()));
    }
    Ok(sizes)
}

impl Group {
    fn write(&self, source: &Path, folder: &Path, types: &Value) -> Outcome {
        let mut own_types = Map::new();
        for table in &self.table_files {
            files::write(
                &folder.join(format!("tables/{table}.csv")),
                &files::read(&source.join(format!("tables/{table}.csv")))?,
            )?;
            own_types.insert(table.clone(), types.get(table).cloned().unwrap_or_default());
        }
        files::write(
            &folder.join("tables/types.json"),
            Value::Object(own_types).to_string().as_bytes(),
        )?;
        for (name, model) in &self.models {
            files::write(
                &folder.join(format!("models/{name}.json")),
                model.to_string().as_bytes(),
            )?;
        }
        let lines: Vec<String> = self.cases.iter().map(Value::to_string).collect();
        files::write(
            &folder.join("cases.jsonl"),
            format!("{}\n", lines.join("\n")).as_bytes(),
        )
    }
}

struct Reduced {
    /// Table and metrics: a refused metric must not spoil the cases of others.
    file: String,
    dataset: String,
    model: Value,
}

/// The model cut down to what the case names; `None` when that is more than one table, or no plain file.
fn reduce(case: &Value, model: &Value) -> Option<Reduced> {
    let metrics = by_name(model, "metrics");
    let tables = by_name(model, "tables");
    let mut names = Names::default();
    names.collect(case.get("query")?);
    let mut wanted: BTreeSet<String> = BTreeSet::new();
    let mut queue: Vec<String> = names.metrics.into_iter().collect();
    let mut used: BTreeSet<String> = names
        .tables
        .into_iter()
        .filter(|table| tables.contains_key(table))
        .collect();
    while let Some(name) = queue.pop() {
        let metric = *metrics.get(&name)?;
        if !wanted.insert(name) {
            continue;
        }
        used.extend(metric.get("table").and_then(Value::as_str).map(str::to_owned));
        let mut inner = Names::default();
        inner.collect(metric);
        used.extend(inner.tables.into_iter().filter(|table| tables.contains_key(table)));
        queue.extend(inner.metrics.into_iter().filter(|name| metrics.contains_key(name)));
    }
    let kinds: BTreeSet<&str> = wanted
        .iter()
        .filter_map(|name| metrics.get(name)?.get("type")?.as_str())
        .collect();
    let single = used.len() == 1 && !wanted.is_empty() && kinds.iter().all(|kind| KINDS.contains(kind));
    let table = used.first().filter(|_| single && case.get("principal").is_none())?;
    let dataset = tables.get(table)?.get("source")?.get("dataset")?.as_str()?.to_owned();
    let names: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let case_model = case.get("model")?.as_str()?;
    let file = format!(
        "{table}_{}",
        build::fingerprint(&[case_model.as_bytes(), names.join(",").as_bytes()])
    );
    let kept = wanted
        .iter()
        .filter_map(|name| metrics.get(name))
        .map(|metric| (*metric).clone());
    let mut cut = model.as_object()?.clone();
    cut.insert("model".to_owned(), json!(file));
    cut.insert("tables".to_owned(), json!([without_calendars(tables.get(table)?)]));
    cut.insert("metrics".to_owned(), Value::Array(kept.collect()));
    for key in ["joins", "calendars", "access", "hierarchies", "rollups", "parameters"] {
        cut.remove(key);
    }
    Some(Reduced {
        file,
        dataset,
        model: Value::Object(cut),
    })
}

/// Grains of the model's own calendars live in another table.
fn without_calendars(table: &Value) -> Value {
    const GRAINS: [&str; 8] = ["second", "minute", "hour", "day", "week", "month", "quarter", "year"];
    let mut table = table.clone();
    let dimensions = table
        .get_mut("dimensions")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten();
    for grains in dimensions.filter_map(|dimension| dimension.get_mut("grains")?.as_array_mut()) {
        grains.retain(|grain| grain.as_str().is_some_and(|grain| GRAINS.contains(&grain)));
    }
    table
}

fn by_name<'a>(model: &'a Value, key: &str) -> BTreeMap<String, &'a Value> {
    let items = model.get(key).and_then(Value::as_array).into_iter().flatten();
    items
        .filter_map(|item| Some((item.get("name")?.as_str()?.to_owned(), item)))
        .collect()
}

/// Metrics and tables that a query or a metric names.
#[derive(Debug, Default)]
struct Names {
    metrics: BTreeSet<String>,
    tables: BTreeSet<String>,
}

impl Names {
    fn collect(&mut self, value: &Value) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| self.entry(key, value)),
            Value::Array(items) => items.iter().for_each(|item| self.collect(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn entry(&mut self, key: &str, value: &Value) {
        match (key, value) {
            ("metric" | "numerator" | "denominator", Value::String(name)) => drop(self.metrics.insert(name.clone())),
            ("metrics" | "dimensions" | "per", Value::Array(items)) => {
                for item in items {
                    match item.as_str() {
                        Some(name) if key == "metrics" => drop(self.metrics.insert(name.to_owned())),
                        Some(name) => self.field(name),
                        None => self.collect(item),
                    }
                }
            }
            ("field" | "segment", Value::String(name)) => self.field(name),
            _ => self.collect(value),
        }
    }

    fn field(&mut self, name: &str) {
        self.tables
            .extend(name.split_once('.').map(|(table, _)| table.to_owned()));
    }
}

fn read_models(folder: &Path) -> Outcome<BTreeMap<String, Value>> {
    let mut models = BTreeMap::new();
    for file in files::walk(folder)? {
        if let Some(name) = file.file_stem().and_then(|stem| stem.to_str()) {
            models.insert(name.to_owned(), read_json(&file)?);
        }
    }
    Ok(models)
}

fn read_json(path: &Path) -> Outcome<Value> {
    serde_json::from_slice(&files::read(path)?).map_err(|error| Failure::new(format!("{}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model() -> Value {
        json!({"format":1,"model":"shop","joins":[{"name":"j"}],"calendars":[{"name":"retail"}],
            "tables":[{"name":"orders","source":{"dataset":"fct_orders"},"dimensions":[{"name":"at","type":"time","grains":["day","retail_month"]}]},
                      {"name":"people","source":{"dataset":"dim_people"},"dimensions":[]}],
            "metrics":[{"name":"revenue","type":"simple","table":"orders"},{"name":"n","type":"simple","table":"people"},
                       {"name":"aov","type":"ratio","numerator":"revenue","denominator":{"metric":"revenue"}},
                       {"name":"each","type":"ratio","numerator":"revenue","denominator":"n"}]})
    }

    fn reduced(query: Value) -> Option<Reduced> {
        reduce(&json!({"model":"shop","query":query}), &model())
    }

    #[test]
    fn a_query_of_one_table_gets_that_tables_model() {
        let found = reduced(json!({"metrics":["revenue"],"dimensions":[{"field":"orders.at","grain":"day"}]})).unwrap();
        assert_eq!(found.dataset, "fct_orders");
        assert_eq!(found.model["tables"][0]["dimensions"][0]["grains"], json!(["day"]));
        assert_eq!(found.model["metrics"].as_array().unwrap().len(), 1);
        assert!(found.model.get("joins").is_none());
    }

    #[test]
    fn metrics_are_followed_to_their_tables() {
        let found = reduced(json!({"metrics":["aov"]})).unwrap();
        assert_eq!(found.model["metrics"].as_array().unwrap().len(), 2);
        assert!(reduced(json!({"metrics":["each"]})).is_none());
        assert!(reduced(json!({"metrics":["revenue"],"where":{"field":"people.name","op":"is_null"}})).is_none());
        assert!(reduced(json!({"metrics":["unknown"]})).is_none());
    }
}
