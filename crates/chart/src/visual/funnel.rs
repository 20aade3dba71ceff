//! Stages that get smaller: centred bars, each with its share of the first stage and of the stage before.

use serde_json::{Value, json};
use shared::{
    semantic::{Answer, Format, FormatKind},
    table::Cell,
    visual::{Visual, WellName},
};

use super::{
    MarkSource, MeasureColumn, Parts, Size, bands,
    list::{Line, List},
    number_text,
    plane::{Frame, Plane, own_color, silent, unseen},
    series::{self, Series},
    tones::{rule_tone, tone_color},
};
use crate::Theme;

const HEADS: [&str; 3] = ["", "of first", "of previous"];
/// A stage is never higher, in px.
const MOST_STAGE_PX: f64 = 72.0;
/// What the bar takes of its stage; the rest leads over to the next.
const BAR_SHARE: f64 = 0.7;

struct Stage {
    name: String,
    text: String,
    /// `None`: no bar.
    number: Option<f64>,
    color: String,
    source: MarkSource,
}

pub(super) fn funnel(visual: &Visual, answer: &Answer, theme: &Theme, size: Size) -> (Value, Series) {
    funnel_up_to(visual, answer, theme, size, None)
}

/// `largest`: the number that is as wide as the picture; `None` for its own largest.
pub(super) fn funnel_up_to(
    visual: &Visual,
    answer: &Answer,
    theme: &Theme,
    size: Size,
    largest: Option<f64>,
) -> (Value, Series) {
    let stages = stages(visual, answer, theme);
    let lines = lines(&stages);
    let plane = Plane::of(size);
    let list = List::of(&plane, &lines, &HEADS, MOST_STAGE_PX);
    let largest = stages
        .iter()
        .filter_map(|stage| stage.number)
        .fold(largest.unwrap_or(0.0), f64::max);
    let (left, right) = list.picture;
    let frame = |index: usize, number: f64| {
        let width = (number / largest * (right - left)).max(1.0);
        let height = (list.line_px * BAR_SHARE).max(1.0);
        Frame {
            x: (left + right - width) / 2.0,
            y: list.middle(index) - height / 2.0,
            width,
            height,
        }
    };
    let bars: Vec<Option<Frame>> = stages
        .iter()
        .take(list.shown)
        .enumerate()
        .map(|(index, stage)| stage.number.map(|number| frame(index, number)))
        .collect();
    let mut series = Series::default();
    for (index, (stage, bar)) in stages.iter().zip(&bars).enumerate() {
        series.rows.push(match bar {
            Some(bar) => bar.row(&stage.color),
            None => unseen(&plane, list.middle(index), list.line_px),
        });
        series.sources.push(stage.source);
    }
    let mut layers = Vec::new();
    let slopes = slopes(&stages, &bars);
    if !slopes.is_empty() {
        layers.push(silent(
            json!({
                "mark": { "type": "area", "orient": "horizontal", "fillOpacity": 0.18 },
                "encoding": {
                    "x": plane.across("x"), "x2": { "field": "x2" }, "y": plane.down("y"),
                    "detail": { "field": "g", "type": "nominal" }, "color": own_color(),
                },
            }),
            slopes,
        ));
    }
    layers.push(plane.boxes(json!({ "cornerRadius": theme.bar_radius_px })));
    layers.extend(plane.words(&list.words(theme, &lines, &HEADS)));
    (json!({ "layer": layers }), series)
}

/// The members of the axis with one value, or several values of one row.
fn stages(visual: &Visual, answer: &Answer, theme: &Theme) -> Vec<Stage> {
    let parts = Parts::of(visual, answer);
    let measures = parts.measures_of(WellName::Values);
    let single = bands::single_color(visual, theme);
    let stage = |name: String, row_index: usize, row: &[Cell], measure: &MeasureColumn| {
        let cell = row.get(measure.column)?;
        let column = answer.columns.get(measure.column)?;
        let number = cell.as_f64().filter(|number| number.is_finite());
        let tone = number.and_then(|number| rule_tone(visual, &column.name, number));
        Some(Stage {
            name,
            text: series::label(visual, measure, cell, column),
            number: number.filter(|number| *number >= 0.0),
            color: match tone {
                Some(tone) => tone_color(theme, tone).to_owned(),
                None if answer.others.contains(&row_index) => theme.rest.clone(),
                None => single.clone(),
            },
            source: MarkSource {
                row: row_index,
                column: measure.column,
            },
        })
    };
    match parts.dimension(WellName::Axis) {
        Some(axis) => {
            let Some(measure) = measures.first() else {
                return Vec::new();
            };
            let rows = answer.rows.iter().enumerate();
            rows.filter_map(|(index, row)| stage(series::member(answer, row, Some(axis)), index, row, measure))
                .collect()
        }
        None => {
            let row = answer.rows.first().map(Vec::as_slice).unwrap_or_default();
            measures
                .iter()
                .filter_map(|measure| stage(measure.label.clone(), 0, row, measure))
                .collect()
        }
    }
}

fn lines(stages: &[Stage]) -> Vec<Line> {
    let first = stages.first().and_then(|stage| stage.number);
    let mut before = None;
    stages
        .iter()
        .map(|stage| {
            let figures = vec![
                stage.text.clone(),
                share(stage.number, first),
                share(stage.number, before),
            ];
            before = stage.number;
            Line {
                name: stage.name.clone(),
                figures,
            }
        })
        .collect()
}

