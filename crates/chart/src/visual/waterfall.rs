//! Steps up and down from zero to a whole.

use serde_json::{Map, Value, json};
use shared::{
    semantic::{Aggregation, Answer, CalculationKind, Direction, FormatKind},
    visual::{Visual, WellName},
};

use super::{
    MarkSource, MeasureColumn, Parts, Size, bands,
    categories::Categories,
    numbers::axis_numbers,
    series::{self, Series},
};
use crate::Theme;

/// Letters of the numbers at steps, in px, and the room above or below for one.
const NUMBER_PX: f64 = 11.0;
const NUMBER_ROOM_PX: f64 = 20.0;
/// What the axes take of the picture, about, in px.
const BESIDE_PX: f64 = 48.0;
const BELOW_PX: f64 = 28.0;
/// Nearer steps have no lines between them, in px.
const LEAST_STEP_PX: f64 = 5.0;

pub(super) fn waterfall(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let axis = parts.dimension(WellName::Axis);
    let Some(measure) = measures.first() else {
        return (json!({ "mark": "bar" }), Series::default());
    };
    let result = steps(visual, answer, &parts, measure);
    let mut categories = Categories::of_column(answer, axis);
    let total = (is_additive(visual, answer, measure) && result.rows.len() > 1).then(|| {
        let taken = categories.labels.iter().any(|label| label == "Total");
        if taken { "Grand total" } else { "Total" }
    });
    let along_px = (size.width_px - BESIDE_PX).max(1.0);
    let step_px = along_px / (categories.labels.len() + usize::from(total.is_some())).max(1) as f64;
    let title = axis.and_then(|axis| Some(answer.columns.get(axis)?.label.clone()));
    let steps_px = step_px * categories.labels.len() as f64;
    let mut names = bands::category_axis(visual, &categories, (steps_px, size.height_px), false, title);
    if let Some(total) = total {
        // A crowded time axis lists the times that it names.
        if let Some(Value::Array(named)) = names.get_mut("values") {
            named.push(json!(total));
        }
        categories.labels.push(total.to_owned());
    }
    // The line of zero is the axis.
    let mut sums = result.rows.iter().filter_map(|row| row.get("to")?.as_f64());
    let below = sums.any(|sum| sum < 0.0);
    if let (true, Value::Object(names)) = (below && visual.format.grid.unwrap_or(true), &mut names) {
        names.insert("domain".to_owned(), json!(false));
    }
    let numbers = Numbers::of(&result, total.is_some(), step_px, size);

    let x = json!({
        "field": "x", "type": "nominal", "sort": null,
        "scale": bands::band_scale(&categories, along_px, 0.3),
        "axis": names,
    });
    let mut value_axis = bands::value_axis(
        visual,
        &axis_numbers(visual, answer, &measures, false),
        size.height_px,
        Some(measure.label.clone()),
    );
    bands::mark_zero(&mut value_axis, theme);
    let mut scale = json!({ "zero": visual.format.zero.unwrap_or(true) });
    if let (Some(numbers), Value::Object(scale)) = (&numbers, &mut scale) {
        scale.insert("domain".to_owned(), json!(numbers.domain));
        scale.insert("nice".to_owned(), json!(true));
    }
    let y = |field: &str| json!({ "field": field, "type": "quantitative", "axis": value_axis, "scale": scale });
    let (good, bad) = match answer.columns.get(measure.column).and_then(|column| column.good) {
        // Less of a cost is good.
        Some(Direction::Down) => (&theme.bad, &theme.good),
        Some(Direction::Up) | None => (&theme.good, &theme.bad),
    };
    let mut layers = Vec::new();
    if step_px >= LEAST_STEP_PX {
        let to_next = |filter: &str, end: Value| {
            json!({
                "transform": [{ "filter": filter }],
                "mark": { "type": "rule", "color": theme.ink_muted, "strokeWidth": 1, "opacity": 0.6, "aria": false },
                "encoding": { "x": at(&x, 1.0), "x2": end, "y": y("to") },
            })
        };
        layers.push(to_next("datum.n != null", json!({ "field": "n", "bandPosition": 0 })));
        if let Some(total) = total {
            layers.push(to_next(
                "datum.z === true",
                json!({ "datum": total, "bandPosition": 0 }),
            ));
        }
    }
    layers.push(json!({
        "mark": { "type": "bar", "orient": "vertical", "cornerRadiusEnd": 0 },
        "encoding": {
            "x": x, "y": y("from"), "y2": { "field": "to" },
            "color": { "condition": { "test": "datum.v >= 0", "value": good }, "value": bad },
        },
    }));
    let whole = total.map(|total| with(&x, &[("field", None), ("datum", Some(json!(total)))]));
    if let Some(whole) = &whole {
        let color = if visual.format.color.is_some() {
            bands::single_color(visual, theme)
        } else {
            theme.rest.clone()
        };
        layers.push(json!({
            "transform": [{ "filter": "datum.z === true" }],
            "mark": { "type": "bar", "orient": "vertical", "cornerRadiusEnd": 0, "color": color, "aria": false },
            "encoding": { "x": whole, "y": y("zero"), "y2": { "field": "to" } },
        }));
    }
    if numbers.is_some() {
        let words = |x: &Value, filter: &str, text: &str, up: bool| {
            json!({
                "transform": [{ "filter": filter }],
                "mark": {
                    "type": "text", "fontSize": NUMBER_PX, "color": theme.ink, "aria": false,
                    "baseline": if up { "bottom" } else { "top" }, "dy": if up { -4 } else { 4 },
                },
                "encoding": { "x": x, "y": y("to"), "text": { "field": text, "type": "nominal" } },
            })
        };
        layers.push(words(&x, "datum.v >= 0", "l", true));
        layers.push(words(&x, "datum.v < 0", "l", false));
        if let Some(whole) = &whole {
            layers.push(words(whole, "datum.z === true && datum.to >= 0", "w", true));
            layers.push(words(whole, "datum.z === true && datum.to < 0", "w", false));
        }
    }
    (json!({ "layer": layers }), result)
}

