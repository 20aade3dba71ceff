//! The shapes of continuous scales: linear, logarithmic, powers.

use crate::math;
use crate::spec::ScaleKind;

/// A monotone transform and its inverse.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Curve {
    pub kind: ScaleKind,
    pub base: f64,
    pub exponent: f64,
    pub constant: f64,
    /// A logarithm of negative numbers, mirrored.
    pub negative: bool,
}

impl Curve {
    pub fn forward(&self, x: f64) -> f64 {
        match self.kind {
            ScaleKind::Log if self.negative => -math::ln(-x),
            ScaleKind::Log => math::ln(x),
            ScaleKind::Sqrt => x.signum() * x.abs().sqrt(),
            ScaleKind::Pow => {
                if x < 0.0 {
                    -math::pow(-x, self.exponent)
                } else {
                    math::pow(x, self.exponent)
                }
            }
            ScaleKind::Symlog => x.signum() * math::ln_1p((x / self.constant).abs()),
            _ => x,
        }
    }

    pub fn backward(&self, y: f64) -> f64 {
        match self.kind {
            ScaleKind::Log if self.negative => -math::exp(-y),
            ScaleKind::Log => math::exp(y),
            ScaleKind::Sqrt => y.signum() * y * y,
            ScaleKind::Pow => {
                if y < 0.0 {
                    -math::pow(-y, 1.0 / self.exponent)
                } else {
                    math::pow(y, 1.0 / self.exponent)
                }
            }
            ScaleKind::Symlog => y.signum() * math::exp_m1(y.abs()) * self.constant,
            _ => y,
        }
    }
}
