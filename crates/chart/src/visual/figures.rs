//! The numbers of a KPI tile.

use shared::{
    semantic::{Answer, ColumnRole, CompareOutput, Format, FormatKind},
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
    pub rising: bool,
    /// `None`: neither direction is good.
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
            let name = column.map(|column| column.name.as_str()).unwrap_or_default();
            Figure {
                label: measure.label.clone(),
                value,
                exact,
                change: change(visual, answer, row, (name, number, format)),
            }
        })
        .collect()
}

/// Against the first comparison of the visual that gave a value for this metric.
fn change(
    visual: &Visual,
    answer: &Answer,
    row: &[Cell],
    (metric, now, format): (&str, Option<f64>, Option<&Format>),
) -> Option<FigureChange> {
    let compare = visual.query.compare.first()?;
    let find = |name: String| {
        let position = answer
            .columns
            .iter()
            .position(|column| column.role == ColumnRole::Compare && column.name == name)?;
        row.get(position)?.as_f64()
    };
    let base = format!("{metric}_{}", compare.alias);
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
    let good = (delta != 0.0).then_some(delta > 0.0);
    Some(FigureChange {
        text,
        against,
        rising: delta > 0.0,
        good,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::figures;

    fn change(format: serde_json::Value, now: f64, before: f64) -> String {
        let visual = serde_json::from_value(json!({
            "kind": "kpi", "wells": { "values": [{ "metric": "m" }] },
            "query": { "compare": [{ "as": "ly", "shift": { "count": 1, "unit": "year" }, "outputs": ["value", "pct"] }] }
        }))
        .unwrap();
        let answer = serde_json::from_value(json!({
            "columns": [
                { "name": "m", "role": "metric", "type": "number", "label": "M", "format": format },
                { "name": "m_ly", "role": "compare", "type": "number", "label": "M", "format": format },
                { "name": "m_ly_pct", "role": "compare", "type": "number", "label": "M" },
            ],
            "rows": [[now, before, (now - before) / before]],
            "version": 1, "as_of": "2026-01-01T00:00:00Z", "cache": "miss", "truncated": false,
        }))
        .unwrap();
        let change = figures(&visual, &answer).remove(0).change.unwrap();
        format!("{} {}", change.text, change.against)
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
