//! Curves of least squares.

use crate::math;
use crate::spec::RegressionMethod;

/// A fitted curve.
pub struct Fit {
    /// Of the formula of the method, the constant first.
    pub coefficients: Vec<f64>,
    /// The share of the variance that the curve explains.
    pub r_squared: f64,
    curve: Curve,
}

enum Curve {
    Logarithm(f64, f64),
    /// `exp(a + b (x - mean))`
    Exponential(f64, f64, f64),
    Power(f64, f64),
    /// Coefficients in powers of `x - mean`, to which the mean of y is added.
    Polynomial(Vec<f64>, f64, f64),
}

impl Fit {
    /// Fits the points, whose coordinates are all finite; `order` counts for polynomials only.
    pub fn new(method: RegressionMethod, order: usize, points: &[(f64, f64)]) -> Fit {
        let mean =
            |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|(x, y)| of(*x, *y)).sum::<f64>() / points.len() as f64;
        let (mx, my) = (mean(&|x, _| x), mean(&|_, y| y));
        let (curve, coefficients) = match method {
            RegressionMethod::Linear => polynomial(points, 1, mx, my),
            RegressionMethod::Quadratic => polynomial(points, 2, mx, my),
            RegressionMethod::Polynomial => polynomial(points, order, mx, my),
            RegressionMethod::Logarithmic => {
                let line = line_through(
                    mean(&|x, _| math::ln(x)),
                    my,
                    mean(&|x, y| math::ln(x) * y),
                    mean(&|x, _| math::ln(x) * math::ln(x)),
                );
                (Curve::Logarithm(line.0, line.1), vec![line.0, line.1])
            }
            RegressionMethod::Exponential => {
                // Weighted by y, so that small values do not rule the fit.
                let (a, b) = line_through(
                    mean(&|x, y| (x - mx) * y) / my,
                    mean(&|_, y| y * math::ln(y)) / my,
                    mean(&|x, y| (x - mx) * y * math::ln(y)) / my,
                    mean(&|x, y| (x - mx) * (x - mx) * y) / my,
                );
                (Curve::Exponential(a, b, mx), vec![math::exp(a - b * mx), b])
            }
            RegressionMethod::Power => {
                let line = line_through(
                    mean(&|x, _| math::ln(x)),
                    mean(&|_, y| math::ln(y)),
                    mean(&|x, y| math::ln(x) * math::ln(y)),
                    mean(&|x, _| math::ln(x) * math::ln(x)),
                );
                let factor = math::exp(line.0);
                (Curve::Power(factor, line.1), vec![factor, line.1])
            }
        };
        let mut fit = Fit {
            coefficients,
            r_squared: 0.0,
            curve,
        };
        let squares = |of: &dyn Fn(f64, f64) -> f64| points.iter().map(|(x, y)| of(*x, *y) * of(*x, *y)).sum::<f64>();
        fit.r_squared = 1.0 - squares(&|x, y| y - fit.predict(x)) / squares(&|_, y| y - my);
        fit
    }

    pub fn predict(&self, x: f64) -> f64 {
        match &self.curve {
            Curve::Logarithm(a, b) => a + b * math::ln(x),
            Curve::Exponential(a, b, mean) => math::exp(a + b * (x - mean)),
            Curve::Power(a, b) => a * math::pow(x, *b),
            Curve::Polynomial(powers, mx, my) => my + powers.iter().rev().fold(0.0, |sum, c| sum * (x - mx) + c),
        }
    }
}

/// Intercept and slope from the means of x, y, xy and x².
pub fn line_through(x: f64, y: f64, xy: f64, xx: f64) -> (f64, f64) {
    let delta = xx - x * x;
    let slope = if delta.abs() < 1e-24 { 0.0 } else { (xy - x * y) / delta };
    (y - slope * x, slope)
}

fn polynomial(points: &[(f64, f64)], order: usize, mx: f64, my: f64) -> (Curve, Vec<f64>) {
    let k = order + 1;
    let mut matrix = vec![vec![0.0; k + 1]; k];
    for (i, row) in matrix.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            let term = |(x, y): &(f64, f64)| {
                if j == k {
                    math::pow(x - mx, i as f64) * (y - my)
                } else {
                    math::pow(x - mx, (i + j) as f64)
                }
            };
            *cell = points.iter().map(term).sum();
        }
    }
    let powers = solve(matrix);
    let coefficients = in_powers_of_x(&powers, mx, my);
    (Curve::Polynomial(powers, mx, my), coefficients)
}

/// Multiplies the powers of `x - mean` out.
fn in_powers_of_x(powers: &[f64], mx: f64, my: f64) -> Vec<f64> {
    let mut out = vec![0.0; powers.len()];
    for (i, c) in powers.iter().enumerate() {
        // Binomial coefficients of (x - mean)^i, the highest power of x first.
        let mut term = *c;
        for j in (0..=i).rev() {
            if let Some(slot) = out.get_mut(j) {
                *slot += term;
            }
            term *= -mx * j as f64 / (i - j + 1) as f64;
        }
    }
    if let Some(constant) = out.first_mut() {
        *constant += my;
    }
    out
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Coefficients and the explained share, with three digits behind the point.
    fn fitted(method: RegressionMethod, order: usize, points: &[(f64, f64)]) -> (Vec<f64>, f64) {
        let fit = Fit::new(method, order, points);
        let rounded = |n: f64| (n * 1000.0).round() / 1000.0;
        (
            fit.coefficients.iter().copied().map(rounded).collect(),
            rounded(fit.r_squared),
        )
    }

    fn curve(of: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
        (1..=8).map(|i| (f64::from(i), of(f64::from(i)))).collect()
    }

    #[test]
    fn points_on_a_curve_of_the_kind_are_met() {
        use RegressionMethod::{Exponential, Linear, Logarithmic, Polynomial, Power, Quadratic};
        assert_eq!(fitted(Linear, 0, &curve(|x| 3.0 - 2.0 * x)), (vec![3.0, -2.0], 1.0));
        assert_eq!(
            fitted(Quadratic, 0, &curve(|x| 1.0 + x * x)),
            (vec![1.0, 0.0, 1.0], 1.0)
        );
        let cubic = curve(|x| 4.0 - x + 0.5 * x * x * x);
        assert_eq!(fitted(Polynomial, 3, &cubic), (vec![4.0, -1.0, 0.0, 0.5], 1.0));
        assert_eq!(
            fitted(Logarithmic, 0, &curve(|x| 2.0 + 3.0 * x.ln())),
            (vec![2.0, 3.0], 1.0)
        );
        assert_eq!(
            fitted(Exponential, 0, &curve(|x| 2.0 * (0.25 * x).exp())),
            (vec![2.0, 0.25], 1.0)
        );
        assert_eq!(fitted(Power, 0, &curve(|x| 5.0 * x.powf(1.5))), (vec![5.0, 1.5], 1.0));
    }

    #[test]
    fn a_line_leaves_what_it_cannot_explain() {
        let points = [(0.0, 0.0), (1.0, 2.0), (2.0, 1.0), (3.0, 3.0)];
        assert_eq!(fitted(RegressionMethod::Linear, 0, &points), (vec![0.3, 0.8], 0.64));
    }

    #[test]
    fn one_point_is_a_level_line() {
        assert_eq!(line_through(2.0, 5.0, 10.0, 4.0), (5.0, 0.0));
    }
}
