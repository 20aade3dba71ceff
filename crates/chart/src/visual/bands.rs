//! Pieces that several kinds share: axes, legends, colours.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    visual::{LegendPosition, Visual},
};

use super::{Size, categories::Categories, numbers::AxisNumbers, palette, series::Series};
use crate::{
    Theme,
    text::{Font, width},
    theme::WidthTable,
};

/// Letters of labels, in px.
const LABEL_PX: f64 = 12.0;
/// Leaning labels need this much of an axis each, in px; in less of it some are left out instead.
const LEANING_BAND_PX: f64 = 18.0;
/// Leaning labels are cut to this part of the picture across the axis, never to more than this, in px, and do not lean where
/// hardly a letter would be left.
const LEANING_SHARE: f64 = 0.3;
const LEAST_LEANING_PX: f64 = 40.0;
const LEANING_PX: f64 = 96.0;
/// Between labels side by side, in px: with less they read as one.
const APART_PX: f64 = 8.0;
/// What a legend's entry takes beside its name, and the gap to the next, in px.
const SYMBOL_PX: f64 = 18.0;
const ENTRY_GAP_PX: f64 = 16.0;
/// Longer names are cut in legends, in px.
const NAME_PX: f64 = 180.0;
/// A horizontal legend starts where the axis ends: room that it has not, in px.
const BESIDE_LEGEND_PX: f64 = 56.0;
/// A row of a horizontal legend, in px, and the part of the picture that all of them take at most.
const LEGEND_ROW_PX: f64 = 16.0;
const LEGEND_SHARE: f64 = 0.35;

/// Width of a text in the product's typeface.
pub(super) fn text_px(text: &str, size_px: f64) -> f64 {
    let font = Font {
        table: WidthTable::Inter,
        size_px,
        bold: false,
        mono: false,
    };
    width(text, font)
}

/// Width of the longest label, uncut.
pub(super) fn longest_px(labels: &[String]) -> f64 {
    labels.iter().map(|label| text_px(label, LABEL_PX)).fold(0.0, f64::max)
}

/// The axis of categories along one side of a picture. Labels of columns stand upright while they fit, then lean; times stay
/// upright and some of them are left out.
pub(super) fn category_axis(
    visual: &Visual,
    categories: &Categories,
    (along_px, across_px): (f64, f64),
    vertical: bool,
    title: Option<String>,
) -> Value {
    let labels = &categories.labels;
    let longest = longest_px(labels);
    let band = along_px / labels.len().max(1) as f64;
    let crowded = !vertical && longest + 6.0 > band;
    let timed = categories.times.is_some();
    let leaning_px = (across_px * LEANING_SHARE).min(LEANING_PX);
    let leaning = crowded && !timed && band >= LEANING_BAND_PX && leaning_px >= longest.min(LEAST_LEANING_PX);
    let mut axis = json!({
        "title": axis_title(visual, title),
        "titleFontWeight": "normal",
        "labelAngle": if leaning { -40 } else { 0 },
        "labelLimit": if vertical { (along_px * 0.9).clamp(60.0, 180.0) } else if leaning { leaning_px } else { (along_px * 0.4).clamp(40.0, 160.0) },
        "labelOverlap": !leaning,
        "labelSeparation": if vertical { 0.0 } else { APART_PX },
        "grid": false,
        "ticks": false,
        "domain": !vertical && !labels.is_empty(),
    });
    if let Value::Object(axis) = &mut axis {
        if leaning {
            axis.insert("labelAlign".to_owned(), json!("right"));
            axis.insert("labelBaseline".to_owned(), json!("middle"));
        }
        if crowded && let Some(times) = &categories.times {
            let most = (along_px / (longest + 16.0)).floor().max(2.0);
            let shown: Vec<&String> = times
                .steady(most as usize)
                .into_iter()
                .filter_map(|index| labels.get(index))
                .collect();
            axis.insert("values".to_owned(), json!(shown));
        }
    }
    axis
}

pub(super) fn axis_title(visual: &Visual, title: Option<String>) -> Value {
    title
        .filter(|_| visual.format.axis_titles)
        .map_or(Value::Null, Value::from)
}

