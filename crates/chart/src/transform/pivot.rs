//! The values of a column into columns.

use super::aggregate::{group_rows, group_rows_of, reduce};
use crate::budget;
use crate::data::{Field, Row, Table};
use crate::value::{Value, compare};
use std::borrow::Cow;
use std::sync::Arc;

/// One row per group, one column per distinct value of `field`; `limit` 0 keeps all of them.
pub fn apply(table: &Table, field: &str, value: &str, groupby: &[Arc<str>], op: &str, limit: usize) -> Table {
    let (keys, values) = (Field::of(table, field), Field::of(table, value));
    let mut names: Vec<Value> = Vec::new();
    for row in &table.rows {
        let key = keys.get(row);
        if key != Value::Missing && !names.contains(&key) {
            names.push(key);
        }
        if names.len() > 1000 {
            break;
        }
    }
    shared::sort::sort_by(&mut names, compare);
    if limit > 0 {
        names.truncate(limit);
    }
    let groups = group_rows(table, groupby);
    let fields: Vec<Field> = groupby.iter().map(|f| Field::of(table, f)).collect();
    let mut out = Table {
        names: groupby.to_vec(),
        rows: Vec::new(),
    };
    let columns: Vec<usize> = names.iter().map(|n| out.ensure(&n.label())).collect();
    let by: Vec<Arc<str>> = vec![Arc::from(field)];
    for rows in groups {
        if !budget::take(budget::ROW + (fields.len() + columns.len()) * budget::CELL) {
            break;
        }
        let Some(first) = rows.first().and_then(|r| table.rows.get(*r)) else {
            continue;
        };
        let mut row = Row::new(first.source);
        for (i, f) in fields.iter().enumerate() {
            row.set(i, f.get(first));
        }
        for column in &columns {
            row.set(
                *column,
                if matches!(op, "sum" | "count") {
                    Value::Number(0.0)
                } else {
                    Value::Null
                },
            );
        }
        for part in group_rows_of(table, &by, rows.iter().copied()) {
            let Some(key) = part.first().and_then(|r| table.rows.get(*r)).map(|r| keys.get(r)) else {
                continue;
            };
            let Some(column) = names.iter().position(|n| *n == key).and_then(|i| columns.get(i)) else {
                continue;
            };
            let cells: Vec<Cow<Value>> = part
                .iter()
                .filter_map(|r| table.rows.get(*r))
                .map(|r| values.cell(r))
                .collect();
            row.set(*column, reduce(op, &cells));
        }
        out.rows.push(row);
    }
    out
}
