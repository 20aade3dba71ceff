//! Typed columns of one part of a file.

use polars::prelude::*;

use super::{Reading, Record, RejectLog, reading::Value};
use crate::{
    lower::{Kind, explain},
    protocol::WorkerFailure,
};

enum ColumnBuilder {
    Text(StringChunkedBuilder),
    Boolean(BooleanChunkedBuilder),
    /// Whole numbers and everything temporal; takes its kind at the end.
    Integer(PrimitiveChunkedBuilder<Int64Type>, Kind),
    Number(PrimitiveChunkedBuilder<Float64Type>),
    Decimal(PrimitiveChunkedBuilder<Int128Type>, usize),
}

/// Collects records into a frame; a record with a value that does not fit is rejected whole.
pub struct FrameBuilder<'n> {
    names: &'n [String],
    readings: &'n [Reading],
    columns: Vec<ColumnBuilder>,
    rows: usize,
}

impl<'n> FrameBuilder<'n> {
    /// `rows`: a guess, to reserve memory.
    pub fn new(names: &'n [String], readings: &'n [Reading], rows: usize) -> Self {
        let columns = names
            .iter()
            .zip(readings)
            .map(|(name, reading)| ColumnBuilder::new(name, *reading, rows))
            .collect();
        Self {
            names,
            readings,
            columns,
            rows: 0,
        }
    }

    pub const fn rows(&self) -> usize {
        self.rows
    }

    /// Adds the record, or says in `rejects` why not. `record` has as many fields as there are columns.
    pub fn push(&mut self, record: &Record<'_, '_>, rejects: &mut RejectLog) {
        let mut values = Vec::with_capacity(self.columns.len());
        for ((field, reading), name) in record.fields.iter().zip(self.readings).zip(self.names) {
            match reading.read(field) {
                Ok(value) => values.push(value),
                Err(reason) => {
                    rejects.add(record.line, Some(name), Some(&field.text), reason);
                    return;
                }
            }
        }
        for (column, value) in self.columns.iter_mut().zip(values) {
            column.push(value);
        }
        self.rows += 1;
    }

    pub fn finish(self) -> Result<DataFrame, WorkerFailure> {
        let columns = self
            .columns
            .into_iter()
            .map(ColumnBuilder::finish)
            .collect::<PolarsResult<Vec<_>>>()
            .map_err(explain)?;
        DataFrame::new(self.rows, columns).map_err(explain)
    }
}

impl ColumnBuilder {
    fn new(name: &str, reading: Reading, rows: usize) -> Self {
        let name = PlSmallStr::from_str(name);
        match reading.kind() {
            Kind::Null | Kind::Text => Self::Text(StringChunkedBuilder::new(name, rows)),
            Kind::Boolean => Self::Boolean(BooleanChunkedBuilder::new(name, rows)),
            Kind::Number => Self::Number(PrimitiveChunkedBuilder::new(name, rows)),
            Kind::Decimal { scale } => Self::Decimal(PrimitiveChunkedBuilder::new(name, rows), scale),
            kind @ (Kind::Integer | Kind::Date | Kind::Time | Kind::Timestamp | Kind::Instant) => {
                Self::Integer(PrimitiveChunkedBuilder::new(name, rows), kind)
            }
        }
    }

    /// A value of another kind cannot come from this column's reading; it would be NULL.
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Text(column), Value::Text(text)) => column.append_value(text),
            (Self::Boolean(column), Value::Boolean(truth)) => column.append_value(truth),
            (Self::Integer(column, _), Value::Integer(number)) => column.append_value(number),
            (Self::Number(column), Value::Number(number)) => column.append_value(number),
            (Self::Decimal(column, _), Value::Decimal(unscaled)) => column.append_value(unscaled),
            (Self::Text(column), _) => column.append_null(),
            (Self::Boolean(column), _) => column.append_null(),
            (Self::Integer(column, _), _) => column.append_null(),
            (Self::Number(column), _) => column.append_null(),
            (Self::Decimal(column, _), _) => column.append_null(),
        }
    }

    fn finish(self) -> PolarsResult<Column> {
        let series = match self {
            Self::Text(column) => column.finish().into_series(),
            Self::Boolean(column) => column.finish().into_series(),
            Self::Number(column) => column.finish().into_series(),
            Self::Decimal(column, scale) => column
                .finish()
                .into_decimal_unchecked(crate::lower::DECIMAL_DIGITS, scale)
                .into_series(),
            Self::Integer(column, kind) => {
                let numbers = column.finish().into_series();
                match kind {
                    Kind::Date => numbers.cast(&DataType::Int32)?.cast(&DataType::Date)?,
                    Kind::Integer => numbers,
                    other => numbers.cast(&other.dtype())?,
                }
            }
        };
        Ok(series.into_column())
    }
}
