//! Values as databases give them, in columns of known types.

use polars::prelude::*;
use shared::table::ColumnType;

use super::failure::{DatabaseError, DatabaseFault};
use crate::lower::{DECIMAL_DIGITS, Kind};

/// One value; the units are those of our columns.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    Boolean(bool),
    Integer(i64),
    Number(f64),
    /// `unscaled` divided by ten to the power of `scale`.
    Decimal {
        unscaled: i128,
        scale: u32,
    },
    Text(String),
    /// Days since 1970.
    Date(i32),
    /// Nanoseconds since midnight.
    Time(i64),
    /// Microseconds since 1970, of a wall clock or of an instant, as the column says.
    Moment(i64),
}

/// A column that is being filled.
pub enum Cells {
    Boolean(Vec<Option<bool>>),
    Integer(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    /// The scale is that of all its values.
    Decimal {
        values: Vec<Option<i128>>,
        scale: u32,
    },
    Text(Vec<Option<String>>),
    Date(Vec<Option<i32>>),
    Time(Vec<Option<i64>>),
    Moment {
        values: Vec<Option<i64>>,
        kind: Kind,
    },
}

impl Cells {
    pub const fn new(kind: ColumnType) -> Self {
        match kind {
            ColumnType::Boolean => Self::Boolean(Vec::new()),
            ColumnType::Integer => Self::Integer(Vec::new()),
            ColumnType::Number => Self::Number(Vec::new()),
            ColumnType::Decimal => Self::Decimal {
                values: Vec::new(),
                scale: 0,
            },
            ColumnType::String | ColumnType::Json | ColumnType::Geo => Self::Text(Vec::new()),
            ColumnType::Date => Self::Date(Vec::new()),
            ColumnType::Time => Self::Time(Vec::new()),
            ColumnType::Timestamp => Self::Moment {
                values: Vec::new(),
                kind: Kind::Timestamp,
            },
            ColumnType::Timestamptz => Self::Moment {
                values: Vec::new(),
                kind: Kind::Instant,
            },
        }
    }

    /// Bytes it adds, about.
    ///
    /// # Errors
    /// A value of another type, or a decimal that does not fit.
    pub fn push(&mut self, value: Value) -> Result<usize, DatabaseError> {
        let mut bytes = 8;
        match (self, value) {
            (Self::Boolean(values), value) => values.push(match value {
                Value::Null => None,
                Value::Boolean(truth) => Some(truth),
                other => return Err(another(&other, "a truth value")),
            }),
            (Self::Integer(values), value) => values.push(match value {
                Value::Null => None,
                Value::Integer(number) => Some(number),
                other => return Err(another(&other, "a whole number")),
            }),
            (Self::Number(values), value) => values.push(match value {
                Value::Number(number) if number.is_finite() => Some(number),
                // NaN and infinities cannot be shown, as in files.
                Value::Null | Value::Number(_) => None,
                other => return Err(another(&other, "a number")),
            }),
            (Self::Decimal { values, scale }, value) => match value {
                Value::Null => values.push(None),
                Value::Decimal { unscaled, scale: own } => push_decimal(values, scale, unscaled, own)?,
                other => return Err(another(&other, "a decimal")),
            },
            (Self::Text(values), value) => values.push(match value {
                Value::Null => None,
                Value::Text(text) => {
                    bytes += text.len();
                    Some(text)
                }
                other => return Err(another(&other, "text")),
            }),
            (Self::Date(values), value) => values.push(match value {
                Value::Null => None,
                Value::Date(days) => Some(days),
                other => return Err(another(&other, "a date")),
            }),
            (Self::Time(values), value) => values.push(match value {
                Value::Null => None,
                Value::Time(nanoseconds) => Some(nanoseconds),
                other => return Err(another(&other, "a time of day")),
            }),
            (Self::Moment { values, .. }, value) => values.push(match value {
                Value::Null => None,
                Value::Moment(microseconds) => Some(microseconds),
                other => return Err(another(&other, "a time")),
            }),
        }
        Ok(bytes)
    }

