//! Least, quartiles and greatest of a number in each group.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    visual::{Visual, WellName},
};

use super::{
    MarkSource, MeasureColumn, Parts, Size, bands,
    categories::Categories,
    describe,
    numbers::axis_numbers,
    series::{self, Series},
};
use crate::Theme;

/// More boxes than this lie, one below the other, in a picture with room for their names.
const MOST_UPRIGHT: usize = 12;
const LYING_PX: f64 = 12.0;
/// Boxes with less of the axis cannot be told apart, in px.
const LEAST_STEP_PX: f64 = 7.0;
/// What the axes take of the picture, about, in px.
const BESIDE_PX: f64 = 48.0;
const BELOW_PX: f64 = 28.0;
/// Names beside lying boxes take at most this part of the picture.
const NAMES_SHARE: f64 = 0.35;
/// Narrower boxes have no ends on their whiskers, in px.
const LEAST_ENDS_PX: f64 = 10.0;
/// Between boxes, as a share of their step.
const GAP: f64 = 0.4;
/// Letters of the medians' numbers, in px.
const NUMBER_PX: f64 = 11.0;

/// Fields of a row: least, lower quartile, median, upper quartile, greatest.
const FIELDS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// `visual` as its builder made it: the five values that are asked for no longer have its name.
pub(super) fn box_plot(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let value_name = describe::box_value(visual, answer);
    let visual = &*visual.asked();
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let axis = parts.dimension(WellName::Axis);
    let result = boxes(visual, answer, axis, &measures);
    if result.rows.is_empty() {
        return (json!({ "mark": "bar" }), result);
    }
    let mut categories = Categories::of_column(answer, axis);
    let lying = lies(&categories, size);
    let (along_px, across_px) = if lying {
        (size.height_px - BELOW_PX, size.width_px)
    } else {
        (size.width_px - BESIDE_PX, size.height_px)
    };
    let along_px = along_px.max(1.0);
    let left_out = bands::cut_to_room(&mut categories, along_px, LEAST_STEP_PX);
    let step_px = along_px / categories.labels.len().max(1) as f64;

    let axis_title = axis.and_then(|axis| Some(answer.columns.get(axis)?.label.clone()));
    let mut names = bands::category_axis(visual, &categories, (along_px, across_px), lying, axis_title);
    if let (true, Value::Object(names)) = (lying, &mut names) {
        names.insert("labelLimit".to_owned(), json!((size.width_px * NAMES_SHARE).min(180.0)));
    }
    if !lying {
        bands::say_left_out(&mut names, left_out, size);
    }
    let category = json!({
        "field": "x", "type": "nominal", "sort": null,
        "scale": bands::band_scale(&categories, along_px, GAP),
        "axis": if axis.is_some() { names } else { Value::Null },
    });
    let numbers = axis_numbers(visual, answer, &measures, false);
    let value_px = if lying { size.width_px / 2.0 } else { size.height_px };
    let mut values = bands::value_axis(visual, &numbers, value_px, value_name);
    if lying {
        bands::say_left_out(&mut values, left_out, size);
    }
    // A single number spans no axis by itself.
    let single = {
        let all = || {
            result
                .rows
                .iter()
                .flat_map(|row| FIELDS.iter().filter_map(|field| row.get(*field)?.as_f64()))
        };
        all().fold(f64::INFINITY, f64::min) >= all().fold(f64::NEG_INFINITY, f64::max)
    };
    let zero = visual.format.zero.unwrap_or(single);
    let plane = Plane { lying, category };
    let value = |field: &str| json!({ "field": field, "type": "quantitative", "axis": values, "scale": { "zero": zero, "nice": true } });
    let color = bands::single_color(visual, theme);
    let line = |width: f64| json!({ "type": "rule", "color": color, "strokeWidth": width, "aria": false });

    let mut layers = Vec::new();
    for (from, to) in [("a", "b"), ("d", "e")] {
        layers.push(json!({ "mark": line(1.0), "encoding": plane.along(&value(from), to) }));
    }
    if step_px * (1.0 - GAP) >= LEAST_ENDS_PX {
        for end in ["a", "e"] {
            layers.push(json!({ "mark": line(1.0), "encoding": plane.across(&value(end), 0.3, 0.7) }));
        }
    }
    let orient = if lying { "horizontal" } else { "vertical" };
    // The grid does not shine through.
    layers.push(json!({
        "mark": { "type": "bar", "orient": orient, "color": theme.surface, "cornerRadiusEnd": 0, "aria": false },
        "encoding": plane.along(&value("b"), "d"),
    }));
    layers.push(json!({
        "mark": { "type": "bar", "orient": orient, "color": color, "fillOpacity": 0.3, "cornerRadiusEnd": 0 },
        "encoding": plane.along(&value("b"), "d"),
    }));
    layers.push(json!({ "mark": line(2.0), "encoding": plane.across(&value("c"), 0.0, 1.0) }));
    if visual.format.data_labels && !lying && numbers_fit(&result, step_px * (1.0 - GAP)) {
        let mut encoding = plane.across(&value("c"), 0.5, 0.5);
        if let Value::Object(encoding) = &mut encoding {
            encoding.remove("x2");
            encoding.insert("text".to_owned(), json!({ "field": "l", "type": "nominal" }));
        }
        layers.push(json!({
            "mark": { "type": "text", "baseline": "bottom", "dy": -3, "fontSize": NUMBER_PX, "color": theme.ink, "aria": false },
            "encoding": encoding,
        }));
    }
    let mut spec = json!({ "layer": layers });
    if left_out > 0 {
        bands::only_members(&mut spec, &categories);
    }
    (spec, result)
}

