//! Where a row of data was drawn.

/// One place of the drawing that stands for a row of the input data.
#[derive(Clone, Debug, PartialEq)]
pub struct HitPoint {
    /// Index into the rows of the view's input data; the first of them for an aggregated mark.
    pub row: usize,
    /// Distance from the left edge of the root SVG in px.
    pub x_px: f64,
    /// Distance from the top edge of the root SVG in px.
    pub y_px: f64,
    /// Index of the mark in draw order over the whole drawing (the layers of a combination chart are 0, 1, …).
    pub mark: usize,
}
