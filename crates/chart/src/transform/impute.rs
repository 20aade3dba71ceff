//! Filling the gaps of a series.

use super::aggregate::{group_rows, reduce};
use crate::budget;
use crate::data::{Field, Row, Table};
use crate::spec::Impute;
use crate::value::Value;
use std::borrow::Cow;
use std::collections::HashMap;
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
    let mut index: HashMap<Arc<str>, usize> = HashMap::new();
    let mut place = |value: &Value| {
        if *value == Value::Missing {
            return None;
        }
        let next = || {
            domain.push(value.clone());
            domain.len() - 1
        };
        Some(*index.entry(value.label()).or_insert_with(next))
    };
    for value in &how.keyvals {
        place(value);
    }
    // Where in the domain each row stands.
    let mut places: Vec<Option<usize>> = table.rows.iter().map(|row| place(&keys.cell(row))).collect();
    let missing = index.get(&Value::Missing.label()).copied();
    places.iter_mut().for_each(|place| *place = place.or(missing));
    let groups = group_rows(table, groupby);
    let fields: Vec<(usize, Field)> = groupby.iter().map(|f| (table.ensure(f), Field::of(table, f))).collect();
    let (field_column, key_column) = (table.ensure(field), table.ensure(key));
    let mut rows = Vec::new();
    for group in groups {
        if !budget::take(domain.len() * IMPUTED) {
            break;
        }
        let mut slots: Vec<Vec<usize>> = vec![Vec::new(); domain.len()];
        for at in &group {
            let place = places.get(*at).copied().flatten();
            if let Some(slot) = place.and_then(|place| slots.get_mut(place)) {
                slot.push(*at);
            }
        }
        let known: Vec<Cow<Value>> = slots
            .iter()
            .map(|s| {
                let row = s.first().and_then(|r| table.rows.get(*r));
                Cow::Owned(row.map_or(Value::Missing, |r| source.get(r)))
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
                let Some(mut row) = table.rows.get_mut(*at).map(std::mem::take) else {
                    continue;
                };
                if fill_nulls && !source.cell(&row).is_valid() {
                    row.set(field_column, fill(i));
                }
                rows.push(row);
            }
        }
    }
    table.rows = rows;
}
