//! The scale and place at which shapes fill a view.

use super::budget::{Budget, TooLarge};
use super::geometry::Geometry;
use super::outline::Bounds;
use super::projection::{Projection, Settings};
use crate::scene::Rect;

/// The scale at which shapes are measured. The bends of lines are drawn finer at a larger scale, so it has an effect.
const SCALE: f64 = 150.0;

/// Makes shapes as large as `size` (width and height in px) allows, in its middle. Without any the projection keeps its own scale.
///
/// # Errors
/// [`TooLarge`] when the shapes need more points than the budget has.
pub fn fit(
    settings: &Settings,
    shapes: &[Geometry],
    size: (f64, f64),
    budget: &mut Budget,
) -> Result<Projection, TooLarge> {
    let free = Settings {
        clip_extent: None,
        ..settings.clone()
    };
    let measure = Projection::new(&free, Some(SCALE), Some((0.0, 0.0)));
    let mut bounds = Bounds(Rect::EMPTY);
    for shape in shapes {
        measure.send(shape, &mut bounds, budget)?;
    }
    let b = bounds.0;
    let middle = (size.0 / 2.0, size.1 / 2.0);
    if b.is_empty() {
        return Ok(Projection::new(settings, None, Some(middle)));
    }
    let by = (size.0 / b.width()).min(size.1 / b.height());
    // One single point fills no view.
    let by = if by.is_finite() { by } else { 1.0 };
    let translate = ((size.0 - by * (b.x1 + b.x2)) / 2.0, (size.1 - by * (b.y1 + b.y2)) / 2.0);
    Ok(Projection::new(settings, Some(SCALE * by), Some(translate)))
}
