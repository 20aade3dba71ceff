//! One number on a dial: half a circle with the value as an arc, its target as a tick.

use serde_json::{Value, json};
use shared::{
    semantic::{Answer, Format, FormatKind},
    table::Cell,
    visual::Visual,
};

use super::{
    MarkSource, MeasureColumn, Parts, Size, bands,
    dial::{self, Ends},
    number_text,
    plane::{Plane, Word, silent},
    series::{self, Series},
    tones::{rule_tone, tone_color},
};
use crate::{Theme, math};

/// Smaller pictures are the arc and the number alone, in px.
const LEAST_WIDTH_PX: f64 = 160.0;
const LEAST_HEIGHT_PX: f64 = 110.0;
/// A dial is never greater, and its track never thicker, in px.
const MOST_RADIUS_PX: f64 = 340.0;
const MOST_TRACK_PX: f64 = 44.0;
const MOST_NUMBER_PX: f64 = 88.0;
/// Room for a line of small text, in px.
const LINE_PX: f64 = 18.0;

/// Where the dial is, in px.
struct Place {
    x: f64,
    y: f64,
    radius: f64,
    inner: f64,
}

/// What is written on it.
struct Reading {
    number: Option<f64>,
    text: String,
    color: String,
    target: Option<(f64, String)>,
    ends: Option<Ends>,
}

pub(super) fn gauge(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let parts = Parts::of(visual, answer);
    let (Some(measure), target) = dial::measures(&parts) else {
        return (json!({ "layer": [] }), Series::default());
    };
    let reading = reading(visual, answer, theme, measure, target);
    let plane = Plane::of(size);
    let roomy = plane.width_px >= LEAST_WIDTH_PX && plane.height_px >= LEAST_HEIGHT_PX;
    let place = Place::of(&plane, &reading, roomy);
    let mut series = Series::default();
    let mut layers = vec![silent(
        json!({ "mark": place.arc(0.0, 1.0, &theme.grid) }),
        vec![json!({})],
    )];
    if let (Some(number), Some(ends)) = (reading.number, reading.ends) {
        let said = format!(
            "{}: {}",
            measure.label,
            series::number_label(visual, answer, measure, number)
        );
        series.rows.push(json!({ "y": number, "d": said }));
        series.sources.push(MarkSource {
            row: 0,
            column: measure.column,
        });
        // From zero, which is not the dial's beginning where it goes below.
        let (zero, share) = (ends.share(0.0), ends.share(number));
        layers.push(json!({
            "mark": place.arc(zero.min(share), zero.max(share), &reading.color),
            "encoding": { "description": { "field": "d", "type": "nominal" } },
        }));
    }
    if let (Some((number, _)), Some(ends)) = (&reading.target, reading.ends) {
        layers.extend(place.tick(&plane, ends.share(*number), theme));
    }
    let words = words(visual, answer, theme, measure, &reading, (&place, roomy));
    layers.extend(plane.words(&words));
    (json!({ "layer": layers }), series)
}

fn reading(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    measure: &MeasureColumn,
    target: Option<&MeasureColumn>,
) -> Reading {
    let row = answer.rows.first().map(Vec::as_slice).unwrap_or_default();
    let column = answer.columns.get(measure.column);
    let cell = row.get(measure.column).unwrap_or(&Cell::Null);
    let number = cell.as_f64().filter(|number| number.is_finite());
    let tone = number
        .zip(column)
        .and_then(|(number, column)| rule_tone(visual, &column.name, number));
    let aim = dial::target(visual, target, row);
    Reading {
        number,
        text: column.map_or_else(String::new, |column| series::label(visual, measure, cell, column)),
        color: tone.map_or_else(
            || bands::single_color(visual, theme),
            |tone| tone_color(theme, tone).to_owned(),
        ),
        target: aim.map(|aim| (aim, short(visual, answer, target.unwrap_or(measure), aim))),
        ends: Ends::of(
            &visual.format.dial,
            number.into_iter().chain(aim),
            dial::format_kind(visual, answer, measure),
        ),
    }
}

