//! Reference lines and bands across the axis of values, and marked times along a time axis: layers of their own around the
//! marks, on the same scales, so that the axes reach them.

use serde_json::{Map, Value, json};
use shared::{
    semantic::Answer,
    table::Cell,
    visual::{Event, ReferenceAt, ReferenceLine, Tone, Visual, VisualKind, WellName},
};

use super::{
    Parts, Size,
    categories::Categories,
    number_text,
    plane::silent,
    series::{self, Series},
    tones::tone_color,
};
use crate::{Theme, time::parse::parse};

/// Smaller pictures have lines without words, in px.
const LEAST_WIDTH_PX: f64 = 180.0;
const LEAST_HEIGHT_PX: f64 = 120.0;
/// Letters of the words and a line of them, in px.
const LETTERS_PX: f64 = 11.0;
const LINE_PX: f64 = 14.0;
/// How much of a tone a band has.
const BAND_OPACITY: f64 = 0.12;

/// The specification with the visual's lines and events; as it was where it has no axis to draw them on.
pub(super) fn with_references(
    mut spec: Value,
    visual: &Visual,
    answer: &Answer,
    series: &Series,
    theme: &Theme,
    size: Size,
) -> Value {
    if !visual.kind.has_value_axis() {
        return spec;
    }
    let mut around = Around::default();
    let named = size.width_px >= LEAST_WIDTH_PX && size.height_px >= LEAST_HEIGHT_PX;
    let lying = matches!(visual.kind, VisualKind::Bar | VisualKind::BarStacked);
    let values = if lying { "x" } else { "y" };
    if let Some(channel) = channel(&spec, values).filter(|channel| is_value(channel)) {
        let lines = lines(visual, answer, series, channel);
        let greatest = lines
            .iter()
            .flat_map(|line| [line.at, line.to])
            .fold(f64::MIN, f64::max);
        let base = channel.clone();
        raise(&mut spec, values, greatest);
        let base = self::channel(&spec, values).cloned().unwrap_or(base);
        lines_around(&mut around, &lines, &base, theme, (lying, named, size.height_px));
    }
    if let Some(channel) = channel(&spec, "x").filter(|_| !lying) {
        events_around(&mut around, visual, answer, (series, channel), theme, named);
    }
    if around.below.is_empty() && around.above.is_empty() {
        spec
    } else {
        around.wrap(spec, values)
    }
}

/// Layers below and above the marks.
#[derive(Default)]
struct Around {
    below: Vec<Value>,
    above: Vec<Value>,
}

impl Around {
    /// Where layers have value scales of their own, the first of them takes the lines.
    fn wrap(self, mut spec: Value, values: &str) -> Value {
        if spec.pointer(&format!("/resolve/scale/{values}")).is_some()
            && let Some(first) = spec.get_mut("layer").and_then(|layers| layers.get_mut(0))
        {
            *first = self.layer(first.take());
            return spec;
        }
        self.layer(spec)
    }

    fn layer(self, marks: Value) -> Value {
        let layers: Vec<Value> = self.below.into_iter().chain([marks]).chain(self.above).collect();
        json!({ "layer": layers })
    }

    /// Words with a rim of the surface, to be read over marks.
    fn words(&mut self, rows: &[Value], mark: &Value, encoding: &Value, theme: &Theme) {
        if rows.is_empty() {
            return;
        }
        for rim in [true, false] {
            let mut mark = mark.clone();
            let mut encoding = encoding.clone();
            if let (Value::Object(mark), Value::Object(encoding)) = (&mut mark, &mut encoding) {
                mark.insert("type".to_owned(), json!("text"));
                mark.insert("fontSize".to_owned(), json!(LETTERS_PX));
                if rim {
                    mark.insert("stroke".to_owned(), json!(theme.surface));
                    mark.insert("strokeWidth".to_owned(), json!(3));
                    mark.insert("strokeJoin".to_owned(), json!("round"));
                }
                encoding.insert("text".to_owned(), json!({ "field": "n", "type": "nominal" }));
            }
            self.above
                .push(silent(json!({ "mark": mark, "encoding": encoding }), rows.to_vec()));
        }
    }
}

