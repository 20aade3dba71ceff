//! What is drawn, in pixels: groups, marks and items, before any file format.

mod hit;

pub use hit::HitPoint;

/// A finished drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Width of the whole drawing in px.
    pub width_px: f64,
    /// Height of the whole drawing in px.
    pub height_px: f64,
    /// Where data was drawn, for nearest-mark tooltips; in draw order.
    pub points: Vec<HitPoint>,
}
