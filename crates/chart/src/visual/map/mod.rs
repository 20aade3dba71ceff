//! Maps: areas coloured by a number, points at places.

mod choropleth;
mod codes;
mod ground;
mod places;
mod point_map;
mod steps;

use serde_json::{Value, json};

use super::Size;
use crate::Theme;

pub(super) use choropleth::choropleth;
pub(super) use point_map::point_map;

/// Maps smaller than this have neither legend nor note.
const ROOMY: Size = Size {
    width_px: 180.0,
    height_px: 120.0,
};

fn is_roomy(size: Size) -> bool {
    size.width_px >= ROOMY.width_px && size.height_px >= ROOMY.height_px
}

/// A muted sentence below a map, cut where the map ends.
fn note(theme: &Theme, size: Size, text: Option<String>) -> Value {
    let Some(text) = text.filter(|_| is_roomy(size)) else {
        return Value::Null;
    };
    json!({
        "text": text, "orient": "bottom", "anchor": "start", "offset": 8, "limit": size.width_px - 16.0,
        "fontSize": 12, "fontWeight": "normal", "color": theme.ink_muted,
    })
}
