//! Bars, columns, lines and areas.

use serde_json::{Map, Value, json};
use shared::{
    semantic::Answer,
    visual::{Visual, VisualKind, WellName},
};

use super::{
    Parts, Size, bands,
    series::{self, Series},
};
use crate::Theme;

/// How the series of a kind share the plane.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrangement {
    Grouped,
    Stacked,
    Normalized,
    /// Over one another.
    Layered,
}

impl Arrangement {
    fn stack(self) -> Value {
        match self {
            Self::Grouped | Self::Layered => Value::Null,
            Self::Stacked => json!("zero"),
            Self::Normalized => json!("normalize"),
        }
    }
}

pub(super) fn bars(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    horizontal: bool,
    arrangement: Arrangement,
) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let axis = parts.dimension(WellName::Axis);
    let series = series::series(visual, answer, axis, parts.dimension(WellName::Legend), &measures);
    let labels = labels(&series);
    let (along, across) = if horizontal {
        (size.height_px, size.width_px)
    } else {
        (size.width_px, size.height_px)
    };
    let normalized = arrangement == Arrangement::Normalized;
    let format = bands::value_format(visual, answer, &measures, normalized);
    let axis_title = axis
        .and_then(|axis| answer.columns.get(axis))
        .map(|column| column.label.clone());
    let value_title = (measures.len() == 1)
        .then(|| measures.first().map(|measure| measure.label.clone()))
        .flatten();
    let inner = if series.names.len() > 1 && arrangement == Arrangement::Grouped {
        0.25
    } else {
        0.3
    };
    let category = json!({
        "field": "x",
        "type": "nominal",
        "sort": null,
        "scale": bands::band_scale(&labels, along, inner),
        "axis": bands::category_axis(visual, &labels, along, horizontal, axis_title),
    });
    let mut value = json!({
        "field": "y",
        "type": "quantitative",
        "stack": arrangement.stack(),
        "axis": bands::value_axis(visual, format, across, value_title),
    });
    if !visual.format.zero.unwrap_or(true)
        && arrangement == Arrangement::Grouped
        && let Value::Object(value) = &mut value
    {
        value.insert("scale".to_owned(), json!({ "zero": false }));
    }
    let mut encoding = Map::new();
    let (x, y) = if horizontal {
        (value, category)
    } else {
        (category, value)
    };
    encoding.insert("x".to_owned(), x);
    encoding.insert("y".to_owned(), y);
    let color = bands::color(visual, theme, &series, size);
    if let Some(color) = &color {
        encoding.insert("color".to_owned(), color.clone());
        if arrangement == Arrangement::Grouped {
            let offset = if horizontal { "yOffset" } else { "xOffset" };
            encoding.insert(
                offset.to_owned(),
                json!({ "field": "s", "type": "nominal", "sort": null }),
            );
        } else {
            encoding.insert("order".to_owned(), json!({ "field": "i", "type": "quantitative" }));
        }
    }
    let mut mark = json!({ "type": "bar" });
    if let Value::Object(mark) = &mut mark {
        if color.is_none() {
            mark.insert("color".to_owned(), json!(bands::single_color(visual, theme)));
        }
        if arrangement == Arrangement::Grouped {
            mark.insert("cornerRadiusEnd".to_owned(), json!(theme.bar_radius_px));
        }
    }
    let spec = if visual.format.data_labels && arrangement == Arrangement::Grouped {
        labelled_bars(&encoding, &mark, theme, horizontal)
    } else {
        json!({ "mark": mark, "encoding": encoding })
    };
    (spec, series)
}

/// Bars with their values at the end.
fn labelled_bars(encoding: &Map<String, Value>, mark: &Value, theme: &Theme, horizontal: bool) -> Value {
    let mut text = encoding.clone();
    text.remove("color");
    text.insert("text".to_owned(), json!({ "field": "l", "type": "nominal" }));
    let place = if horizontal {
        json!({ "align": "left", "baseline": "middle", "dx": 4 })
    } else {
        json!({ "align": "center", "baseline": "bottom", "dy": -4 })
    };
    let mut label = json!({ "type": "text", "color": theme.ink_muted, "fontSize": 11 });
    if let (Value::Object(label), Value::Object(place)) = (&mut label, place) {
        label.extend(place);
    }
    json!({ "layer": [{ "mark": mark, "encoding": encoding }, { "mark": label, "encoding": text }] })
}

