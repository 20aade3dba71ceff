//! Bars, columns, lines and areas.

use serde_json::{Map, Value, json};
use shared::{
    semantic::Answer,
    visual::{Visual, VisualKind, WellName},
};

use super::{
    Parts, Size, bands,
    categories::{Categories, Times},
    numbers::axis_numbers,
    series::{self, Series},
};
use crate::Theme;

/// A label of a time axis with the gap after it, in px.
const TIME_LABEL_PX: f64 = 80.0;
/// What the axis of values takes beside it, about, in px.
const BESIDE_PX: f64 = 36.0;
/// Narrower time axes have labels that stand below their ticks even at their ends, in px: pushed inwards they would touch.
const FLUSH_TIMES_PX: f64 = 240.0;
/// Area of a point that no line leads to, in square px.
const POINT_PX2: f64 = 28.0;

/// Bars with less of the axis cannot be told apart, in px: an upright one, and one that lies beside its name.
const LEAST_UPRIGHT_PX: f64 = 3.0;
const LEAST_LYING_PX: f64 = 6.0;
/// Pieces of narrower stacks have no hairlines between them, in px.
const LEAST_PARTED_PX: f64 = 10.0;
/// Names beside lying bars take at most this part of the picture.
const NAMES_SHARE: f64 = 0.36;

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
    let mut categories = Categories::of(answer, axis, &series);
    let (along, across) = if horizontal {
        (size.height_px, size.width_px)
    } else {
        (size.width_px, size.height_px)
    };
    let beside = if arrangement == Arrangement::Grouped {
        series.names.len().max(1) as f64
    } else {
        1.0
    };
    let least_px = if horizontal { LEAST_LYING_PX } else { LEAST_UPRIGHT_PX };
    let left_out = bands::cut_to_room(&mut categories, along, least_px * beside);
    let normalized = arrangement == Arrangement::Normalized;
    let numbers = axis_numbers(visual, answer, &measures, normalized);
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
    let mut names = bands::category_axis(visual, &categories, (along, across), horizontal, axis_title);
    let mut values = bands::value_axis(
        visual,
        &numbers,
        across / if horizontal { 2.0 } else { 1.0 },
        value_title,
    );
    bands::mark_zero(&mut values, theme);
    bands::say_left_out(if horizontal { &mut values } else { &mut names }, left_out, size);
    let mut names_px = 0.0;
    if let Value::Object(names) = &mut names {
        if horizontal {
            let most_px = (across * NAMES_SHARE).min(180.0);
            names_px = bands::longest_px(&categories.labels).min(most_px);
            names.insert("labelLimit".to_owned(), json!(most_px));
        } else if visual.format.grid.unwrap_or(true) && !normalized && falls_below_zero(&series) {
            // The line of zero is the axis.
            names.insert("domain".to_owned(), json!(false));
        }
    }
    let category = json!({
        "field": "x",
        "type": "nominal",
        "sort": null,
        "scale": bands::band_scale(&categories, along, inner),
        "axis": names,
    });
    let mut value = json!({
        "field": "y",
        "type": "quantitative",
        "stack": arrangement.stack(),
        "axis": values,
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
    // A legend starts where the bars do.
    let room = Size {
        width_px: size.width_px - (names_px - BESIDE_PX).max(0.0),
        ..size
    };
    let color = bands::color(visual, answer, theme, &series, room);
    if let Some(color) = &color {
        encoding.insert("color".to_owned(), color.clone());
        if arrangement == Arrangement::Grouped {
            let offset = if horizontal { "yOffset" } else { "xOffset" };
            encoding.insert(
                offset.to_owned(),
                json!({ "field": "s", "type": "nominal", "sort": null, "scale": { "paddingInner": 0.08 } }),
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
        match arrangement {
            Arrangement::Grouped | Arrangement::Layered => {
                mark.insert("cornerRadiusEnd".to_owned(), json!(theme.bar_radius_px));
            }
            // A hairline of the surface keeps the pieces of a stack apart.
            Arrangement::Stacked | Arrangement::Normalized => {
                if along >= LEAST_PARTED_PX * categories.labels.len() as f64 {
                    mark.insert("stroke".to_owned(), json!(theme.surface));
                    mark.insert("strokeWidth".to_owned(), json!(1));
                }
            }
        }
    }
    if color.is_none() && !answer.others.is_empty() {
        let rest = json!({ "condition": { "test": "datum.o === true", "value": theme.rest }, "value": bands::single_color(visual, theme) });
        encoding.insert("color".to_owned(), rest);
    }
    let labels = Labels::of(&series, &categories, along, horizontal)
        .filter(|_| visual.format.data_labels && arrangement == Arrangement::Grouped);
    let mut spec = match labels {
        Some(labels) => labels.on(&mut encoding, &mark, theme, (across, horizontal)),
        None => json!({ "mark": mark, "encoding": encoding }),
    };
    if left_out > 0 {
        bands::only_members(&mut spec, &categories);
    }
    (spec, series)
}

fn falls_below_zero(series: &Series) -> bool {
    let numbers = series.rows.iter().filter_map(|row| row.get("y")?.as_f64());
    numbers.fold(0.0, f64::min) < 0.0
}

/// Letters of numbers on bars, in px.
const NUMBER_PX: f64 = 11.0;

/// The values at the ends of bars.
struct Labels {
    longest_px: f64,
    /// Of all values and zero.
    least: f64,
    largest: f64,
}

impl Labels {
    /// `None` where they would run into each other.
    fn of(series: &Series, categories: &Categories, along_px: f64, horizontal: bool) -> Option<Self> {
        let texts = series
            .rows
            .iter()
            .filter_map(|row| row.get("l").and_then(Value::as_str));
        let longest_px = texts.map(|text| bands::text_px(text, NUMBER_PX)).fold(0.0, f64::max);
        let bars = categories.labels.len() * series.names.len().max(1);
        let room = along_px / bars.max(1) as f64;
        let values = series
            .rows
            .iter()
            .filter_map(|row| row.get("y").and_then(Value::as_f64));
        let (least, largest) = values.fold((0.0_f64, 0.0_f64), |(least, largest), value| {
            (least.min(value), largest.max(value))
        });
        (room >= if horizontal { NUMBER_PX } else { longest_px + 2.0 }).then_some(Self {
            longest_px,
            least,
            largest,
        })
    }

    /// The bars with their labels; the axis gets room for the longest.
    fn on(self, encoding: &mut Map<String, Value>, mark: &Value, theme: &Theme, plane: (f64, bool)) -> Value {
        let (across_px, horizontal) = plane;
        let (channel, need_px) = if horizontal {
            ("x", self.longest_px + 12.0)
        } else {
            ("y", 20.0)
        };
        if let Some(Value::Object(value)) = encoding.get_mut(channel)
            && !value.contains_key("scale")
        {
            // Names beside the bars take about a third of a lying chart.
            let bars_px = if horizontal { across_px * 0.66 } else { across_px - 40.0 };
            let ends = f64::from(u8::from(self.largest > 0.0) + u8::from(self.least < 0.0));
            let room =
                (self.largest - self.least) * (bars_px / (bars_px - need_px * ends).max(bars_px * 0.5) - 1.0) / ends;
            let mut scale = Map::new();
            if self.largest > 0.0 {
                scale.insert("domainMax".to_owned(), json!(self.largest + room));
            }
            if self.least < 0.0 {
                scale.insert("domainMin".to_owned(), json!(self.least - room));
            }
            value.insert("scale".to_owned(), Value::Object(scale));
        }
        // The numbers are on the bars: the axis need not repeat them.
        if let Some(Value::Object(value)) = encoding.get_mut(channel)
            && let Some(Value::Object(axis)) = value.get_mut("axis")
        {
            axis.insert("labels".to_owned(), json!(false));
            // Of the grid only zero is left.
            axis.insert("values".to_owned(), json!([0]));
        }
        let mut text = encoding.clone();
        text.remove("color");
        text.insert("text".to_owned(), json!({ "field": "l", "type": "nominal" }));
        let by_sign = |below: &str, other: &str| json!({ "expr": format!("datum.y < 0 ? {below} : {other}") });
        let mut label = json!({ "type": "text", "color": theme.ink_muted, "fontSize": NUMBER_PX, "aria": false });
        if let Value::Object(label) = &mut label {
            let (align, baseline, shift, by) = if horizontal {
                (by_sign("'right'", "'left'"), json!("middle"), "dx", by_sign("-4", "4"))
            } else {
                (json!("center"), by_sign("'top'", "'bottom'"), "dy", by_sign("4", "-4"))
            };
            label.insert("align".to_owned(), align);
            label.insert("baseline".to_owned(), baseline);
            label.insert(shift.to_owned(), by);
        }
        json!({ "layer": [{ "mark": mark, "encoding": encoding }, { "mark": label, "encoding": text }] })
    }
}

pub(super) fn lines(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let axis = parts.dimension(WellName::Axis);
    let mut series = series::series(visual, answer, axis, parts.dimension(WellName::Legend), &measures);
    let arrangement = match visual.kind {
        VisualKind::AreaStacked => Arrangement::Stacked,
        _ => Arrangement::Layered,
    };
    let area = matches!(visual.kind, VisualKind::Area | VisualKind::AreaStacked);
    let numbers = axis_numbers(visual, answer, &measures, false);
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
            "axis": bands::value_axis(visual, &numbers, size.height_px, value_title),
            "scale": { "zero": visual.format.zero.unwrap_or(area || is_flat(&series)) },
        }),
    );
    let color = bands::color(visual, answer, theme, &series, size);
    if let Some(color) = &color {
        encoding.insert("color".to_owned(), color.clone());
        if arrangement == Arrangement::Stacked {
            encoding.insert("order".to_owned(), json!({ "field": "i", "type": "quantitative" }));
        }
    }
    let mark = line_mark(visual, theme, area, arrangement, color.is_none(), &series);
    // A point between missing ones would be an invisible piece of line. In a stack it has no place of its own.
    let lone = arrangement == Arrangement::Layered && mark.get("point").is_none() && mark_lone_points(&mut series);
    if !lone {
        return (json!({ "mark": mark, "encoding": encoding }), series);
    }
    let mut points = json!({
        "transform": [{ "filter": "datum.p === true" }],
        "mark": { "type": "point", "filled": true, "size": POINT_PX2, "opacity": 1, "aria": false },
        "encoding": encoding,
    });
    // The lines are what the legend explains.
    if let Some(Value::Object(color)) = points.pointer_mut("/encoding/color") {
        color.insert("legend".to_owned(), Value::Null);
    }
    if let (None, Some(Value::Object(mark))) = (color, points.get_mut("mark")) {
        mark.insert("color".to_owned(), json!(bands::single_color(visual, theme)));
    }
    (
        json!({ "layer": [{ "mark": mark, "encoding": encoding }, points] }),
        series,
    )
}

