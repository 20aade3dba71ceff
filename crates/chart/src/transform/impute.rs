//! Filling the gaps of a series.

use super::aggregate::{group_rows, reduce};
use crate::budget;
use crate::data::{Field, Row, Table};
use crate::spec::Impute;
use crate::value::Value;
use std::sync::Arc;

/// Steps of work for a key in a group: a place for its rows, a row, three cells.
const IMPUTED: usize = 4 * budget::ROW;

/// Adds a row for every key a group lacks, and fills missing values.
pub fn impute(table: &mut Table, field: &str, key: &str, groupby: &[Arc<str>], how: &Impute) {
    complete(table, field, key, groupby, how, true);
}

/// Adds a row of zero for every key a group lacks, so that stacks have the same parts everywhere; what is null stays so.
pub fn impute_zero(table: &mut Table, field: &str, key: &str, groupby: &[Arc<str>]) {
    let how = Impute {
        method: Arc::from("value"),
        value: Value::Number(0.0),
        keyvals: Vec::new(),
        frame: None,
    };
    complete(table, field, key, groupby, &how, false);
}

fn complete(table: &mut Table, field: &str, key: &str, groupby: &[Arc<str>], how: &Impute, fill_nulls: bool) {
    let (source, keys) = (Field::of(table, field), Field::of(table, key));
    let mut domain: Vec<Value> = Vec::new();
    let mut seen = std::collections::HashSet::new();
    for value in how
        .keyvals
        .iter()
        .cloned()
        .chain(table.rows.iter().map(|r| keys.get(r)))
    {
        if value != Value::Missing && seen.insert(value.label()) {
            domain.push(value);
        }
    }
    let groups = group_rows(table, groupby);
    let fields: Vec<(usize, Field)> = groupby.iter().map(|f| (table.ensure(f), Field::of(table, f))).collect();
    let (field_column, key_column) = (table.ensure(field), table.ensure(key));
    let mut rows = Vec::new();
    for group in groups {
        if !budget::take(domain.len() * IMPUTED) {
            break;
        }
        let mut slots: Vec<Vec<usize>> = vec![Vec::new(); domain.len()];
        let index: std::collections::HashMap<Arc<str>, usize> =
            domain.iter().enumerate().map(|(i, d)| (d.label(), i)).collect();
        for at in &group {
            let Some(row) = table.rows.get(*at) else { continue };
            if let Some(slot) = index.get(&keys.get(row).label()).and_then(|i| slots.get_mut(*i)) {
                slot.push(*at);
            }
        }
        let known: Vec<Value> = slots
            .iter()
            .map(|s| {
                s.first()
                    .and_then(|r| table.rows.get(*r))
                    .map_or(Value::Missing, |r| source.get(r))
            })
            .collect();
        let constant = match &*how.method {
            "value" => how.value.clone(),
            op if how.frame.is_none() => reduce(op, &known),
            _ => Value::Null,
        };
        let fill = |i: usize| match (&*how.method, how.frame) {
            ("value", _) | (_, None) => constant.clone(),
            (op, Some((a, b))) => {
                let lo = a.map_or(0, |a| (i as f64 + a).max(0.0) as usize);
                let hi = b.map_or(known.len(), |b| {
                    ((i as f64 + b + 1.0).max(0.0) as usize).min(known.len())
                });
                let window = known.get(lo..hi.max(lo)).unwrap_or(&[]);
                if !budget::take(window.len()) {
                    return Value::Null;
                }
                reduce(op, window)
            }
        };
        let first = group
            .first()
            .and_then(|r| table.rows.get(*r))
            .cloned()
            .unwrap_or_default();
        for (i, slot) in slots.iter().enumerate() {
            if slot.is_empty() {
                let mut row = Row::new(first.source);
                for (column, f) in &fields {
                    row.set(*column, f.get(&first));
                }
                row.set(key_column, domain.get(i).cloned().unwrap_or_default());
                row.set(field_column, fill(i));
                rows.push(row);
            }
            for at in slot {
                let Some(mut row) = table.rows.get(*at).cloned() else {
                    continue;
                };
                if fill_nulls && !source.get(&row).is_valid() {
                    row.set(field_column, fill(i));
                }
                rows.push(row);
            }
        }
    }
    table.rows = rows;
}
