//! The answer as the long table that specifications read: one row per mark.

use serde_json::{Map, Value, json};
use shared::{
    semantic::{Answer, AnswerColumn, FormatKind},
    table::{Cell, ColumnType},
    visual::Visual,
};

use super::{MarkSource, MeasureColumn, cell_text, value::wall_clock};

/// Numbers from here on are written short on marks.
pub(super) const LONG: f64 = 10_000.0;

/// Marks of one picture: data rows, where each came from, and the series in the order of their first mark.
#[derive(Default)]
pub(super) struct Series {
    pub rows: Vec<Value>,
    pub sources: Vec<MarkSource>,
    pub names: Vec<String>,
}

impl Series {
    /// Keeps the rows for which `kept` is true, with their sources.
    pub fn keep(&mut self, kept: &[bool]) {
        let mut rows = kept.iter();
        self.rows.retain(|_| rows.next().copied().unwrap_or(false));
        let mut sources = kept.iter();
        self.sources.retain(|_| sources.next().copied().unwrap_or(false));
    }
}

/// A number for the specification; NULL stays NULL.
pub(super) fn number(cell: Option<&Cell>) -> Value {
    cell.and_then(Cell::as_f64)
        .filter(|number| number.is_finite())
        .map_or(Value::Null, |number| json!(number))
}

pub(super) fn is_time(answer: &Answer, column: Option<usize>) -> bool {
    column
        .and_then(|column| answer.columns.get(column))
        .is_some_and(|column| {
            matches!(
                column.kind,
                ColumnType::Date | ColumnType::Timestamp | ColumnType::Timestamptz
            )
        })
}

/// The text of a dimension cell; empty without a dimension.
pub(super) fn member(answer: &Answer, row: &[Cell], column: Option<usize>) -> String {
    column
        .and_then(|column| Some((row.get(column)?, answer.columns.get(column)?)))
        .map(|(cell, column)| cell_text(cell, column, None))
        .unwrap_or_default()
}

/// One mark per answer row and measure. `x` is the axis member's text, `t` its wall clock when it is a time, `y` the
/// number, `s` the series, `i` the series' position, `l` the value's text, `o` there for the rest of a top-N.
pub(super) fn series(
    visual: &Visual,
    answer: &Answer,
    axis: Option<usize>,
    legend: Option<usize>,
    measures: &[&MeasureColumn],
) -> Series {
    let mut result = Series::default();
    let several = measures.len() > 1;
    for (row_index, row) in answer.rows.iter().enumerate() {
        for measure in measures {
            let name = match (legend, several) {
                (Some(_), false) => member(answer, row, legend),
                (Some(_), true) => format!("{} · {}", member(answer, row, legend), measure.label),
                (None, _) => measure.label.clone(),
            };
            let position = result.names.iter().position(|known| *known == name).unwrap_or_else(|| {
                result.names.push(name.clone());
                result.names.len() - 1
            });
            let cell = row.get(measure.column);
            let column = answer.columns.get(measure.column);
            let mut data = Map::new();
            data.insert("x".to_owned(), Value::from(member(answer, row, axis)));
            if is_time(answer, axis)
                && let Some(Cell::Text(text)) = axis.and_then(|axis| row.get(axis))
            {
                data.insert("t".to_owned(), Value::from(wall_clock(text)));
            }
            data.insert("y".to_owned(), number(cell));
            data.insert("s".to_owned(), Value::from(name));
            data.insert("i".to_owned(), Value::from(position));
            if answer.others.contains(&row_index) {
                data.insert("o".to_owned(), Value::from(true));
            }
            if let (Some(cell), Some(column)) = (cell, column) {
                data.insert("l".to_owned(), Value::from(label(visual, measure, cell, column)));
            }
            result.rows.push(Value::Object(data));
            result.sources.push(MarkSource {
                row: row_index,
                column: measure.column,
            });
        }
    }
    result
}

/// A number of a measure as it is written on marks.
pub(super) fn number_label(visual: &Visual, answer: &Answer, measure: &MeasureColumn, number: f64) -> String {
    answer
        .columns
        .get(measure.column)
        .map(|column| label(visual, measure, &Cell::Float(number), column))
        .unwrap_or_default()
}

/// A number on a mark: long ones are written short.
pub(super) fn label(visual: &Visual, measure: &MeasureColumn, cell: &Cell, column: &AnswerColumn) -> String {
    let format = measure.format(visual, Some(column));
    let long = cell.as_f64().is_some_and(|number| number.abs() >= LONG);
    let kind = format.map_or(FormatKind::Number, |format| format.kind);
    match kind {
        FormatKind::Number | FormatKind::Currency if long && format.is_none_or(|format| format.compact.is_none()) => {
            let mut short = format.cloned().unwrap_or_default();
            (short.compact, short.digits) = (Some(true), None);
            cell_text(cell, column, Some(&short))
        }
        FormatKind::Number
        | FormatKind::Currency
        | FormatKind::Percent
        | FormatKind::Duration
        | FormatKind::Bytes
        | FormatKind::Date
        | FormatKind::Text => cell_text(cell, column, format),
    }
}
