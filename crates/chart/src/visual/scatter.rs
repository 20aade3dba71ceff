//! Points by two values, with size and colour.

use serde_json::{Map, Value, json};
use shared::{
    semantic::Answer,
    visual::{Visual, WellName},
};

use super::{
    MarkSource, Parts, Size, bands,
    numbers::{AxisNumbers, axis_numbers},
    series::{self, Series},
};
use crate::Theme;

/// Points keep this from the ends of the axes, in px.
const PADDING_PX: f64 = 8.0;
/// Less high pictures have no names at the axes, in px.
const LEAST_TITLED_PX: f64 = 120.0;
/// Between numbers side by side, in px: with less they read as one.
const NUMBERS_APART_PX: f64 = 2.0;

pub(super) fn scatter(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let first = |well: WellName| parts.measures_of(well).into_iter().next();
    let (x, y, bubble) = (first(WellName::X), first(WellName::Y), first(WellName::Size));
    let legend = parts.dimension(WellName::Legend);
    let detail = parts.dimension(WellName::Detail);
    let mut result = Series::default();
    for (index, row) in answer.rows.iter().enumerate() {
        let name = series::member(answer, row, legend);
        if legend.is_some() && !result.names.contains(&name) {
            result.names.push(name.clone());
        }
        let cell = |measure: Option<&super::MeasureColumn>| {
            series::number(measure.and_then(|measure| row.get(measure.column)))
        };
        result.rows.push(json!({ "x": cell(x), "y": cell(y), "z": cell(bubble), "s": name, "d": series::member(answer, row, detail) }));
        result.sources.push(MarkSource {
            row: index,
            column: y.or(x).map_or(0, |measure| measure.column),
        });
    }
    let number = |row: &Value, field: &str| row.get(field).is_some_and(Value::is_number);
    let drawn = result
        .rows
        .iter()
        .any(|row| (x.is_none() || number(row, "x")) && (y.is_none() || number(row, "y")));
    let channel = |measure: Option<&super::MeasureColumn>, field: &str, extent: f64| {
        let measures: Vec<_> = measure.into_iter().collect();
        let numbers = axis_numbers(visual, answer, &measures, false);
        // An axis without points needs no name, and a small picture has no room for it.
        let name = measure.map(|measure| measure.label.as_str());
        let name = name.filter(|_| drawn && size.height_px >= LEAST_TITLED_PX);
        let axis = plane_axis(visual, &numbers, name, extent);
        // A single value spans no axis by itself.
        let mut values = result
            .rows
            .iter()
            .filter_map(|row| row.get(field))
            .filter(|value| !value.is_null());
        let first = values.next();
        let single = values.all(|value| Some(value) == first);
        json!({ "field": field, "type": "quantitative", "axis": axis, "scale": { "zero": visual.format.zero.unwrap_or(single), "nice": true, "padding": PADDING_PX } })
    };
    let mut encoding = Map::new();
    if x.is_some() {
        encoding.insert("x".to_owned(), channel(x, "x", size.width_px));
    }
    if y.is_some() {
        encoding.insert("y".to_owned(), channel(y, "y", size.height_px));
    }
    if let Some(bubble) = bubble {
        encoding.insert("size".to_owned(), json!({ "field": "z", "type": "quantitative", "title": bubble.label, "legend": null, "scale": { "rangeMax": 900, "rangeMin": 16 } }));
    }
    let color = bands::color(visual, answer, theme, &result, size);
    let mut mark = json!({ "type": "circle", "opacity": 0.75, "size": 64 });
    match (color, &mut mark) {
        (Some(color), _) => {
            encoding.insert("color".to_owned(), color);
        }
        (None, Value::Object(mark)) => {
            mark.insert("color".to_owned(), json!(bands::single_color(visual, theme)));
        }
        (None, _) => {}
    }
    (json!({ "mark": mark, "encoding": encoding }), result)
}

/// One of two axes of numbers, which say nothing without their names.
pub(super) fn plane_axis(visual: &Visual, numbers: &AxisNumbers, name: Option<&str>, extent_px: f64) -> Value {
    let mut axis = bands::value_axis(visual, numbers, extent_px, None);
    if let Value::Object(axis) = &mut axis {
        axis.insert("title".to_owned(), json!(name));
        axis.insert("labelSeparation".to_owned(), json!(NUMBERS_APART_PX));
    }
    axis
}
