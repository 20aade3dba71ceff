//! Round numbers between two bounds, as d3.

use crate::math;

/// The signed power-of-ten step for about `count` ticks; negative means its inverse.
fn increment(start: f64, stop: f64, count: f64) -> (f64, f64, f64) {
    let step = (stop - start) / count.max(0.0);
    let power = math::log10(step).floor();
    let error = step / math::pow(10.0, power);
    let factor = if error >= 50f64.sqrt() {
        10.0
    } else if error >= 10f64.sqrt() {
        5.0
    } else if error >= 2f64.sqrt() {
        2.0
    } else {
        1.0
    };
    if power < 0.0 {
        let mut inc = math::pow10(-power as i32) / factor;
        let mut i1 = math::round(start * inc);
        let mut i2 = math::round(stop * inc);
        if i1 / inc < start {
            i1 += 1.0;
        }
        if i2 / inc > stop {
            i2 -= 1.0;
        }
        inc = -inc;
        if i2 < i1 && (0.5..2.0).contains(&count) {
            return increment(start, stop, count * 2.0);
        }
        return (i1, i2, inc);
    }
    let inc = math::pow10(power as i32) * factor;
    let mut i1 = math::round(start / inc);
    let mut i2 = math::round(stop / inc);
    if i1 * inc < start {
        i1 += 1.0;
    }
    if i2 * inc > stop {
        i2 -= 1.0;
    }
    if i2 < i1 && (0.5..2.0).contains(&count) {
        return increment(start, stop, count * 2.0);
    }
    (i1, i2, inc)
}

/// About `count` round numbers from `start` to `stop`.
pub fn ticks(start: f64, stop: f64, count: f64) -> Vec<f64> {
    if count.is_nan() || count <= 0.0 || !start.is_finite() || !stop.is_finite() {
        return Vec::new();
    }
    if start == stop {
        return vec![start];
    }
    let reverse = stop < start;
    let (lo, hi) = if reverse { (stop, start) } else { (start, stop) };
    let (i1, i2, inc) = increment(lo, hi, count);
    if i2.is_nan() || i2 < i1 || i2 - i1 > 10_000.0 {
        return Vec::new();
    }
    let n = (i2 - i1) as usize + 1;
    let at = |i: usize| {
        if inc < 0.0 {
            (i1 + i as f64) / -inc
        } else {
            (i1 + i as f64) * inc
        }
    };
    if reverse {
        (0..n).rev().map(at).collect()
    } else {
        (0..n).map(at).collect()
    }
}

/// The step between them: positive whole or inverse as in d3's `tickIncrement`.
pub fn tick_increment(start: f64, stop: f64, count: f64) -> f64 {
    increment(start, stop, count).2
}

/// The step between ticks.
pub fn tick_step(start: f64, stop: f64, count: f64) -> f64 {
    if start == stop {
        return 0.0;
    }
    let (lo, hi) = if stop < start { (stop, start) } else { (start, stop) };
    let inc = tick_increment(lo, hi, count);
    let step = if inc < 0.0 { 1.0 / -inc } else { inc };
    if stop < start { -step } else { step }
}

/// Widens a domain to round numbers.
pub fn nice(mut start: f64, mut stop: f64, count: f64) -> (f64, f64) {
    if !start.is_finite() || !stop.is_finite() {
        return (start, stop);
    }
    let reverse = stop < start;
    if reverse {
        (start, stop) = (stop, start);
    }
    let mut previous = f64::NAN;
    for _ in 0..10 {
        let step = tick_increment(start, stop, count);
        if step == previous {
            break;
        } else if step > 0.0 {
            start = (start / step).floor() * step;
            stop = (stop / step).ceil() * step;
        } else if step < 0.0 {
            start = (start * step).ceil() / step;
            stop = (stop * step).floor() / step;
        } else {
            break;
        }
        previous = step;
    }
    if reverse { (stop, start) } else { (start, stop) }
}

#[cfg(test)]
mod tests {
    use super::{nice, tick_step, ticks};

    #[test]
    fn matches_d3() {
        assert_eq!(ticks(0.0, 1.0, 5.0), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(
            ticks(0.0, 91.0, 8.0),
            [0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0]
        );
        assert_eq!(ticks(10.0, 0.0, 2.0), [10.0, 5.0, 0.0]);
        assert_eq!(tick_step(0.0, 100.0, 8.0), 10.0);
        assert_eq!(nice(0.13, 0.87, 10.0), (0.1, 0.9));
        assert_eq!(nice(-3.0, 97.0, 10.0), (-10.0, 100.0));
    }
}
