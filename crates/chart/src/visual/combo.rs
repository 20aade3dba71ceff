//! Columns with lines over them, each with an axis of its own.

use serde_json::{Value, json};
use shared::{
    semantic::Answer,
    visual::{Visual, WellName},
};

use super::{
    MeasureColumn, Parts, Size, bands,
    categories::Categories,
    numbers::axis_numbers,
    palette,
    series::{self, Series},
};
use crate::Theme;

/// Beyond this many categories points on the line would hide it.
const MOST_POINTS: usize = 40;
/// Columns with less of the axis cannot be told apart, in px.
const LEAST_BAR_PX: f64 = 4.0;

pub(super) fn combo(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let columns = parts.measures_of(WellName::Values);
    let lines = parts.measures_of(WellName::LineValues);
    let axis = parts.dimension(WellName::Axis);
    let all: Vec<&MeasureColumn> = columns.iter().chain(lines.iter()).copied().collect();
    let mut series = series::series(visual, answer, axis, None, &all);
    for (row, source) in series.rows.iter_mut().zip(&series.sources) {
        let is_line = lines.iter().any(|measure| measure.column == source.column)
            && !columns.iter().any(|measure| measure.column == source.column);
        if let Value::Object(row) = row {
            row.insert("g".to_owned(), json!(if is_line { "line" } else { "bar" }));
        }
    }
    let mut categories = Categories::of(answer, axis, &series);
    let left_out = bands::cut_to_room(
        &mut categories,
        size.width_px,
        LEAST_BAR_PX * columns.len().max(1) as f64,
    );
    let title = axis
        .and_then(|axis| answer.columns.get(axis))
        .map(|column| column.label.clone());
    let mut names = bands::category_axis(visual, &categories, (size.width_px, size.height_px), false, title);
    bands::say_left_out(&mut names, left_out, size);
    let x = json!({
        "field": "x", "type": "nominal", "sort": null,
        "axis": names,
        "scale": bands::band_scale(&categories, size.width_px, 0.3),
    });
    let color = json!({
        "field": "s", "type": "nominal", "sort": null,
        "scale": { "domain": series.names, "range": palette::categories(theme, series.names.len()) },
        "legend": bands::legend(visual, &series, size),
    });
    let axis_of = |measures: &[&MeasureColumn], orient: &str, grid: bool| {
        let numbers = axis_numbers(visual, answer, measures, false);
        let title = measures.first().map(|measure| measure.label.clone());
        let mut axis = bands::value_axis(visual, &numbers, size.height_px, title);
        bands::mark_zero(&mut axis, theme);
        if let Value::Object(axis) = &mut axis {
            axis.insert("orient".to_owned(), json!(orient));
            if !grid {
                axis.insert("grid".to_owned(), json!(false));
            }
        }
        axis
    };
    let mut layers = Vec::new();
    if !columns.is_empty() {
        let mut encoding = json!({
            "x": x,
            "y": { "field": "y", "type": "quantitative", "stack": null, "axis": axis_of(&columns, "left", true) },
            "color": color,
        });
        if columns.len() > 1
            && let Value::Object(encoding) = &mut encoding
        {
            encoding.insert(
                "xOffset".to_owned(),
                json!({ "field": "s", "type": "nominal", "sort": null }),
            );
        }
        layers.push(json!({ "transform": [{ "filter": "datum.g === 'bar'" }], "mark": { "type": "bar", "cornerRadiusEnd": theme.bar_radius_px }, "encoding": encoding }));
    }
    if !lines.is_empty() {
        let orient = if columns.is_empty() { "left" } else { "right" };
        layers.push(json!({
            "transform": [{ "filter": "datum.g === 'line'" }],
            "mark": { "type": "line", "strokeWidth": 2, "point": categories.labels.len() <= MOST_POINTS },
            "encoding": {
                "x": x,
                "y": { "field": "y", "type": "quantitative", "axis": axis_of(&lines, orient, columns.is_empty()), "scale": { "zero": visual.format.zero.unwrap_or(true) } },
                "color": color,
            },
        }));
    }
    let mut spec = json!({ "layer": layers, "resolve": { "scale": { "y": "independent" } } });
    if left_out > 0 {
        bands::only_members(&mut spec, &categories);
    }
    (spec, series)
}
