//! A circle round the centre of the map: what is further away is not shown.

use super::clip::{Boundary, Pieces, sphere_order};
use super::point::{EPSILON, Point};
use super::vector::{cross, dot, on_sphere, plus, unit, vector};
use crate::math::{self, PI, TAU};
use std::cmp::Ordering;

/// Radians between two points of a drawn circle.
const STEP: f64 = 2.0 * PI / 180.0;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SmallCircle {
    /// Radians from the centre.
    radius: f64,
    cos: f64,
    /// Less than half of the sphere is shown.
    small: bool,
}

impl SmallCircle {
    /// `degrees` from the centre to the circle.
    pub fn new(degrees: f64) -> SmallCircle {
        let radius = degrees * PI / 180.0;
        let cos = math::cos(radius);
        SmallCircle {
            radius,
            cos,
            small: cos > 0.0,
        }
    }

    /// A point whose place in or out of a polygon tells that of the circle's first point.
    pub fn start(&self) -> Point {
        if self.small {
            Point::new(0.0, -self.radius)
        } else {
            Point::new(-PI, self.radius - PI)
        }
    }

    pub fn shows(&self, p: Point) -> bool {
        math::cos(p.x) * math::cos(p.y) > self.cos
    }

    /// Cuts a line where it leaves and enters the circle; even when both ends are out its middle may be in.
    pub fn split(&self, line: &[Point]) -> Pieces {
        let mut out = Pieces {
            whole: true,
            ..Pieces::default()
        };
        let mut piece: Vec<Point> = Vec::new();
        let mut last: Option<(Point, bool, u8)> = None;
        let mut first_shown = false;
        for p in line.iter().copied() {
            let shown = self.shows(p);
            let side = self.side(p, shown);
            let Some((a, was_shown, was_side)) = last else {
                first_shown = shown;
                if shown {
                    piece.push(p);
                }
                last = Some((p, shown, side));
                continue;
            };
            let mut from = a;
            if shown != was_shown {
                out.whole = false;
                let met = if shown { self.meet(p, a) } else { self.meet(a, p) };
                let mut met = met.unwrap_or(a);
                if shown {
                    piece.push(met);
                } else {
                    met.cut = true;
                    piece.push(met);
                    out.lines.push(std::mem::take(&mut piece));
                }
                from = met;
            } else if self.cos.abs() > EPSILON
                && (self.small ^ shown)
                && side & was_side == 0
                && let Some((enter, leave)) = self.meet_twice(p, a)
            {
                out.whole = false;
                if self.small {
                    out.lines.push(vec![enter, leave]);
                } else {
                    piece.push(leave);
                    out.lines.push(std::mem::take(&mut piece));
                    piece.push(Point { cut: true, ..enter });
                }
            }
            if shown && !from.near(p) {
                piece.push(p);
            }
            last = Some((p, shown, side));
        }
        if last.is_some_and(|(_, shown, _)| shown) {
            out.lines.push(piece);
            out.joined = first_shown && !out.whole;
        }
        out
    }

    /// On which sides of a box round the circle a point lies; two points on the same side have no way through the circle.
    fn side(&self, p: Point, shown: bool) -> u8 {
        let (x, r) = match (self.small, shown) {
            (true, false) => (p.x, self.radius),
            (false, true) => (p.x + if p.x < 0.0 { PI } else { -PI }, PI - self.radius),
            (true, true) | (false, false) => return 0,
        };
        let along = if x < -r {
            1
        } else if x > r {
            2
        } else {
            0
        };
        let up = if p.y < -r {
            4
        } else if p.y > r {
            8
        } else {
            0
        };
        along | up
    }

    /// The middle of the two meetings of a great circle with this one, the way from it to either, and how far.
    fn meetings(&self, a: Point, b: Point) -> Option<([f64; 3], [f64; 3], f64, f64)> {
        let normal = cross(vector(a), vector(b));
        let size = dot(normal, normal);
        let along = normal[0];
        let determinant = size - along * along;
        if determinant == 0.0 {
            return None;
        }
        let middle = plus(
            [self.cos * size / determinant, 0.0, 0.0],
            normal,
            -self.cos * along / determinant,
        );
        let way = cross([1.0, 0.0, 0.0], normal);
        let (w, uu) = (dot(middle, way), dot(way, way));
        let square = w * w - uu * (dot(middle, middle) - 1.0);
        if square.is_nan() || square < 0.0 {
            return None;
        }
        let t = square.sqrt();
        Some((middle, way, (-w - t) / uu, (-w + t) / uu))
    }

    /// Where the way from a point inside to one outside leaves the circle.
    fn meet(&self, a: Point, b: Point) -> Option<Point> {
        let (middle, way, near, _) = self.meetings(a, b)?;
        Some(on_sphere(plus(middle, way, near)))
    }

    /// Where the way between two points on the same side of the circle meets it, if it does: both places.
    fn meet_twice(&self, a: Point, b: Point) -> Option<(Point, Point)> {
        let (middle, way, near, far) = self.meetings(a, b)?;
        let q = on_sphere(plus(middle, way, near));
        let (west, east) = (a.x.min(b.x), a.x.max(b.x));
        let delta = east - west;
        let polar = (delta - PI).abs() < EPSILON;
        let meridian = polar || delta < EPSILON;
        // On a way over a pole the latitudes belong to their ends.
        let (low, high) = if polar {
            (a.y, b.y)
        } else {
            (a.y.min(b.y), a.y.max(b.y))
        };
        let between = if polar {
            let end = if (q.x - west).abs() < EPSILON { low } else { high };
            (low + high > 0.0) ^ (q.y < end)
        } else if meridian {
            low <= q.y && q.y <= high
        } else {
            (delta > PI) ^ (west <= q.x && q.x <= east)
        };
        between.then(|| (q, on_sphere(plus(middle, way, far))))
    }

    /// The angle of a point on the circle, from 0 to 2π.
    fn angle(&self, p: Point) -> f64 {
        let mut v = vector(p);
        v[0] -= self.cos;
        let v = unit(v);
        let size = math::acos((-v[1]).clamp(-1.0, 1.0));
        let signed = if -v[2] < 0.0 { -size } else { size };
        (signed + TAU - EPSILON) % TAU
    }
}

impl Boundary for SmallCircle {
    fn along(&self, ends: Option<(Point, Point)>, direction: f64, out: &mut Vec<Point>) {
        let step = direction * STEP;
        let (mut from, to) = match ends {
            None => (self.radius + direction * TAU, self.radius - step / 2.0),
            Some((from, to)) => (self.angle(from), self.angle(to)),
        };
        if ends.is_some() && (if direction > 0.0 { from < to } else { from > to }) {
            from += direction * TAU;
        }
        let sin = math::sin(self.radius);
        let mut at = from;
        // Not more than once round, whatever the numbers are.
        for _ in 0..=(TAU / STEP) as usize + 1 {
            let more = if direction > 0.0 { at > to } else { at < to };
            if !more {
                break;
            }
            let v = [self.cos, -sin * math::cos(at), -sin * math::sin(at)];
            out.push(on_sphere(v));
            at -= step;
        }
    }

    fn order(&self, a: Point, b: Point) -> Ordering {
        sphere_order(a, b)
    }
}