/// A channel with a place within the band.
fn at(channel: &Value, position: f64) -> Value {
    with(channel, &[("bandPosition", Some(json!(position)))])
}

/// A channel with properties set or taken away.
fn with(channel: &Value, properties: &[(&str, Option<Value>)]) -> Value {
    let mut channel = channel.clone();
    if let Value::Object(channel) = &mut channel {
        for (key, value) in properties {
            match value {
                Some(value) => channel.insert((*key).to_owned(), value.clone()),
                None => channel.remove(*key),
            };
        }
    }
    channel
}

/// One row for each step: from the sum before it to the sum after it, anew in each of the small multiples (`m`). `n` is
/// the member of the next step; the last step (`z`) has the whole's number as text (`w`). NULL is no step.
fn steps(visual: &Visual, answer: &Answer, parts: &Parts, measure: &MeasureColumn) -> Series {
    let axis = parts.dimension(WellName::Axis);
    let panel = parts.dimension(WellName::SmallMultiples);
    let mut result = Series::default();
    // Per panel: its sum so far, and the position of its last step.
    let mut panels: Vec<(String, f64, usize)> = Vec::new();
    for (index, row) in answer.rows.iter().enumerate() {
        let Some(number) = series::number(row.get(measure.column)).as_f64() else {
            continue;
        };
        let (member, name) = (series::member(answer, row, axis), series::member(answer, row, panel));
        let position = result.rows.len();
        let from = match panels.iter_mut().find(|(known, ..)| *known == name) {
            Some((_, sum, last)) => {
                let from = *sum;
                if let Some(Value::Object(before)) = result.rows.get_mut(*last) {
                    before.insert("n".to_owned(), json!(member));
                }
                (*sum, *last) = (from + number, position);
                from
            }
            None => {
                panels.push((name.clone(), number, position));
                0.0
            }
        };
        let mut data = Map::new();
        data.insert("x".to_owned(), json!(member));
        data.insert("v".to_owned(), json!(number));
        data.insert("from".to_owned(), json!(from));
        data.insert("to".to_owned(), json!(from + number));
        data.insert("zero".to_owned(), json!(0));
        data.insert(
            "l".to_owned(),
            json!(series::number_label(visual, answer, measure, number)),
        );
        if panel.is_some() {
            data.insert("m".to_owned(), json!(name));
        }
        result.rows.push(Value::Object(data));
        result.sources.push(MarkSource {
            row: index,
            column: measure.column,
        });
    }
    for (_, sum, last) in panels {
        if let Some(Value::Object(data)) = result.rows.get_mut(last) {
            data.insert("z".to_owned(), json!(true));
            data.insert(
                "w".to_owned(),
                json!(series::number_label(visual, answer, measure, sum)),
            );
        }
    }
    result
}

