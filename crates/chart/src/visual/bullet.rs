//! Bars against targets: one line per member, all on one dial.

use serde_json::{Value, json};
use shared::{semantic::Answer, table::Cell, visual::Visual, visual::WellName};

use super::{
    MarkSource, Parts, Size, bands,
    dial::{self, Ends},
    list::{Line, List},
    plane::{Frame, Plane, unseen},
    series::{self, Series},
    tones::{rule_tone, tone_color},
};
use crate::Theme;

/// A line is never higher, in px.
const MOST_LINE_PX: f64 = 48.0;
/// What the track, the target and the bar take of a line.
const TRACK_SHARE: f64 = 0.62;
const TICK_SHARE: f64 = 0.72;
const BAR_SHARE: f64 = 0.26;
const TICK_PX: f64 = 3.0;

struct Bullet {
    line: Line,
    number: Option<f64>,
    target: Option<f64>,
    color: String,
    source: MarkSource,
}

pub(super) fn bullet(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    let bullets = bullets(visual, answer, theme);
    let parts = Parts::of(visual, answer);
    let kind = dial::measures(&parts)
        .0
        .map(|measure| dial::format_kind(visual, answer, measure))
        .unwrap_or_default();
    let numbers = bullets
        .iter()
        .flat_map(|bullet| bullet.number.into_iter().chain(bullet.target));
    let ends = Ends::of(&visual.format.dial, numbers, kind);
    let plane = Plane::of(size);
    let (shown, lines): (Vec<_>, Vec<_>) = bullets
        .into_iter()
        .map(|bullet| {
            let Bullet {
                line,
                number,
                target,
                color,
                source,
            } = bullet;
            ((number, target, color, source), line)
        })
        .unzip();
    let list = List::of(&plane, &lines, &[], MOST_LINE_PX);
    let (left, right) = list.picture;
    let piece = |index: usize, share: f64, from: f64, to: f64| {
        let height = (list.line_px * share).max(1.0);
        Frame {
            x: from,
            y: list.middle(index) - height / 2.0,
            width: to - from,
            height,
        }
    };
    let mut series = Series::default();
    let (mut tracks, mut ticks) = (Vec::new(), Vec::new());
    for (index, (number, target, color, source)) in shown.into_iter().take(list.shown).enumerate() {
        tracks.push(piece(index, TRACK_SHARE, left, right).row(&theme.grid));
        let Some(ends) = ends else {
            series.rows.push(unseen(&plane, list.middle(index), list.line_px));
            series.sources.push(source);
            continue;
        };
        let at = |number: f64| left + ends.share(number) * (right - left);
        if let Some(number) = number {
            let (zero, end) = (at(0.0), at(number));
            series
                .rows
                .push(piece(index, BAR_SHARE, zero.min(end), zero.max(end)).row(&color));
        } else {
            series.rows.push(unseen(&plane, list.middle(index), list.line_px));
        }
        series.sources.push(source);
        if let Some(target) = target {
            let x = at(target).clamp(left + TICK_PX / 2.0, (right - TICK_PX / 2.0).max(left + TICK_PX / 2.0));
            ticks.push(piece(index, TICK_SHARE, x - TICK_PX / 2.0, x + TICK_PX / 2.0).row(&theme.ink));
        }
    }
    let mut layers = vec![
        plane.backdrop(tracks, json!({ "cornerRadius": theme.bar_radius_px })),
        plane.boxes(json!({})),
    ];
    if let Some(ends) = ends.filter(|ends| ends.from < 0.0 && ends.to > 0.0) {
        let x = left + ends.share(0.0) * (right - left);
        let zero = |index| piece(index, TRACK_SHARE, x - 0.5, x + 0.5).row(&theme.ink_muted);
        layers.push(plane.backdrop((0..list.shown).map(zero).collect(), json!({})));
    }
    if !ticks.is_empty() {
        // A hairline of the surface keeps the tick apart from the bar.
        layers.push(plane.backdrop(ticks, json!({ "stroke": theme.surface, "strokeWidth": 1 })));
    }
    layers.extend(plane.words(&list.words(theme, &lines, &[])));
    (json!({ "layer": layers }), series)
}

