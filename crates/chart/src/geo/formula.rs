//! The formulas of the projections: radians on the sphere to a plane where the sphere has the radius 1 and y goes up.

use super::kind::ProjectionKind;
use super::point::EPSILON;
use crate::math::{self, PI};

const QUARTER: f64 = PI / 2.0;

/// A projection with what follows from its parallels worked out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Formula {
    AzimuthalEqualArea,
    AzimuthalEquidistant,
    /// `n` is how much of a full turn the cone spans, `f` its size.
    ConicConformal {
        n: f64,
        f: f64,
    },
    ConicEqualArea {
        n: f64,
        c: f64,
        r0: f64,
    },
    ConicEquidistant {
        n: f64,
        g: f64,
    },
    /// A cone of equal areas whose parallels are mirror images is a cylinder.
    Cylinder {
        cos: f64,
    },
    EqualEarth,
    Equirectangular,
    Gnomonic,
    Identity,
    Mercator,
    NaturalEarth1,
    Orthographic,
    Stereographic,
    TransverseMercator,
}

impl Formula {
    /// `parallels` in degrees; only cones have a use for them.
    pub fn of(kind: ProjectionKind, parallels: (f64, f64)) -> Formula {
        use ProjectionKind as K;
        let (south, north) = (parallels.0 * PI / 180.0, parallels.1 * PI / 180.0);
        match kind {
            K::Albers | K::AlbersUsa | K::ConicEqualArea => conic_equal_area(south, north),
            K::ConicConformal => conic_conformal(south, north),
            K::ConicEquidistant => conic_equidistant(south, north),
            K::AzimuthalEqualArea => Formula::AzimuthalEqualArea,
            K::AzimuthalEquidistant => Formula::AzimuthalEquidistant,
            K::EqualEarth => Formula::EqualEarth,
            K::Equirectangular => Formula::Equirectangular,
            K::Gnomonic => Formula::Gnomonic,
            K::Identity => Formula::Identity,
            K::Mercator => Formula::Mercator,
            K::NaturalEarth1 => Formula::NaturalEarth1,
            K::Orthographic => Formula::Orthographic,
            K::Stereographic => Formula::Stereographic,
            K::TransverseMercator => Formula::TransverseMercator,
        }
    }

    /// Not finite where the projection has no place for the point.
    pub fn project(self, x: f64, y: f64) -> (f64, f64) {
        match self {
            Formula::AzimuthalEqualArea => azimuthal(x, y, |c| (2.0 / (1.0 + c)).sqrt()),
            Formula::AzimuthalEquidistant => azimuthal(x, y, |c| {
                let angle = math::acos(c.clamp(-1.0, 1.0));
                if angle == 0.0 { 0.0 } else { angle / math::sin(angle) }
            }),
            Formula::ConicConformal { n, f } => {
                let y = if f > 0.0 {
                    y.max(-QUARTER + EPSILON)
                } else {
                    y.min(QUARTER - EPSILON)
                };
                let r = f / math::pow(stretch(y), n);
                (r * math::sin(n * x), f - r * math::cos(n * x))
            }
            Formula::ConicEqualArea { n, c, r0 } => {
                let r = (c - 2.0 * n * math::sin(y)).sqrt() / n;
                (r * math::sin(n * x), r0 - r * math::cos(n * x))
            }
            Formula::ConicEquidistant { n, g } => {
                let r = g - y;
                (r * math::sin(n * x), g - r * math::cos(n * x))
            }
            Formula::Cylinder { cos } => (x * cos, math::sin(y) / cos),
            Formula::EqualEarth => equal_earth(x, y),
            Formula::Equirectangular => (x, y),
            Formula::Gnomonic => {
                let c = math::cos(y);
                let k = math::cos(x) * c;
                (c * math::sin(x) / k, math::sin(y) / k)
            }
            // Plane coordinates go down already.
            Formula::Identity => (x, -y),
            Formula::Mercator => (x, math::ln(stretch(y))),
            Formula::NaturalEarth1 => natural_earth(x, y),
            Formula::Orthographic => (math::cos(y) * math::sin(x), math::sin(y)),
            Formula::Stereographic => {
                let c = math::cos(y);
                let k = 1.0 + math::cos(x) * c;
                (c * math::sin(x) / k, math::sin(y) / k)
            }
            Formula::TransverseMercator => (math::ln(stretch(y)), -x),
        }
    }
}

/// How far Mercator's parallels are drawn apart, before the logarithm.
fn stretch(y: f64) -> f64 {
    math::tan((QUARTER + y) / 2.0)
}

fn conic_equal_area(south: f64, north: f64) -> Formula {
    let sin = math::sin(south);
    let n = (sin + math::sin(north)) / 2.0;
    if n.abs() < EPSILON {
        return Formula::Cylinder { cos: math::cos(south) };
    }
    let c = 1.0 + sin * (2.0 * n - sin);
    Formula::ConicEqualArea { n, c, r0: c.sqrt() / n }
}

fn conic_conformal(south: f64, north: f64) -> Formula {
    let cos = math::cos(south);
    let n = if south == north {
        math::sin(south)
    } else {
        math::ln(cos / math::cos(north)) / math::ln(stretch(north) / stretch(south))
    };
    if n == 0.0 || n.is_nan() {
        return Formula::Mercator;
    }
    Formula::ConicConformal {
        n,
        f: cos * math::pow(stretch(south), n) / n,
    }
}

fn conic_equidistant(south: f64, north: f64) -> Formula {
    let cos = math::cos(south);
    let n = if south == north {
        math::sin(south)
    } else {
        (cos - math::cos(north)) / (north - south)
    };
    if n.abs() < EPSILON {
        return Formula::Equirectangular;
    }
    Formula::ConicEquidistant { n, g: cos / n + south }
}

fn azimuthal(x: f64, y: f64, scale: impl Fn(f64) -> f64) -> (f64, f64) {
    let (cx, cy) = (math::cos(x), math::cos(y));
    let k = scale(cx * cy);
    if k.is_infinite() {
        return (2.0, 0.0);
    }
    (k * cy * math::sin(x), k * math::sin(y))
}

fn equal_earth(x: f64, y: f64) -> (f64, f64) {
    const A: [f64; 4] = [1.340264, -0.081106, 0.000893, 0.003796];
    let m = 3f64.sqrt() / 2.0;
    let l = math::asin((m * math::sin(y)).clamp(-1.0, 1.0));
    let l2 = l * l;
    let l6 = l2 * l2 * l2;
    let slope = A[0] + 3.0 * A[1] * l2 + l6 * (7.0 * A[2] + 9.0 * A[3] * l2);
    (
        x * math::cos(l) / (m * slope),
        l * (A[0] + A[1] * l2 + l6 * (A[2] + A[3] * l2)),
    )
}

fn natural_earth(x: f64, y: f64) -> (f64, f64) {
    let y2 = y * y;
    let y4 = y2 * y2;
    (
        x * (0.8707 - 0.131979 * y2 + y4 * (-0.013791 + y4 * (0.003971 * y2 - 0.001529 * y4))),
        y * (1.007226 + y2 * (0.015085 + y4 * (-0.044475 + 0.028874 * y2 - 0.005916 * y4))),
    )
}