/// Is there but one number? It spans no axis by itself.
fn is_flat(series: &Series) -> bool {
    let numbers = || series.rows.iter().filter_map(|row| row.get("y")?.as_f64());
    numbers().fold(f64::INFINITY, f64::min) >= numbers().fold(f64::NEG_INFINITY, f64::max)
}

/// Marks (`p`) the points with no neighbour in their series, and tells whether there are any.
fn mark_lone_points(series: &mut Series) -> bool {
    let mut courses: Vec<Vec<usize>> = vec![Vec::new(); series.names.len()];
    for (index, row) in series.rows.iter().enumerate() {
        let position = row.get("i").and_then(Value::as_u64).unwrap_or_default();
        if let Some(course) = courses.get_mut(usize::try_from(position).unwrap_or_default()) {
            course.push(index);
        }
    }
    let there = |at: Option<&usize>| at.and_then(|at| series.rows.get(*at)?.get("y")?.as_f64()).is_some();
    let mut lone = Vec::new();
    for course in &courses {
        for (place, index) in course.iter().enumerate() {
            let before = place.checked_sub(1).and_then(|before| course.get(before));
            if there(Some(index)) && !there(before) && !there(course.get(place + 1)) {
                lone.push(*index);
            }
        }
    }
    for index in &lone {
        if let Some(Value::Object(row)) = series.rows.get_mut(*index) {
            row.insert("p".to_owned(), json!(true));
        }
    }
    !lone.is_empty()
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
                0.18
            }),
        );
        if arrangement == Arrangement::Layered {
            mark.insert("line".to_owned(), json!({ "strokeWidth": 2 }));
        }
    } else {
        mark.insert("strokeWidth".to_owned(), json!(2));
        mark.insert("strokeJoin".to_owned(), json!("round"));
    }
    Value::Object(mark)
}

