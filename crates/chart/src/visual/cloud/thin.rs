//! Some points for all: one in each small cell of the picture that has any, so that the shape of a cloud stays.

use super::{Cloud, View};
use crate::visual::Size;

/// Points of a picture at most.
const SHOWN: usize = 3_000;
/// The smallest cell, in px.
const CELL_PX: f64 = 3.0;
/// The greatest picture that cells are made for, in px; a greater one has greater cells.
const GREATEST_PX: f64 = 3_000.0;

/// A point that stands for all of its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kept {
    /// Position in the cloud.
    pub point: usize,
    /// How many it stands for.
    pub count: u32,
}

/// In the order of the points, the first of each cell, with the side of a cell in px. The same points give the same.
pub(super) fn thin(cloud: &Cloud, view: View, size: Size) -> (Vec<Kept>, f64) {
    let (width, height) = (
        size.width_px.clamp(1.0, GREATEST_PX),
        size.height_px.clamp(1.0, GREATEST_PX),
    );
    let mut cell_px = CELL_PX;
    loop {
        let kept = by_cells(
            cloud,
            view,
            (width / cell_px).ceil() as usize,
            (height / cell_px).ceil() as usize,
        );
        match kept {
            Some(kept) => return (kept, cell_px),
            None => cell_px *= 1.25,
        }
    }
}

/// `None` when too many cells have points.
fn by_cells(cloud: &Cloud, view: View, columns: usize, rows: usize) -> Option<Vec<Kept>> {
    let (columns, rows) = (columns.max(1), rows.max(1));
    // One more than the position in `kept`; nothing yet is zero.
    let mut cells = vec![0_u32; columns * rows];
    let mut kept: Vec<Kept> = Vec::new();
    for point in 0..cloud.len() {
        let Some((x, y)) = cloud.numbers(point).filter(|(x, y)| view.contains(*x, *y)) else {
            continue;
        };
        let column = ((super::view::share(view.x, x) * columns as f64) as usize).min(columns - 1);
        let row = ((super::view::share(view.y, y) * rows as f64) as usize).min(rows - 1);
        let Some(cell) = cells.get_mut(row * columns + column) else {
            continue;
        };
        let known = (*cell as usize).checked_sub(1).and_then(|place| kept.get_mut(place));
        if let Some(known) = known {
            known.count += 1;
        } else if kept.len() == SHOWN {
            return None;
        } else {
            kept.push(Kept { point, count: 1 });
            *cell = kept.len() as u32;
        }
    }
    Some(kept)
}
