//! How value axes write their numbers.

use serde_json::json;
use shared::{
    semantic::{Answer, FormatKind},
    visual::Visual,
};

use super::{MeasureColumn, value::currency_symbol};

/// How a value axis writes its numbers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct AxisNumbers {
    /// Of d3.
    pub(super) format: &'static str,
    /// Stands before every number but zero.
    symbol: &'static str,
    /// Stands after every number but zero.
    unit: String,
}

impl AxisNumbers {
    fn of(format: &'static str) -> Self {
        Self {
            format,
            symbol: "",
            unit: String::new(),
        }
    }

    /// Vega expression of a tick's label: `0`, `€250k`, `-€50k`, `1.5B`.
    pub(super) fn label(&self) -> String {
        format!(
            "datum.value == 0 ? '0' : (datum.value < 0 ? '-' : '') + {} + replace(format(abs(datum.value), {}), 'G', 'B') + {}",
            json!(self.symbol),
            json!(self.format),
            json!(self.unit)
        )
    }
}

/// Percent, short SI steps for large numbers, else plain thousands; money with its sign.
pub(super) fn axis_numbers(
    visual: &Visual,
    answer: &Answer,
    measures: &[&MeasureColumn],
    normalized: bool,
) -> AxisNumbers {
    if normalized {
        return AxisNumbers::of(".0%");
    }
    let format = measures
        .first()
        .and_then(|measure| measure.format(visual, answer.columns.get(measure.column)));
    let kind = format.map(|format| format.kind);
    if kind == Some(FormatKind::Percent) {
        return AxisNumbers::of(".1~%");
    }
    let largest = answer
        .rows
        .iter()
        .flat_map(|row| measures.iter().filter_map(|measure| row.get(measure.column)?.as_f64()))
        .fold(0.0_f64, |largest, number| largest.max(number.abs()));
    let numbers = AxisNumbers::of(if largest >= 10_000.0 { "~s" } else { ",~f" });
    let code = format
        .filter(|_| kind == Some(FormatKind::Currency))
        .and_then(|format| format.code.as_deref());
    match code {
        Some(code) => match currency_symbol(code) {
            "" => AxisNumbers {
                unit: format!(" {code}"),
                ..numbers
            },
            symbol => AxisNumbers { symbol, ..numbers },
        },
        None => numbers,
    }
}
