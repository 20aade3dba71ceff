//! Rows out of JSON values.

use super::columns::Columns;
use super::table::{Row, Table};
use super::texts::Texts;
use super::wanted::Wanted;
use crate::value::Value;
use serde_json::Value as Json;

/// The column of values that are no objects.
pub const PLAIN: &str = "data";

/// Reads a list of objects, or of plain values, which become the column `data`.
pub fn read_rows(json: &Json, wanted: &Wanted) -> Table {
    let mut table = Table::default();
    let items: &[Json] = match json {
        Json::Array(items) => items,
        other => std::slice::from_ref(other),
    };
    let mut texts = Texts::of_rows(items.len());
    let mut columns = Columns::new(wanted);
    table.rows.reserve(items.len());
    for (source, item) in items.iter().enumerate() {
        let mut row = Row::new(source);
        match item {
            Json::Object(fields) => {
                for (at, (name, value)) in fields.iter().enumerate() {
                    if let Some(column) = columns.place(&mut table, at, name) {
                        row.set(column, cell(value, &mut texts));
                    }
                }
            }
            other => {
                let column = table.ensure(PLAIN);
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
