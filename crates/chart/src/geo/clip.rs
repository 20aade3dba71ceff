//! Cutting lines and polygons at a boundary, and closing what was cut along it.

use super::budget::{Budget, TooLarge};
use super::point::{EPSILON, Point};
use std::cmp::Ordering;

/// A closed curve that shapes are cut at.
pub trait Boundary {
    /// Appends the way along the boundary between two points of it, which it may leave out; the whole of it without points.
    /// `direction` is 1 with its order and -1 against it.
    fn along(&self, ends: Option<(Point, Point)>, direction: f64, out: &mut Vec<Point>);

    /// The order of points on it.
    fn order(&self, a: Point, b: Point) -> Ordering;
}

/// What is left of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pieces {
    pub lines: Vec<Vec<Point>>,
    /// It met the boundary nowhere.
    pub whole: bool,
    /// Of a ring: its first and last pieces are one.
    pub joined: bool,
}

impl Pieces {
    /// Puts the first and last pieces of a ring together.
    pub fn join(&mut self) {
        if self.lines.len() > 1
            && let Some(mut last) = self.lines.pop()
        {
            let first = self.lines.remove(0);
            last.extend(first);
            self.lines.push(last);
        }
    }
}

/// Where a piece meets the boundary: as a point of the piece and as a point of the boundary, each in a circle of its own.
struct Crossing {
    point: Point,
    /// The piece that begins or ends here.
    piece: Option<usize>,
    /// The same point in the other circle.
    twin: usize,
    entry: bool,
    done: bool,
    next: usize,
    before: usize,
}

/// Closes pieces of rings along a boundary. `inside` says whether the boundary's first point is in the polygon.
pub fn rejoin(
    pieces: Vec<Vec<Point>>,
    boundary: &dyn Boundary,
    inside: bool,
    budget: &mut Budget,
) -> Result<Vec<Vec<Point>>, TooLarge> {
    let mut rings = Vec::new();
    let mut crossings: Vec<Crossing> = Vec::new();
    let mut kept: Vec<Vec<Point>> = Vec::new();
    for mut piece in pieces {
        let (Some(first), Some(mut last)) = (piece.first().copied(), piece.last().copied()) else {
            continue;
        };
        if piece.len() < 2 {
            continue;
        }
        if first.near(last) {
            if !first.cut && !last.cut {
                piece.pop();
                budget.spend(piece.len())?;
                rings.push(piece);
                continue;
            }
            // Ends that touch without being one: they are told apart by a hair.
            last.x += 2.0 * EPSILON;
            if let Some(end) = piece.last_mut() {
                *end = last;
            }
        }
        let at = kept.len();
        kept.push(piece);
        for (point, entry) in [(first, true), (last, false)] {
            let id = crossings.len();
            crossings.push(crossing(point, Some(at), id + 1, entry));
            crossings.push(crossing(point, None, id, !entry));
        }
    }
    if crossings.is_empty() {
        return Ok(rings);
    }
    let on_pieces: Vec<usize> = (0..crossings.len()).step_by(2).collect();
    let mut on_boundary: Vec<(Point, usize)> = crossings
        .iter()
        .enumerate()
        .skip(1)
        .step_by(2)
        .map(|(id, c)| (c.point, id))
        .collect();
    shared::sort::sort_by(&mut on_boundary, |a, b| boundary.order(a.0, b.0));
    let on_boundary: Vec<usize> = on_boundary.into_iter().map(|(_, id)| id).collect();
    link(&mut crossings, &on_pieces);
    link(&mut crossings, &on_boundary);
    let mut entry = inside;
    for id in on_boundary {
        entry = !entry;
        if let Some(c) = crossings.get_mut(id) {
            c.entry = entry;
        }
    }
    for start in on_pieces {
        if crossings.get(start).is_some_and(|c| !c.done) {
            rings.push(walk(start, &mut crossings, &kept, boundary, budget)?);
        }
    }
    Ok(rings)
}

fn crossing(point: Point, piece: Option<usize>, twin: usize, entry: bool) -> Crossing {
    Crossing {
        point,
        piece,
        twin,
        entry,
        done: false,
        next: 0,
        before: 0,
    }
}

/// Makes a circle of crossings in the given order.
fn link(crossings: &mut [Crossing], order: &[usize]) {
    for (a, b) in order.iter().zip(order.iter().cycle().skip(1)) {
        if let Some(c) = crossings.get_mut(*a) {
            c.next = *b;
        }
        if let Some(c) = crossings.get_mut(*b) {
            c.before = *a;
        }
    }
}

/// One ring, turn by turn along pieces and along the boundary.
fn walk(
    start: usize,
    crossings: &mut [Crossing],
    pieces: &[Vec<Point>],
    boundary: &dyn Boundary,
    budget: &mut Budget,
) -> Result<Vec<Point>, TooLarge> {
    let mut ring: Vec<Point> = Vec::new();
    let (mut at, mut on_piece) = (start, true);
    while let Some(here) = crossings.get_mut(at) {
        if here.done {
            break;
        }
        here.done = true;
        let (point, entry, twin) = (here.point, here.entry, here.twin);
        let to = if entry { here.next } else { here.before };
        let piece = here.piece;
        if let Some(c) = crossings.get_mut(twin) {
            c.done = true;
        }
        let Some(goal) = crossings.get(to) else { break };
        let before = ring.len();
        if !on_piece {
            boundary.along(Some((point, goal.point)), if entry { 1.0 } else { -1.0 }, &mut ring);
        } else if entry {
            ring.extend(piece.and_then(|p| pieces.get(p)).into_iter().flatten());
        } else {
            ring.extend(goal.piece.and_then(|p| pieces.get(p)).into_iter().flatten().rev());
        }
        budget.spend(ring.len() - before)?;
        at = goal.twin;
        on_piece = !on_piece;
    }
    Ok(ring)
}

/// Cuts the rings of a polygon on the sphere. `start` is whether the boundary's first point is in the polygon, asked when needed.
pub fn cut_polygon(
    rings: &[Vec<Point>],
    split: impl Fn(&[Point]) -> Pieces,
    boundary: &dyn Boundary,
    start: impl Fn() -> bool,
    budget: &mut Budget,
) -> Result<Vec<Vec<Point>>, TooLarge> {
    let mut out = Vec::new();
    let mut pieces = Vec::new();
    for ring in rings {
        let Some(first) = ring.first() else { continue };
        let mut closed = ring.clone();
        closed.push(*first);
        let mut found = split(&closed);
        if found.whole {
            for mut piece in found.lines {
                if piece.len() > 1 {
                    piece.pop();
                    budget.spend(piece.len())?;
                    out.push(piece);
                }
            }
            continue;
        }
        if found.joined {
            found.join();
        }
        pieces.extend(found.lines.into_iter().filter(|p| p.len() > 1));
    }
    if !pieces.is_empty() {
        out.extend(rejoin(pieces, boundary, start(), budget)?);
    } else if start() {
        let mut whole = Vec::new();
        boundary.along(None, 1.0, &mut whole);
        budget.spend(whole.len())?;
        out.push(whole);
    }
    Ok(out)
}

/// The order of points on a boundary round the sphere: up its western half and down its eastern one.
pub fn sphere_order(a: Point, b: Point) -> Ordering {
    let key = |p: Point| {
        if p.x < 0.0 {
            p.y - std::f64::consts::FRAC_PI_2 - EPSILON
        } else {
            std::f64::consts::FRAC_PI_2 - p.y
        }
    };
    key(a).total_cmp(&key(b))
}