/// The axis that lines run along: time as time, anything else as points in the answer's order.
fn progress_axis(visual: &Visual, answer: &Answer, axis: Option<usize>, series: &Series, size: Size) -> Value {
    let title = axis
        .and_then(|axis| answer.columns.get(axis))
        .map(|column| column.label.clone());
    let categories = Categories::of(answer, axis, series);
    match &categories.times {
        Some(times) => json!({ "field": "t", "type": "temporal", "axis": time_axis(visual, times, size, title) }),
        None => {
            json!({
                "field": "x", "type": "nominal", "sort": null,
                "scale": { "domain": categories.labels },
                "axis": bands::category_axis(visual, &categories, (size.width_px, size.height_px), false, title),
            })
        }
    }
}

fn time_axis(visual: &Visual, times: &Times, size: Size, title: Option<String>) -> Value {
    let most = ((size.width_px - BESIDE_PX) / TIME_LABEL_PX).clamp(1.0, 12.0).floor();
    let mut axis = json!({
        "title": bands::axis_title(visual, title),
        "titleFontWeight": "normal",
        "grid": false,
        "ticks": false,
        "labelOverlap": true,
        "labelSeparation": 6,
        "labelFlush": size.width_px >= FLUSH_TIMES_PX,
    });
    if let Value::Object(axis) = &mut axis {
        match times.named_by() {
            Some(words) => {
                let ticks: Vec<_> = times
                    .steady(most as usize)
                    .into_iter()
                    .filter_map(|index| times.clocks.get(index))
                    .collect();
                axis.insert("values".to_owned(), json!(ticks));
                axis.insert("format".to_owned(), json!(words));
            }
            None => {
                axis.insert("tickCount".to_owned(), json!(most));
                if let Some(words) = times.chosen_ticks() {
                    axis.insert("format".to_owned(), json!(words));
                }
            }
        }
    }
    axis
}

