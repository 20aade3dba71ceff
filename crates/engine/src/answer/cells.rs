//! One column of a table as cells of the wire.

use chrono_tz::Tz;
use polars::prelude::*;
use shared::table::{Cell, ColumnType};

use super::temporal::{date_text, instant_text, time_text, wall_clock_text};

/// Values of `column` written as the wire wants them for a column of type `kind`; `zone` says that naive timestamps are
/// wall clocks of it (and instants are shown in it).
///
/// # Errors
/// A sentence for the log: unknown zone or a type that cannot be written.
pub fn column_cells(column: &Column, kind: ColumnType, zone: Option<&str>) -> Result<Vec<Cell>, String> {
    let zone = zone
        .map(|name| name.parse::<Tz>().map_err(|error| error.to_string()))
        .transpose()?;
    let series = column.as_materialized_series();
    let text = |error: PolarsError| error.to_string();
    match series.dtype() {
        DataType::Null => Ok(vec![Cell::Null; series.len()]),
        DataType::Boolean => Ok(cells(series.bool().map_err(text)?.iter(), Cell::Bool)),
        DataType::String => Ok(cells(series.str().map_err(text)?.iter(), Cell::from)),
        DataType::Float32 | DataType::Float64 => {
            let wide = series.cast(&DataType::Float64).map_err(text)?;
            let write = number_writer(kind);
            Ok(cells(wide.f64().map_err(text)?.iter(), write))
        }
        DataType::Date => {
            let days = series.date().map_err(text)?;
            let as_timestamp = matches!(kind, ColumnType::Timestamp | ColumnType::Timestamptz);
            Ok(cells(days.physical().iter(), |day| match (as_timestamp, zone) {
                (true, zone) => wall_clock_text(i64::from(day).saturating_mul(86_400_000_000), zone),
                (false, _) => date_text(i64::from(day)),
            }))
        }
        DataType::Time => Ok(cells(series.time().map_err(text)?.physical().iter(), time_text)),
        DataType::Datetime(_, stored_zone) => {
            let micros = series
                .cast(&DataType::Datetime(TimeUnit::Microseconds, stored_zone.clone()))
                .map_err(text)?;
            let micros = micros.datetime().map_err(text)?.physical().clone();
            let is_instant = stored_zone.is_some();
            Ok(cells(micros.iter(), |value| match kind {
                ColumnType::Date => date_text(value.div_euclid(86_400_000_000)),
                _ if is_instant => instant_text(value, zone),
                _ => wall_clock_text(value, zone),
            }))
        }
        DataType::Decimal(_, scale) => {
            let scale = *scale;
            let decimals = series.decimal().map_err(text)?;
            Ok(cells(decimals.physical().iter(), |value| {
                decimal_cell(value, scale, kind)
            }))
        }
        dtype if dtype.is_integer() => {
            let wide = series.cast(&DataType::Int64).map_err(text)?;
            Ok(cells(wide.i64().map_err(text)?.iter(), |value| match kind {
                ColumnType::Decimal => Cell::Text(value.to_string()),
                _ => Cell::Int(value),
            }))
        }
        other => Err(format!("a column of type {other} cannot be sent")),
    }
}

fn cells<T>(values: impl Iterator<Item = Option<T>>, write: impl Fn(T) -> Cell) -> Vec<Cell> {
    values.map(|value| value.map_or(Cell::Null, &write)).collect()
}

fn number_writer(kind: ColumnType) -> impl Fn(f64) -> Cell {
    move |value| match kind {
        ColumnType::Integer => exact_integer(value).map_or_else(|| Cell::from(value), Cell::Int),
        ColumnType::Decimal if value.is_finite() => Cell::Text(value.to_string()),
        _ => Cell::from(value),
    }
}

fn exact_integer(value: f64) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    #[expect(clippy::cast_possible_truncation, reason = "checked to be whole and within 2^53")]
    (value.fract() == 0.0 && value.abs() <= EXACT).then_some(value as i64)
}

fn decimal_cell(value: i128, scale: usize, kind: ColumnType) -> Cell {
    let text = decimal_text(value, scale);
    match kind {
        ColumnType::Number => text.parse::<f64>().map_or(Cell::Null, Cell::from),
        ColumnType::Integer if scale == 0 => text.parse::<i64>().map_or(Cell::Text(text), Cell::Int),
        _ => Cell::Text(text),
    }
}

/// `unscaled` × 10^−`scale`, with all its places.
pub fn decimal_text(value: i128, scale: usize) -> String {
    let digits = value.unsigned_abs().to_string();
    let sign = if value < 0 { "-" } else { "" };
    if scale == 0 {
        return format!("{sign}{digits}");
    }
    let padded = format!("{digits:0>width$}", width = scale + 1);
    let (whole, fraction) = padded.split_at(padded.len() - scale);
    format!("{sign}{whole}.{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_scale() {
        assert_eq!(decimal_text(5, 2), "0.05");
        assert_eq!(decimal_text(-12_345, 2), "-123.45");
        assert_eq!(decimal_text(7, 0), "7");
    }

    #[test]
    fn numbers_beyond_the_wire_are_null() {
        let column = Column::new("x".into(), [Some(1.5), Some(f64::NAN), Some(f64::INFINITY), None]);
        let cells = column_cells(&column, ColumnType::Number, None).unwrap();
        assert_eq!(cells, [Cell::Float(1.5), Cell::Null, Cell::Null, Cell::Null]);
    }

    #[test]
    fn wall_clocks_carry_the_offset_of_their_zone() {
        let column = Column::new("t".into(), [1_783_036_800_000_000_i64, 1_767_225_600_000_000])
            .cast(&DataType::Datetime(TimeUnit::Microseconds, None))
            .unwrap();
        let cells = column_cells(&column, ColumnType::Timestamptz, Some("Europe/Berlin")).unwrap();
        assert_eq!(
            cells,
            [
                Cell::from("2026-07-03T00:00:00+02:00"),
                Cell::from("2026-01-01T00:00:00+01:00")
            ]
        );
        assert_eq!(
            column_cells(&column, ColumnType::Timestamp, None).unwrap().first(),
            Some(&Cell::from("2026-07-03T00:00:00"))
        );
        assert_eq!(
            column_cells(&column, ColumnType::Date, None).unwrap().first(),
            Some(&Cell::from("2026-07-03"))
        );
    }
}
