//! Estimated distributions: kernel density and quantiles.

use super::aggregate::{group_rows, quantile};
use super::curve::sample;
use crate::budget;
use crate::data::{Field, Row, Table};
use crate::error::ChartError;
use crate::math;
use crate::spec::Transform;
use crate::value::Value;
use std::sync::Arc;

/// Replaces the rows by points of the estimated curve of each group.
pub fn apply(table: &mut Table, step: &Transform, extra: &[Arc<str>]) -> Result<(), ChartError> {
    let (field, groupby, names) = match step {
        Transform::Density {
            field, groupby, names, ..
        }
        | Transform::Quantile {
            field, groupby, names, ..
        } => (field, groupby, names),
        _ => return Ok(()),
    };
    let more = extra.iter().filter(|e| !groupby.contains(e));
    let groupby: Vec<Arc<str>> = groupby.iter().chain(more).cloned().collect();
    let source = Field::of(table, field);
    let keys: Vec<Field> = groupby.iter().map(|f| Field::of(table, f)).collect();
    let numbers = |rows: &[usize]| -> Vec<f64> {
        let cells = rows.iter().filter_map(|r| table.rows.get(*r)).map(|r| source.get(r));
        cells
            .filter(Value::is_valid)
            .map(|v| v.number())
            .filter(|n| n.is_finite())
            .collect()
    };
    let mut out = Table {
        names: groupby.clone(),
        rows: Vec::new(),
    };
    let (a, b) = (out.ensure(&names.0), out.ensure(&names.1));
    // As in Vega, a null counts as 0 in a density, though not in its extent.
    let plain = |rows: &[usize]| -> Vec<f64> {
        let cells = rows.iter().filter_map(|r| table.rows.get(*r));
        cells.map(|r| source.number(r)).collect()
    };
    let everything = numbers(&(0..table.rows.len()).collect::<Vec<_>>());
    for rows in group_rows(table, &groupby) {
        let values = numbers(&rows);
        let Some(first) = rows.first().and_then(|r| table.rows.get(*r)) else {
            continue;
        };
        let points = match step {
            Transform::Density {
                bandwidth,
                extent,
                counts,
                cumulative,
                steps,
                shared,
                ..
            } => {
                let support = plain(&rows);
                let range = extent.unwrap_or_else(|| bounds(if *shared { &everything } else { &values }));
                let most = steps.1.clamp(1.0, 1000.0);
                let least = if *shared { most } else { steps.0.clamp(1.0, most) };
                budget::spend(most as usize * (support.len() + budget::ROW + 4 * budget::CELL))?;
                let h = if *bandwidth > 0.0 {
                    *bandwidth
                } else {
                    bandwidth_of(&values, support.len())
                };
                let mut points = sample(range, (least, most), |x| density(&support, h, x, *cumulative));
                if *counts {
                    points.iter_mut().for_each(|p| p.1 *= support.len() as f64);
                }
                points
            }
            Transform::Quantile { probs, step, .. } => {
                let probs: Vec<f64> = if probs.is_empty() {
                    let step = step.clamp(0.0005, 1.0);
                    (0..)
                        .map(|i| step / 2.0 + f64::from(i) * step)
                        .take_while(|p| *p < 1.0 - 1e-14)
                        .collect()
                } else {
                    probs.clone()
                };
                budget::spend(probs.len() * (values.len() + budget::ROW + 4 * budget::CELL))?;
                probs.iter().map(|p| (*p, quantile(&values, *p))).collect()
            }
            _ => Vec::new(),
        };
        for (x, y) in points {
            let mut row = Row::new(first.source);
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

fn bounds(values: &[f64]) -> (f64, f64) {
    values.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(lo, hi), v| {
        (lo.min(*v), hi.max(*v))
    })
}

/// Scott's rule for `n` rows, of which some have a value.
fn bandwidth_of(values: &[f64], n: usize) -> f64 {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let deviation = (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (count - 1.0)).sqrt();
    let first = quantile(values, 0.25);
    let spread = (quantile(values, 0.75) - first) / 1.34;
    let candidates = [deviation.min(spread), deviation, first.abs(), 1.0];
    let v = candidates
        .into_iter()
        .find(|c| c.is_finite() && *c != 0.0)
        .unwrap_or(1.0);
    1.06 * v * math::pow(n as f64, -0.2)
}

fn density(support: &[f64], h: f64, x: f64, cumulative: bool) -> f64 {
    let n = support.len() as f64;
    let part = |v: &f64| {
        let z = (x - v) / h;
        if cumulative { normal_below(z) } else { kernel(z) }
    };
    let sum: f64 = support.iter().map(part).sum();
    if cumulative { sum / n } else { sum / h / n }
}

fn kernel(z: f64) -> f64 {
    math::exp(-0.5 * z * z) / math::TAU.sqrt()
}

/// The share of a normal distribution below `z`, by West's approximation.
fn normal_below(z: f64) -> f64 {
    let size = z.abs();
    if size > 37.0 {
        return if z > 0.0 { 1.0 } else { 0.0 };
    }
    let e = math::exp(-size * size / 2.0);
    let tail = if size < 7.071_067_811_865_47 {
        let up = [
            0.0352624965998911,
            0.700383064443688,
            6.37396220353165,
            33.912866078383,
            112.079291497871,
            221.213596169931,
            220.206867912376,
        ];
        let down = [
            0.0883883476483184,
            1.75566716318264,
            16.064177579207,
            86.7807322029461,
            296.564248779674,
            637.333633378831,
            793.826512519948,
            440.413735824752,
        ];
        let horner = |c: &[f64]| c.iter().fold(0.0, |sum, c| sum * size + c);
        e * horner(&up) / horner(&down)
    } else {
        e / (size + 1.0 / (size + 2.0 / (size + 3.0 / (size + 4.0 / (size + 0.65))))) / 2.506_628_274_631
    };
    if z > 0.0 { 1.0 - tail } else { tail }
}
