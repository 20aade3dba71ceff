//! Which point of a cloud is nearest to the pointer, without asking all of them.

use super::{
    Cloud, CloudFrame,
    view::{Span, share},
};

/// Cells along each side of the whole plane.
const SIDE: usize = 256;
/// How far beside the plane a point at its edge may be, in px.
const EDGE_PX: f64 = 4.0;

/// The points of a cloud by cells of its whole plane.
#[derive(Clone, Debug)]
pub struct CloudIndex {
    /// Where each cell begins in `points`, row by row, and the end.
    starts: Vec<u32>,
    points: Vec<u32>,
}

impl CloudIndex {
    /// Counts the points of each cell, then puts them there in their order.
    pub fn of(cloud: &Cloud) -> Self {
        let mut starts = vec![0_u32; SIDE * SIDE + 1];
        for place in &cloud.places {
            if let Some(count) = starts.get_mut(cell(place) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut next = starts.clone();
        let mut points = vec![0_u32; cloud.places.len()];
        for (point, place) in (0_u32..).zip(&cloud.places) {
            if let Some(free) = next.get_mut(cell(place)) {
                if let Some(slot) = points.get_mut(*free as usize) {
                    *slot = point;
                }
                *free += 1;
            }
        }
        Self { starts, points }
    }

    /// The point whose middle is nearest to a place of the picture, within `reach_px`; of several the one drawn last.
    pub fn nearest(&self, cloud: &Cloud, frame: &CloudFrame, at_px: (f64, f64), reach_px: f64) -> Option<usize> {
        if !is_within(frame.x, at_px.0) || !is_within(frame.y, at_px.1) {
            return None;
        }
        let columns = cells(frame.x, cloud.whole.x, at_px.0, reach_px);
        let mut best: Option<(usize, f64)> = None;
        for row in cells(frame.y, cloud.whole.y, at_px.1, reach_px) {
            // Cells of a row lie side by side, and so do their points.
            let (from, to) = (row * SIDE + columns.start(), row * SIDE + columns.end() + 1);
            let ends = (self.starts.get(from), self.starts.get(to));
            let (Some(from), Some(to)) = ends else { continue };
            for point in self.points.get(*from as usize..*to as usize).unwrap_or_default() {
                let point = *point as usize;
                let Some((x, y)) = cloud.numbers(point) else { continue };
                let place_px = (frame.x.px(x), frame.y.px(y));
                if !is_within(frame.x, place_px.0) || !is_within(frame.y, place_px.1) {
                    continue;
                }
                let far_px = crate::math::hypot(place_px.0 - at_px.0, place_px.1 - at_px.1);
                let is_better =
                    best.is_none_or(|(known, known_px)| far_px < known_px || (far_px == known_px && point > known));
                if far_px <= reach_px && is_better {
                    best = Some((point, far_px));
                }
            }
        }
        best.map(|(point, _)| point)
    }
}

fn is_within(span: Span, px: f64) -> bool {
    let (low, high) = (span.from_px.min(span.to_px), span.from_px.max(span.to_px));
    (low - EDGE_PX..=high + EDGE_PX).contains(&px)
}

fn cell([x, y]: &[f32; 2]) -> usize {
    along(f64::from(*y)) * SIDE + along(f64::from(*x))
}

/// The cell of a share of the whole.
fn along(share: f64) -> usize {
    ((share * SIDE as f64).max(0.0) as usize).min(SIDE - 1)
}

/// The cells that a stretch of `reach_px` to both sides touches.
fn cells(span: Span, whole: (f64, f64), at_px: f64, reach_px: f64) -> std::ops::RangeInclusive<usize> {
    let end = |px: f64| along(share(whole, span.number(px)));
    let (one, other) = (end(at_px - reach_px), end(at_px + reach_px));
    one.min(other)..=one.max(other)
}
