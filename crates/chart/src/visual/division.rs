//! How a picture is divided into panels: as many beside and below each other as have a good shape and can be read.

use shared::visual::{Family, VisualKind};

use super::Size;
use crate::math;

/// Around the whole picture, in px.
pub(super) const PADDING_PX: f64 = 4.0;
/// Smaller panels, without their names, cannot be read, in px.
const LEAST_WIDTH_PX: f64 = 116.0;
const LEAST_HEIGHT_PX: f64 = 70.0;
/// Panels that are smaller than this, in a picture with room for one, have no words along their axes, in px.
const NAMED_WIDTH_PX: f64 = 90.0;
const NAMED_HEIGHT_PX: f64 = 40.0;
/// The width of a round picture, which has no axis to name.
const LEAST_ROUND_PX: f64 = 80.0;
/// Between panels, in px.
pub(super) const GAP_ACROSS_PX: f64 = 18.0;
pub(super) const GAP_DOWN_PX: f64 = 12.0;
/// A panel's name, and the space below it, in px.
pub(super) const NAME_PX: f64 = 12.0;
pub(super) const NAME_GAP_PX: f64 = 6.0;
/// What is about the panels, before it is measured, in px: axes, legend, the number of panels left out.
const BESIDE_PX: f64 = 40.0;
const BELOW_PX: f64 = 22.0;
const LEGEND_PX: f64 = 24.0;
const MORE_PX: f64 = 22.0;

/// What panels of a kind need.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    /// Width by height of a good panel.
    shape: f64,
    least_width_px: f64,
    /// Beside and below all panels.
    axes_px: (f64, f64),
    legend_px: f64,
}

impl Look {
    pub fn of(kind: VisualKind, has_legend: bool) -> Self {
        let legend_px = if has_legend { LEGEND_PX } else { 0.0 };
        if kind.family() == Family::Round {
            Self {
                shape: 1.0,
                least_width_px: LEAST_ROUND_PX,
                axes_px: (0.0, 0.0),
                legend_px,
            }
        } else {
            Self {
                shape: 4.0 / 3.0,
                least_width_px: LEAST_WIDTH_PX,
                axes_px: (BESIDE_PX, BELOW_PX),
                legend_px,
            }
        }
    }
}

/// How many panels there are beside and below each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Grid {
    pub columns: usize,
    pub rows: usize,
    /// From the first member on.
    pub shown: usize,
    /// Members without a panel.
    pub more: usize,
    look: Look,
}

impl Grid {
    /// All members in the division whose panels have the best shape, or as many as have room.
    pub fn of(count: usize, size: Size, look: Look) -> Self {
        let fitting = |more: f64| {
            let room = Self::room(size, look, more);
            let across = (room.width_px + GAP_ACROSS_PX) / (look.least_width_px + GAP_ACROSS_PX);
            let down = (room.height_px + GAP_DOWN_PX) / (LEAST_HEIGHT_PX + NAME_PX + NAME_GAP_PX + GAP_DOWN_PX);
            (across.floor().max(1.0) as usize, down.floor().max(1.0) as usize)
        };
        let (most_columns, most_rows) = fitting(0.0);
        let grid = |columns: usize, rows: usize, shown: usize| Self {
            columns,
            rows,
            shown,
            more: count - shown,
            look,
        };
        let divisions = (1..=most_columns.min(count)).filter_map(|columns| {
            let rows = count.div_ceil(columns);
            (rows <= most_rows).then(|| grid(columns, rows, count))
        });
        let misshapen = |grid: &Self| {
            let panel = grid.first_guess(size);
            let blank = (grid.columns * grid.rows - grid.shown) as f64 / grid.shown.max(1) as f64;
            math::ln(panel.width_px / panel.height_px / look.shape).abs() + blank
        };
        divisions
            .min_by(|a, b| misshapen(a).total_cmp(&misshapen(b)))
            .unwrap_or_else(|| {
                let (columns, rows) = fitting(MORE_PX);
                grid(columns, rows, count.min(columns * rows))
            })
    }

    /// What is left for the panels and their names.
    fn room(size: Size, look: Look, more_px: f64) -> Size {
        Size {
            width_px: (size.width_px - 2.0 * PADDING_PX - look.axes_px.0).max(1.0),
            height_px: (size.height_px - 2.0 * PADDING_PX - look.axes_px.1 - look.legend_px - more_px).max(1.0),
        }
    }

    /// A panel's size if everything about the panels is as large as it is thought to be.
    pub fn first_guess(&self, size: Size) -> Size {
        let room = Self::room(size, self.look, if self.more > 0 { MORE_PX } else { 0.0 });
        let share = |room: f64, count: usize, beside: f64, gap: f64| {
            let count = count.max(1) as f64;
            ((room + gap) / count - gap - beside).floor().max(1.0)
        };
        Size {
            width_px: share(room.width_px, self.columns, 0.0, GAP_ACROSS_PX),
            height_px: share(room.height_px, self.rows, NAME_PX + NAME_GAP_PX, GAP_DOWN_PX),
        }
    }

    /// Are panels of this size large enough for words along their axes?
    pub fn has_words(&self, size: Size) -> bool {
        let panel = self.first_guess(size);
        panel.width_px >= NAMED_WIDTH_PX && panel.height_px >= NAMED_HEIGHT_PX
    }

    /// Has the panel no other at its left, at its right, below it?
    pub const fn edges(&self, index: usize) -> Edges {
        Edges {
            left: index.is_multiple_of(self.columns),
            right: (index + 1).is_multiple_of(self.columns),
            bottom: index + self.columns >= self.shown,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Edges {
    pub left: bool,
    pub right: bool,
    pub bottom: bool,
}