/// A number that is no cell, written as those of a measure.
fn short(visual: &Visual, answer: &Answer, measure: &MeasureColumn, number: f64) -> String {
    answer.columns.get(measure.column).map_or_else(String::new, |column| {
        series::label(visual, measure, &Cell::Float(number), column)
    })
}

impl Place {
    fn of(plane: &Plane, reading: &Reading, roomy: bool) -> Self {
        let target = reading
            .target
            .as_ref()
            .zip(reading.ends)
            .filter(|_| roomy)
            .map(|((number, text), ends)| (angle(ends.share(*number)), bands::text_px(text, 12.0)));
        let top = if target.is_some() { LINE_PX } else { 2.0 };
        let bottom = if roomy { LINE_PX + 4.0 } else { 0.0 };
        let mut radius = (plane.width_px / 2.0 - 2.0)
            .min(plane.height_px - top - bottom)
            .min(MOST_RADIUS_PX);
        if let Some((angle, width)) = target {
            // The target's number stands outside of the arc and has to stay in the picture.
            let lean = math::sin(angle).abs();
            if lean > 0.2 {
                radius = radius.min((plane.width_px / 2.0 - width - 4.0) / lean - TARGET_GAP_PX);
            }
        }
        let radius = radius.max(8.0);
        let spare = (plane.height_px - top - bottom - radius).max(0.0);
        Self {
            x: plane.width_px / 2.0,
            y: top + spare / 2.0 + radius,
            radius,
            inner: radius - (radius * 0.2).min(MOST_TRACK_PX),
        }
    }

    /// A part of the track as a mark.
    fn arc(&self, from: f64, to: f64, color: &str) -> Value {
        json!({
            "type": "arc", "x": self.x, "y": self.y, "innerRadius": self.inner, "outerRadius": self.radius,
            "theta": angle(from), "theta2": angle(to), "color": color, "strokeWidth": 0,
        })
    }

    /// At a share of the dial, so far from its middle.
    fn point(&self, share: f64, radius: f64) -> (f64, f64) {
        let angle = angle(share);
        (self.x + radius * math::sin(angle), self.y - radius * math::cos(angle))
    }

    /// A line across the track, kept apart from the arc by the surface.
    fn tick(&self, plane: &Plane, share: f64, theme: &Theme) -> [Value; 2] {
        let reach = (self.radius - self.inner) * 0.2;
        let ((x, y), (x2, y2)) = (
            self.point(share, self.inner - reach),
            self.point(share, self.radius + reach),
        );
        [(&theme.surface, 6.0), (&theme.ink, 2.5)].map(|(color, width)| {
            silent(
                json!({
                    "mark": { "type": "rule", "color": color, "strokeWidth": width },
                    "encoding": {
                        "x": plane.across("x"), "y": plane.down("y"),
                        "x2": { "field": "x2" }, "y2": { "field": "y2" },
                    },
                }),
                vec![json!({ "x": x, "y": y, "x2": x2, "y2": y2 })],
            )
        })
    }
}

/// From the track to the target's number, in px.
const TARGET_GAP_PX: f64 = 12.0;

/// Clockwise from noon, in radians: the dial goes from nine to three o'clock.
fn angle(share: f64) -> f64 {
    (share - 0.5) * math::PI
}