pub(super) fn lines(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let axis = parts.dimension(WellName::Axis);
    let series = series::series(visual, answer, axis, parts.dimension(WellName::Legend), &measures);
    let arrangement = match visual.kind {
        VisualKind::AreaStacked => Arrangement::Stacked,
        _ => Arrangement::Layered,
    };
    let area = matches!(visual.kind, VisualKind::Area | VisualKind::AreaStacked);
    let format = bands::value_format(visual, answer, &measures, false);
    let value_title = (measures.len() == 1)
        .then(|| measures.first().map(|measure| measure.label.clone()))
        .flatten();
    let mut encoding = Map::new();
    encoding.insert("x".to_owned(), progress_axis(visual, answer, axis, &series, size));
    encoding.insert(
        "y".to_owned(),
        json!({
            "field": "y",
            "type": "quantitative",
            "stack": arrangement.stack(),
            "axis": bands::value_axis(visual, format, size.height_px, value_title),
            "scale": { "zero": visual.format.zero.unwrap_or(area) },
        }),
    );
    let color = bands::color(visual, theme, &series, size);
    if let Some(color) = &color {
        encoding.insert("color".to_owned(), color.clone());
        if arrangement == Arrangement::Stacked {
            encoding.insert("order".to_owned(), json!({ "field": "i", "type": "quantitative" }));
        }
    }
    (
        json!({ "mark": line_mark(visual, theme, area, arrangement, color.is_none(), &series), "encoding": encoding }),
        series,
    )
}

fn line_mark(
    visual: &Visual,
    theme: &Theme,
    area: bool,
    arrangement: Arrangement,
    single: bool,
    series: &Series,
) -> Value {
    let mut mark = Map::new();
    mark.insert("type".to_owned(), json!(if area { "area" } else { "line" }));
    if visual.format.smooth {
        mark.insert("interpolate".to_owned(), json!("monotone"));
    }
    // A lone point would be an invisible line.
    if visual.format.points || series.rows.len() <= series.names.len().max(1) {
        mark.insert("point".to_owned(), json!(true));
    }
    if single {
        mark.insert("color".to_owned(), json!(bands::single_color(visual, theme)));
    }
    if area {
        mark.insert(
            "fillOpacity".to_owned(),
            json!(if arrangement == Arrangement::Stacked {
                0.85
            } else {
                0.25
            }),
        );
        if arrangement == Arrangement::Layered {
            mark.insert("line".to_owned(), json!(true));
        }
    } else {
        mark.insert("strokeWidth".to_owned(), json!(2));
        mark.insert("strokeJoin".to_owned(), json!("round"));
    }
    Value::Object(mark)
}

/// The axis that lines run along: time as time, anything else as points in the answer's order.
pub(super) fn progress_axis(
    visual: &Visual,
    answer: &Answer,
    axis: Option<usize>,
    series: &Series,
    size: Size,
) -> Value {
    let title = axis
        .and_then(|axis| answer.columns.get(axis))
        .map(|column| column.label.clone());
    if series::is_time(answer, axis) {
        json!({
            "field": "t",
            "type": "temporal",
            "axis": {
                "title": if visual.format.axis_titles { title.map(Value::from).unwrap_or(Value::Null) } else { Value::Null },
                "grid": false,
                "ticks": false,
                "labelOverlap": true,
                "labelFlush": true,
                "tickCount": (size.width_px / 90.0).clamp(2.0, 12.0).floor(),
            },
        })
    } else {
        json!({ "field": "x", "type": "nominal", "sort": null, "axis": bands::category_axis(visual, &labels(series), size.width_px, false, title) })
    }
}

/// The members along the axis, each once, in their order.
pub(super) fn labels(series: &Series) -> Vec<String> {
    let mut labels: Vec<String> = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for row in &series.rows {
        if let Some(text) = row.get("x").and_then(Value::as_str)
            && seen.insert(text)
        {
            labels.push(text.to_owned());
        }
    }
    labels
}