/// Is the sum of all steps a number that means something? The sum of averages or ranks does not, nor that of some rows.
fn is_additive(visual: &Visual, answer: &Answer, measure: &MeasureColumn) -> bool {
    if answer.truncated {
        return false;
    }
    match measure.item.show_as {
        Some(CalculationKind::ShareOfTotal) => return true,
        Some(CalculationKind::Rank | CalculationKind::RunningTotal) => return false,
        None => {}
    }
    match measure.item.agg {
        Some(Aggregation::Sum | Aggregation::Count) => true,
        Some(
            Aggregation::CountDistinct
            | Aggregation::Avg
            | Aggregation::Min
            | Aggregation::Max
            | Aggregation::Median
            | Aggregation::Percentile
            | Aggregation::Stddev
            | Aggregation::First
            | Aggregation::Last,
        ) => false,
        // What a metric computes is not known here; rates are written in percent.
        None => {
            let format = measure.format(visual, answer.columns.get(measure.column));
            format.is_none_or(|format| format.kind != FormatKind::Percent)
        }
    }
}

/// The numbers at the ends of steps.
struct Numbers {
    /// Of the axis, with room for numbers above and below.
    domain: [f64; 2],
}

impl Numbers {
    /// `None` where they would run into each other.
    fn of(series: &Series, with_total: bool, step_px: f64, size: Size) -> Option<Self> {
        let texts = series.rows.iter().flat_map(|row| {
            let whole = row.get("w").filter(|_| with_total);
            row.get("l").into_iter().chain(whole).filter_map(Value::as_str)
        });
        let longest_px = texts.map(|text| bands::text_px(text, NUMBER_PX)).fold(0.0, f64::max);
        let height_px = size.height_px - BELOW_PX - 2.0 * NUMBER_ROOM_PX;
        if longest_px + 2.0 > step_px || height_px < 2.0 * NUMBER_ROOM_PX || series.rows.is_empty() {
            return None;
        }
        let number = |row: &Value, key: &str| row.get(key).and_then(Value::as_f64).unwrap_or(0.0);
        let ends = series.rows.iter().map(|row| number(row, "to"));
        let (least, greatest) = ends.fold((0.0_f64, 0.0_f64), |(least, greatest), end| {
            (least.min(end), greatest.max(end))
        });
        let room = (greatest - least) * NUMBER_ROOM_PX / height_px;
        // A number below a step may be below all of them.
        let lowest = series
            .rows
            .iter()
            .filter(|row| number(row, "v") < 0.0)
            .map(|row| number(row, "to") - room);
        let least = lowest.fold(least, f64::min);
        Some(Self {
            domain: [least, greatest + if greatest > 0.0 { room } else { 0.0 }],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visual::samples::{Sample, sample};
    use crate::visual::{DrawOptions, draw, specification};
    use shared::{
        semantic::ColumnRole,
        table::Cell,
        visual::{VisualKind, WellItem},
    };

    const SIZE: Size = Size {
        width_px: 600.0,
        height_px: 260.0,
    };

    fn drawn(visual: &Visual, answer: &Answer) -> Value {
        specification(visual, answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap()
    }

    /// Steps of 5, -2, nothing and 4.
    fn few() -> (Visual, Answer) {
        let (visual, mut answer) = sample(VisualKind::Waterfall, Sample::Usual);
        answer.rows.truncate(4);
        let numbers = [Cell::Float(5.0), Cell::Float(-2.0), Cell::Null, Cell::Float(4.0)];
        for (row, number) in answer.rows.iter_mut().zip(numbers) {
            row[1] = number;
        }
        (visual, answer)
    }

    #[test]
    fn each_step_starts_where_the_one_before_ended() {
        let (visual, answer) = few();
        let spec = drawn(&visual, &answer);
        let rows = spec["data"]["values"].as_array().unwrap();
        let ends: Vec<_> = rows
            .iter()
            .map(|row| (row["from"].as_f64().unwrap(), row["to"].as_f64().unwrap()))
            .collect();
        assert_eq!(ends, [(0.0, 5.0), (5.0, 3.0), (3.0, 7.0)]);
        assert_eq!((&rows[1]["n"], &rows[2]["w"]), (&json!("Item 4"), &json!("7")));
        let picture = draw(&visual, &answer, &Theme::light(), SIZE, &DrawOptions::default()).unwrap();
        assert_eq!(picture.hits.len(), 3, "the total stands for no row");
        assert_eq!(picture.sources[2].row, 3);
        assert!(picture.svg.contains(">Total<"));
    }

    #[test]
    fn only_additive_steps_have_a_total() {
        let (mut visual, mut answer) = few();
        let has_total = |visual: &Visual, answer: &Answer| drawn(visual, answer).to_string().contains("Total");
        assert!(has_total(&visual, &answer));
        visual.wells.values = vec![WellItem::aggregate("t.amount", Aggregation::Avg)];
        assert!(!has_total(&visual, &answer));
        visual.wells.values = vec![WellItem::aggregate("t.amount", Aggregation::Sum)];
        assert!(has_total(&visual, &answer));
        answer.truncated = true;
        assert!(!has_total(&visual, &answer));
    }

    #[test]
    fn a_crowded_time_axis_names_some_months_and_the_total() {
        let (visual, mut answer) = sample(VisualKind::Line, Sample::Usual);
        let visual = Visual {
            kind: VisualKind::Waterfall,
            ..visual
        };
        answer.columns[1].label = "Revenue".to_owned();
        let layers = drawn(&visual, &answer)["layer"].clone();
        let bars = layers
            .as_array()
            .unwrap()
            .iter()
            .find(|layer| layer["mark"]["type"] == "bar")
            .unwrap()
            .clone();
        let named = bars["encoding"]["x"]["axis"]["values"].as_array().unwrap().clone();
        assert_eq!(
            (&named[0], named.last().unwrap()),
            (&json!("Jan 1990"), &json!("Total"))
        );
        assert!(named.len() < 12);
    }

    #[test]
    fn less_of_a_cost_is_good() {
        let (visual, mut answer) = few();
        answer.columns[1].good = Some(Direction::Down);
        let up = |answer: &Answer| {
            let layers = drawn(&visual, answer)["layer"].clone();
            let bars = layers
                .as_array()
                .unwrap()
                .iter()
                .find(|layer| layer["mark"]["type"] == "bar")
                .unwrap()
                .clone();
            bars["encoding"]["color"]["condition"]["value"].clone()
        };
        assert_eq!(up(&answer), json!(Theme::light().bad));
        answer.columns[1].good = None;
        assert_eq!(up(&answer), json!(Theme::light().good));
    }

    #[test]
    fn small_multiples_have_sums_of_their_own() {
        let (mut visual, mut answer) = few();
        visual.wells.small_multiples = vec![WellItem::dimension("t.c2")];
        let mut panel = answer.columns[0].clone();
        (panel.name, panel.role) = ("c2".to_owned(), ColumnRole::Dimension);
        answer.columns.insert(1, panel);
        for (row, name) in answer.rows.iter_mut().zip(["a", "b", "a", "a"]) {
            row.insert(1, Cell::Text(name.to_owned()));
        }
        let size = Size {
            width_px: 600.0,
            height_px: 300.0,
        };
        let picture = draw(&visual, &answer, &Theme::light(), size, &DrawOptions::default()).unwrap();
        let rows: Vec<usize> = picture.sources.iter().map(|source| source.row).collect();
        assert_eq!(rows, [0, 1, 3], "NULL is no step");
        // Each panel has its total.
        assert_eq!(picture.svg.matches(&Theme::light().rest).count(), 2);
    }
}