/// The first definition of a channel in a specification.
fn channel<'a>(spec: &'a Value, name: &str) -> Option<&'a Value> {
    spec.get("encoding")
        .and_then(|encoding| encoding.get(name))
        .or_else(|| {
            spec.get("layer")?
                .as_array()?
                .iter()
                .find_map(|layer| channel(layer, name))
        })
}

/// Can numbers be marked on it? Shares of a whole are not the numbers that are shown.
fn is_value(channel: &Value) -> bool {
    let text = |key: &str| channel.get(key).and_then(Value::as_str);
    text("type") == Some("quantitative") && text("field").is_some() && text("stack") != Some("normalize")
}

/// A greatest value of the scale that was set for labels must not cut lines off.
fn raise(spec: &mut Value, name: &str, greatest: f64) {
    if let Some(most) = spec.pointer_mut(&format!("/encoding/{name}/scale/domainMax"))
        && most.as_f64().is_some_and(|most| most < greatest)
    {
        *most = json!(greatest);
    }
    if let Some(layers) = spec.get_mut("layer").and_then(Value::as_array_mut) {
        for layer in layers {
            raise(layer, name, greatest);
        }
    }
}

/// The same channel of the layers around, which read another field.
fn reading(channel: &Value, field: &str) -> Value {
    let mut channel = channel.clone();
    if let Value::Object(channel) = &mut channel {
        channel.insert("field".to_owned(), json!(field));
        channel.insert("stack".to_owned(), Value::Null);
    }
    channel
}

/// The visual's lines with the numbers and words they have over all `numbers`: what is drawn may be some of them.
pub(super) fn settled(visual: &Visual, answer: &Answer, numbers: impl Iterator<Item = f64>) -> Vec<ReferenceLine> {
    let lines = &visual.format.reference_lines;
    if lines.is_empty() {
        return Vec::new();
    }
    let mut numbers: Vec<f64> = numbers.collect();
    numbers.sort_by(f64::total_cmp);
    lines
        .iter()
        .filter_map(|line| line_of(visual, answer, line, &numbers))
        .map(|line| ReferenceLine {
            at: ReferenceAt::Value(line.at),
            to: (line.to != line.at).then_some(line.to),
            label: Some(line.label),
            tone: line.tone,
        })
        .collect()
}

struct Line {
    at: f64,
    /// The same as `at` unless it is a band.
    to: f64,
    label: String,
    tone: Tone,
}

fn lines(visual: &Visual, answer: &Answer, series: &Series, channel: &Value) -> Vec<Line> {
    let field = channel.get("field").and_then(Value::as_str).unwrap_or_default();
    // Lines over columns have an axis of their own, and nothing to do with a figure on this one.
    let drawn_as = series.rows.first().and_then(|row| row.get("g"));
    let mut numbers: Vec<f64> = series
        .rows
        .iter()
        .filter(|row| visual.kind != VisualKind::Combo || row.get("g") == drawn_as)
        .filter_map(|row| row.get(field).and_then(Value::as_f64))
        .collect();
    numbers.sort_by(f64::total_cmp);
    let lines = visual.format.reference_lines.iter();
    lines
        .filter_map(|line| line_of(visual, answer, line, &numbers))
        .collect()
}

/// A line among numbers in their order.
fn line_of(visual: &Visual, answer: &Answer, line: &ReferenceLine, numbers: &[f64]) -> Option<Line> {
    let at = figure(line.at, numbers).filter(|at| at.is_finite())?;
    let to = match line.at {
        ReferenceAt::Value(_) => line.to.filter(|to| to.is_finite()).unwrap_or(at),
        ReferenceAt::Average | ReferenceAt::Median | ReferenceAt::Least | ReferenceAt::Greatest => at,
    };
    Some(Line {
        at,
        to,
        label: label(visual, answer, line, (at, to)),
        tone: line.tone,
    })
}

/// A figure of numbers in their order.
fn figure(at: ReferenceAt, numbers: &[f64]) -> Option<f64> {
    let middle = numbers.len() / 2;
    match at {
        ReferenceAt::Value(value) => Some(value),
        ReferenceAt::Average => (!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64),
        ReferenceAt::Median => {
            let upper = *numbers.get(middle)?;
            let lower = if numbers.len().is_multiple_of(2) {
                *numbers.get(middle.checked_sub(1)?)?
            } else {
                upper
            };
            Some(f64::midpoint(lower, upper))
        }
        ReferenceAt::Least => numbers.first().copied(),
        ReferenceAt::Greatest => numbers.last().copied(),
    }
}

