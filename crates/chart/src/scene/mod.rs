//! Stage 6: what is drawn, in pixels: groups, marks and items, before any file format.

mod background;
mod gradient;
mod hit;
mod item;
mod path;

pub use gradient::{Gradient, GradientStop};
pub use hit::HitPoint;
pub use item::{Align, Anchor, Group, Item, Mark, MarkType, Paint, Place, Rect, Shape, Style, TextItem};
pub use path::{Path, number};

/// A finished drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scene {
    /// Width of the whole drawing in px.
    pub width_px: f64,
    /// Height of the whole drawing in px.
    pub height_px: f64,
    /// Where the root group stands, in px.
    pub origin: (f64, f64),
    /// Paint behind everything.
    pub background: Option<Paint>,
    /// The view, or the group that holds the views.
    pub root: Group,
    /// Put before every id.
    pub id_prefix: String,
    /// What the drawing shows, in a sentence.
    pub description: Option<String>,
    /// Where data was drawn, for nearest-mark tooltips; in draw order.
    pub points: Vec<HitPoint>,
}
