//! More points where a straight line on the sphere is bent by the projection.

use super::budget::{Budget, TooLarge};
use super::point::{EPSILON, Point};
use super::vector::{Vector, dot, vector};
use crate::math;

/// Halvings of one line.
const MAX_DEPTH: u8 = 16;

/// Two directions further apart than 30° always get a point between them.
const COS_MIN_DISTANCE: f64 = 0.866_025_403_784_438_7;

/// A point with its place on the plane.
#[derive(Clone, Copy)]
struct Sample {
    place: Point,
    lambda: f64,
    direction: Vector,
}

/// Projects a line (or a ring, then without repeating its first point).
///
/// `bend` is the square of the px a drawn line may be off; 0 adds no points.
pub fn resample(
    line: &[Point],
    ring: bool,
    bend: f64,
    project: &dyn Fn(Point) -> Point,
    budget: &mut Budget,
) -> Result<Vec<Point>, TooLarge> {
    let mut out = Vec::with_capacity(line.len());
    let sample = |p: Point| Sample {
        place: project(p),
        lambda: p.x,
        direction: vector(p),
    };
    let mut last: Option<Sample> = None;
    let mut first = None;
    for p in line {
        let next = sample(*p);
        if let (Some(a), true) = (last, bend > 0.0) {
            between(a, next, MAX_DEPTH, bend, project, budget, &mut out)?;
        }
        budget.spend(1)?;
        out.push(next.place);
        first = first.or(Some(next));
        last = Some(next);
    }
    if let (true, Some(a), Some(b), true) = (ring, last, first, bend > 0.0) {
        between(a, b, MAX_DEPTH, bend, project, budget, &mut out)?;
    }
    Ok(out)
}

fn between(
    a: Sample,
    b: Sample,
    depth: u8,
    bend: f64,
    project: &dyn Fn(Point) -> Point,
    budget: &mut Budget,
    out: &mut Vec<Point>,
) -> Result<(), TooLarge> {
    let (dx, dy) = (b.place.x - a.place.x, b.place.y - a.place.y);
    let square = dx * dx + dy * dy;
    let Some(depth) = depth.checked_sub(1).filter(|_| square > 4.0 * bend) else {
        return Ok(());
    };
    let mut middle = [0.0; 3];
    for ((m, p), q) in middle.iter_mut().zip(a.direction).zip(b.direction) {
        *m = p + q;
    }
    let length = dot(middle, middle).sqrt();
    let up = middle[2] / length;
    let lambda = if (up.abs() - 1.0).abs() < EPSILON || (a.lambda - b.lambda).abs() < EPSILON {
        (a.lambda + b.lambda) / 2.0
    } else {
        math::atan2(middle[1], middle[0])
    };
    let place = project(Point::new(lambda, math::asin(up.clamp(-1.0, 1.0))));
    let (px, py) = (place.x - a.place.x, place.y - a.place.y);
    let off = dy * px - dx * py;
    let bent = off * off / square > bend
        || ((dx * px + dy * py) / square - 0.5).abs() > 0.3
        || dot(a.direction, b.direction) < COS_MIN_DISTANCE;
    if !bent {
        return Ok(());
    }
    let m = Sample {
        place,
        lambda,
        direction: middle.map(|v| v / length),
    };
    between(a, m, depth, bend, project, budget, out)?;
    budget.spend(1)?;
    out.push(place);
    between(m, b, depth, bend, project, budget, out)
}
