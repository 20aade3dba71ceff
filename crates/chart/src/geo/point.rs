//! A point: longitude and latitude in radians on the sphere, px on the plane.

/// Two angles or pixels this near are the same.
pub const EPSILON: f64 = 1e-6;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    /// Made where a line was cut, beside another such point: two ends that meet here are no closed ring.
    pub cut: bool,
}

impl Point {
    pub fn new(x: f64, y: f64) -> Point {
        Point { x, y, cut: false }
    }

    pub fn near(self, other: Point) -> bool {
        (self.x - other.x).abs() < EPSILON && (self.y - other.y).abs() < EPSILON
    }
}
