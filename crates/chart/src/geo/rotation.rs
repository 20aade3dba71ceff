//! Turning the sphere before it is projected.

use super::point::Point;
use crate::math::{self, PI, TAU};

/// Three turns in radians: along the equator, towards a pole, and round the line of sight.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rotation {
    lambda: f64,
    phi: (f64, f64),
    gamma: (f64, f64),
    tilted: bool,
}

impl Rotation {
    /// From angles in degrees.
    pub fn degrees(angles: [f64; 3]) -> Rotation {
        let [lambda, phi, gamma] = angles.map(|a| a % 360.0 * PI / 180.0);
        Rotation {
            lambda: lambda % TAU,
            phi: (math::cos(phi), math::sin(phi)),
            gamma: (math::cos(gamma), math::sin(gamma)),
            tilted: phi != 0.0 || gamma != 0.0,
        }
    }

    /// Longitude ends between -π and π.
    pub fn turn(&self, p: Point) -> Point {
        let lambda = around(p.x + self.lambda);
        if !self.tilted {
            return Point::new(lambda, p.y);
        }
        let c = math::cos(p.y);
        let (x, y, z) = (math::cos(lambda) * c, math::sin(lambda) * c, math::sin(p.y));
        let k = z * self.phi.0 + x * self.phi.1;
        Point::new(
            math::atan2(y * self.gamma.0 - k * self.gamma.1, x * self.phi.0 - z * self.phi.1),
            math::asin((k * self.gamma.0 + y * self.gamma.1).clamp(-1.0, 1.0)),
        )
    }
}

/// The same longitude between -π and π.
pub fn around(lambda: f64) -> f64 {
    if lambda.abs() > PI {
        lambda - math::round(lambda / TAU) * TAU
    } else {
        lambda
    }
}