fn label(visual: &Visual, answer: &Answer, line: &ReferenceLine, (at, to): (f64, f64)) -> String {
    if let Some(label) = &line.label {
        return label.clone();
    }
    let parts = Parts::of(visual, answer);
    let measure = parts
        .measures
        .iter()
        .find(|measure| matches!(measure.well, WellName::Values | WellName::Y));
    let text = |number: f64| match measure.and_then(|measure| Some((measure, answer.columns.get(measure.column)?))) {
        Some((measure, column)) => series::label(visual, measure, &Cell::Float(number), column),
        None => number_text(number, None),
    };
    match line.at {
        ReferenceAt::Value(_) if to != at => format!("{} – {}", text(at), text(to)),
        ReferenceAt::Value(_) => text(at),
        ReferenceAt::Average => format!("Average {}", text(at)),
        ReferenceAt::Median => format!("Median {}", text(at)),
        ReferenceAt::Least => format!("Least {}", text(at)),
        ReferenceAt::Greatest => format!("Greatest {}", text(at)),
    }
}

fn lines_around(
    around: &mut Around,
    lines: &[Line],
    channel: &Value,
    theme: &Theme,
    (lying, named, height_px): (bool, bool, f64),
) {
    let (axis, other) = if lying { ("x", "x2") } else { ("y", "y2") };
    let encoding = |more: &[(&str, Value)]| {
        let mut encoding = Map::new();
        encoding.insert(axis.to_owned(), reading(channel, "v"));
        encoding.extend(more.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
        Value::Object(encoding)
    };
    for line in lines {
        let color = tone_color(theme, line.tone);
        let row = vec![json!({ "v": line.at, "w": line.to })];
        if line.to == line.at {
            let mark = json!({ "type": "rule", "color": color, "strokeWidth": 1.5, "strokeDash": [4, 3] });
            around
                .above
                .push(silent(json!({ "mark": mark, "encoding": encoding(&[]) }), row));
        } else {
            let mark = json!({ "type": "rect", "color": color, "fillOpacity": BAND_OPACITY });
            let encoding = encoding(&[(other, json!({ "field": "w" }))]);
            around
                .below
                .push(silent(json!({ "mark": mark, "encoding": encoding }), row));
        }
    }
    if !named {
        return;
    }
    // Beside a lying axis the words stand one below the other; on an upright one those that would touch are left out.
    let span = lines.iter().map(|line| line.at.max(line.to).abs()).fold(0.0, f64::max);
    let mut taken: Vec<f64> = Vec::new();
    for line in lines {
        let top = line.at.max(line.to);
        let near = |other: &f64| (other - top).abs() * height_px < LINE_PX * span;
        if !lying && taken.iter().any(near) {
            continue;
        }
        let (color, row) = (words_color(theme, line.tone), [json!({ "v": top, "n": line.label })]);
        let offset = taken.len() as f64 * LINE_PX;
        let (mark, place) = if lying {
            let mark = json!({ "align": "left", "baseline": "top", "dx": 4, "dy": 2.0 + offset, "color": color });
            (mark, ("y", json!({ "value": 0 })))
        } else {
            let mark = json!({ "align": "right", "baseline": "bottom", "dx": -2, "dy": -3, "color": color });
            (mark, ("x", json!({ "value": "width" })))
        };
        around.words(&row, &mark, &encoding(&[place]), theme);
        taken.push(top);
    }
}

/// Grey words are read as other words beside the data, and those of the accent must not vanish over bars of its colour.
fn words_color(theme: &Theme, tone: Tone) -> &str {
    match tone {
        Tone::Muted => &theme.ink_muted,
        Tone::Accent => &theme.ink,
        Tone::Good | Tone::Warning | Tone::Bad => tone_color(theme, tone),
    }
}

fn events_around(
    around: &mut Around,
    visual: &Visual,
    answer: &Answer,
    (series, channel): (&Series, &Value),
    theme: &Theme,
    named: bool,
) {
    let axis = Parts::of(visual, answer).dimension(WellName::Axis);
    let categories = Categories::of(answer, axis, series);
    let Some(times) = &categories.times else { return };
    let temporal = channel.get("type").and_then(Value::as_str) == Some("temporal");
    let x = reading(channel, "e");
    let mut count = 0;
    for event in &visual.format.events {
        let Some((from, until)) = within(event, &times.clocks) else {
            continue;
        };
        // Columns have the time they cover, not a moment.
        let place = |clock: &str| {
            if temporal {
                Some(json!(clock))
            } else {
                period(clock, &times.clocks)
                    .and_then(|at| categories.labels.get(at))
                    .map(|label| json!(label))
            }
        };
        let Some(start) = place(&from) else { continue };
        let end = until.and_then(|until| place(&until)).filter(|end| *end != start);
        if let Some(end) = &end {
            let mark = json!({ "type": "rect", "color": theme.rest, "fillOpacity": BAND_OPACITY });
            let mut encoding = json!({ "x": x, "x2": { "field": "f" } });
            if !temporal {
                // From the edge of the first column to that of the last.
                for (channel, position) in [("x", 0), ("x2", 1)] {
                    if let Some(Value::Object(channel)) = encoding.get_mut(channel) {
                        channel.insert("bandPosition".to_owned(), json!(position));
                    }
                }
            }
            around.below.push(silent(
                json!({ "mark": mark, "encoding": encoding }),
                vec![json!({ "e": start, "f": end })],
            ));
        } else {
            let mark = json!({ "type": "rule", "color": theme.ink_muted, "strokeWidth": 1, "strokeDash": [2, 2] });
            around.above.push(silent(
                json!({ "mark": mark, "encoding": { "x": x } }),
                vec![json!({ "e": start })],
            ));
        }
        if named {
            // Near the end of the axis the word stands before its line.
            let late = period(&from, &times.clocks).is_some_and(|at| at * 3 > times.clocks.len() * 2);
            let (align, dx) = if late { ("right", -4) } else { ("left", 4) };
            let dy = 2.0 + f64::from(count % 3) * LINE_PX;
            let mark = json!({ "align": align, "baseline": "top", "dx": dx, "dy": dy, "color": theme.ink_muted });
            let row = [json!({ "e": start, "n": event.label })];
            let mut x = x.clone();
            if let (Some(_), false, Value::Object(x)) = (&end, temporal, &mut x) {
                x.insert("bandPosition".to_owned(), json!(0));
            }
            around.words(&row, &mark, &json!({ "x": x, "y": { "value": 0 } }), theme);
            count += 1;
        }
    }
}

/// Beginning and end of an event as far as the axis shows it; `None` where it does not.
fn within(event: &Event, clocks: &[String]) -> Option<(String, Option<String>)> {
    let ordered = || clocks.iter().map(|clock| (parse(clock), clock));
    let (first_ms, first) = ordered().min_by(|a, b| a.0.total_cmp(&b.0))?;
    let (last_ms, last) = ordered().max_by(|a, b| a.0.total_cmp(&b.0))?;
    // The last column covers as much time as the one before.
    let before = ordered()
        .map(|(ms, _)| ms)
        .filter(|ms| *ms < last_ms)
        .fold(f64::MIN, f64::max);
    let end_ms = if before > f64::MIN {
        last_ms + (last_ms - before)
    } else {
        last_ms
    };
    let from = parse(&event.at);
    let until = event.until.as_deref().map(parse);
    let shown = |ms: f64| ms >= first_ms && ms < end_ms.max(last_ms + 1.0);
    match until {
        None => shown(from).then(|| (event.at.clone(), None)),
        Some(until) => {
            if !(from <= until && from < end_ms && until >= first_ms) {
                return None;
            }
            let start = if from < first_ms {
                first.clone()
            } else {
                event.at.clone()
            };
            let end = if until > last_ms {
                Some(last.clone())
            } else {
                event.until.clone()
            };
            Some((start, end))
        }
    }
}

/// The position of the last time that is not after another.
fn period(clock: &str, clocks: &[String]) -> Option<usize> {
    let at = parse(clock);
    clocks
        .iter()
        .enumerate()
        .map(|(index, clock)| (index, parse(clock)))
        .filter(|(_, ms)| *ms <= at)
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use shared::{semantic::Answer, visual::Visual};

    use crate::visual::{DrawOptions, Size, draw, specification};

    fn sample(kind: &str, format: serde_json::Value) -> (Visual, Answer) {
        let visual = serde_json::from_value(json!({
            "kind": kind, "wells": { "axis": [{ "field": "t.day", "grain": "month" }], "values": [{ "metric": "revenue" }] },
            "format": format,
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "day", "role": "dimension", "type": "date", "label": "Month", "grain": "month" },
                { "name": "revenue", "role": "metric", "type": "number", "label": "Revenue" },
            ],
            "rows": [["2026-01-01", 10.0], ["2026-02-01", 20.0], ["2026-03-01", 60.0], ["2026-04-01", null]],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        (visual, answer)
    }

    const SIZE: Size = Size {
        width_px: 400.0,
        height_px: 260.0,
    };

    fn spec(kind: &str, format: serde_json::Value) -> serde_json::Value {
        let (visual, answer) = sample(kind, format);
        let theme = crate::Theme::light();
        let picture = draw(&visual, &answer, &theme, SIZE, &DrawOptions::default()).unwrap();
        assert!(picture.hits.iter().all(|hit| hit.mark < picture.sources.len()));
        assert_eq!(picture.sources.len(), 4, "lines stand for no row");
        specification(&visual, &answer, &theme, SIZE, &DrawOptions::default()).unwrap()
    }

    #[test]
    fn figures_are_of_the_values_on_display() {
        for kind in ["column", "bar", "line", "area", "bar_stacked"] {
            let lines =
                json!({ "reference_lines": [{ "at": "average" }, { "at": "median" }, { "at": { "value": 80.0 } }] });
            let text = spec(kind, lines).to_string();
            assert!(
                text.contains("Average 30") && text.contains("Median 20") && text.contains("\"v\":80.0"),
                "{kind}"
            );
        }
    }

    #[test]
    fn lines_across_a_combo_belong_to_its_columns() {
        let (mut visual, mut answer) = sample("combo", json!({ "reference_lines": [{ "at": "average" }] }));
        visual.wells.line_values = vec![shared::visual::WellItem::metric("cost")];
        let mut cost = answer.columns[1].clone();
        cost.name = "cost".to_owned();
        answer.columns.push(cost);
        for row in &mut answer.rows {
            row.push(shared::table::Cell::Int(9_000));
        }
        let theme = crate::Theme::light();
        let spec = specification(&visual, &answer, &theme, SIZE, &DrawOptions::default()).unwrap();
        let columns = &spec["layer"][0];
        assert!(columns.to_string().contains("Average 30"), "{columns}");
        assert!(!spec["layer"][1].to_string().contains("Average"));
        assert!(draw(&visual, &answer, &theme, SIZE, &DrawOptions::default()).is_ok());
    }

    #[test]
    fn a_line_with_another_end_is_a_band_below_the_marks() {
        let spec = spec(
            "column",
            json!({ "reference_lines": [{ "at": { "value": 10.0 }, "to": 20.0, "tone": "good" }] }),
        );
        let band = &spec["layer"][0];
        assert_eq!(band["mark"]["type"], "rect");
        assert_eq!(band["data"]["values"][0], json!({ "v": 10.0, "w": 20.0 }));
    }

    #[test]
    fn shares_of_a_whole_have_no_lines() {
        let spec = spec(
            "column_stacked100",
            json!({ "reference_lines": [{ "at": { "value": 10.0 } }] }),
        );
        assert!(spec.get("layer").is_none());
    }

    #[test]
    fn events_are_where_their_time_is_and_others_are_left_out() {
        let events = json!({ "events": [
            { "at": "2026-02-10", "label": "Launch" }, { "at": "2019-01-01", "label": "Founded" },
            { "at": "2025-06-01", "until": "2026-02-01", "label": "Sale" },
        ] });
        let line = spec("line", events.clone()).to_string();
        assert!(line.contains("\"e\":\"2026-02-10\"") && !line.contains("Founded"));
        assert!(line.contains("\"f\":\"2026-02-01\""));
        let column = spec("column", events).to_string();
        assert!(column.contains("\"e\":\"Feb 2026\"") && column.contains("Launch"));
    }
}
