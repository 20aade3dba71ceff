//! Directions from the centre of the sphere, as vectors of three numbers.

use super::point::Point;
use crate::math;

pub type Vector = [f64; 3];

/// The vector of length 1 towards a point on the sphere.
pub fn vector(p: Point) -> Vector {
    let c = math::cos(p.y);
    [c * math::cos(p.x), c * math::sin(p.x), math::sin(p.y)]
}

/// Where a vector of length 1 meets the sphere.
pub fn on_sphere(v: Vector) -> Point {
    Point::new(math::atan2(v[1], v[0]), math::asin(v[2].clamp(-1.0, 1.0)))
}

pub fn dot(a: Vector, b: Vector) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

pub fn cross(a: Vector, b: Vector) -> Vector {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// `a + b · by`.
pub fn plus(a: Vector, b: Vector, by: f64) -> Vector {
    [a[0] + b[0] * by, a[1] + b[1] * by, a[2] + b[2] * by]
}

pub fn scaled(a: Vector, by: f64) -> Vector {
    [a[0] * by, a[1] * by, a[2] * by]
}

pub fn unit(a: Vector) -> Vector {
    scaled(a, 1.0 / dot(a, a).sqrt())
}
