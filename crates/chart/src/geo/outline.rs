//! What comes out of a projection: an outline as path data, or the box around it.

use super::budget::{Budget, TooLarge};
use super::geometry::Geometry;
use super::point::Point;
use super::projection::Projection;
use crate::scene::{Path, Rect};

/// Takes projected shapes, in px.
pub trait Sink {
    fn point(&mut self, p: Point);
    fn line(&mut self, line: &[Point]);
    /// Without its first point at the end.
    fn ring(&mut self, ring: &[Point]);
}

/// A drawn shape; nothing of it may be visible, its path is then empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    pub path: Path,
    pub bounds: Rect,
    /// The box around its largest ring: where people look for a country with islands far away. Empty without rings.
    pub main: Rect,
    point_radius: f64,
}

impl Outline {
    /// Draws a shape.
    ///
    /// # Errors
    /// [`TooLarge`] when it needs more points than the budget has.
    pub fn of(shape: &Geometry, projection: &Projection, budget: &mut Budget) -> Result<Outline, TooLarge> {
        let mut out = Outline {
            path: Path::default(),
            bounds: Rect::EMPTY,
            main: Rect::EMPTY,
            point_radius: projection.point_radius,
        };
        projection.send(shape, &mut out, budget)?;
        Ok(out)
    }

    /// The box around what was drawn.
    fn draw(&mut self, points: &[Point]) -> Rect {
        let mut bounds = Rect::EMPTY;
        let mut first = true;
        for p in points.iter().filter(|p| p.x.is_finite() && p.y.is_finite()) {
            if first {
                self.path.move_to(p.x, p.y);
            } else {
                self.path.line_to(p.x, p.y);
            }
            first = false;
            bounds.union(Rect::new(p.x, p.y, p.x, p.y));
        }
        self.bounds.union(bounds);
        bounds
    }
}

impl Sink for Outline {
    fn point(&mut self, p: Point) {
        if !(p.x.is_finite() && p.y.is_finite()) {
            return;
        }
        let r = self.point_radius;
        self.path
            .move_to(p.x + r, p.y)
            .arc_to(r, true, true, p.x - r, p.y)
            .arc_to(r, true, true, p.x + r, p.y)
            .close();
        self.bounds.union(Rect::new(p.x, p.y, p.x, p.y).grown(r));
    }

    fn line(&mut self, line: &[Point]) {
        self.draw(line);
    }

    fn ring(&mut self, ring: &[Point]) {
        let bounds = self.draw(ring);
        if bounds.is_empty() {
            return;
        }
        self.path.close();
        if self.main.is_empty() || bounds.width() * bounds.height() > self.main.width() * self.main.height() {
            self.main = bounds;
        }
    }
}

/// The box around shapes, points counting without their radius.
pub struct Bounds(pub Rect);

impl Sink for Bounds {
    fn point(&mut self, p: Point) {
        if p.x.is_finite() && p.y.is_finite() {
            self.0.union(Rect::new(p.x, p.y, p.x, p.y));
        }
    }

    fn line(&mut self, line: &[Point]) {
        line.iter().for_each(|p| self.point(*p));
    }

    fn ring(&mut self, ring: &[Point]) {
        self.line(ring);
    }
}
