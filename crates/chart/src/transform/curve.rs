//! Points that stand for a function.

use crate::math;

/// Points of a curve: evenly spaced, or more of them where it bends when there may be between `least` and `most` steps.
pub fn sample((lo, hi): (f64, f64), (least, most): (f64, f64), f: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    if hi.is_nan() || hi <= lo {
        return Vec::new();
    }
    let span = hi - lo;
    let point = |x: f64| (x, f(x));
    let even = |i: usize| point(lo + span * i as f64 / least);
    let grid: Vec<(f64, f64)> = (1..least as usize).map(even).chain([point(hi)]).collect();
    let mut out = vec![point(lo)];
    if least == most {
        out.extend(grid);
        return out;
    }
    let mut waiting: Vec<(f64, f64)> = grid.into_iter().rev().collect();
    let heights = out.iter().chain(&waiting).map(|p| p.1);
    let (low, high) = heights.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), y| (a.min(y), b.max(y)));
    let (sx, sy) = (1.0 / span, 1.0 / (high - low));
    let angle = |p: (f64, f64), q: (f64, f64)| math::atan2(sy * (q.1 - p.1), sx * (q.0 - p.0));
    let half_degree = math::PI / 360.0;
    let mut before = (lo, f(lo));
    while let Some(next) = waiting.last().copied() {
        let middle = point((before.0 + next.0) / 2.0);
        let bends = (angle(before, next) - angle(before, middle)).abs() > half_degree;
        if middle.0 - before.0 >= span / most && bends {
            waiting.push(middle);
        } else {
            before = next;
            out.push(next);
            waiting.pop();
        }
    }
    out
}