fn words(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    measure: &MeasureColumn,
    reading: &Reading,
    (place, roomy): (&Place, bool),
) -> Vec<Word> {
    let mut words = Vec::new();
    let reached = reading
        .number
        .zip(reading.target.as_ref())
        .filter(|(number, (target, _))| *number >= 0.0 && *target > 0.0)
        .map(|(number, (target, _))| {
            let percent = Format {
                kind: FormatKind::Percent,
                digits: Some(0),
                ..Format::default()
            };
            format!("{} of target", number_text(number / target, Some(&percent)))
        })
        .filter(|text| roomy && place.radius >= 80.0 && bands::text_px(text, 12.0) < place.inner * 1.7);
    let wanted = (place.radius * 0.34).clamp(12.0, MOST_NUMBER_PX);
    let width = bands::text_px(&reading.text, wanted) * 1.06;
    let letters = (wanted * (place.inner * 1.55 / width.max(1.0)).min(1.0)).max(11.0);
    let below = if reached.is_some() { LINE_PX + 4.0 } else { 2.0 };
    let number_color = if reading.number.is_some() {
        &theme.ink
    } else {
        &theme.ink_muted
    };
    words.push(
        Word::new(place.x, place.y - below - letters * 0.42, &*reading.text, number_color)
            .align("center")
            .size(letters)
            .bold(),
    );
    if let Some(reached) = reached {
        words.push(Word::new(place.x, place.y - 8.0, reached, &theme.ink_muted).align("center"));
    }
    if !roomy {
        return words;
    }
    if let Some(ends) = reading.ends {
        let track = (place.inner + place.radius) / 2.0;
        for (number, x) in [(ends.from, place.x - track), (ends.to, place.x + track)] {
            let text = short(visual, answer, measure, number);
            // Under the track, or flush with the picture where the number is wider than that.
            let half = bands::text_px(&text, 12.0) / 2.0;
            let x = x.clamp(half.min(place.x), (2.0 * place.x - half).max(place.x));
            words.push(Word::new(x, place.y + LINE_PX / 2.0 + 4.0, text, &theme.ink_muted).align("center"));
        }
        if let Some((number, text)) = &reading.target {
            let share = ends.share(*number);
            let (x, y) = place.point(share, place.radius + TARGET_GAP_PX);
            let lean = math::sin(angle(share));
            let align = if lean > 0.2 {
                "left"
            } else if lean < -0.2 {
                "right"
            } else {
                "center"
            };
            words.push(Word::new(x, y, &**text, &theme.ink_muted).align(align));
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn drawn(value: Option<f64>, format: Value) -> (Value, Series) {
        let visual = serde_json::from_value(json!({
            "kind": "gauge", "wells": { "values": [{ "metric": "revenue" }] }, "format": format
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [{ "name": "revenue", "role": "metric", "type": "number", "label": "Revenue" }],
            "rows": [[value]],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        let size = Size {
            width_px: 300.0,
            height_px: 200.0,
        };
        gauge(&visual, &answer, &Theme::light(), size)
    }

    #[test]
    fn the_arc_ends_at_the_value() {
        let (spec, series) = drawn(Some(75.0), json!({ "dial": { "from": 0.0, "to": 100.0 } }));
        assert_eq!(series.sources.len(), 1);
        let mark = &spec["layer"][1]["mark"];
        assert_eq!(mark["theta"], json!(-math::PI / 2.0));
        assert_eq!(mark["theta2"], json!(math::PI / 4.0));
    }

    #[test]
    fn a_value_outside_of_the_dial_is_at_its_end_and_written_as_it_is() {
        let (spec, _) = drawn(Some(250.0), json!({ "dial": { "from": 0.0, "to": 100.0 } }));
        assert_eq!(spec["layer"][1]["mark"]["theta2"], json!(math::PI / 2.0));
        assert!(spec.to_string().contains("\"250\""));
    }

    #[test]
    fn below_zero_the_arc_goes_to_the_left() {
        let (spec, _) = drawn(Some(-50.0), json!({ "dial": { "from": -100.0, "to": 100.0 } }));
        let mark = &spec["layer"][1]["mark"];
        assert_eq!(
            (&mark["theta"], &mark["theta2"]),
            (&json!(-math::PI / 4.0), &json!(0.0))
        );
    }

    #[test]
    fn a_missing_value_is_no_arc() {
        let (spec, series) = drawn(None, json!({ "target": 80.0 }));
        assert!(series.rows.is_empty());
        assert!(spec.to_string().contains("\"–\""));
    }

    #[test]
    fn the_value_has_the_colour_of_its_rule() {
        let (spec, _) = drawn(
            Some(5.0),
            json!({ "rules": [{ "test": "below", "value": 10.0, "tone": "bad" }] }),
        );
        assert_eq!(spec["layer"][1]["mark"]["color"], json!(Theme::light().bad));
    }
}
