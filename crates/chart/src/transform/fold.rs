//! Columns into rows, and lists into rows.

use super::MAX_ROWS;
use crate::budget;
use crate::data::{Field, Row, Table};
use crate::value::Value;
use std::sync::Arc;

/// One row per column: its name and its value.
pub fn fold(table: &mut Table, fields: &[Arc<str>], key: &str, value: &str) {
    let sources: Vec<(Value, Field)> = fields
        .iter()
        .map(|f| (Value::Text(f.clone()), Field::of(table, f)))
        .collect();
    let (key, value) = (table.ensure(key), table.ensure(value));
    let copied = budget::ROW + table.names.len() * budget::CELL;
    let mut rows: Vec<Row> = Vec::with_capacity((table.rows.len() * fields.len()).min(MAX_ROWS));
    for row in &table.rows {
        for (name, source) in &sources {
            if rows.len() > MAX_ROWS || !budget::take(copied) {
                break;
            }
            let mut copy = row.clone();
            copy.set(value, source.get(row));
            copy.set(key, name.clone());
            rows.push(copy);
        }
    }
    table.rows = rows;
}

/// One row per element of the lists, which are read side by side.
pub fn flatten(table: &mut Table, fields: &[Arc<str>], names: &[Arc<str>]) {
    let sources: Vec<Field> = fields.iter().map(|f| Field::of(table, f)).collect();
    let columns: Vec<usize> = fields
        .iter()
        .enumerate()
        .map(|(i, f)| table.ensure(names.get(i).unwrap_or(f)))
        .collect();
    let copied = budget::ROW + table.names.len() * budget::CELL;
    let mut rows = Vec::new();
    for row in &table.rows {
        let lists: Vec<Value> = sources.iter().map(|s| s.get(row)).collect();
        let length = |v: &Value| if let Value::List(items) = v { items.len() } else { 0 };
        for i in 0..lists.iter().map(length).max().unwrap_or(0) {
            if rows.len() > MAX_ROWS || !budget::take(copied) {
                break;
            }
            let mut copy = row.clone();
            for (list, column) in lists.iter().zip(&columns) {
                let item = if let Value::List(items) = list {
                    items.get(i).cloned()
                } else {
                    None
                };
                copy.set(*column, item.unwrap_or(Value::Null));
            }
            rows.push(copy);
        }
    }
    table.rows = rows;
}
