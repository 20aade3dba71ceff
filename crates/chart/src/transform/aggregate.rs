//! Groups of rows to one row each.

use crate::data::{Field, Row, Table};
use crate::spec::{Aggregate, AggregateItem};
use crate::value::{Value, compare};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// Row indices by group, groups in the order of their first row.
pub fn group_rows(table: &Table, groupby: &[Arc<str>]) -> Vec<Vec<usize>> {
    group_rows_of(table, groupby, 0..table.rows.len())
}

/// The same for some of the rows.
pub fn group_rows_of(table: &Table, groupby: &[Arc<str>], rows: impl Iterator<Item = usize>) -> Vec<Vec<usize>> {
    if groupby.is_empty() {
        let all: Vec<usize> = rows.collect();
        return if all.is_empty() { Vec::new() } else { vec![all] };
    }
    let fields: Vec<Field> = groupby.iter().map(|f| Field::of(table, f)).collect();
    let mut index: HashMap<Vec<u8>, usize> = HashMap::new();
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let (mut key, mut before) = (Vec::new(), Vec::new());
    // Rows of a group often follow each other.
    let mut last = None;
    for at in rows {
        let Some(row) = table.rows.get(at) else { continue };
        std::mem::swap(&mut key, &mut before);
        key.clear();
        for field in &fields {
            write_key(&mut key, &field.cell(row));
        }
        let known = last.filter(|_| key == before).or_else(|| index.get(&key).copied());
        last = known.or(Some(groups.len()));
        match known {
            Some(group) => {
                if let Some(group) = groups.get_mut(group) {
                    group.push(at);
                }
            }
            None => {
                index.insert(key.clone(), groups.len());
                groups.push(vec![at]);
            }
        }
    }
    groups
}

fn write_key(key: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Number(n) => {
            key.push(1);
            key.extend((if *n == 0.0 { 0.0 } else { *n }).to_bits().to_le_bytes());
        }
        Value::Text(text) => {
            key.push(2);
            key.extend(text.as_bytes());
            key.push(0);
        }
        other => {
            key.push(2);
            key.extend(other.label().as_bytes());
            key.push(0);
        }
    }
}

/// One row per group: the group's fields and the summaries.
pub fn aggregate(table: &Table, items: &[AggregateItem], groupby: &[Arc<str>]) -> Table {
    let mut out = Table {
        names: groupby.to_vec(),
        rows: Vec::new(),
    };
    for item in items {
        out.ensure(&item.name);
    }
    let fields: Vec<Field> = groupby.iter().map(|f| Field::of(table, f)).collect();
    let columns: Vec<usize> = items.iter().filter_map(|i| out.column(&i.name)).collect();
    let mut groups = group_rows(table, groupby);
    if groups.is_empty() && groupby.is_empty() {
        groups.push(Vec::new());
    }
    out.rows.reserve(groups.len());
    for rows in groups {
        let first = rows.first().and_then(|r| table.rows.get(*r));
        let mut row = Row::new(first.map_or(0, |r| r.source));
        for (i, field) in fields.iter().enumerate() {
            row.set(i, first.map_or(Value::Missing, |r| field.get(r)));
        }
        for (item, column) in items.iter().zip(&columns) {
            row.set(*column, summarise(table, &rows, item));
        }
        out.rows.push(row);
    }
    out
}

/// One summary of some rows.
pub fn summarise(table: &Table, rows: &[usize], item: &AggregateItem) -> Value {
    let at = |i: &usize| table.rows.get(*i);
    match &item.op {
        Aggregate::ArgMin(by) | Aggregate::ArgMax(by) => {
            let by = Field::of(table, by);
            let max = matches!(item.op, Aggregate::ArgMax(_));
            let mut best: Option<(f64, &Row)> = None;
            for row in rows.iter().filter_map(at) {
                let value = by.cell(row);
                let n = value.number();
                let better = |b: f64| if max { n > b } else { n < b };
                if value.is_valid() && !n.is_nan() && best.is_none_or(|(b, _)| better(b)) {
                    best = Some((n, row));
                }
            }
            let Some((_, row)) = best else { return Value::Null };
            let cells = table
                .names
                .iter()
                .enumerate()
                .map(|(i, n)| (n.clone(), row.get(i).clone()));
            Value::Object(Arc::new(cells.collect()))
        }
        Aggregate::Op(op) => {
            let Some(field) = item.field.as_ref().filter(|_| &**op != "count") else {
                return Value::Number(rows.len() as f64);
            };
            let field = Field::of(table, field);
            let cells = rows.iter().filter_map(at).map(|r| field.cell(r));
            if LOOK_AT_VALUES.contains(&&**op) {
                return reduce(op, &cells.collect::<Vec<_>>());
            }
            reduce_numbers(op, cells.filter_map(|cell| counted(&cell)).collect())
        }
    }
}