/// Bars take at most this part of the axis with the gaps beside them, and are never wider than this, in px: two categories
/// on a wide tile are two bars, not two walls.
const MAX_BAND_SHARE: f64 = 0.12;
const MAX_BAND_PX: [f64; 2] = [84.0, 160.0];
/// Shorter axes of values, in px, do not push the labels at their ends inwards.
const FLUSH_PX: f64 = 100.0;

/// Gaps between narrower bars would be all there is to see, in px.
const LEAST_GAPPED_PX: f64 = 3.0;

/// The scale of a category axis with bars: all members in their order, those without a value too, and bars of a human width.
pub(super) fn band_scale(categories: &Categories, along_px: f64, inner: f64) -> Value {
    let count = categories.labels.len() as f64;
    let inner = if along_px >= count * LEAST_GAPPED_PX {
        inner
    } else {
        0.0
    };
    let [narrowest, widest] = MAX_BAND_PX;
    let most_px = (along_px * MAX_BAND_SHARE).clamp(narrowest, widest);
    let outer = ((1.0 - inner) * along_px / most_px - count + inner) / 2.0;
    json!({ "domain": categories.labels, "paddingInner": inner, "paddingOuter": outer.max(0.15) })
}

/// Leaves as many names as have `least_px` of an axis each, and tells how many it left out. Times are all kept: their course
/// can be seen without each of them.
pub(super) fn cut_to_room(categories: &mut Categories, along_px: f64, least_px: f64) -> usize {
    let fitting = (along_px / least_px).floor().max(1.0) as usize;
    let count = categories.labels.len();
    if categories.times.is_some() || count <= fitting {
        return 0;
    }
    categories.labels.truncate(fitting);
    count - fitting
}

/// Says below an axis how many members are left out; small pictures have no room to.
pub(super) fn say_left_out(axis: &mut Value, left_out: usize, size: Size) {
    if left_out == 0 || size.width_px < 180.0 || size.height_px < 120.0 {
        return;
    }
    if let Value::Object(axis) = axis {
        let title = match axis.get("title").and_then(Value::as_str) {
            Some(title) => format!("{title}, and {left_out} more"),
            None => format!("and {left_out} more"),
        };
        axis.insert("title".to_owned(), json!(title));
        axis.insert("titleAnchor".to_owned(), json!("end"));
    }
}

/// The rows of members that are drawn.
pub(super) fn only_members(spec: &mut Value, categories: &Categories) {
    if let Value::Object(spec) = spec {
        let filter = json!({ "field": "x", "oneOf": categories.labels });
        spec.insert("transform".to_owned(), json!([{ "filter": filter }]));
    }
}

/// Zero is where bars stand: its line is as strong as that of an axis.
pub(super) fn mark_zero(axis: &mut Value, theme: &Theme) {
    if let Value::Object(axis) = axis {
        let zero = json!({ "test": "datum.value === 0", "value": theme.ink_muted });
        axis.insert(
            "gridColor".to_owned(),
            json!({ "condition": zero, "value": theme.grid }),
        );
    }
}

/// The axis of values.
pub(super) fn value_axis(visual: &Visual, numbers: &AxisNumbers, extent_px: f64, title: Option<String>) -> Value {
    let mut axis = json!({
        "title": axis_title(visual, title),
        "titleFontWeight": "normal",
        "format": numbers.format,
        "labelExpr": numbers.label(),
        "grid": visual.format.grid.unwrap_or(true),
        "ticks": false,
        "domain": false,
        "tickCount": (extent_px / 44.0).clamp(2.0, 8.0).floor(),
    });
    // Pushed inwards, the labels at the ends of a short axis would touch.
    if extent_px < FLUSH_PX
        && let Value::Object(axis) = &mut axis
    {
        axis.insert("labelFlush".to_owned(), json!(false));
    }
    axis
}

