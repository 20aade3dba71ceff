//! Between pixels and cells of the grid: places, handles, marquee, magnets and scrolling at the edge. Pure.

use shared::dashboard::{Grid, Rect};

/// A box in px of the canvas.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PxBox {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// The grid as it lies on a canvas of a certain width. Columns share the width with a gutter between them; a tile of h
/// rows is h × `row_px` high, less one gutter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridMetrics {
    pub cols: u32,
    pub width_px: f64,
    pub row_px: f64,
    pub gutter_px: f64,
}

impl GridMetrics {
    pub fn new(grid: &Grid, width_px: f64) -> Self {
        Self {
            cols: grid.cols.max(1),
            width_px: width_px.max(1.0),
            row_px: f64::from(grid.row_px.max(1)),
            gutter_px: f64::from(grid.gutter_px),
        }
    }

    /// From the left edge of one column to that of the next, px.
    pub fn pitch_px(&self) -> f64 {
        (self.width_px + self.gutter_px) / f64::from(self.cols)
    }

    pub fn px(&self, rect: Rect) -> PxBox {
        PxBox {
            left: f64::from(rect.x) * self.pitch_px(),
            top: f64::from(rect.y) * self.row_px,
            width: f64::from(rect.w) * self.pitch_px() - self.gutter_px,
            height: f64::from(rect.h) * self.row_px - self.gutter_px,
        }
    }

    /// A distance in px as whole columns and rows, to the nearest.
    pub fn cells(&self, dx_px: f64, dy_px: f64) -> (i64, i64) {
        (rounded(dx_px / self.pitch_px()), rounded(dy_px / self.row_px))
    }

    /// The rectangle of `w` × `h` whose top left corner is nearest to a point of the canvas.
    pub fn rect_at(&self, left_px: f64, top_px: f64, (w, h): (u32, u32)) -> Rect {
        let (x, y) = self.cells(left_px, top_px);
        Rect::new(at_least_zero(x), at_least_zero(y), w, h).clamped(self.cols)
    }
}

fn rounded(value: f64) -> i64 {
    value.round().clamp(-1e9, 1e9) as i64
}

fn at_least_zero(value: i64) -> u32 {
    u32::try_from(value.max(0)).unwrap_or(u32::MAX)
}

fn shifted(position: u32, by: i64) -> u32 {
    at_least_zero(i64::from(position) + by)
}

/// The eight places a tile is resized by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Handle {
    North,
    NorthEast,
    East,
    SouthEast,
    South,
    SouthWest,
    West,
    NorthWest,
}

impl Handle {
    pub const ALL: [Self; 8] = [
        Self::North,
        Self::NorthEast,
        Self::East,
        Self::SouthEast,
        Self::South,
        Self::SouthWest,
        Self::West,
        Self::NorthWest,
    ];

    /// As in CSS cursors: `n`, `ne` …
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::North => "n",
            Self::NorthEast => "ne",
            Self::East => "e",
            Self::SouthEast => "se",
            Self::South => "s",
            Self::SouthWest => "sw",
            Self::West => "w",
            Self::NorthWest => "nw",
        }
    }

    /// Which sides it moves: west, east, north, south.
    const fn sides(self) -> (bool, bool, bool, bool) {
        match self {
            Self::North => (false, false, true, false),
            Self::NorthEast => (false, true, true, false),
            Self::East => (false, true, false, false),
            Self::SouthEast => (false, true, false, true),
            Self::South => (false, false, false, true),
            Self::SouthWest => (true, false, false, true),
            Self::West => (true, false, false, false),
            Self::NorthWest => (true, false, true, false),
        }
    }

    /// `rect` with the handle moved by columns and rows; never smaller than `least` and never off the grid.
    pub fn resized(self, rect: Rect, (columns, rows): (i64, i64), least: (u32, u32), cols: u32) -> Rect {
        let (west, east, north, south) = self.sides();
        let mut out = rect;
        let (least_w, least_h) = (least.0.min(rect.w), least.1.min(rect.h));
        if west {
            out.x = shifted(rect.x, columns).min(rect.right().saturating_sub(least_w));
            out.w = rect.right() - out.x;
        }
        if east {
            out.w = shifted(rect.w, columns).clamp(least_w, cols.saturating_sub(rect.x).max(least_w));
        }
        if north {
            out.y = shifted(rect.y, rows).min(rect.bottom().saturating_sub(least_h));
            out.h = rect.bottom() - out.y;
        }
        if south {
            out.h = shifted(rect.h, rows).max(least_h);
        }
        out
    }
}

/// The rectangles moved together by columns and rows; at an edge of the grid all stop.
pub fn moved(rects: &[Rect], (columns, rows): (i64, i64), cols: u32) -> Vec<Rect> {
    let left = rects.iter().map(|rect| rect.x).min().unwrap_or(0);
    let top = rects.iter().map(|rect| rect.y).min().unwrap_or(0);
    let right = rects.iter().map(|rect| rect.right()).max().unwrap_or(cols);
    let columns = columns.clamp(-i64::from(left), i64::from(cols.saturating_sub(right)));
    let rows = rows.max(-i64::from(top));
    rects
        .iter()
        .map(|rect| Rect {
            x: shifted(rect.x, columns),
            y: shifted(rect.y, rows),
            ..*rect
        })
        .collect()
}

