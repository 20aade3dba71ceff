//! Maps: areas coloured by a number, points at places.

use serde_json::{Value, json};
use shared::{semantic::Answer, visual::Visual};

use super::{Size, series::Series};
use crate::Theme;

pub(super) fn choropleth(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    shapes: Option<&Value>,
) -> (Value, Series) {
    let _ = (visual, answer, theme, size, shapes);
    (json!({ "mark": "point" }), Series::default())
}

pub(super) fn point_map(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    shapes: Option<&Value>,
) -> (Value, Series) {
    let _ = (visual, answer, theme, size, shapes);
    (json!({ "mark": "point" }), Series::default())
}