    /// The scale its values have by now; 0 for what is no decimal.
    pub const fn scale(&self) -> u32 {
        match self {
            Self::Decimal { scale, .. } => *scale,
            Self::Boolean(_)
            | Self::Integer(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::Time(_)
            | Self::Moment { .. } => 0,
        }
    }

    /// Gives decimals at least this scale.
    pub fn widen(&mut self, wanted: u32) -> Result<(), DatabaseError> {
        match self {
            Self::Decimal { values, scale } if *scale < wanted => rescale(values, scale, wanted),
            Self::Decimal { .. }
            | Self::Boolean(_)
            | Self::Integer(_)
            | Self::Number(_)
            | Self::Text(_)
            | Self::Date(_)
            | Self::Time(_)
            | Self::Moment { .. } => Ok(()),
        }
    }

    pub fn column(self, name: &str) -> PolarsResult<Column> {
        let name = PlSmallStr::from_str(name);
        let series = match self {
            Self::Boolean(values) => BooleanChunked::from_iter_options(name, values.into_iter()).into_series(),
            Self::Integer(values) => Int64Chunked::from_iter_options(name, values.into_iter()).into_series(),
            Self::Number(values) => Float64Chunked::from_iter_options(name, values.into_iter()).into_series(),
            Self::Decimal { values, scale } => Int128Chunked::from_iter_options(name, values.into_iter())
                .into_decimal_unchecked(DECIMAL_DIGITS, usize::try_from(scale).unwrap_or(0))
                .into_series(),
            Self::Text(values) => StringChunked::from_iter_options(name, values.into_iter()).into_series(),
            Self::Date(values) => Int32Chunked::from_iter_options(name, values.into_iter())
                .into_series()
                .cast(&DataType::Date)?,
            Self::Time(values) => Int64Chunked::from_iter_options(name, values.into_iter())
                .into_series()
                .cast(&DataType::Time)?,
            Self::Moment { values, kind } => Int64Chunked::from_iter_options(name, values.into_iter())
                .into_series()
                .cast(&kind.dtype())?,
        };
        Ok(series.into_column())
    }
}

/// Adds a decimal; the column takes the greater of both scales.
fn push_decimal(
    values: &mut Vec<Option<i128>>,
    scale: &mut u32,
    unscaled: i128,
    own: u32,
) -> Result<(), DatabaseError> {
    if own > *scale {
        rescale(values, scale, own)?;
    }
    let factor = power_of_ten(scale.saturating_sub(own));
    let value = factor.and_then(|factor| unscaled.checked_mul(factor)).filter(fits);
    values.push(Some(value.ok_or_else(too_long)?));
    Ok(())
}

fn rescale(values: &mut [Option<i128>], scale: &mut u32, wanted: u32) -> Result<(), DatabaseError> {
    let factor = power_of_ten(wanted.saturating_sub(*scale)).ok_or_else(too_long)?;
    for value in values.iter_mut().flatten() {
        *value = value.checked_mul(factor).filter(fits).ok_or_else(too_long)?;
    }
    *scale = wanted;
    Ok(())
}

fn power_of_ten(exponent: u32) -> Option<i128> {
    10_i128.checked_pow(exponent)
}

/// Within 38 digits.
fn fits(value: &i128) -> bool {
    const LIMIT: u128 = 10_u128.pow(38);
    value.unsigned_abs() < LIMIT
}

fn too_long() -> DatabaseError {
    DatabaseError::new(DatabaseFault::Value, "a decimal of more than 38 digits")
}

/// Of the value only its kind is told: values belong in no log.
fn another(value: &Value, wanted: &str) -> DatabaseError {
    let got = match value {
        Value::Null => "NULL",
        Value::Boolean(_) => "a truth value",
        Value::Integer(_) => "a whole number",
        Value::Number(_) => "a number",
        Value::Decimal { .. } => "a decimal",
        Value::Text(_) => "text",
        Value::Date(_) => "a date",
        Value::Time(_) => "a time of day",
        Value::Moment(_) => "a time",
    };
    DatabaseError::new(DatabaseFault::Value, format!("{wanted} was expected, {got} came"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_take_the_greatest_scale_and_stay_exact() {
        let mut cells = Cells::new(ColumnType::Decimal);
        for (unscaled, scale) in [(15, 1), (-1234, 3), (7, 0)] {
            cells.push(Value::Decimal { unscaled, scale }).unwrap();
        }
        let Cells::Decimal { values, scale } = &cells else {
            panic!("no decimals")
        };
        assert_eq!(
            (values.as_slice(), *scale),
            ([Some(1500), Some(-1234), Some(7000)].as_slice(), 3)
        );
        let most = 10_i128.pow(38) - 1;
        let mut full = Cells::new(ColumnType::Decimal);
        full.push(Value::Decimal {
            unscaled: most,
            scale: 0,
        })
        .unwrap();
        assert!(full.push(Value::Decimal { unscaled: 1, scale: 1 }).is_err());
        assert!(
            full.push(Value::Decimal {
                unscaled: most + 1,
                scale: 0
            })
            .is_err()
        );
    }

    #[test]
    fn a_value_of_another_type_is_refused_without_being_told() {
        let mut cells = Cells::new(ColumnType::Integer);
        let error = cells.push(Value::Text("secret".to_owned())).unwrap_err();
        assert_eq!(error.fault, DatabaseFault::Value);
        assert!(!error.detail.contains("secret"));
    }
}