/// One row for each group that has all five numbers. It stands for the median.
fn boxes(visual: &Visual, answer: &Answer, axis: Option<usize>, measures: &[&MeasureColumn]) -> Series {
    let mut result = Series::default();
    let &[least, lower, median, upper, greatest] = measures else {
        return result;
    };
    for (index, row) in answer.rows.iter().enumerate() {
        let number = |measure: &MeasureColumn| series::number(row.get(measure.column)).as_f64();
        let numbers = [least, lower, median, upper, greatest].map(number);
        let [Some(a), Some(b), Some(c), Some(d), Some(e)] = numbers else {
            continue;
        };
        result.rows.push(json!({
            "x": series::member(answer, row, axis), "a": a, "b": b, "c": c, "d": d, "e": e,
            "l": series::number_label(visual, answer, median, c),
        }));
        result.sources.push(MarkSource {
            row: index,
            column: median.column,
        });
    }
    result
}

/// Boxes stand, unless there are many of them or their names have no room below.
fn lies(categories: &Categories, size: Size) -> bool {
    let count = categories.labels.len().max(1) as f64;
    let longest_px = categories
        .labels
        .iter()
        .map(|label| bands::text_px(label, 12.0))
        .fold(0.0, f64::max);
    let crowded = categories.labels.len() > MOST_UPRIGHT || longest_px + 6.0 > (size.width_px - BESIDE_PX) / count;
    crowded && categories.times.is_none() && (size.height_px - BELOW_PX) / count >= LYING_PX
}

fn numbers_fit(series: &Series, box_px: f64) -> bool {
    let mut texts = series
        .rows
        .iter()
        .filter_map(|row| row.get("l").and_then(Value::as_str));
    texts.all(|text| bands::text_px(text, NUMBER_PX) <= box_px)
}

/// Which way the boxes go.
struct Plane {
    lying: bool,
    category: Value,
}

impl Plane {
    /// From one value to another, in the middle of the band or as wide as it.
    fn along(&self, from: &Value, to: &str) -> Value {
        let to = json!({ "field": to });
        if self.lying {
            json!({ "y": self.category, "x": from, "x2": to })
        } else {
            json!({ "x": self.category, "y": from, "y2": to })
        }
    }

    /// At one value, from one place of the band to another.
    fn across(&self, value: &Value, from: f64, to: f64) -> Value {
        let mut start = self.category.clone();
        if let Value::Object(start) = &mut start {
            start.insert("bandPosition".to_owned(), json!(from));
        }
        let end = json!({ "field": "x", "bandPosition": to });
        if self.lying {
            json!({ "x": value, "y": start, "y2": end })
        } else {
            json!({ "y": value, "x": start, "x2": end })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::samples::{Sample, sample};
    use crate::visual::{DrawOptions, describe, draw, specification, title};
    use shared::visual::VisualKind;

    const SIZE: Size = Size {
        width_px: 400.0,
        height_px: 260.0,
    };

    #[test]
    fn a_box_is_one_mark_between_its_quartiles() {
        let (visual, answer) = sample(VisualKind::BoxPlot, Sample::Nulls);
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(
            picture.hits.len(),
            6,
            "two of eight have no numbers; whiskers and medians are no marks"
        );
        assert_eq!((picture.sources[1].row, picture.sources[1].column), (2, 3));
        let spec = specification(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        let first = &spec["data"]["values"][0];
        let numbers = FIELDS.map(|field| first[field].as_f64().unwrap());
        assert!(numbers.is_sorted());
        let encoding = &spec["layer"][0]["encoding"];
        assert_eq!(
            (&encoding["y"]["field"], &encoding["y2"]["field"]),
            (&json!("a"), &json!("b"))
        );
        assert_eq!(encoding["x"]["scale"]["domain"].as_array().unwrap().len(), 8);
    }

    #[test]
    fn long_names_and_many_groups_lay_boxes_down_where_there_is_room() {
        let along = |state: Sample, height_px: f64| {
            let (visual, answer) = sample(VisualKind::BoxPlot, state);
            let size = Size { height_px, ..SIZE };
            let spec = specification(&visual, &answer, &Theme::light(), size, &DrawOptions::default()).unwrap();
            spec["layer"][0]["encoding"]["x2"].is_object()
        };
        assert!(!along(Sample::Usual, 260.0));
        assert!(along(Sample::LongNames, 260.0));
        assert!(!along(Sample::LongNames, 80.0));
        assert!(!along(Sample::Many, 260.0));
    }

    #[test]
    fn the_title_says_the_value_that_the_boxes_are_of() {
        let (mut visual, answer) = sample(VisualKind::BoxPlot, Sample::Usual);
        assert_eq!(title(&visual, &answer), "Amount by Item");
        assert_eq!(describe(&visual, &answer), "Amount by Item, 8 boxes.");
        visual.wells.values[0].label = Some("Order size".to_owned());
        assert_eq!(title(&visual, &answer), "Order size by Item");
    }
}
