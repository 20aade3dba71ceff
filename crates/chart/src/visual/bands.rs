//! Pieces that several kinds share: axes, legends, colours.

use serde_json::{Value, json};
use shared::{
    semantic::{Answer, FormatKind},
    visual::{LegendPosition, Visual},
};

use super::{MeasureColumn, Size, palette, series::Series};
use crate::Theme;

/// Average width of a character of a 12 px label, in px.
const CHARACTER_PX: f64 = 6.6;

/// Format of a value axis: percent, short SI steps for large numbers, else plain thousands.
pub(super) fn value_format(
    visual: &Visual,
    answer: &Answer,
    measures: &[&MeasureColumn],
    normalized: bool,
) -> &'static str {
    if normalized {
        return ".0%";
    }
    let kind = measures
        .first()
        .and_then(|measure| measure.format(visual, answer.columns.get(measure.column)))
        .map(|format| format.kind);
    if kind == Some(FormatKind::Percent) {
        return ".1~%";
    }
    let largest = answer
        .rows
        .iter()
        .flat_map(|row| measures.iter().filter_map(|measure| row.get(measure.column)?.as_f64()))
        .fold(0.0_f64, |largest, number| largest.max(number.abs()));
    if largest >= 10_000.0 { "~s" } else { ",~f" }
}

/// The axis of categories along one side. Labels of columns stand upright while they fit, then lean.
pub(super) fn category_axis(
    visual: &Visual,
    labels: &[String],
    along_px: f64,
    vertical: bool,
    title: Option<String>,
) -> Value {
    let longest = labels.iter().map(|label| label.chars().count()).max().unwrap_or(0) as f64 * CHARACTER_PX;
    let band = along_px / labels.len().max(1) as f64;
    let leaning = !vertical && longest + 6.0 > band && band >= 14.0;
    let mut axis = json!({
        "title": if visual.format.axis_titles { title.map(Value::from).unwrap_or(Value::Null) } else { Value::Null },
        "labelAngle": if leaning { -40 } else { 0 },
        "labelLimit": if vertical { (along_px * 0.9).clamp(60.0, 180.0) } else if leaning { 96.0 } else { 160.0 },
        "labelOverlap": true,
        "grid": false,
        "ticks": false,
        "domain": !vertical,
    });
    if leaning && let Value::Object(axis) = &mut axis {
        axis.insert("labelAlign".to_owned(), json!("right"));
        axis.insert("labelBaseline".to_owned(), json!("middle"));
    }
    axis
}

/// Bars are never wider than this, in px: two categories on a wide tile are two bars, not two walls.
const MAX_BAND_PX: f64 = 96.0;

/// The scale of a category axis with bars: all members in their order, those without a value too, and bars of a human width.
pub(super) fn band_scale(labels: &[String], along_px: f64, inner: f64) -> Value {
    let count = labels.len() as f64;
    let outer = ((1.0 - inner) * along_px / MAX_BAND_PX - count + inner) / 2.0;
    json!({ "domain": labels, "paddingInner": inner, "paddingOuter": outer.max(0.15) })
}

/// The axis of values.
pub(super) fn value_axis(visual: &Visual, format: &str, extent_px: f64, title: Option<String>) -> Value {
    json!({
        "title": if visual.format.axis_titles { title.map(Value::from).unwrap_or(Value::Null) } else { Value::Null },
        "format": format,
        "grid": visual.format.grid.unwrap_or(true),
        "ticks": false,
        "domain": false,
        "tickCount": (extent_px / 48.0).clamp(2.0, 8.0).floor(),
    })
}

/// The colour channel of several series, or nothing for one: then the mark itself is coloured.
pub(super) fn color(visual: &Visual, theme: &Theme, series: &Series, size: Size) -> Option<Value> {
    (series.names.len() > 1).then(|| {
        json!({
            "field": "s",
            "type": "nominal",
            "sort": null,
            "scale": { "domain": series.names, "range": palette::categories(theme, series.names.len()) },
            "legend": legend(visual, series, size),
        })
    })
}

pub(super) fn legend(visual: &Visual, series: &Series, size: Size) -> Value {
    // A legend that would eat the picture is left out; hovering names the series.
    if !visual.format.legend.show || size.width_px < 180.0 || size.height_px < 120.0 {
        return Value::Null;
    }
    let longest = series.names.iter().map(|name| name.chars().count()).max().unwrap_or(0) as f64;
    let entry = (longest * CHARACTER_PX).min(160.0) + 34.0;
    match visual.format.legend.position {
        LegendPosition::Top => {
            json!({ "title": null, "orient": "top", "direction": "horizontal", "columns": (size.width_px / entry).floor().max(1.0) })
        }
        LegendPosition::Bottom => {
            json!({ "title": null, "orient": "bottom", "direction": "horizontal", "columns": (size.width_px / entry).floor().max(1.0) })
        }
        LegendPosition::Right => json!({ "title": null, "orient": "right", "labelLimit": 140 }),
        LegendPosition::Left => json!({ "title": null, "orient": "left", "labelLimit": 140 }),
    }
}

/// The colour of a single series.
pub(super) fn single_color(visual: &Visual, theme: &Theme) -> String {
    palette::category(theme, usize::from(visual.format.color.unwrap_or(1).max(1)) - 1)
}
