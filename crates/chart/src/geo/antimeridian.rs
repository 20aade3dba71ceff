//! The meridian opposite of the centre, where a flat map is torn.

use super::clip::{Boundary, Pieces, sphere_order};
use super::point::{EPSILON, Point};
use crate::math::{self, PI};
use std::cmp::Ordering;

const QUARTER: f64 = PI / 2.0;

pub struct Antimeridian;

impl Antimeridian {
    /// The south-western corner of the torn map.
    pub const START: Point = Point {
        x: -PI,
        y: -QUARTER,
        cut: false,
    };

    /// Cuts a line where it leaves one edge of the map and comes back at the other.
    pub fn split(line: &[Point]) -> Pieces {
        let mut out = Pieces {
            whole: true,
            ..Pieces::default()
        };
        let mut piece: Vec<Point> = Vec::with_capacity(line.len());
        let mut last: Option<Point> = None;
        for p in line.iter().copied() {
            if let Some(mut a) = last {
                let (from, to) = (edge(a.x), edge(p.x));
                let delta = (p.x - a.x).abs();
                if (delta - PI).abs() < EPSILON {
                    // Over a pole.
                    let pole = if (a.y + p.y) / 2.0 > 0.0 { QUARTER } else { -QUARTER };
                    piece.extend([Point::new(a.x, pole), Point::new(from, pole)]);
                    out.lines.push(std::mem::take(&mut piece));
                    piece.extend([Point::new(to, pole), Point::new(p.x, pole)]);
                    out.whole = false;
                } else if from != to && delta >= PI {
                    let mut b = p;
                    if (a.x - from).abs() < EPSILON {
                        a.x -= from.signum() * EPSILON;
                    }
                    if (b.x - to).abs() < EPSILON {
                        b.x -= to.signum() * EPSILON;
                    }
                    let phi = crossing(a, b);
                    piece.push(Point::new(from, phi));
                    out.lines.push(std::mem::take(&mut piece));
                    piece.push(Point::new(to, phi));
                    out.whole = false;
                }
            }
            piece.push(p);
            last = Some(p);
        }
        out.lines.push(piece);
        out.joined = !out.whole;
        out
    }
}

fn edge(lambda: f64) -> f64 {
    if lambda > 0.0 { PI } else { -PI }
}

/// The latitude at which the shortest way between two points meets the antimeridian.
fn crossing(a: Point, b: Point) -> f64 {
    let sin = math::sin(a.x - b.x);
    if sin.abs() <= EPSILON {
        return (a.y + b.y) / 2.0;
    }
    let (cos_a, cos_b) = (math::cos(a.y), math::cos(b.y));
    let up = math::sin(a.y) * cos_b * math::sin(b.x) - math::sin(b.y) * cos_a * math::sin(a.x);
    math::atan(up / (cos_a * cos_b * sin))
}

impl Boundary for Antimeridian {
    fn along(&self, ends: Option<(Point, Point)>, direction: f64, out: &mut Vec<Point>) {
        match ends {
            None => {
                let y = direction * QUARTER;
                let corners = [
                    (-PI, y),
                    (0.0, y),
                    (PI, y),
                    (PI, 0.0),
                    (PI, -y),
                    (0.0, -y),
                    (-PI, -y),
                    (-PI, 0.0),
                    (-PI, y),
                ];
                out.extend(corners.map(|(x, y)| Point::new(x, y)));
            }
            Some((from, to)) if (from.x - to.x).abs() > EPSILON => {
                let x = if from.x < to.x { PI } else { -PI };
                let y = direction * x / 2.0;
                out.extend([Point::new(-x, y), Point::new(0.0, y), Point::new(x, y)]);
            }
            Some((_, to)) => out.push(to),
        }
    }

    fn order(&self, a: Point, b: Point) -> Ordering {
        sphere_order(a, b)
    }
}