/// Operations on more than the numbers among the values.
const LOOK_AT_VALUES: [&str; 5] = ["count", "missing", "distinct", "min", "max"];

/// Reduces values by the name of an operation; null, missing and NaN do not count.
pub fn reduce(op: &str, values: &[Cow<Value>]) -> Value {
    match op {
        "count" => return Value::Number(values.len() as f64),
        "missing" => {
            let missing = values.iter().filter(|v| v.is_nothing() || is_empty_text(v));
            return Value::Number(missing.count() as f64);
        }
        "distinct" => {
            let mut seen: Vec<Vec<u8>> = values
                .iter()
                .map(|v| {
                    let mut key = Vec::new();
                    write_key(&mut key, v);
                    key
                })
                .collect();
            shared::sort::sort(&mut seen);
            seen.dedup();
            return Value::Number(seen.len() as f64);
        }
        "min" | "max" => {
            let valid = values.iter().filter(|v| v.is_valid() && !is_empty_text(v));
            let found = if op == "min" {
                valid.min_by(|a, b| compare(a, b))
            } else {
                valid.max_by(|a, b| compare(a, b))
            };
            return found.cloned().map(Cow::into_owned).unwrap_or_default();
        }
        _ => {}
    }
    reduce_numbers(op, values.iter().filter_map(|value| counted(value)).collect())
}

/// The number that a value adds to a sum, if it adds one.
fn counted(value: &Value) -> Option<f64> {
    let counts = value.is_valid() && !is_empty_text(value);
    counts.then(|| value.number()).filter(|n| !n.is_nan())
}

fn reduce_numbers(op: &str, numbers: Vec<f64>) -> Value {
    let n = numbers.len() as f64;
    if op == "valid" {
        return Value::Number(n);
    }
    if numbers.is_empty() {
        return if op == "sum" {
            Value::Number(0.0)
        } else {
            Value::Missing
        };
    }
    let sum: f64 = numbers.iter().sum();
    Value::Number(match op {
        "sum" => sum,
        "product" => numbers.iter().product(),
        "mean" | "average" => running_mean(&numbers),
        "median" => quantile(&numbers, 0.5),
        "q1" => quantile(&numbers, 0.25),
        "q3" => quantile(&numbers, 0.75),
        _ => {
            let mean = running_mean(&numbers);
            let squares: f64 = numbers.iter().map(|x| (x - mean) * (x - mean)).sum();
            // One value has no spread.
            if n < 2.0 {
                return Value::Missing;
            }
            let sample = squares / (n - 1.0);
            match op {
                "variance" => sample,
                "variancep" => squares / n,
                "stdev" => sample.sqrt(),
                "stdevp" => (squares / n).sqrt(),
                "stderr" => (sample / n).sqrt(),
                _ => f64::NAN,
            }
        }
    })
}

fn is_empty_text(value: &Value) -> bool {
    matches!(value, Value::Text(text) if text.is_empty())
}

fn running_mean(numbers: &[f64]) -> f64 {
    let mut mean = 0.0;
    for (i, x) in numbers.iter().enumerate() {
        mean += (x - mean) / (i + 1) as f64;
    }
    mean
}

/// The quantile between neighbours, as d3.
pub fn quantile(numbers: &[f64], p: f64) -> f64 {
    let mut sorted = numbers.to_vec();
    shared::sort::sort_by(&mut sorted, f64::total_cmp);
    let at = (sorted.len() as f64 - 1.0) * p;
    let low = at.floor();
    let get = |i: f64| sorted.get(i as usize).copied();
    match (get(low), get(low + 1.0)) {
        (Some(a), Some(b)) => a + (b - a) * (at - low),
        (Some(a), None) => a,
        _ => f64::NAN,
    }
}

#[cfg(test)]
mod tests {
    use super::reduce;
    use crate::value::Value;
    use std::borrow::Cow;

    #[test]
    fn reduces() {
        let values = [3.0, 1.0, 4.0, 1.0].map(Value::Number).into_iter();
        let values: Vec<Cow<Value>> = values.chain([Value::Null]).map(Cow::Owned).collect();
        for (op, n) in [
            ("count", 5.0),
            ("valid", 4.0),
            ("sum", 9.0),
            ("mean", 2.25),
            ("median", 2.0),
            ("min", 1.0),
            ("max", 4.0),
            ("distinct", 4.0),
        ] {
            assert_eq!(reduce(op, &values), Value::Number(n), "{op}");
        }
        for op in ["mean", "min", "median", "stderr", "variance"] {
            assert_eq!(reduce(op, &[Cow::Owned(Value::Null)]), Value::Missing, "{op}");
        }
        assert_eq!(reduce("stdev", &[Cow::Owned(Value::Number(2.0))]), Value::Missing);
    }
}
