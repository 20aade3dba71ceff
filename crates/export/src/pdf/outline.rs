//! Path data as krilla's paths.

use chart::scene::Rect;
use krilla::geom::{Path, PathBuilder};
use kurbo::{BezPath, PathEl, Point, Shape as _};

/// Path data of SVG, arcs as curves; `None` when it is none.
pub fn read(data: &str) -> Option<BezPath> {
    BezPath::from_svg(data).ok()
}

/// The box of a path without its outline.
pub fn bounds(path: &BezPath) -> Rect {
    let around = path.bounding_box();
    Rect::new(around.x0, around.y0, around.x1, around.y1)
}

pub fn rectangle(bounds: Rect) -> BezPath {
    kurbo::Rect::new(bounds.x1, bounds.y1, bounds.x2, bounds.y2).to_path(0.1)
}

pub fn line(from: (f64, f64), to: (f64, f64)) -> BezPath {
    let mut path = BezPath::new();
    path.move_to(from);
    path.line_to(to);
    path
}

/// `None` for a path that paints nothing or has numbers that are none.
pub fn path(path: &BezPath) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for element in path.elements() {
        match *element {
            PathEl::MoveTo(to) => {
                let (x, y) = at(to);
                builder.move_to(x, y);
            }
            PathEl::LineTo(to) => {
                let (x, y) = at(to);
                builder.line_to(x, y);
            }
            PathEl::QuadTo(by, to) => {
                let ((x1, y1), (x, y)) = (at(by), at(to));
                builder.quad_to(x1, y1, x, y);
            }
            PathEl::CurveTo(first, second, to) => {
                let ((x1, y1), (x2, y2), (x, y)) = (at(first), at(second), at(to));
                builder.cubic_to(x1, y1, x2, y2, x, y);
            }
            PathEl::ClosePath => builder.close(),
        }
    }
    builder.finish()
}

fn at(point: Point) -> (f32, f32) {
    (point.x as f32, point.y as f32)
}
