//! Cutting at a rectangle on the plane.

use super::budget::{Budget, TooLarge};
use super::clip::{Boundary, Pieces, rejoin};
use super::point::{EPSILON, Point};
use std::cmp::Ordering;

/// In px; `x0 <= x1` and `y0 <= y1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rectangle {
    pub x0: f64,
    pub y0: f64,
    pub x1: f64,
    pub y1: f64,
}

/// Beyond this a coordinate is as good as this, so that infinities can be cut.
const FAR: f64 = 1e9;

impl Rectangle {
    pub fn shows(&self, p: Point) -> bool {
        self.x0 <= p.x && p.x <= self.x1 && self.y0 <= p.y && p.y <= self.y1
    }

    /// What of a line is inside.
    pub fn split(&self, line: &[Point]) -> Pieces {
        let mut out = Pieces {
            whole: true,
            ..Pieces::default()
        };
        let mut piece: Vec<Point> = Vec::new();
        let mut last: Option<(Point, bool)> = None;
        let first_shown = line.first().is_some_and(|p| self.shows(*p));
        for p in line.iter().copied() {
            let shown = self.shows(p);
            match last {
                Some((a, was_shown)) if !(shown && was_shown) => {
                    let (a, b) = (held(a), held(p));
                    if let Some((enter, leave)) = self.inside(a, b) {
                        if !was_shown {
                            piece.push(enter);
                        }
                        piece.push(leave);
                        if !shown {
                            out.lines.push(std::mem::take(&mut piece));
                        }
                        out.whole = false;
                    } else if shown {
                        piece.push(b);
                        out.whole = false;
                    }
                }
                Some(_) => piece.push(p),
                None if shown => piece.push(p),
                None => {}
            }
            last = Some((p, shown));
        }
        let last_shown = last.is_some_and(|(_, shown)| shown);
        if !piece.is_empty() {
            out.lines.push(piece);
        }
        out.joined = first_shown && last_shown && !out.whole;
        out
    }

    /// The rings of a polygon, closed along the edges.
    pub fn cut_polygon(&self, rings: &[Vec<Point>], budget: &mut Budget) -> Result<Vec<Vec<Point>>, TooLarge> {
        let mut pieces = Vec::new();
        let mut whole = true;
        for ring in rings {
            let Some(first) = ring.first() else { continue };
            let mut closed = ring.clone();
            closed.push(*first);
            let mut found = self.split(&closed);
            whole &= found.whole;
            if found.joined {
                found.join();
            }
            pieces.extend(found.lines);
        }
        let inside = self.corner_inside(rings);
        let mut out = Vec::new();
        if whole && inside {
            let mut edges = Vec::new();
            self.along(None, 1.0, &mut edges);
            out.push(edges);
        }
        if !pieces.is_empty() {
            out.extend(rejoin(pieces, self, inside, budget)?);
        }
        Ok(out)
    }

    /// The part of a line between two points that is inside: where it enters and where it leaves.
    fn inside(&self, a: Point, b: Point) -> Option<(Point, Point)> {
        let (dx, dy) = (b.x - a.x, b.y - a.y);
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for (d, room) in [
            (-dx, a.x - self.x0),
            (dx, self.x1 - a.x),
            (-dy, a.y - self.y0),
            (dy, self.y1 - a.y),
        ] {
            if d == 0.0 {
                if room < 0.0 {
                    return None;
                }
                continue;
            }
            let t = room / d;
            if d < 0.0 {
                from = from.max(t);
            } else {
                to = to.min(t);
            }
        }
        if from.is_nan() || to.is_nan() || from > to {
            return None;
        }
        let at = |t: f64, end: Point| {
            if t > 0.0 && t < 1.0 {
                Point::new(a.x + t * dx, a.y + t * dy)
            } else {
                end
            }
        };
        Some((at(from, a), at(to, b)))
    }

    /// Whether the lower left corner is in a polygon on the plane, by how often its sides go round it.
    fn corner_inside(&self, rings: &[Vec<Point>]) -> bool {
        let mut winding = 0;
        for ring in rings {
            let Some(mut a) = ring.last().copied() else { continue };
            for b in ring.iter().copied() {
                let left = (b.x - a.x) * (self.y1 - a.y) - (b.y - a.y) * (self.x0 - a.x);
                if a.y <= self.y1 {
                    winding += i32::from(b.y > self.y1 && left > 0.0);
                } else {
                    winding -= i32::from(b.y <= self.y1 && left < 0.0);
                }
                a = b;
            }
        }
        winding != 0
    }

    /// Which corner comes next from a point on an edge, counted from the upper left one against the direction of the clock.
    fn corner(&self, p: Point, forward: bool) -> u8 {
        let (with, against) = if (p.x - self.x0).abs() < EPSILON {
            (0, 3)
        } else if (p.x - self.x1).abs() < EPSILON {
            (2, 1)
        } else if (p.y - self.y0).abs() < EPSILON {
            (1, 0)
        } else {
            (3, 2)
        };
        if forward { with } else { against }
    }
}

impl Boundary for Rectangle {
    fn along(&self, ends: Option<(Point, Point)>, direction: f64, out: &mut Vec<Point>) {
        let forward = direction > 0.0;
        let (mut at, goal) = match ends {
            None => (0, 0),
            Some((from, to)) => {
                let (a, b) = (self.corner(from, forward), self.corner(to, forward));
                if a == b && (self.order(from, to) == Ordering::Less) == forward {
                    out.push(to);
                    return;
                }
                (a, b)
            }
        };
        for _ in 0..4 {
            let x = if at == 0 || at == 3 { self.x0 } else { self.x1 };
            let y = if at > 1 { self.y1 } else { self.y0 };
            out.push(Point::new(x, y));
            at = (at + if forward { 1 } else { 3 }) % 4;
            if at == goal {
                break;
            }
        }
    }

    fn order(&self, a: Point, b: Point) -> Ordering {
        let (edge_a, edge_b) = (self.corner(a, true), self.corner(b, true));
        if edge_a != edge_b {
            return edge_a.cmp(&edge_b);
        }
        match edge_a {
            0 => b.y.total_cmp(&a.y),
            1 => a.x.total_cmp(&b.x),
            2 => a.y.total_cmp(&b.y),
            _ => b.x.total_cmp(&a.x),
        }
    }
}

fn held(p: Point) -> Point {
    Point::new(p.x.clamp(-FAR, FAR), p.y.clamp(-FAR, FAR))
}
