//! The numbers of a KPI tile.

use shared::{
    semantic::{Answer, ColumnRole, CompareOutput},
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
    /// `+12.3 %`, or the difference where there is no percentage.
    pub text: String,
    /// "than the previous month".
    pub against: String,
    pub rising: bool,
    /// `None`: neither direction is good.
    pub good: Option<bool>,
}

/// Above this a number is written compact unless its format says otherwise.
const COMPACT_FROM: f64 = 1_000_000.0;

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
                change: change(visual, answer, row, name, number),
            }
        })
        .collect()
}

/// Against the first comparison of the visual that gave a value for this metric.
fn change(visual: &Visual, answer: &Answer, row: &[Cell], metric: &str, now: Option<f64>) -> Option<FigureChange> {
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
    let text = match pct.or_else(|| {
        previous
            .filter(|previous| *previous != 0.0)
            .map(|previous| delta / previous)
    }) {
        Some(fraction) => format!(
            "{sign}{}",
            number_text(
                fraction,
                Some(&shared::semantic::Format {
                    kind: shared::semantic::FormatKind::Percent,
                    ..Default::default()
                })
            )
        ),
        None => format!("{sign}{}", number_text(delta, None)),
    };
    let unit = compare.shift.unit.as_str();
    let against = if compare.shift.count == 1 {
        format!("than the {unit} before")
    } else {
        format!("than {} {unit}s before", compare.shift.count)
    };
    let good = (delta != 0.0).then_some(delta > 0.0);
    Some(FigureChange {
        text,
        against,
        rising: delta > 0.0,
        good,
    })
}
