//! Numbers into ranges of equal width.

use crate::data::{Field, Table};
use crate::math;
use crate::spec::BinParams;
use crate::value::Value;

/// Ranges from `start` to `stop`, each `step` wide.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BinSteps {
    pub start: f64,
    pub stop: f64,
    pub step: f64,
}

/// The extent the ranges cover: as given, or of the field.
pub fn extent_of(table: &Table, field: &str, params: &BinParams) -> (f64, f64) {
    if let Some(&[lo, hi, ..]) = params.extent.as_deref() {
        return (lo, hi);
    }
    let field = Field::of(table, field);
    let (mut lo, mut hi) = (f64::INFINITY, f64::NEG_INFINITY);
    for row in &table.rows {
        let value = field.cell(row);
        if value.is_valid() && !matches!(&*value, Value::Text(t) if t.is_empty()) {
            let n = value.number();
            if n.is_finite() {
                lo = lo.min(n);
                hi = hi.max(n);
            }
        }
    }
    if lo > hi { (0.0, 0.0) } else { (lo, hi) }
}

/// Chooses round ranges.
pub fn bin_steps(params: &BinParams, (mut min, mut max): (f64, f64)) -> BinSteps {
    let maxbins = params.maxbins.unwrap_or(20.0).max(1.0);
    let base = params.base.unwrap_or(10.0);
    let log_base = math::ln(base);
    let span = if max - min != 0.0 {
        max - min
    } else if min != 0.0 {
        min.abs()
    } else {
        1.0
    };
    let step = if let Some(step) = params.step {
        step
    } else if let Some(steps) = &params.steps {
        let wanted = span / maxbins;
        let at = steps.iter().take_while(|s| **s < wanted).count();
        steps.get(at.saturating_sub(1)).copied().unwrap_or(wanted)
    } else {
        let level = (math::ln(maxbins) / log_base).ceil();
        let least = params.minstep.unwrap_or(0.0);
        let mut step = least.max(math::pow(base, math::round(math::ln(span) / log_base) - level));
        while (span / step).ceil() > maxbins {
            step *= base;
        }
        for divide in params.divide.as_deref().unwrap_or(&[5.0, 2.0]) {
            let finer = step / divide;
            if finer >= least && span / finer <= maxbins {
                step = finer;
            }
        }
        step
    };
    let log_step = math::ln(step);
    let precision = if log_step >= 0.0 {
        0.0
    } else {
        (-log_step / log_base).trunc() + 1.0
    };
    let eps = math::pow(base, -precision - 1.0);
    if params.nice.unwrap_or(true) {
        let v = (min / step + eps).floor() * step;
        min = if min < v { v - step } else { v };
        max = (max / step).ceil() * step;
    }
    if let Some(anchor) = params.anchor {
        let shift = anchor - (min + step * ((anchor - min) / step).floor());
        min += shift;
        max += shift;
    }
    let stop = if max == min { min + step } else { max };
    // Whole steps, rounding included: Vega's own last range may lie beyond the largest value.
    let whole = ((stop - min) / step).ceil();
    BinSteps {
        start: min,
        stop: if whole.is_finite() { min + whole * step } else { stop },
        step,
    }
}

/// Writes the start and the end of each row's range.
pub fn apply(table: &mut Table, field: &str, steps: &BinSteps, start: &str, end: &str) {
    let source = Field::of(table, field);
    const EPSILON: f64 = 1e-14;
    table.fill(start, |row| {
        let value = source.cell(row);
        if value.is_nothing() || matches!(&*value, Value::Text(t) if t.is_empty()) {
            return Value::Null;
        }
        let n = value.number();
        if n.is_nan() {
            return Value::Null;
        }
        if n < steps.start {
            return Value::Number(f64::NEG_INFINITY);
        }
        if n > steps.stop {
            return Value::Number(f64::INFINITY);
        }
        let n = n.max(steps.start).min(steps.stop - steps.step);
        Value::Number(steps.start + steps.step * (EPSILON + (n - steps.start) / steps.step).floor())
    });
    let source = Field::of(table, start);
    table.fill(end, |row| match source.get(row) {
        Value::Number(n) => Value::Number(n + steps.step),
        other => other,
    });
}

#[cfg(test)]
mod tests {
    use super::{BinSteps, bin_steps};
    use crate::spec::BinParams;

    #[test]
    fn chooses_round_steps() {
        let params = BinParams {
            maxbins: Some(10.0),
            ..BinParams::default()
        };
        assert_eq!(
            bin_steps(&params, (1.6, 9.2)),
            BinSteps {
                start: 1.0,
                stop: 10.0,
                step: 1.0
            }
        );
        assert_eq!(
            bin_steps(&params, (0.0, 97.0)),
            BinSteps {
                start: 0.0,
                stop: 100.0,
                step: 10.0
            }
        );
    }
}
