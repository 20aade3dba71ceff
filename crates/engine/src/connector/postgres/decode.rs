//! Values in PostgreSQL's binary format. Printed queries give nine types only, so that nothing else is decoded: a hostile
//! server finds little to play with.

use std::error::Error;

use shared::table::ColumnType;
use tokio_postgres::{
    Row,
    types::{FromSql, Type},
};

use crate::connector::{DatabaseError, DatabaseFault, Value};

/// Microseconds and days from 1970 to 2000, where PostgreSQL starts to count.
const EPOCH_MICROSECONDS: i64 = 946_684_800_000_000;
const EPOCH_DAYS: i32 = 10_957;

/// The bytes of a value, whatever its type.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// The values of a row, which has as many columns as there are `kinds`.
pub fn decode(row: &Row, kinds: &[ColumnType]) -> Result<Vec<Value>, DatabaseError> {
    let columns = row.columns().iter().zip(kinds).enumerate();
    columns
        .map(|(index, (column, kind))| {
            let raw: Option<Raw<'_>> = row.try_get(index).map_err(super::failure::explain)?;
            match raw {
                None => Ok(Value::Null),
                Some(Raw(bytes)) => value(column.type_(), bytes, *kind).ok_or_else(|| {
                    let detail = format!("a value of type {} for a column of {}", column.type_(), kind.as_str());
                    DatabaseError::new(DatabaseFault::Value, detail)
                }),
            }
        })
        .collect()
}

fn value(own: &Type, bytes: &[u8], kind: ColumnType) -> Option<Value> {
    Some(match *own {
        Type::BOOL => Value::Boolean(*bytes.first()? != 0),
        Type::INT2 => whole(i16::from_be_bytes(bytes.try_into().ok()?).into(), kind),
        Type::INT4 => whole(i32::from_be_bytes(bytes.try_into().ok()?).into(), kind),
        Type::INT8 => whole(i64::from_be_bytes(bytes.try_into().ok()?), kind),
        Type::FLOAT4 => Value::Number(f32::from_be_bytes(bytes.try_into().ok()?).into()),
        Type::FLOAT8 => Value::Number(f64::from_be_bytes(bytes.try_into().ok()?)),
        Type::NUMERIC => numeric(bytes)?,
        Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN => {
            Value::Text(str::from_utf8(bytes).ok()?.to_owned())
        }
        Type::DATE => match i32::from_be_bytes(bytes.try_into().ok()?) {
            // `infinity` is no day.
            i32::MAX | i32::MIN => Value::Null,
            days => Value::Date(days.checked_add(EPOCH_DAYS)?),
        },
        Type::TIME => Value::Time(i64::from_be_bytes(bytes.try_into().ok()?).checked_mul(1_000)?),
        Type::TIMESTAMP | Type::TIMESTAMPTZ => match i64::from_be_bytes(bytes.try_into().ok()?) {
            i64::MAX | i64::MIN => Value::Null,
            microseconds => Value::Moment(microseconds.checked_add(EPOCH_MICROSECONDS)?),
        },
        _ => return None,
    })
}

/// A whole number where the plan says decimal is one without digits behind the point.
const fn whole(number: i64, kind: ColumnType) -> Value {
    match kind {
        ColumnType::Decimal => Value::Decimal {
            unscaled: number as i128,
            scale: 0,
        },
        ColumnType::Number => Value::Number(number as f64),
        ColumnType::String
        | ColumnType::Integer
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Json
        | ColumnType::Geo => Value::Integer(number),
    }
}

/// `numeric` is groups of four decimal digits (`numeric_send` of PostgreSQL): how many groups, the weight of the first, the
/// sign, the digits to show behind the point, the groups. NaN and infinities have no digits: NULL.
fn numeric(bytes: &[u8]) -> Option<Value> {
    const NEGATIVE: u16 = 0x4000;
    const POSITIVE: u16 = 0x0000;
    const NOT_A_NUMBER: [u16; 3] = [0xC000, 0xD000, 0xF000];
    let (head, groups) = bytes.split_first_chunk::<8>()?;
    let [c0, c1, w0, w1, s0, s1, d0, d1] = *head;
    let weight = i32::from(i16::from_be_bytes([w0, w1]));
    let sign = u16::from_be_bytes([s0, s1]);
    let scale = u16::from_be_bytes([d0, d1]);
    if NOT_A_NUMBER.contains(&sign) {
        return Some(Value::Null);
    }
    if groups.len() != usize::from(u16::from_be_bytes([c0, c1])) * 2 || (sign != NEGATIVE && sign != POSITIVE) {
        return None;
    }
    let mut unscaled: i128 = 0;
    let mut exponent = (weight + 1) * 4;
    for group in groups.chunks_exact(2) {
        let digits = i128::from(u16::from_be_bytes(group.try_into().ok()?));
        unscaled = unscaled.checked_mul(10_000)?.checked_add(digits)?;
        exponent -= 4;
    }
    // The value is now `unscaled` times ten to the power of `exponent`; bring it to the scale that is shown.
    let shift = exponent + i32::from(scale);
    let factor = 10_i128.checked_pow(shift.unsigned_abs())?;
    unscaled = if shift >= 0 {
        unscaled.checked_mul(factor)?
    } else {
        unscaled / factor
    };
    Some(Value::Decimal {
        unscaled: if sign == NEGATIVE { -unscaled } else { unscaled },
        scale: scale.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(weight: i16, sign: u16, scale: u16, groups: &[u16]) -> Vec<u8> {
        let count = u16::try_from(groups.len()).unwrap();
        let mut bytes: Vec<u8> = Vec::new();
        for part in [count, weight as u16, sign, scale] {
            bytes.extend(part.to_be_bytes());
        }
        groups.iter().for_each(|group| bytes.extend(group.to_be_bytes()));
        bytes
    }

    #[test]
    fn numerics_are_read_as_they_are_shown() {
        let cases = [
            // 12345.678
            (sent(1, 0, 3, &[1, 2345, 6780]), 12_345_678, 3),
            // -0.05
            (sent(-1, 0x4000, 2, &[500]), -5, 2),
            // 100000000
            (sent(2, 0, 0, &[1]), 100_000_000, 0),
            // 0.00
            (sent(0, 0, 2, &[]), 0, 2),
            // 0.000001
            (sent(-2, 0, 6, &[100]), 1, 6),
        ];
        for (bytes, unscaled, scale) in cases {
            assert_eq!(numeric(&bytes), Some(Value::Decimal { unscaled, scale }));
        }
        assert_eq!(numeric(&sent(0, 0xC000, 0, &[])), Some(Value::Null));
        assert_eq!(numeric(&sent(0, 0, 0, &[1])[..9]), None);
        assert_eq!(numeric(&sent(20, 0, 0, &[1])), None);
        assert_eq!(numeric(&[]), None);
    }

    #[test]
    fn times_count_from_1970_and_infinity_is_no_time() {
        let day = |days: i32| value(&Type::DATE, &days.to_be_bytes(), ColumnType::Date);
        assert_eq!(day(0), Some(Value::Date(10_957)));
        assert_eq!(day(i32::MAX), Some(Value::Null));
        let moment = value(&Type::TIMESTAMPTZ, &0_i64.to_be_bytes(), ColumnType::Timestamptz);
        assert_eq!(moment, Some(Value::Moment(EPOCH_MICROSECONDS)));
        assert_eq!(value(&Type::BYTEA, b"x", ColumnType::String), None);
        assert_eq!(value(&Type::INT8, b"x", ColumnType::Integer), None);
    }
}
