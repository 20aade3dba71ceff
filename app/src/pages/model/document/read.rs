//! Text → model, with the place of the first thing that cannot be read.

use serde::de::DeserializeOwned;
use serde_json::Value;
use shared::semantic::{
    AccessEntry, Calendar, Dimension, FunctionDefinition, Hierarchy, Join, MetricDefinition, Model, ModelTable,
    Parameter, Rollup, Segment,
};

/// Why a text is no model.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub message: String,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// 1-based.
    Line(usize),
    /// `metrics.3`.
    Path(String),
}

pub fn read(text: &str) -> Result<Model, Unreadable> {
    let value: Value = serde_json::from_str(text).map_err(|error| Unreadable {
        message: format!("This is no JSON: {error}."),
        place: Place::Line(error.line()),
    })?;
    shared::json::from_value(value.clone()).map_err(|error| {
        let (path, message) = culprit(&value).unwrap_or_else(|| (String::new(), error.to_string()));
        Unreadable {
            message: format!("This is no model: {message}."),
            place: Place::Path(path),
        }
    })
}

/// The first part that cannot be read for itself, and why.
fn culprit(document: &Value) -> Option<(String, String)> {
    let tables = items(document, "tables").find_map(|(at, table)| {
        let inner = wrong::<Dimension>(table, "dimensions").or_else(|| wrong::<Segment>(table, "segments"));
        match inner {
            Some((inner, message)) => Some((format!("{at}.{inner}"), message)),
            None => refused::<ModelTable>(table).map(|message| (at, message)),
        }
    });
    tables
        .or_else(|| wrong::<Join>(document, "joins"))
        .or_else(|| wrong::<MetricDefinition>(document, "metrics"))
        .or_else(|| wrong::<Parameter>(document, "parameters"))
        .or_else(|| wrong::<AccessEntry>(document, "access"))
        .or_else(|| wrong::<Calendar>(document, "calendars"))
        .or_else(|| wrong::<Hierarchy>(document, "hierarchies"))
        .or_else(|| wrong::<Rollup>(document, "rollups"))
        .or_else(|| wrong::<FunctionDefinition>(document, "functions"))
}

fn wrong<T: DeserializeOwned>(object: &Value, key: &str) -> Option<(String, String)> {
    items(object, key).find_map(|(at, item)| Some((at, refused::<T>(item)?)))
}

fn items<'a>(object: &'a Value, key: &'a str) -> impl Iterator<Item = (String, &'a Value)> {
    let list = object.get(key).and_then(Value::as_array).into_iter().flatten();
    list.enumerate()
        .map(move |(index, item)| (format!("{key}.{index}"), item))
}

fn refused<T: DeserializeOwned>(value: &Value) -> Option<String> {
    shared::json::from_value::<T>(value.clone())
        .err()
        .map(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_named_with_its_place() {
        assert_eq!(read("{\n\"format\": 1,\n}").unwrap_err().place, Place::Line(3));
        let table = r#"{"name":"t","source":{"dataset":"t"},"dimensions":[{"name":"a","type":"string","expr":{"col":"a"}},{"name":"b","type":"colour","expr":{"col":"b"}}]}"#;
        let error = read(&format!(r#"{{"format":1,"model":"m","tables":[{table}]}}"#)).unwrap_err();
        assert_eq!(error.place, Place::Path("tables.0.dimensions.1".to_owned()));
        assert!(error.message.contains("colour"), "{}", error.message);
        let metric = r#"{"name":"x","type":"simple","table":"t","agg":"total"}"#;
        let error = read(&format!(
            r#"{{"format":1,"model":"m","tables":[],"metrics":[{metric}]}}"#
        ))
        .unwrap_err();
        assert_eq!(error.place, Place::Path("metrics.0".to_owned()));
        for (list, item) in [
            ("calendars", r#"{"name":"c","table":"t","day":5}"#),
            ("hierarchies", r#"{"name":"h","levels":"place"}"#),
            ("rollups", r#"{"name":"r","metrics":["m"],"refresh":"soon"}"#),
            ("functions", r#"{"name":"f","expr":{"sql":"x"}}"#),
        ] {
            let error = read(&format!(r#"{{"format":1,"model":"m","tables":[],"{list}":[{item}]}}"#)).unwrap_err();
            assert_eq!(error.place, Place::Path(format!("{list}.0")));
        }
        assert_eq!(
            read(r#"{"format":1,"model":"m","tables":[]}"#).unwrap().model.as_str(),
            "m"
        );
    }
}