fn bullets(visual: &Visual, answer: &Answer, theme: &Theme) -> Vec<Bullet> {
    let parts = Parts::of(visual, answer);
    let (Some(measure), target) = dial::measures(&parts) else {
        return Vec::new();
    };
    let Some(column) = answer.columns.get(measure.column) else {
        return Vec::new();
    };
    let axis = parts.dimension(WellName::Axis);
    let single = bands::single_color(visual, theme);
    let aim_measure = target.unwrap_or(measure);
    let rows = answer.rows.iter().enumerate();
    rows.map(|(index, row)| {
        let cell = row.get(measure.column).unwrap_or(&Cell::Null);
        let number = cell.as_f64().filter(|number| number.is_finite());
        let aim = dial::target(visual, target, row);
        let aim_text = aim.zip(answer.columns.get(aim_measure.column)).map(|(aim, column)| {
            let text = series::label(visual, aim_measure, &Cell::Float(aim), column);
            format!("of {text}")
        });
        let tone = number.and_then(|number| rule_tone(visual, &column.name, number));
        Bullet {
            line: Line {
                name: series::member(answer, row, axis),
                figures: std::iter::once(series::label(visual, measure, cell, column))
                    .chain(aim_text)
                    .collect(),
            },
            number,
            target: aim,
            color: match tone {
                Some(tone) => tone_color(theme, tone).to_owned(),
                None if answer.others.contains(&index) => theme.rest.clone(),
                None => single.clone(),
            },
            source: MarkSource {
                row: index,
                column: measure.column,
            },
        }
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn drawn(rows: Value, format: Value) -> (Value, Series) {
        let visual = serde_json::from_value(json!({
            "kind": "bullet",
            "wells": { "axis": [{ "field": "t.item" }], "values": [{ "metric": "revenue" }], "target": [{ "metric": "plan" }] },
            "format": format,
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "item", "role": "dimension", "type": "string", "label": "Item" },
                { "name": "revenue", "role": "metric", "type": "number", "label": "Revenue" },
                { "name": "plan", "role": "metric", "type": "number", "label": "Plan" },
            ],
            "rows": rows, "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        let size = Size {
            width_px: 408.0,
            height_px: 208.0,
        };
        bullet(&visual, &answer, &Theme::light(), size)
    }

    fn number(row: &Value, key: &str) -> f64 {
        row[key].as_f64().unwrap()
    }

    #[test]
    fn bars_and_targets_share_one_dial() {
        let (spec, series) = drawn(
            json!([["A", 50.0, 100.0], ["B", 100.0, 50.0], ["C", null, 100.0]]),
            json!({ "dial": { "to": 200.0 } }),
        );
        let rows: Vec<usize> = series.sources.iter().map(|source| source.row).collect();
        assert_eq!(rows, [0, 1, 2]);
        assert_eq!(
            series.rows[2]["c"], "transparent",
            "NULL has no bar, but can be pointed at"
        );
        let ticks = spec["layer"][2]["data"]["values"].as_array().unwrap();
        assert_eq!(ticks.len(), 3);
        let tick = number(&ticks[1], "x") + TICK_PX / 2.0;
        assert!((tick - number(&series.rows[0], "x2")).abs() < 1e-9, "both stand at 50");
        let track = &spec["layer"][0]["data"]["values"][0];
        let share = (number(&series.rows[1], "x2") - number(track, "x")) / (number(track, "x2") - number(track, "x"));
        assert!((share - 0.5).abs() < 1e-9);
    }

    #[test]
    fn values_below_zero_go_to_the_left() {
        let (_, series) = drawn(json!([["A", -50.0, 0.0], ["B", 50.0, 0.0]]), json!({}));
        assert!((number(&series.rows[0], "x2") - number(&series.rows[1], "x")).abs() < 1e-9);
    }

    #[test]
    fn only_the_value_of_a_rule_has_its_colour() {
        let rules = json!({ "rules": [{ "of": "revenue", "test": "below", "value": 60.0, "tone": "warning" }] });
        let (_, series) = drawn(json!([["A", 50.0, 100.0], ["B", 70.0, 100.0]]), rules);
        let colors: Vec<&Value> = series.rows.iter().map(|row| &row["c"]).collect();
        let theme = Theme::light();
        assert_eq!(colors, [&json!(theme.warning), &json!(theme.categorical[0])]);
    }
}
