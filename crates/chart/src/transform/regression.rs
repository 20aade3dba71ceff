//! Fitted curves: least squares and local regression.

use super::aggregate::group_rows;
use crate::data::{Field, Row, Table};
use crate::error::ChartError;
use crate::math;
use crate::spec::Transform;
use crate::value::Value;
use std::sync::Arc;

/// Replaces the rows by points of the fitted curve of each group.
pub fn apply(table: &mut Table, step: &Transform, extra: &[Arc<str>]) -> Result<(), ChartError> {
    let (on, field, groupby, names) = match step {
        Transform::Regression {
            on,
            field,
            groupby,
            names,
            ..
        }
        | Transform::Loess {
            on,
            field,
            groupby,
            names,
            ..
        } => (on, field, groupby, names),
        _ => return Ok(()),
    };
    let refuse = |reason: String| {
        ChartError::Unsupported(vec![crate::Problem {
            path: "$.transform".into(),
            reason,
        }])
    };
    let more = extra.iter().filter(|e| !groupby.contains(e));
    let groupby: Vec<Arc<str>> = groupby.iter().chain(more).cloned().collect();
    let (xs, ys) = (Field::of(table, on), Field::of(table, field));
    let keys: Vec<Field> = groupby.iter().map(|f| Field::of(table, f)).collect();
    let mut out = Table {
        names: groupby.clone(),
        rows: Vec::new(),
    };
    let (a, b) = (out.ensure(&names.0), out.ensure(&names.1));
    for rows in group_rows(table, &groupby) {
        let Some(first) = rows.first().and_then(|r| table.rows.get(*r)) else {
            continue;
        };
        let mut points: Vec<(f64, f64)> = rows
            .iter()
            .filter_map(|r| table.rows.get(*r))
            .map(|r| (xs.get(r), ys.get(r)))
            .filter(|(x, y)| x.is_valid() && y.is_valid())
            .map(|(x, y)| (x.number(), y.number()))
            .filter(|(x, y)| x.is_finite() && y.is_finite())
            .collect();
        shared::sort::sort_by(&mut points, |p, q| p.0.total_cmp(&q.0));
        let curve = match step {
            Transform::Regression {
                method,
                order,
                extent,
                params,
                ..
            } => {
                if *params || !matches!(&**method, "linear" | "quad" | "poly") {
                    return Err(refuse(format!("the regression `{method}` is not supported")));
                }
                let order = match &**method {
                    "linear" => 1,
                    "quad" => 2,
                    _ => order.clamp(1.0, 6.0) as usize,
                };
                polynomial(&points, order, *extent)
            }
            Transform::Loess { .. } => return Err(refuse("loess is not supported".into())),
            _ => Vec::new(),
        };
        for (x, y) in curve {
            let mut row = Row {
                cells: Vec::new(),
                source: first.source,
            };
            for (i, key) in keys.iter().enumerate() {
                row.set(i, key.get(first));
            }
            row.set(a, Value::Number(x));
            row.set(b, Value::Number(y));
            out.rows.push(row);
        }
    }
    *table = out;
    Ok(())
}

fn polynomial(points: &[(f64, f64)], order: usize, extent: Option<(f64, f64)>) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let n = points.len() as f64;
    // Centred so that high powers stay small.
    let mx = points.iter().map(|p| p.0).sum::<f64>() / n;
    let k = order + 1;
    let mut matrix = vec![vec![0.0; k + 1]; k];
    for (i, row) in matrix.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = points
                .iter()
                .map(|(x, y)| {
                    math::pow(x - mx, (if j == k { i } else { i + j }) as f64) * if j == k { *y } else { 1.0 }
                })
                .sum();
        }
    }
    let coefficients = solve(matrix);
    let predict = |x: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * (x - mx) + c);
    let (lo, hi) = extent.unwrap_or((first.0, last.0));
    if order == 1 {
        return vec![(lo, predict(lo)), (hi, predict(hi))];
    }
    (0..=50)
        .map(|i| lo + (hi - lo) * f64::from(i) / 50.0)
        .map(|x| (x, predict(x)))
        .collect()
}

/// Gaussian elimination with pivoting.
#[expect(
    clippy::needless_range_loop,
    reason = "elimination reads and writes two rows by the same column"
)]
fn solve(mut m: Vec<Vec<f64>>) -> Vec<f64> {
    let n = m.len();
    for i in 0..n {
        let pivot = (i..n)
            .max_by(|a, b| m[*a][i].abs().total_cmp(&m[*b][i].abs()))
            .unwrap_or(i);
        m.swap(i, pivot);
        for r in i + 1..n {
            let factor = m[r][i] / m[i][i];
            for c in i..=n {
                m[r][c] -= factor * m[i][c];
            }
        }
    }
    let mut out = vec![0.0; n];
    for i in (0..n).rev() {
        let known: f64 = (i + 1..n).map(|c| m[i][c] * out[c]).sum();
        out[i] = (m[i][n] - known) / m[i][i];
    }
    out
}
