//! Rows out of JSON values.

use super::table::{Row, Table};
use crate::value::Value;
use serde_json::Value as Json;
use std::collections::HashMap;
use std::sync::Arc;

/// Reads a list of objects, or of plain values, which become the column `data`.
pub fn read_rows(json: &Json) -> Table {
    let mut table = Table::default();
    let items: &[Json] = match json {
        Json::Array(items) => items,
        other => std::slice::from_ref(other),
    };
    // Equal texts share one allocation; categories repeat a lot.
    let mut texts: HashMap<&str, Arc<str>> = HashMap::new();
    table.rows.reserve(items.len());
    for (source, item) in items.iter().enumerate() {
        let mut row = Row {
            cells: Vec::with_capacity(table.names.len() + 4),
            source,
        };
        match item {
            Json::Object(fields) => {
                for (i, (key, value)) in fields.iter().enumerate() {
                    let column = match table.names.get(i) {
                        Some(name) if **name == **key => i,
                        _ => table.ensure(key),
                    };
                    row.set(column, cell(value, &mut texts));
                }
            }
            other => {
                let column = table.ensure("data");
                row.set(column, cell(other, &mut texts));
            }
        }
        table.rows.push(row);
    }
    table
}

fn cell<'a>(json: &'a Json, texts: &mut HashMap<&'a str, Arc<str>>) -> Value {
    match json {
        Json::String(s) => Value::Text(texts.entry(s.as_str()).or_insert_with(|| Arc::from(s.as_str())).clone()),
        other => Value::from_json(other),
    }
}
