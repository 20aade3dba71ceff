//! Least, quartiles and greatest of a number in each group.

use serde_json::{Value, json};
use shared::{semantic::Answer, visual::Visual};

use super::{Size, series::Series};
use crate::Theme;

pub(super) fn box_plot(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let _ = (visual, answer, theme, size);
    (json!({ "mark": "point" }), Series::default())
}