/// Rows by which a moved rectangle jumps so that its top or bottom meets that of a neighbour no further than `reach` rows
/// away; 0 when there is none.
pub fn magnet(rect: Rect, others: &[Rect], reach: u32) -> i64 {
    let edges = |rect: Rect| [i64::from(rect.y), i64::from(rect.bottom())];
    others
        .iter()
        .flat_map(|other| edges(*other))
        .flat_map(|edge| edges(rect).map(|own| edge - own))
        .filter(|distance| distance.unsigned_abs() <= u64::from(reach))
        .min_by_key(|distance| distance.unsigned_abs())
        .unwrap_or(0)
}

/// The box between two corners, in any order.
pub fn spanned(from: (f64, f64), to: (f64, f64)) -> PxBox {
    PxBox {
        left: from.0.min(to.0),
        top: from.1.min(to.1),
        width: (from.0 - to.0).abs(),
        height: (from.1 - to.1).abs(),
    }
}

impl PxBox {
    pub fn touches(self, other: Self) -> bool {
        self.left < other.left + other.width
            && other.left < self.left + self.width
            && self.top < other.top + other.height
            && other.top < self.top + self.height
    }
}

/// From this distance to an edge (px) a drag scrolls.
const SCROLL_EDGE_PX: f64 = 48.0;
/// Fastest scrolling, px per frame.
const SCROLL_MOST_PX: f64 = 18.0;

/// How far one frame scrolls a view from `start` to `end` (px) when the pointer is at `at`; faster near the edge.
pub fn scroll_step(at: f64, start: f64, end: f64) -> f64 {
    let depth = if at < start + SCROLL_EDGE_PX {
        at - (start + SCROLL_EDGE_PX)
    } else if at > end - SCROLL_EDGE_PX {
        at - (end - SCROLL_EDGE_PX)
    } else {
        0.0
    };
    (depth / SCROLL_EDGE_PX).clamp(-1.0, 1.0) * SCROLL_MOST_PX
}

#[cfg(test)]
mod tests {
    use super::*;

    fn metrics() -> GridMetrics {
        GridMetrics::new(&Grid::default(), 952.0)
    }

    #[test]
    fn cells_and_pixels_agree() {
        let metrics = metrics();
        assert!((metrics.pitch_px() - 40.0).abs() < f64::EPSILON);
        let rect = Rect::new(6, 10, 12, 30);
        let px = metrics.px(rect);
        assert_eq!((px.left, px.top, px.width, px.height), (240.0, 80.0, 472.0, 232.0));
        assert_eq!(metrics.rect_at(px.left + 19.0, px.top - 3.0, (12, 30)), rect);
        assert_eq!(metrics.rect_at(5000.0, -40.0, (12, 30)), Rect::new(12, 0, 12, 30));
    }

    #[test]
    fn every_handle_keeps_the_opposite_corner() {
        let rect = Rect::new(6, 10, 6, 20);
        for handle in Handle::ALL {
            for by in [(-30, -30), (-2, -2), (0, 0), (2, 2), (30, 30)] {
                let out = handle.resized(rect, by, (2, 4), 24);
                assert!(out.is_legal(24), "{handle:?} {by:?} {out:?}");
                let (west, _, north, _) = handle.sides();
                if west {
                    assert_eq!(out.right(), rect.right());
                } else {
                    assert_eq!(out.x, rect.x);
                }
                if north {
                    assert_eq!(out.bottom(), rect.bottom());
                } else {
                    assert_eq!(out.y, rect.y);
                }
                assert!(out.w >= 2 && out.h >= 4);
            }
        }
    }

    #[test]
    fn a_group_stops_as_one() {
        let group = [Rect::new(2, 0, 4, 4), Rect::new(8, 6, 4, 4)];
        assert_eq!(
            moved(&group, (-5, -3), 24),
            [Rect::new(0, 0, 4, 4), Rect::new(6, 6, 4, 4)]
        );
        assert_eq!(
            moved(&group, (50, 1), 24),
            [Rect::new(14, 1, 4, 4), Rect::new(20, 7, 4, 4)]
        );
    }

    #[test]
    fn edges_pull_and_scroll() {
        let other = [Rect::new(12, 20, 4, 10)];
        assert_eq!(magnet(Rect::new(0, 21, 4, 10), &other, 2), -1);
        assert_eq!(magnet(Rect::new(0, 24, 4, 40), &other, 2), 0);
        assert!(scroll_step(5.0, 0.0, 600.0) < -15.0);
        assert!(scroll_step(300.0, 0.0, 600.0).abs() < f64::EPSILON);
        assert!((scroll_step(900.0, 0.0, 600.0) - 18.0).abs() < f64::EPSILON);
    }
}