/// The colour channel of several series, or nothing for one: then the mark itself is coloured.
pub(super) fn color(visual: &Visual, answer: &Answer, theme: &Theme, series: &Series, size: Size) -> Option<Value> {
    (series.names.len() > 1).then(|| {
        json!({
            "field": "s",
            "type": "nominal",
            "sort": null,
            "scale": { "domain": series.names, "range": palette::members(theme, answer, series) },
            "legend": legend(visual, series, size),
        })
    })
}

pub(super) fn legend(visual: &Visual, series: &Series, size: Size) -> Value {
    // A legend that would eat the picture is left out; hovering names the series.
    if !visual.format.legend.show || size.width_px < 180.0 || size.height_px < 120.0 {
        return Value::Null;
    }
    let room = size.width_px - BESIDE_LEGEND_PX;
    let name_px = (room - SYMBOL_PX).min(NAME_PX);
    let entries: Vec<f64> = series
        .names
        .iter()
        .map(|name| text_px(name, LABEL_PX).min(name_px) + SYMBOL_PX + ENTRY_GAP_PX)
        .collect();
    let widest = entries.iter().copied().fold(1.0, f64::max);
    let columns = if entries.iter().sum::<f64>() <= room + ENTRY_GAP_PX {
        entries.len() as f64
    } else {
        ((room + ENTRY_GAP_PX) / widest).floor().max(1.0)
    };
    let rows = (size.height_px * LEGEND_SHARE / LEGEND_ROW_PX).floor().max(1.0);
    let row = |orient: &str| json!({ "title": null, "orient": orient, "direction": "horizontal", "columns": columns, "columnPadding": ENTRY_GAP_PX, "rowPadding": 4, "labelLimit": name_px, "symbolLimit": columns * rows });
    let column = |orient: &str| json!({ "title": null, "orient": orient, "rowPadding": 6, "labelLimit": NAME_PX });
    match visual.format.legend.position {
        LegendPosition::Top => row("top"),
        LegendPosition::Bottom => row("bottom"),
        LegendPosition::Right => column("right"),
        LegendPosition::Left => column("left"),
    }
}

/// The colour of a single series.
pub(super) fn single_color(visual: &Visual, theme: &Theme) -> String {
    palette::category(theme, usize::from(visual.format.color.unwrap_or(1).max(1)) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::samples::{Sample, sample};
    use shared::visual::VisualKind;

    fn categories(label: &str) -> Categories {
        Categories {
            labels: (1..=8).map(|index| format!("{label} {index}")).collect(),
            times: None,
        }
    }

    #[test]
    fn names_lean_as_far_as_the_picture_is_high() {
        let visual = Visual::new(VisualKind::Column);
        let axis = |label: &str, height_px| category_axis(&visual, &categories(label), (240.0, height_px), false, None);
        let leaning = |label: &str, height_px| {
            let axis = axis(label, height_px);
            (axis["labelAngle"] == -40, axis["labelLimit"].as_f64().unwrap())
        };
        assert_eq!(leaning("Item", 160.0), (true, 48.0));
        assert_eq!(leaning("A really long name", 160.0), (true, 48.0));
        assert_eq!(leaning("A really long name", 900.0), (true, 96.0));
        assert!(!leaning("Item", 100.0).0, "hardly a letter would be left");
    }

    #[test]
    fn a_legend_fits_beside_the_axis() {
        let (visual, _) = sample(VisualKind::ColumnStacked, Sample::Usual);
        let legend = |names: &[&str], width_px: f64| {
            let series = Series {
                names: names.iter().map(|name| (*name).to_owned()).collect(),
                ..Series::default()
            };
            let size = Size {
                width_px,
                height_px: 160.0,
            };
            super::legend(&visual, &series, size)
        };
        assert_eq!(legend(&["Web", "Store", "Phone"], 240.0)["columns"], 3.0);
        let long = legend(&["A member with a really long name, Web", "Store"], 240.0);
        let taken = long["labelLimit"].as_f64().unwrap() + SYMBOL_PX + BESIDE_LEGEND_PX;
        assert_eq!((long["columns"].as_f64().unwrap(), taken), (1.0, 240.0));
        let names: Vec<String> = (0..40).map(|index| format!("Series {index}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_eq!(legend(&names, 240.0)["symbolLimit"], 6.0, "two in each of three rows");
    }
}
