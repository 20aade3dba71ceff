//! Fields of another table, found by a key.

use crate::data::{Field, Table};
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// Adds the fields of the row whose key matches, or the whole row as one object when no fields are named.
pub fn apply(
    table: &mut Table,
    field: &str,
    other: &Table,
    key: &str,
    fields: &[Arc<str>],
    names: &[Arc<str>],
    default: &Value,
) {
    let key = Field::of(other, key);
    let mut index: HashMap<Arc<str>, usize> = HashMap::new();
    for (at, row) in other.rows.iter().enumerate() {
        index.insert(key.get(row).label(), at);
    }
    let source = Field::of(table, field);
    let found: Vec<Option<usize>> = table
        .rows
        .iter()
        .map(|row| index.get(&source.get(row).label()).copied())
        .collect();
    let mut write = |name: &str, value: &dyn Fn(usize) -> Value| {
        let column = table.ensure(name);
        for (row, at) in table.rows.iter_mut().zip(&found) {
            row.set(column, at.map_or_else(|| default.clone(), value));
        }
    };
    if fields.is_empty() {
        let whole = |at: usize| {
            let row = other.rows.get(at);
            let cells = other
                .names
                .iter()
                .enumerate()
                .map(|(i, n)| (n.clone(), row.map_or(Value::Missing, |r| r.get(i).clone())));
            Value::Object(Arc::new(cells.collect()))
        };
        for name in names {
            write(name, &whole);
        }
        return;
    }
    for (i, from) in fields.iter().enumerate() {
        let from = Field::of(other, from);
        let name = names.get(i).or_else(|| fields.get(i));
        if let Some(name) = name {
            write(name, &|at| {
                other.rows.get(at).map_or(Value::Missing, |row| from.get(row))
            });
        }
    }
}
