//! Fitted curves in place of the rows: least squares and local regression.

use super::aggregate::group_rows;
use super::curve::sample;
use super::fit::Fit;
use super::loess::loess;
use crate::budget;
use crate::data::{Field, Row, Table};
use crate::error::ChartError;
use crate::spec::{RegressionMethod, Transform};
use crate::value::Value;
use std::sync::Arc;

/// Steps of a curve that does not bend, and of one that bends everywhere.
const STEPS: (f64, f64) = (25.0, 200.0);
/// Higher powers are noise.
const HIGHEST_ORDER: f64 = 12.0;

/// Pairs of points that local regression may look at: about a second.
const MOST_PAIRS: f64 = 1e8;

/// Replaces the rows of each group by points of the fitted curve, or by one row with its parameters.
///
/// # Errors
/// `Limit` for more points than local regression is done with in bounded time.
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
    let more = extra.iter().filter(|e| !groupby.contains(e));
    let groupby: Vec<Arc<str>> = groupby.iter().chain(more).cloned().collect();
    let (xs, ys) = (Field::of(table, on), Field::of(table, field));
    let keys: Vec<Field> = groupby.iter().map(|f| Field::of(table, f)).collect();
    let mut out = Table {
        names: groupby.clone(),
        rows: Vec::new(),
    };
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
        let mut row = Row::new(first.source);
        for (i, key) in keys.iter().enumerate() {
            row.set(i, key.get(first));
        }
        let curve = match step {
            Transform::Regression {
                method,
                order,
                extent,
                params,
                ..
            } => {
                let order = order.clamp(0.0, HIGHEST_ORDER) as usize;
                budget::spend(points.len() * (1 + order) * (1 + order) + 200 * (budget::ROW + 4 * budget::CELL))?;
                let fit = Fit::new(*method, order, &points);
                if *params {
                    let coefficients = fit.coefficients.iter().copied().map(Value::Number).collect();
                    row.set(out.ensure("coef"), Value::List(Arc::new(coefficients)));
                    row.set(out.ensure("rSquared"), Value::Number(fit.r_squared));
                    out.rows.push(row);
                    continue;
                }
                curve(&fit, *method, *extent, &points)
            }
            Transform::Loess { bandwidth, .. } => {
                let count = points.len() as f64;
                if count * count * bandwidth.clamp(0.0, 1.0) > MOST_PAIRS {
                    return Err(ChartError::Limit(format!("loess through {count} points")));
                }
                // The robust rounds come after the first.
                budget::spend(3 * (count * count * bandwidth.clamp(0.0, 1.0)) as usize / 4)?;
                loess(&points, *bandwidth)
            }
            _ => Vec::new(),
        };
        let (a, b) = (out.ensure(&names.0), out.ensure(&names.1));
        for (x, y) in curve {
            let mut row = row.clone();
            row.set(a, Value::Number(x));
            row.set(b, Value::Number(y));
            out.rows.push(row);
        }
    }
    *table = out;
    Ok(())
}

/// From the first x to the last, or over `extent`.
fn curve(fit: &Fit, method: RegressionMethod, extent: Option<(f64, f64)>, points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return Vec::new();
    };
    let (low, high) = extent.unwrap_or((first.0, last.0));
    if method == RegressionMethod::Linear {
        return vec![(low, fit.predict(low)), (high, fit.predict(high))];
    }
    sample((low, high), STEPS, |x| fit.predict(x))
}
