//! The builder's own specification.

use serde_json::{Value, json};
use shared::{semantic::Answer, visual::Visual};

use super::{Size, series::Series};
use crate::{ChartError, Theme};

pub(super) fn own(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> Result<(Value, Series), ChartError> {
    let _ = (visual, answer, theme, size);
    Ok((json!({ "mark": "point" }), Series::default()))
}
