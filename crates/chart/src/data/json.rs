//! Rows out of JSON values.

use super::table::{Row, Table};
use super::texts::Texts;
use crate::value::Value;
use serde_json::Value as Json;

/// Reads a list of objects, or of plain values, which become the column `data`.
pub fn read_rows(json: &Json) -> Table {
    let mut table = Table::default();
    let items: &[Json] = match json {
        Json::Array(items) => items,
        other => std::slice::from_ref(other),
    };
    let mut texts = Texts::default();
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

fn cell(json: &Json, texts: &mut Texts) -> Value {
    match json {
        Json::String(text) => Value::Text(texts.share(text)),
        other => Value::from_json(other),
    }
}
