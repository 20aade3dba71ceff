//! The numbers of a KPI tile.

use std::cmp::Ordering;

use shared::{
    semantic::{Answer, AnswerColumn, ColumnRole, CompareOutput, Direction, Format, FormatKind},
    table::Cell,
    visual::{Visual, WellName},
};

use super::{Parts, number_text};

#[derive(Clone, Debug, PartialEq)]
pub struct Figure {
    pub label: String,
    /// As written; large numbers compact.
    pub value: String,
    /// Every digit, for the tooltip.
    pub exact: String,
    pub change: Option<FigureChange>,
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
const ONE_PLACE: Format = Format {
    kind: FormatKind::Number,
    digits: Some(1),
    code: None,
    compact: None,
};

/// One figure per value of the tile.
pub fn figures(visual: &Visual, answer: &Answer) -> Vec<Figure> {
    let parts = Parts::of(visual, answer);
    let Some(row) = answer.rows.first() else {
        return Vec::new();
    };
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
            let value = match number {
                Some(number) if number.abs() >= COMPACT_FROM && format.and_then(|format| format.compact).is_none() => {
                    let mut compact = format.cloned().unwrap_or_default();
                    compact.compact = Some(true);
                    // Places are meant for the whole number.
                    compact.digits = None;
                    number_text(number, Some(&compact))
                }
                Some(_) | None => exact.clone(),
            };
            Figure {
                label: measure.label.clone(),
                value,
                exact,
                change: column.and_then(|column| change(visual, answer, row, (column, number, format))),
            }
        })
        .collect()
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
}
