//! The numbers of a KPI tile.

use std::cmp::Ordering;

use shared::{
    semantic::{Answer, AnswerColumn, ColumnRole, CompareOutput, Direction, Format, FormatKind},
    table::Cell,
    visual::{Tone, Visual, WellName},
};

use super::{Course, MeasureColumn, Parts, course::Times, number_text, tones::rule_tone};

#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub label: String,
    /// As written; large numbers compact.
    pub value: String,
    /// Every digit, for the tooltip.
    pub exact: String,
    pub change: Option<FigureChange>,
    pub target: Option<FigureTarget>,
    /// By the visual's rules.
    pub tone: Option<Tone>,
    /// The value over the time of the trend.
    pub course: Option<Course>,
}

/// What the value should reach.
#[derive(Clone, Debug, PartialEq)]
pub struct FigureTarget {
    /// `84 % of 1.2 M`.
    pub text: String,
    pub reached: bool,
    /// Of the target; may be below 0 and above 1.
    pub share: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct FigureChange {
    /// `+12.3 %`; points for shares; the difference where there is nothing to relate it to.
    pub text: String,
    /// `vs previous month`.
    pub against: String,
    /// `None`: nothing has changed.
    pub direction: Option<Direction>,
    /// `None`: nothing has changed, or neither direction is good.
    pub good: Option<bool>,
}

/// Above this a number is written compact unless its format says otherwise.
const COMPACT_FROM: f64 = 1_000_000.0;

const PERCENT: Format = Format {
    kind: FormatKind::Percent,
    digits: None,
    code: None,
    compact: None,
};
const WHOLE_PERCENT: Format = Format {
    kind: FormatKind::Percent,
    digits: Some(0),
    code: None,
    compact: None,
};
const ONE_PLACE: Format = Format {
    kind: FormatKind::Number,
    digits: Some(1),
    code: None,
    compact: None,
};

/// One figure per value of the tile.
pub fn figures(visual: &Visual, answer: &Answer) -> Vec<Figure> {
    let parts = Parts::of(visual, answer);
    let times = parts.dimension(WellName::Trend).map(|column| Times::of(answer, column));
    let Some(row) = row_of_values(answer, times.as_ref()) else {
        return Vec::new();
    };
    let mut target = target(visual, &parts, row);
    parts
        .measures_of(WellName::Values)
        .into_iter()
        .map(|measure| {
            let column = answer.columns.get(measure.column);
            let format = measure.format(visual, column);
            let number = row.get(measure.column).and_then(Cell::as_f64);
            let exact = match (row.get(measure.column), column) {
                (Some(cell), Some(column)) => super::cell_text(cell, column, format),
                _ => String::new(),
            };
            let value = number
                .and_then(|number| compact(number, format))
                .unwrap_or_else(|| exact.clone());
            let tone = number
                .zip(column)
                .and_then(|(number, column)| rule_tone(visual, &column.name, number));
            Figure {
                label: measure.label.clone(),
                value,
                exact,
                change: column.and_then(|column| change(visual, answer, row, (column, number, format))),
                // There is one target, and it is the first value's.
                target: target.take().zip(number).map(|(target, number)| {
                    let good = column.and_then(|column| column.good);
                    against_target(number, target, good, format)
                }),
                tone,
                course: times.as_ref().map(|times| course(answer, times, measure)),
            }
        })
        .collect()
}

/// With a trend the value is that of all times, which is not the sum of them; without such a total it is the latest.
fn row_of_values<'a>(answer: &'a Answer, times: Option<&Times>) -> Option<&'a Vec<Cell>> {
    let Some(times) = times else {
        return answer.rows.first();
    };
    let total = answer.totals.iter().find(|totals| totals.by.is_empty());
    total
        .and_then(|totals| totals.rows.first())
        .or_else(|| answer.rows.get(times.last_row()?))
        .or_else(|| answer.rows.last())
}

fn course(answer: &Answer, times: &Times, measure: &MeasureColumn) -> Course {
    times.course(answer, answer.rows.iter(), measure.column)
}

fn target(visual: &Visual, parts: &Parts, row: &[Cell]) -> Option<f64> {
    let measured = match parts.measures_of(WellName::Target).first() {
        Some(measure) => row.get(measure.column)?.as_f64(),
        None => visual.format.target,
    };
    measured.filter(|target| target.is_finite())
}

