//! Literals of expressions.

use shared::{semantic::TimeUnit, table::ColumnType};
use sqlparser::ast::{DataType, ExactNumberInfo, Expr, Interval, TimezoneInfo, Value, ValueWithSpan};

use super::Literal;
use crate::{moment, text::unwanted};

/// A plain literal; nothing for forms that are not portable.
pub fn plain(value: &Value) -> Option<Literal> {
    match value {
        Value::Number(digits, false) => number(digits).then(|| Literal::Number(digits.clone())),
        Value::Boolean(truth) => Some(Literal::Boolean(*truth)),
        Value::Null => Some(Literal::Null),
        other => text(other).map(|text| Literal::Text(text.to_owned())),
    }
}

/// The text of a literal, whatever its quotes.
pub fn text(value: &Value) -> Option<&str> {
    let text = match value {
        Value::SingleQuotedString(text)
        | Value::DoubleQuotedString(text)
        | Value::EscapedStringLiteral(text)
        | Value::UnicodeStringLiteral(text) => text,
        Value::DollarQuotedString(dollar) => &dollar.value,
        _ => return None,
    };
    (!text.chars().any(unwanted)).then_some(text)
}

fn number(digits: &str) -> bool {
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    let whole = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let some = !before.is_empty() || !after.is_empty();
    some && whole(before) && whole(after) && !exponent.is_empty() && whole(exponent) && exponent.len() <= 3
}

/// `DATE '…'` and `TIMESTAMP '…'`.
pub fn typed(kind: &DataType, value: &Value) -> Option<Literal> {
    let text = text(value)?;
    moment::parse(text)?;
    match kind {
        DataType::Date if text.len() == 10 => Some(Literal::Date(text.to_owned())),
        DataType::Timestamp(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) | DataType::Datetime(None) => {
            Some(Literal::Timestamp(text.replacen('T', " ", 1)))
        }
        _ => None,
    }
}

/// `INTERVAL '1 day'` and `INTERVAL 1 DAY`: one count and one unit.
pub fn interval(interval: &Interval) -> Option<Literal> {
    let Interval {
        value,
        leading_field,
        leading_precision: None,
        last_field: None,
        fractional_seconds_precision: None,
    } = interval
    else {
        return None;
    };
    let Expr::Value(ValueWithSpan { value, .. }) = value.as_ref() else {
        return None;
    };
    let written = match value {
        Value::Number(digits, false) => digits,
        other => text(other)?,
    };
    let (count, unit) = match leading_field {
        Some(field) => (written, field.to_string()),
        None => written
            .trim()
            .split_once(' ')
            .map(|(count, unit)| (count, unit.trim().to_owned()))?,
    };
    Some(Literal::Interval {
        count: count.parse().ok()?,
        unit: unit_of(&unit)?,
    })
}

/// A unit by its name, singular or plural.
pub fn unit_of(word: &str) -> Option<TimeUnit> {
    let word = word.to_ascii_lowercase();
    let singular = word.strip_suffix('s').unwrap_or(&word);
    TimeUnit::ALL.into_iter().find(|unit| unit.as_str() == singular)
}

/// The portable type; nothing for others, and for lengths and digits, which databases treat differently.
pub const fn column_type(kind: &DataType) -> Option<ColumnType> {
    match kind {
        DataType::Text | DataType::Varchar(None) | DataType::Char(None) | DataType::String(None) => {
            Some(ColumnType::String)
        }
        DataType::SmallInt(None)
        | DataType::Int(None)
        | DataType::Integer(None)
        | DataType::BigInt(None)
        | DataType::Int8(None)
        | DataType::Signed
        | DataType::SignedInteger => Some(ColumnType::Integer),
        DataType::Real
        | DataType::Float(ExactNumberInfo::None)
        | DataType::Float8
        | DataType::Double(ExactNumberInfo::None)
        | DataType::DoublePrecision => Some(ColumnType::Number),
        DataType::Numeric(ExactNumberInfo::None) | DataType::Decimal(ExactNumberInfo::None) => {
            Some(ColumnType::Decimal)
        }
        DataType::Bool | DataType::Boolean => Some(ColumnType::Boolean),
        DataType::Date => Some(ColumnType::Date),
        DataType::Time(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) => Some(ColumnType::Time),
        DataType::Timestamp(None, TimezoneInfo::None | TimezoneInfo::WithoutTimeZone) | DataType::Datetime(None) => {
            Some(ColumnType::Timestamp)
        }
        DataType::Timestamp(None, TimezoneInfo::WithTimeZone | TimezoneInfo::Tz) => Some(ColumnType::Timestamptz),
        _ => None,
    }
}
