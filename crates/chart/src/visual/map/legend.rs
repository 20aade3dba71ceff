//! The legend of a map: its steps of colour, with the numbers where they meet.

use serde_json::{Value, json};
use shared::{
    semantic::{Format, FormatKind},
    visual::LegendPosition,
};

use super::super::{Size, bands::text_px, number_text, steps::Steps};
use crate::Theme;

/// Numbers from here on are written short.
const LONG: f64 = 10_000.0;
/// Letters of labels, in px.
const LABEL_PX: f64 = 12.0;
/// Of one step in the legend.
const WIDEST_PX: f64 = 56.0;
const BAR_PX: f64 = 8.0;
/// Between map and legend.
const GAP_PX: f64 = 8.0;

/// Layers above or below the view: a bar of the colours, with numbers where they meet as far as there is room.
pub(super) fn legend(
    steps: &Steps,
    theme: &Theme,
    size: Size,
    position: LegendPosition,
    format: Option<&Format>,
) -> Vec<Value> {
    let edges = steps.edges();
    let (least, greatest) = (
        edges.first().copied().unwrap_or(0.0),
        edges.last().copied().unwrap_or(0.0),
    );
    if greatest <= least {
        return Vec::new();
    }
    let count = steps.colours().len().max(1);
    let below = match position {
        LegendPosition::Bottom => true,
        LegendPosition::Top | LegendPosition::Left | LegendPosition::Right => false,
    };
    let (side, bar, words) = if below {
        (json!("height"), (GAP_PX, GAP_PX + BAR_PX), GAP_PX + BAR_PX + 4.0)
    } else {
        let bottom = -GAP_PX - LABEL_PX - 6.0;
        (json!(0), (bottom - BAR_PX, bottom), bottom + 4.0)
    };
    let step_px = ((size.width_px - 16.0) / count as f64).min(WIDEST_PX).floor();
    let colours: Vec<Value> = steps
        .colours()
        .iter()
        .enumerate()
        .map(|(step, colour)| json!({ "a": step as f64 * step_px, "b": (step + 1) as f64 * step_px, "c": colour }))
        .collect();
    let texts: Vec<String> = edges.iter().map(|edge| text(*edge, &edges, format)).collect();
    let longest = texts.iter().map(|text| text_px(text, LABEL_PX)).fold(0.0, f64::max);
    let last = texts.len().saturating_sub(1);
    // The first stands at its beginning, the next in the middle of its place.
    let all = longest * 1.5 + 8.0 <= step_px;
    let label = |at: usize, align: &str| {
        let text = texts.get(at)?;
        Some(json!({
            "data": { "values": [{}] },
            "mark": {
                "type": "text", "text": text, "align": align, "baseline": "top", "yOffset": words,
                "fontSize": LABEL_PX, "color": theme.ink_muted, "aria": false,
            },
            "encoding": { "x": { "value": at as f64 * step_px }, "y": { "value": side } },
        }))
    };
    let pixels = |field: &str| json!({ "field": field, "type": "quantitative", "scale": null, "axis": null });
    let mut layers = vec![json!({
        "data": { "values": colours },
        "mark": { "type": "rect", "yOffset": bar.0, "y2Offset": bar.1, "aria": false },
        "encoding": {
            "x": pixels("a"), "x2": { "field": "b" }, "y": { "value": side }, "y2": { "value": side },
            "fill": { "field": "c", "type": "nominal", "scale": null },
        },
    })];
    layers.extend(label(0, "left"));
    layers.extend((1..last).filter(|_| all).filter_map(|at| label(at, "center")));
    layers.extend(label(last, "right"));
    layers
}

fn text(edge: f64, edges: &[f64], format: Option<&Format>) -> String {
    let largest = edges.iter().fold(0.0_f64, |largest, edge| largest.max(edge.abs()));
    let width = match edges {
        [first, second, ..] => second - first,
        [] | [_] => 0.0,
    };
    let mut format = format.cloned().unwrap_or_default();
    let long = largest >= LONG;
    match format.kind {
        FormatKind::Number | FormatKind::Currency if long && format.compact.is_none() => {
            (format.compact, format.digits) = (Some(true), None);
        }
        // Places that tell neighbours apart, and no more.
        FormatKind::Number | FormatKind::Currency | FormatKind::Percent if format.digits.is_none() => {
            let shown = width * if format.kind == FormatKind::Percent { 100.0 } else { 1.0 };
            format.digits = Some(if shown >= 5.0 {
                0
            } else if shown >= 0.5 {
                1
            } else {
                2
            });
        }
        FormatKind::Number
        | FormatKind::Currency
        | FormatKind::Percent
        | FormatKind::Duration
        | FormatKind::Bytes
        | FormatKind::Date
        | FormatKind::Text => {}
    }
    number_text(edge, Some(&format))
}
