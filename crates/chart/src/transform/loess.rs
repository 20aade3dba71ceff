//! Local regression: W. S. Cleveland, "Robust locally weighted regression and smoothing scatterplots" (1979).

use super::aggregate::quantile;
use super::fit::line_through;

/// Rounds after the first that give less weight to points far from the curve.
const ROBUST_ROUNDS: usize = 2;
const TINY: f64 = 1e-12;

/// The smoothed points, one for each x, from points sorted by x. `bandwidth` is the share of all points that each local line
/// is fitted to.
pub fn loess(points: &[(f64, f64)], bandwidth: f64) -> Vec<(f64, f64)> {
    let n = points.len();
    let near = ((bandwidth * n as f64) as usize).clamp(2, n.max(2)).min(n);
    if near == 0 {
        return Vec::new();
    }
    // Centred, so that sums of squares keep their digits.
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n as f64;
    let (mx, my) = (mean(|p| p.0), mean(|p| p.1));
    let centred: Vec<(f64, f64)> = points.iter().map(|(x, y)| (x - mx, y - my)).collect();
    let mut trust = vec![1.0; n];
    let mut fitted = local_lines(&centred, near, &trust);
    for _ in 0..ROBUST_ROUNDS {
        let off: Vec<f64> = centred.iter().zip(&fitted).map(|((_, y), f)| (y - f).abs()).collect();
        let median = quantile(&off, 0.5);
        if median.abs() < TINY {
            break;
        }
        for (weight, off) in trust.iter_mut().zip(off) {
            let far = off / (6.0 * median);
            *weight = if far >= 1.0 {
                TINY
            } else {
                (1.0 - far * far) * (1.0 - far * far)
            };
        }
        fitted = local_lines(&centred, near, &trust);
    }
    one_for_each_x(points, &fitted, my)
}

/// The height of each point's own line, through its `near` nearest neighbours.
fn local_lines(points: &[(f64, f64)], near: usize, trust: &[f64]) -> Vec<f64> {
    let at = |i: usize| points.get(i).map_or(f64::INFINITY, |p| p.0);
    let mut from = 0;
    let mut out = Vec::with_capacity(points.len());
    for (i, (x, _)) in points.iter().enumerate() {
        // The window moves on while the point behind it is nearer than its first.
        while i > from && from + near < points.len() && at(from + near) - x <= x - at(from) {
            from += 1;
        }
        let reach = (x - at(from)).max(at(from + near - 1) - x);
        let reach = if reach == 0.0 { 1.0 } else { reach };
        let [mut w, mut sx, mut sy, mut sxy, mut sxx] = [0.0; 5];
        let window = points.iter().zip(trust).skip(from).take(near);
        for ((px, py), trust) in window {
            let share = (x - px).abs() / reach;
            let cube = 1.0 - share * share * share;
            let weight = cube * cube * cube * trust;
            w += weight;
            sx += weight * px;
            sy += weight * py;
            sxy += weight * px * py;
            sxx += weight * px * px;
        }
        let (a, b) = line_through(sx / w, sy / w, sxy / w, sxx / w);
        out.push(a + b * x);
    }
    out
}

/// Points at the same place become one, at the mean of their heights.
fn one_for_each_x(points: &[(f64, f64)], fitted: &[f64], my: f64) -> Vec<(f64, f64)> {
    let mut out: Vec<(f64, f64)> = Vec::new();
    let mut count = 0.0;
    for ((x, _), height) in points.iter().zip(fitted) {
        match out.last_mut() {
            Some(last) if last.0 == *x => {
                count += 1.0;
                last.1 += (height + my - last.1) / count;
            }
            _ => {
                count = 1.0;
                out.push((*x, height + my));
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::loess;

    #[test]
    fn a_line_stays_a_line() {
        let points: Vec<(f64, f64)> = (0..20).map(|i| (f64::from(i), 2.0 * f64::from(i) + 1.0)).collect();
        for (x, y) in loess(&points, 0.3) {
            assert!((y - 2.0 * x - 1.0).abs() < 1e-9, "{x} {y}");
        }
    }

    /// Heights as vega-statistics 2 gives them.
    #[test]
    fn a_cloud_is_smoothed_as_vega_does() {
        let height = |i: i32| {
            let x = 1.0 + f64::from(i) * 0.5;
            let y = 3.0 + 0.02 * x * x * x + f64::from((i * 13) % 7) * 0.3;
            (x, (y * 100.0).round() / 100.0)
        };
        let points: Vec<(f64, f64)> = (0..24).map(height).collect();
        let smooth = loess(&points, 0.5);
        for (at, expected) in [(0, 3.7123), (5, 5.0622), (11, 9.927), (17, 21.781), (23, 41.6345)] {
            assert!((smooth[at].1 - expected).abs() < 1e-4, "{:?}", smooth[at]);
        }
    }

    #[test]
    fn few_points_and_equal_places_are_no_trouble() {
        assert!(loess(&[], 0.3).is_empty());
        assert_eq!(loess(&[(1.0, 5.0)], 0.3), [(1.0, 5.0)]);
        assert_eq!(loess(&[(1.0, 5.0), (1.0, 7.0)], 0.3), [(1.0, 6.0)]);
    }
}
