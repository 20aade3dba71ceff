//! Values on top of each other.

use super::aggregate::group_rows;
use crate::data::{Field, Table};
use crate::spec::{SortOrder, StackOffset};
use crate::value::{Value, compare};
use std::cmp::Ordering;
use std::sync::Arc;

pub struct StackSort {
    pub field: Arc<str>,
    pub order: SortOrder,
}

/// Compares two rows by several fields.
pub fn compare_rows(table: &Table, fields: &[(Field, SortOrder)], a: usize, b: usize) -> Ordering {
    let (Some(a), Some(b)) = (table.rows.get(a), table.rows.get(b)) else {
        return Ordering::Equal;
    };
    for (field, order) in fields {
        let found = compare(&field.cell(a), &field.cell(b));
        if found != Ordering::Equal {
            return if *order == SortOrder::Descending {
                found.reverse()
            } else {
                found
            };
        }
    }
    Ordering::Equal
}

/// Writes where each row's value starts and ends in its stack.
pub fn stack(
    table: &mut Table,
    field: &str,
    groupby: &[Arc<str>],
    sort: &[StackSort],
    offset: StackOffset,
    start: &str,
    end: &str,
) {
    let source = Field::of(table, field);
    let fields: Vec<(Field, SortOrder)> = sort.iter().map(|s| (Field::of(table, &s.field), s.order)).collect();
    let mut groups = group_rows(table, groupby);
    for rows in &mut groups {
        shared::sort::sort_by(rows, |a, b| compare_rows(table, &fields, *a, *b));
    }
    let value = |table: &Table, at: usize| {
        let n = table.rows.get(at).map_or(0.0, |row| source.number(row));
        if n.is_nan() { 0.0 } else { n }
    };
    let total = |table: &Table, rows: &[usize]| rows.iter().map(|r| value(table, *r).abs()).sum::<f64>();
    let highest = groups.iter().map(|rows| total(table, rows)).fold(0.0, f64::max);
    let (start, end) = (table.ensure(start), table.ensure(end));
    for rows in &groups {
        let sum = total(table, rows);
        let (mut up, mut down) = match offset {
            StackOffset::Center => ((highest - sum) / 2.0, 0.0),
            StackOffset::Zero | StackOffset::Normalize | StackOffset::Off => (0.0, 0.0),
        };
        let scale = if offset == StackOffset::Normalize && sum != 0.0 {
            1.0 / sum
        } else {
            1.0
        };
        let mut running = 0.0;
        for at in rows {
            let v = value(table, *at);
            let (a, b) = match offset {
                StackOffset::Center => {
                    let a = up;
                    up += v.abs();
                    (a, up)
                }
                StackOffset::Normalize => {
                    let a = running * scale;
                    running += v.abs();
                    (a, running * scale)
                }
                StackOffset::Zero | StackOffset::Off => {
                    if v < 0.0 {
                        let a = down;
                        down += v;
                        (a, down)
                    } else {
                        let a = up;
                        up += v;
                        (a, up)
                    }
                }
            };
            if let Some(row) = table.rows.get_mut(*at) {
                row.set(start, Value::Number(a));
                row.set(end, Value::Number(b));
            }
        }
    }
}
