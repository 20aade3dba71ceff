//! Whether a polygon on the sphere holds a point.

use super::point::{EPSILON, Point};
use super::rotation::around;
use super::vector::{cross, unit, vector};
use crate::math::{self, PI, TAU};

/// Rings in radians, not closed. A ring clockwise round its inside may hold more than half of the sphere.
pub fn contains(rings: &[Vec<Point>], point: Point) -> bool {
    let lambda = around(point.x);
    let sin = math::sin(point.y);
    let phi = if sin == 1.0 {
        PI / 2.0 + EPSILON
    } else if sin == -1.0 {
        -PI / 2.0 - EPSILON
    } else {
        point.y
    };
    let normal = [math::sin(lambda), -math::cos(lambda), 0.0];
    let (mut turn, mut winding) = (0.0, 0);
    let mut area = Sum::default();
    for ring in rings {
        let Some(mut a) = ring.last().copied() else { continue };
        for b in ring.iter().copied() {
            let (from, to) = (around(a.x), around(b.x));
            let (half_a, half_b) = (a.y / 2.0 + PI / 4.0, b.y / 2.0 + PI / 4.0);
            let delta = to - from;
            let sign = if delta >= 0.0 { 1.0 } else { -1.0 };
            let size = delta.abs();
            let wraps = size > PI;
            let k = math::sin(half_a) * math::sin(half_b);
            area.add(math::atan2(
                k * sign * math::sin(size),
                math::cos(half_a) * math::cos(half_b) + k * math::cos(size),
            ));
            turn += if wraps { delta + sign * TAU } else { delta };
            // Where the side passes the point's meridian, is it south of the point?
            if wraps ^ (from >= lambda) ^ (to >= lambda) {
                let arc = unit(cross(vector(a), vector(b)));
                let meeting = unit(cross(normal, arc));
                let east = wraps ^ (delta >= 0.0);
                let side = math::asin(meeting[2].clamp(-1.0, 1.0)) * if east { -1.0 } else { 1.0 };
                if phi > side || (phi == side && (arc[0] != 0.0 || arc[1] != 0.0)) {
                    winding += if east { 1 } else { -1 };
                }
            }
            a = b;
        }
    }
    let south_pole = turn < -EPSILON || (turn < EPSILON && area.total() < -EPSILON * EPSILON);
    south_pole ^ (winding % 2 != 0)
}

/// A sum that keeps what rounding would lose: areas of small rings are differences of large ones.
#[derive(Default)]
struct Sum {
    sum: f64,
    lost: f64,
}

impl Sum {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() {
            (self.sum - sum) + value
        } else {
            (value - sum) + self.sum
        };
        self.sum = sum;
    }

    fn total(&self) -> f64 {
        self.sum + self.lost
    }
}
