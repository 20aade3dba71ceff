//! Constants.

use chrono::NaiveDate;
use plan::logical::Literal;
use polars::prelude::*;

use super::Typed;
use crate::{
    lower::{DECIMAL_DIGITS, Kind, failure::impossible},
    protocol::WorkerFailure,
};

pub fn lower(value: &Literal) -> Result<Typed, WorkerFailure> {
    let (kind, scalar) = literal_scalar(value)?;
    Ok(Typed::new(lit(scalar), kind))
}

/// The constant and its kind.
///
/// # Errors
/// A date or decimal that is none.
pub fn literal_scalar(value: &Literal) -> Result<(Kind, Scalar), WorkerFailure> {
    let (kind, any) = match value {
        Literal::Null => (Kind::Null, AnyValue::Null),
        Literal::Bool(truth) => (Kind::Boolean, AnyValue::Boolean(*truth)),
        Literal::Int(number) => (Kind::Integer, AnyValue::Int64(*number)),
        Literal::Float(number) => (Kind::Number, AnyValue::Float64(*number)),
        Literal::Text(text) => (Kind::Text, AnyValue::StringOwned(text.as_str().into())),
        Literal::Decimal(text) => {
            let (unscaled, scale) = parse_decimal(text).ok_or_else(|| impossible(format!("{text} is no decimal")))?;
            (
                Kind::Decimal { scale },
                AnyValue::Decimal(unscaled, DECIMAL_DIGITS, scale),
            )
        }
        Literal::Date(text) => {
            let days = parse_date(text).ok_or_else(|| impossible(format!("{text} is no date")))?;
            (Kind::Date, AnyValue::Date(days))
        }
        Literal::Timestamp(microseconds) => (
            Kind::Timestamp,
            AnyValue::DatetimeOwned(*microseconds, TimeUnit::Microseconds, None),
        ),
        Literal::Instant(microseconds) => (
            Kind::Instant,
            AnyValue::DatetimeOwned(
                *microseconds,
                TimeUnit::Microseconds,
                Some(std::sync::Arc::new(TimeZone::UTC)),
            ),
        ),
    };
    Ok((kind, Scalar::new(kind.dtype(), any)))
}

/// Days since 1970.
fn parse_date(text: &str) -> Option<i32> {
    let date: NaiveDate = text.parse().ok()?;
    let epoch = NaiveDate::from_ymd_opt(1970, 1, 1)?;
    i32::try_from(date.signed_duration_since(epoch).num_days()).ok()
}

/// `-12.30` → (−1230, 2).
fn parse_decimal(text: &str) -> Option<(i128, usize)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let fits = digits.trim_start_matches(['-', '+']).len() <= DECIMAL_DIGITS
        && fraction.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| digits.parse().ok().map(|unscaled| (unscaled, fraction.len())))?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        assert_eq!(parse_decimal("-12.30"), Some((-1230, 2)));
        assert_eq!(parse_decimal("0.05"), Some((5, 2)));
        assert_eq!(parse_decimal("7"), Some((7, 0)));
        assert_eq!(parse_decimal("1.2.3"), None);
        assert_eq!(parse_decimal("1.-2"), None);
        assert_eq!(parse_decimal("x"), None);
    }
}
