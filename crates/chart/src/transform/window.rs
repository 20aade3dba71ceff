//! Values that depend on neighbouring rows: ranks, running totals, lags.

use super::aggregate::{group_rows, reduce};
use super::stack::compare_rows;
use crate::budget;
use crate::data::{Field, Table};
use crate::spec::{SortField, SortOrder, WindowItem};
use crate::value::Value;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

const OPS: [&str; 11] = [
    "row_number",
    "rank",
    "dense_rank",
    "percent_rank",
    "cume_dist",
    "ntile",
    "lag",
    "lead",
    "first_value",
    "last_value",
    "nth_value",
];

pub fn is_known(op: &str) -> bool {
    OPS.contains(&op)
        || matches!(
            op,
            "count"
                | "valid"
                | "missing"
                | "distinct"
                | "sum"
                | "product"
                | "mean"
                | "average"
                | "variance"
                | "variancep"
                | "stdev"
                | "stdevp"
                | "stderr"
                | "median"
                | "q1"
                | "q3"
                | "min"
                | "max"
        )
}

/// Adds the columns of a window; the rows keep their groups and come out in the window's order.
pub fn apply(
    table: &mut Table,
    items: &[WindowItem],
    groupby: &[Arc<str>],
    sort: &[SortField],
    frame: (Option<f64>, Option<f64>),
    ignore_peers: bool,
) {
    let fields: Vec<(Field, SortOrder)> = sort.iter().map(|s| (Field::of(table, &s.field), s.order)).collect();
    let mut groups = group_rows(table, groupby);
    let columns: Vec<usize> = items.iter().map(|i| table.ensure(&i.name)).collect();
    for rows in &mut groups {
        shared::sort::sort_by(rows, |a, b| compare_rows(table, &fields, *a, *b));
        let peers = peer_groups(table, &fields, rows);
        for (item, column) in items.iter().zip(&columns) {
            let source = item.field.as_ref().map(|f| Field::of(table, f));
            let values: Vec<Cow<Value>> = match &source {
                Some(field) => rows
                    .iter()
                    .filter_map(|r| table.rows.get(*r))
                    .map(|r| field.cell(r))
                    .collect(),
                None => vec![Cow::Owned(Value::Null); rows.len()],
            };
            let results = column_of(item, &values, &peers, frame, ignore_peers || fields.is_empty());
            for (at, value) in rows.iter().zip(results) {
                if let Some(row) = table.rows.get_mut(*at) {
                    row.set(*column, value);
                }
            }
        }
    }
}

/// For each row the first and last row that sort the same.
fn peer_groups(table: &Table, fields: &[(Field, SortOrder)], rows: &[usize]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::with_capacity(rows.len());
    let mut start = 0;
    while start < rows.len() {
        let mut end = start;
        while let (Some(a), Some(b)) = (rows.get(start), rows.get(end + 1)) {
            if fields.is_empty() || compare_rows(table, fields, *a, *b) != Ordering::Equal {
                break;
            }
            end += 1;
        }
        out.extend(std::iter::repeat_n((start, end), end + 1 - start));
        start = end + 1;
    }
    out
}

fn column_of(
    item: &WindowItem,
    values: &[Cow<Value>],
    peers: &[(usize, usize)],
    frame: (Option<f64>, Option<f64>),
    ignore_peers: bool,
) -> Vec<Value> {
    let n = values.len();
    let at = |i: i64| {
        usize::try_from(i)
            .ok()
            .and_then(|i| values.get(i))
            .map_or(Value::Null, |value| Value::clone(value))
    };
    let param = item.param.unwrap_or(1.0);
    let mut dense = 0.0;
    // A running total needs no second look at the rows before.
    let running = matches!(&*item.op, "sum" | "count") && frame == (None, Some(0.0));
    let mut total = 0.0;
    let mut added = 0;
    let mut last_window: Option<((usize, usize), Value)> = None;
    (0..n)
        .map(|i| {
            let (first, last) = peers.get(i).copied().unwrap_or((i, i));
            if i == first {
                dense += 1.0;
            }
            let number = match &*item.op {
                "row_number" => (i + 1) as f64,
                "rank" => (first + 1) as f64,
                "dense_rank" => dense,
                "percent_rank" => first as f64 / (n as f64 - 1.0),
                "cume_dist" => (last + 1) as f64 / n as f64,
                "ntile" => (param * (last + 1) as f64 / n as f64).ceil(),
                "lag" => return at(i as i64 - param as i64),
                "lead" => return at(i as i64 + param as i64),
                _ => {
                    let mut lo = frame.0.map_or(0, |f| (i as f64 + f).max(0.0) as usize);
                    let mut hi = frame.1.map_or(n, |f| ((i as f64 + f + 1.0).max(0.0) as usize).min(n));
                    if !ignore_peers {
                        lo = lo.min(peers.get(lo).map_or(lo, |p| p.0));
                        hi = hi.max(hi.checked_sub(1).and_then(|h| peers.get(h)).map_or(hi, |p| p.1 + 1));
                    }
                    let window = values.get(lo..hi.max(lo)).unwrap_or(&[]);
                    // Neighbours often see the same.
                    if let Some((_, known)) = last_window.as_ref().filter(|(ends, _)| *ends == (lo, hi)) {
                        return Value::clone(known);
                    }
                    let seen = if running { 1 } else { window.len() };
                    if !budget::take(seen) {
                        return Value::Null;
                    }
                    let own = |value: Option<&Cow<Value>>| value.map_or(Value::Null, |value| Value::clone(value));
                    let found = match &*item.op {
                        "first_value" => own(window.first()),
                        "last_value" => own(window.last()),
                        "nth_value" => own(window.get((param as usize).saturating_sub(1))),
                        "count" => Value::Number(window.len() as f64),
                        "sum" if running => {
                            for value in values.get(added..hi).unwrap_or(&[]) {
                                let v = value.number();
                                total += if v.is_nan() { 0.0 } else { v };
                            }
                            added = added.max(hi);
                            Value::Number(total)
                        }
                        op => reduce(op, window),
                    };
                    last_window = Some(((lo, hi), found.clone()));
                    return found;
                }
            };
            Value::Number(number)
        })
        .collect()
}
