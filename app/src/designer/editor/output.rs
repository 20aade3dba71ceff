//! Names of a visual's answer columns, which sorting, top-N and totals speak of.

use plan::visual::outputs;
use shared::visual::{Visual, WellName};

/// Of the item at `index` of a well that the visual's kind shows.
pub fn output_name(visual: &Visual, well: WellName, index: usize) -> Option<String> {
    outputs(visual)
        .into_iter()
        .filter(|output| output.well == well)
        .nth(index)
        .map(|output| output.name)
}

/// Of all items in the wells that the visual's kind shows.
pub fn output_names(visual: &Visual) -> Vec<String> {
    outputs(visual).into_iter().map(|output| output.name).collect()
}