fn against_target(number: f64, target: f64, good: Option<Direction>, format: Option<&Format>) -> FigureTarget {
    let reached = match good {
        Some(Direction::Down) => number <= target,
        Some(Direction::Up) | None => number >= target,
    };
    let words = compact(target, format).unwrap_or_else(|| number_text(target, format));
    if target > 0.0 {
        let share = number / target;
        let percent = number_text(share, Some(&WHOLE_PERCENT));
        FigureTarget {
            text: format!("{percent} of {words}"),
            reached,
            share,
        }
    } else {
        // Nothing is a share of it.
        FigureTarget {
            text: format!("target {words}"),
            reached,
            share: if reached { 1.0 } else { 0.0 },
        }
    }
}

/// A large number written short, unless its format says otherwise.
fn compact(number: f64, format: Option<&Format>) -> Option<String> {
    (number.abs() >= COMPACT_FROM && format.and_then(|format| format.compact).is_none()).then(|| {
        let mut compact = format.cloned().unwrap_or_default();
        compact.compact = Some(true);
        // Places are meant for the whole number.
        compact.digits = None;
        number_text(number, Some(&compact))
    })
}

/// Against the first comparison of the visual that gave a value for this metric.
fn change(
    visual: &Visual,
    answer: &Answer,
    row: &[Cell],
    (metric, now, format): (&AnswerColumn, Option<f64>, Option<&Format>),
) -> Option<FigureChange> {
    let compare = visual.query.compare.first()?;
    let find = |name: String| {
        let position = answer
            .columns
            .iter()
            .position(|column| column.role == ColumnRole::Compare && column.name == name)?;
        row.get(position)?.as_f64()
    };
    let base = format!("{}_{}", metric.name, compare.alias);
    let previous = find(base.clone());
    let pct = if compare.outputs.contains(&CompareOutput::Pct) {
        find(format!("{base}_pct"))
    } else {
        None
    };
    let delta = find(format!("{base}_delta")).or_else(|| Some(now? - previous?))?;
    let sign = if delta > 0.0 { "+" } else { "" };
    let relative = pct.or_else(|| {
        previous
            .filter(|previous| *previous != 0.0)
            .map(|previous| delta / previous)
    });
    let text = match (relative, format.map(|format| format.kind)) {
        // A change of a share in percent would be read as points.
        (_, Some(FormatKind::Percent)) => format!("{sign}{} pts", number_text(delta * 100.0, Some(&ONE_PLACE))),
        (Some(fraction), _) => format!("{sign}{}", number_text(fraction, Some(&PERCENT))),
        (None, _) => format!("{sign}{}", number_text(delta, format)),
    };
    let unit = compare.shift.unit.as_str();
    let against = if compare.shift.count == 1 {
        format!("vs previous {unit}")
    } else {
        format!("vs {} {unit}s earlier", compare.shift.count)
    };
    let direction = match delta.partial_cmp(&0.0) {
        Some(Ordering::Greater) => Some(Direction::Up),
        Some(Ordering::Less) => Some(Direction::Down),
        Some(Ordering::Equal) | None => None,
    };
    Some(FigureChange {
        text,
        against,
        direction,
        good: metric.good.zip(direction).map(|(good, direction)| good == direction),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(format: serde_json::Value, now: f64, before: f64) -> String {
        let change = change_of(json!({ "format": format }), now, before);
        format!("{} {}", change.text, change.against)
    }

    /// `more`: what else the metric's column says.
    fn change_of(more: serde_json::Value, now: f64, before: f64) -> FigureChange {
        let mut metric = json!({ "name": "m", "role": "metric", "type": "number", "label": "M" });
        let format = more.get("format").cloned();
        metric
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let visual = serde_json::from_value(json!({
            "kind": "kpi", "wells": { "values": [{ "metric": "m" }] },
            "query": { "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" }, "outputs": ["value", "pct"] }] }
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                metric,
                { "name": "m_ly", "role": "compare", "type": "number", "label": "M", "format": format },
                { "name": "m_ly_pct", "role": "compare", "type": "number", "label": "M" },
            ],
            "rows": [[now, before, (now - before) / before]],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        figures(&visual, &answer).remove(0).change.unwrap()
    }

    #[test]
    fn the_metric_says_which_change_is_good() {
        let good = |good: serde_json::Value, now: f64| change_of(json!({ "good": good }), now, 100.0).good;
        assert_eq!(good(json!("up"), 120.0), Some(true));
        assert_eq!(good(json!("up"), 80.0), Some(false));
        assert_eq!(good(json!("down"), 120.0), Some(false));
        assert_eq!(good(json!("down"), 80.0), Some(true));
        assert_eq!(good(json!("down"), 100.0), None, "no change");
        let neutral = change_of(json!({}), 80.0, 100.0);
        assert_eq!((neutral.good, neutral.direction), (None, Some(Direction::Down)));
    }

    #[test]
    fn shares_change_by_points_and_the_rest_by_percent() {
        assert_eq!(
            change(json!({ "kind": "percent" }), 0.425, 0.41),
            "+1.5 pts vs previous year"
        );
        assert_eq!(
            change(json!({ "kind": "number" }), 90.0, 100.0),
            "-10.0 % vs previous year"
        );
    }

    fn with_course(rows: serde_json::Value, totals: serde_json::Value, format: serde_json::Value) -> Vec<Figure> {
        let visual = serde_json::from_value(json!({
            "kind": "kpi",
            "wells": {
                "values": [{ "metric": "m" }], "target": [{ "metric": "goal" }],
                "trend": [{ "field": "t.day", "grain": "month" }],
            },
            "query": { "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" }, "outputs": ["value"] }] },
            "format": format,
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "day", "role": "dimension", "type": "date", "label": "Month", "grain": "month" },
                { "name": "m", "role": "metric", "type": "number", "label": "M" },
                { "name": "goal", "role": "metric", "type": "number", "label": "Goal" },
                { "name": "m_ly", "role": "compare", "type": "number", "label": "M" },
            ],
            "rows": rows, "totals": totals,
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        figures(&visual, &answer)
    }

    #[test]
    fn a_value_with_a_course_is_the_total_of_all_times() {
        let rows = json!([
            ["2026-02-01", 30.0, 1.0, 1.0],
            ["2026-01-01", 10.0, 1.0, 1.0],
            ["2026-03-01", null, 1.0, 1.0]
        ]);
        let totals = json!([{ "by": [], "rows": [[null, 1_008_000.0, 1_200_000.0, 504_000.0]] }]);
        let rules = json!({ "rules": [{ "test": "above", "value": 1000.0, "tone": "good" }] });
        let figure = with_course(rows.clone(), totals, rules.clone()).remove(0);
        assert_eq!(figure.value, "1.01 M");
        assert_eq!(figure.change.unwrap().text, "+100.0 %");
        let target = figure.target.unwrap();
        assert_eq!((target.text.as_str(), target.reached), ("84 % of 1.2 M", false));
        assert_eq!(figure.tone, Some(Tone::Good));
        let course = figure.course.unwrap();
        assert_eq!(course.points, [Some(10.0), Some(30.0), None]);
        assert_eq!((course.from.as_str(), course.to.as_str()), ("Jan 2026", "Mar 2026"));
        // Without a total the latest time counts.
        let latest = with_course(
            json!([["2026-02-01", 30.0, 20.0, 1.0], ["2026-01-01", 10.0, 1.0, 1.0]]),
            json!([]),
            rules,
        );
        assert_eq!(latest[0].exact, "30");
        assert!(latest[0].target.as_ref().unwrap().reached);
        assert_eq!(latest[0].tone, None);
    }

    #[test]
    fn less_than_the_target_is_good_where_down_is() {
        let target = |number: f64, target: f64, good: Option<Direction>| against_target(number, target, good, None);
        assert!(target(80.0, 100.0, Some(Direction::Down)).reached);
        assert!(!target(120.0, 100.0, Some(Direction::Down)).reached);
        assert_eq!(target(120.0, 100.0, None).text, "120 % of 100");
        assert_eq!(target(-2.0, -5.0, None).text, "target -5");
    }

    #[test]
    fn a_set_target_is_the_first_values() {
        let visual = serde_json::from_value(json!({
            "kind": "kpi", "wells": { "values": [{ "metric": "a" }, { "metric": "b" }] }, "format": { "target": 50.0 },
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "a", "role": "metric", "type": "number", "label": "A" },
                { "name": "b", "role": "metric", "type": "number", "label": "B" },
            ],
            "rows": [[25.0, 100.0]], "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        let figures = figures(&visual, &answer);
        assert_eq!(figures[0].target.as_ref().unwrap().share, 0.5);
        assert_eq!((&figures[1].target, &figures[1].course), (&None, &None));
    }
}