/// Empty where there is nothing to relate.
fn share(number: Option<f64>, whole: Option<f64>) -> String {
    let Some((number, whole)) = number.zip(whole.filter(|whole| *whole > 0.0)) else {
        return String::new();
    };
    let share = number / whole;
    let percent = Format {
        kind: FormatKind::Percent,
        digits: Some(u8::from(share < 0.0995)),
        ..Format::default()
    };
    number_text(share, Some(&percent))
}

/// Pale pieces from the foot of each bar to the head of the next.
fn slopes(stages: &[Stage], bars: &[Option<Frame>]) -> Vec<Value> {
    let pairs = bars.iter().zip(bars.iter().skip(1)).zip(stages).enumerate();
    pairs
        .filter_map(|(index, ((upper, lower), stage))| Some((index, upper.as_ref()?, lower.as_ref()?, stage)))
        .flat_map(|(index, upper, lower, stage)| {
            [(upper, upper.y + upper.height), (lower, lower.y)]
                .map(|(bar, y)| json!({ "x": bar.x, "x2": bar.x + bar.width, "y": y, "g": index, "c": stage.color }))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SIZE: Size = Size {
        width_px: 408.0,
        height_px: 308.0,
    };

    fn answer(values: &[Option<f64>]) -> (Visual, Answer) {
        let visual = serde_json::from_value(json!({
            "kind": "funnel", "wells": { "axis": [{ "field": "t.stage" }], "values": [{ "metric": "visits" }] }
        }))
        .unwrap();
        let rows: Vec<_> = values
            .iter()
            .enumerate()
            .map(|(index, value)| json!([format!("Stage {index}"), value]))
            .collect();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "stage", "role": "dimension", "type": "string", "label": "Stage" },
                { "name": "visits", "role": "metric", "type": "number", "label": "Visits" },
            ],
            "rows": rows, "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        (visual, answer)
    }

    fn width(row: &Value) -> f64 {
        row["x2"].as_f64().unwrap() - row["x"].as_f64().unwrap()
    }

    #[test]
    fn bars_are_centred_and_as_wide_as_their_numbers() {
        let (visual, answer) = answer(&[Some(200.0), Some(100.0)]);
        let (_, series) = funnel(&visual, &answer, &Theme::light(), SIZE);
        let [first, second] = series.rows.as_slice() else {
            panic!("two bars")
        };
        assert!((width(first) - 2.0 * width(second)).abs() < 1e-9);
        let middle = |row: &Value| row["x"].as_f64().unwrap() + row["x2"].as_f64().unwrap();
        assert!((middle(first) - middle(second)).abs() < 1e-9);
    }

    #[test]
    fn stages_without_a_bar_keep_their_line() {
        let (visual, answer) = answer(&[Some(200.0), None, Some(-5.0), Some(50.0)]);
        let (_, series) = funnel(&visual, &answer, &Theme::light(), SIZE);
        let rows: Vec<usize> = series.sources.iter().map(|source| source.row).collect();
        assert_eq!(rows, [0, 1, 2, 3], "they can be pointed at");
        assert_eq!(
            (&series.rows[1]["c"], &series.rows[2]["c"]),
            (&json!("transparent"), &json!("transparent"))
        );
        let lines = lines(&stages(&visual, &answer, &Theme::light()));
        let figures: Vec<Vec<&str>> = lines
            .iter()
            .map(|line| line.figures.iter().map(String::as_str).collect())
            .collect();
        assert_eq!(
            figures,
            [["200", "100 %", ""], ["–", "", ""], ["-5", "", ""], ["50", "25 %", ""],]
        );
    }

    #[test]
    fn words_that_are_not_written_take_no_room() {
        let (visual, answer) = answer(&[Some(4.0), Some(2.0)]);
        let top = |width_px| {
            let (_, series) = funnel(&visual, &answer, &Theme::light(), Size { width_px, ..SIZE });
            let numbers = series.rows.iter().map(|row| row["y"].as_f64().unwrap());
            numbers.fold(f64::INFINITY, f64::min)
        };
        assert!(top(160.0) < top(600.0), "{} {}", top(160.0), top(600.0));
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let (visual, answer) = answer(&[Some(1.0); 400]);
        let (spec, series) = funnel(&visual, &answer, &Theme::light(), SIZE);
        assert_eq!(series.rows.len(), 20);
        assert!(spec.to_string().contains("and 380 more"));
    }

    #[test]
    fn values_of_one_row_are_stages() {
        let (mut visual, mut answer) = answer(&[]);
        visual.wells.axis.clear();
        visual.wells.values = vec![
            shared::visual::WellItem::metric("stage"),
            shared::visual::WellItem::metric("visits"),
        ];
        answer.columns[0].role = shared::semantic::ColumnRole::Metric;
        answer.rows = vec![vec![Cell::Int(10), Cell::Int(4)]];
        let (_, series) = funnel(&visual, &answer, &Theme::light(), SIZE);
        let columns: Vec<usize> = series.sources.iter().map(|source| source.column).collect();
        assert_eq!(columns, [0, 1]);
    }
}
