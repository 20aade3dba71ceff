//! Values of MySQL's binary protocol. Printed queries give few types, so that nothing else is decoded.

use chrono::{NaiveDate, NaiveTime};
use mysql_async::{Row, Value as Given};
use shared::table::ColumnType;

use crate::connector::{DatabaseError, DatabaseFault, Value};

/// The values of a row, which has as many columns as there are `kinds`.
pub fn decode(row: Row, kinds: &[ColumnType]) -> Result<Vec<Value>, DatabaseError> {
    let values = row.unwrap_raw().into_iter().zip(kinds);
    let read = |(given, kind): (Option<Given>, &ColumnType)| {
        let given = given.unwrap_or(Given::NULL);
        value(given, *kind).ok_or_else(|| {
            let detail = format!("a value of another type for a column of {}", kind.as_str());
            DatabaseError::new(DatabaseFault::Value, detail)
        })
    };
    values.map(read).collect()
}

/// `None`: it cannot be held as the kind.
fn value(given: Given, kind: ColumnType) -> Option<Value> {
    Some(match given {
        Given::NULL => Value::Null,
        Given::Int(number) => whole(number.into(), kind)?,
        Given::UInt(number) => whole(number.into(), kind)?,
        Given::Float(number) => Value::Number(number.into()),
        Given::Double(number) => Value::Number(number),
        Given::Bytes(bytes) => {
            let text = String::from_utf8(bytes).ok()?;
            match kind {
                ColumnType::Decimal => decimal(&text)?,
                ColumnType::Number => Value::Number(text.parse().ok()?),
                ColumnType::Integer => Value::Integer(text.parse().ok()?),
                ColumnType::String | ColumnType::Json | ColumnType::Geo => Value::Text(text),
                ColumnType::Boolean
                | ColumnType::Date
                | ColumnType::Time
                | ColumnType::Timestamp
                | ColumnType::Timestamptz => return None,
            }
        }
        Given::Date(year, month, day, hour, minute, second, microsecond) => {
            // `0000-00-00`, which older servers keep, is no day.
            let Some(date) = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()) else {
                return Some(Value::Null);
            };
            let time = NaiveTime::from_hms_micro_opt(hour.into(), minute.into(), second.into(), microsecond)?;
            match kind {
                ColumnType::Date => Value::Date(date.to_epoch_days()),
                ColumnType::Timestamp | ColumnType::Timestamptz => {
                    Value::Moment(date.and_time(time).and_utc().timestamp_micros())
                }
                ColumnType::String
                | ColumnType::Integer
                | ColumnType::Number
                | ColumnType::Decimal
                | ColumnType::Boolean
                | ColumnType::Time
                | ColumnType::Json
                | ColumnType::Geo => return None,
            }
        }
        Given::Time(..) => return None,
    })
}

fn whole(number: i128, kind: ColumnType) -> Option<Value> {
    Some(match kind {
        ColumnType::Boolean => Value::Boolean(number != 0),
        ColumnType::Decimal => Value::Decimal {
            unscaled: number,
            scale: 0,
        },
        ColumnType::Number => Value::Number(number as f64),
        ColumnType::Integer => Value::Integer(number.try_into().ok()?),
        ColumnType::String
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Json
        | ColumnType::Geo => return None,
    })
}

/// `-12.50`: digits with at most one point.
fn decimal(text: &str) -> Option<Value> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = part.bytes().all(|byte| byte.is_ascii_digit());
    let unscaled = format!("{whole}{part}").parse().ok().filter(|_| is_digits)?;
    Some(Value::Decimal {
        unscaled,
        scale: part.len().try_into().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        let read = |text: &str| value(Given::Bytes(text.into()), ColumnType::Decimal);
        let made = |unscaled, scale| Some(Value::Decimal { unscaled, scale });
        assert_eq!(read("-12.50"), made(-1250, 2));
        assert_eq!(read("-0.05"), made(-5, 2));
        assert_eq!(read("7"), made(7, 0));
        assert_eq!(
            value(Given::UInt(u64::MAX), ColumnType::Decimal),
            made(i128::from(u64::MAX), 0)
        );
        for wrong in ["", "1.2.3", "1.-2", "abc"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn no_day_is_no_value_and_what_does_not_fit_is_refused() {
        let day = |year, month, day| Given::Date(year, month, day, 0, 0, 0, 0);
        assert_eq!(value(day(0, 0, 0), ColumnType::Date), Some(Value::Null));
        assert_eq!(value(day(1970, 1, 3), ColumnType::Date), Some(Value::Date(2)));
        let noon = Given::Date(1970, 1, 1, 12, 0, 0, 7);
        assert_eq!(
            value(noon, ColumnType::Timestamptz),
            Some(Value::Moment(43_200_000_007))
        );
        assert_eq!(value(Given::UInt(u64::MAX), ColumnType::Integer), None);
        assert_eq!(value(Given::Bytes(vec![0xff]), ColumnType::String), None);
    }
}
