//! Values of the query document as typed literals.

use serde_json::Value;
use shared::{AppError, semantic::DimensionType};

use super::clock::{Clock, Moment};
use crate::logical::Literal;

/// A value to compare with a field of this type (all but time).
///
/// # Errors
/// `invalid` naming the field when the value is of another type.
pub fn literal(value: &Value, kind: DimensionType, field: &str) -> Result<Literal, AppError> {
    match kind {
        DimensionType::String | DimensionType::Geo | DimensionType::Json => match value {
            Value::String(text) => Ok(Literal::Text(text.clone())),
            Value::Null => Err(null(field)),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => Err(wrong(field, "text", value)),
        },
        DimensionType::Number | DimensionType::Bin => number(value, field),
        DimensionType::Bool => match value {
            Value::Bool(truth) => Ok(Literal::Bool(*truth)),
            Value::String(text) if text == "true" => Ok(Literal::Bool(true)),
            Value::String(text) if text == "false" => Ok(Literal::Bool(false)),
            Value::Null => Err(null(field)),
            Value::String(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Err(wrong(field, "true or false", value))
            }
        },
        DimensionType::Time => Err(wrong(field, "a time", value)),
    }
}

/// A JSON number, or a decimal written as text (as answers write them).
///
/// # Errors
/// `invalid` naming the field.
pub fn number(value: &Value, field: &str) -> Result<Literal, AppError> {
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => Ok(Literal::Int(whole)),
            (None, Some(float)) if float.is_finite() => Ok(Literal::Float(float)),
            (None, _) => Err(wrong(field, "a number", value)),
        },
        Value::String(text) if is_decimal(text) => Ok(match text.parse::<i64>() {
            Ok(whole) => Literal::Int(whole),
            Err(_) => Literal::Decimal(text.trim_start_matches('+').to_owned()),
        }),
        Value::Null => Err(null(field)),
        Value::String(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(wrong(field, "a number", value)),
    }
}

/// A whole number, for parts of dates.
///
/// # Errors
/// `invalid` naming the field.
pub fn whole(value: &Value, field: &str) -> Result<Literal, AppError> {
    match number(value, field)? {
        Literal::Int(whole) => Ok(Literal::Int(whole)),
        _ => Err(wrong(field, "a whole number", value)),
    }
}

/// # Errors
/// `invalid` naming the field when it is no ISO date or date-time.
pub fn moment(value: &Value, field: &str, clock: &Clock) -> Result<Moment, AppError> {
    match value {
        Value::String(text) => clock
            .parse(text)
            .ok_or_else(|| wrong(field, "a date such as 2026-11-20", value)),
        Value::Null => Err(null(field)),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            Err(wrong(field, "a date such as 2026-11-20", value))
        }
    }
}

/// Digits of a decimal, before and after its point together; engines have no longer ones.
const DECIMAL_DIGITS: usize = 38;

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    !whole.is_empty()
        && !digits.ends_with('.')
        && whole.len() + fraction.len() <= DECIMAL_DIGITS
        && all_digits(whole)
        && all_digits(fraction)
}

fn null(field: &str) -> AppError {
    AppError::invalid(field, format!("A comparison of {field} with null matches nothing."))
        .with_hint("Use is_null or is_not_null.")
}

fn wrong(field: &str, wanted: &str, value: &Value) -> AppError {
    let got = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    AppError::invalid(field, format!("{field} is compared with {wanted}, not with {got}."))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn types_are_checked_and_decimals_read() {
        let read = |value: Value, kind| literal(&value, kind, "orders.x");
        assert_eq!(read(json!(5), DimensionType::Number), Ok(Literal::Int(5)));
        assert_eq!(
            read(json!("12.50"), DimensionType::Number),
            Ok(Literal::Decimal("12.50".to_owned()))
        );
        for longest in ["1".repeat(38), format!("{}.5", "1".repeat(37))] {
            assert_eq!(
                read(json!(longest.clone()), DimensionType::Number),
                Ok(Literal::Decimal(longest))
            );
        }
        assert_eq!(read(json!(2.5), DimensionType::Bin), Ok(Literal::Float(2.5)));
        let error = read(json!("DE' OR '1'='1"), DimensionType::Number).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("orders.x"));
        for (value, kind) in [
            (json!(5), DimensionType::String),
            (json!(null), DimensionType::String),
            (json!("yes"), DimensionType::Bool),
            (json!([1]), DimensionType::Number),
            (json!("1e5"), DimensionType::Number),
            (json!("1."), DimensionType::Number),
            (json!(".5"), DimensionType::Number),
            (json!("1.2.3"), DimensionType::Number),
            (json!(format!("{}.5", "1".repeat(38))), DimensionType::Number),
            (json!("1".repeat(39)), DimensionType::Number),
        ] {
            assert!(read(value, kind).is_err());
        }
    }
}