#[cfg(test)]
mod tests {
    use shared::table::Cell;

    use super::*;
    use crate::visual::samples::{Sample, sample};
    use crate::visual::{DrawOptions, draw, specification};

    const SIZE: Size = Size {
        width_px: 400.0,
        height_px: 260.0,
    };

    fn drawn(visual: &Visual, answer: &Answer) -> Value {
        specification(visual, answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap()
    }

    #[test]
    fn bars_without_room_are_counted_but_figures_are_of_all() {
        for (kind, shown) in [(VisualKind::Column, 133), (VisualKind::Bar, 43)] {
            let (visual, answer) = sample(kind, Sample::Many);
            let spec = drawn(&visual, &answer);
            assert!(spec.to_string().contains(&format!("and {} more", 400 - shown)));
            assert_eq!(spec["data"]["values"].as_array().unwrap().len(), 400);
            let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
            assert_eq!(picture.hits.len(), shown);
        }
        // The course of many times is seen without each of them.
        let (mut visual, answer) = sample(VisualKind::Line, Sample::Many);
        visual.kind = VisualKind::Column;
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), 400);
    }

    #[test]
    fn bars_below_zero_hang_from_its_line() {
        let domain = |state| {
            let (visual, answer) = sample(VisualKind::Column, state);
            drawn(&visual, &answer)["encoding"]["x"]["axis"]["domain"].clone()
        };
        assert_eq!(
            (domain(Sample::Usual), domain(Sample::Negative)),
            (json!(true), json!(false))
        );
    }

    #[test]
    fn numbers_at_bars_have_room_on_both_sides_and_are_no_marks() {
        let (mut visual, answer) = sample(VisualKind::Column, Sample::Negative);
        visual.format.data_labels = true;
        let spec = drawn(&visual, &answer);
        let scale = &spec["layer"][0]["encoding"]["y"]["scale"];
        assert!(scale["domainMax"].as_f64().unwrap() > 170.0 && scale["domainMin"].as_f64().unwrap() < -150.0);
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), 8);
    }

    #[test]
    fn a_point_between_missing_ones_is_seen() {
        let (visual, mut answer) = sample(VisualKind::Line, Sample::Usual);
        for row in [4, 6] {
            answer.rows[row][1] = Cell::Null;
        }
        let spec = drawn(&visual, &answer);
        assert_eq!(spec["data"]["values"][5]["p"], true);
        assert_eq!(spec["data"]["values"][7]["p"], Value::Null);
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), 22, "it stands for its row once");
    }

    #[test]
    fn a_single_number_spans_an_axis_from_zero() {
        let (visual, answer) = sample(VisualKind::Line, Sample::OnePoint);
        assert_eq!(drawn(&visual, &answer)["encoding"]["y"]["scale"]["zero"], true);
    }
}
