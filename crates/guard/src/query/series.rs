//! Series in FROM: between literal bounds, and not too long.

use sqlparser::ast::{
    CastKind, DataType, Expr, FunctionArg, Interval, TypedString, UnaryOperator, Value, ValueWithSpan,
};

use super::{call::expression, literal::whole, walk::Walk};
use crate::{Place, RefusalKind, moment, moment::DAY_SECONDS};

/// Rows of one series: the hours of eleven years.
const LONGEST: i64 = 100_000;
/// Rows of all series of a query, multiplied.
const MOST_ROWS: u64 = 1_000_000;

impl Walk<'_> {
    pub fn series(&mut self, arguments: &[FunctionArg], at: Option<Place>) {
        let length = length(arguments).filter(|length| *length <= LONGEST);
        let rows = length.and_then(|length| u64::try_from(length.max(1)).ok());
        self.series_rows = self.series_rows.saturating_mul(rows.unwrap_or(1));
        if rows.is_none() || self.series_rows > MOST_ROWS {
            self.refuse(
                RefusalKind::TableFunction,
                at,
                format!(
                    "A series has to go from one written number or date to another, in at most {LONGEST} steps (and \
                     {MOST_ROWS} rows of all series together). Write the bounds as literals."
                ),
            );
        }
    }
}

fn length(arguments: &[FunctionArg]) -> Option<i64> {
    let arguments: Vec<&Expr> = arguments.iter().map(expression).collect::<Option<_>>()?;
    let (first, last, step) = match arguments.as_slice() {
        [last] => (Point::Number(0), point(last)?, None),
        [first, last] => (point(first)?, point(last)?, None),
        [first, last, step] => (point(first)?, point(last)?, Some(*step)),
        _ => return None,
    };
    let (distance, step) = match (first, last) {
        (Point::Number(first), Point::Number(last)) => (last.checked_sub(first)?, step.map_or(Some(1), whole)?),
        (Point::Second(first), Point::Second(last)) => (last.checked_sub(first)?, seconds(step?)?),
        (Point::Number(_), Point::Second(_)) | (Point::Second(_), Point::Number(_)) => return None,
    };
    // A step the other way is an empty series; no step at all is an endless one.
    distance.checked_div(step)?.checked_add(1)
}

enum Point {
    Number(i64),
    /// As [`moment::parse`] counts.
    Second(i64),
}

fn point(bound: &Expr) -> Option<Point> {
    whole(bound)
        .map(Point::Number)
        .or_else(|| written_moment(bound).map(Point::Second))
}

/// `date '2024-01-01'`, `'2024-01-01'::date`, `CAST('2024-01-01 06:00' AS timestamp)`.
fn written_moment(bound: &Expr) -> Option<i64> {
    match bound {
        Expr::Nested(inner) => written_moment(inner),
        Expr::TypedString(TypedString { data_type, value, .. }) if calendar(data_type) => moment::parse(text(value)?),
        Expr::Cast {
            kind: CastKind::Cast | CastKind::DoubleColon,
            expr,
            data_type,
            ..
        } if calendar(data_type) => match expr.as_ref() {
            Expr::Value(value) => moment::parse(text(value)?),
            other => written_moment(other),
        },
        _ => None,
    }
}

const fn calendar(kind: &DataType) -> bool {
    matches!(kind, DataType::Date | DataType::Timestamp(..))
}

fn text(value: &ValueWithSpan) -> Option<&str> {
    match &value.value {
        Value::SingleQuotedString(text) => Some(text),
        _ => None,
    }
}

/// The shortest a step can be, in seconds: `interval '1 month'` has 28 days.
fn seconds(step: &Expr) -> Option<i64> {
    match step {
        Expr::Nested(inner) => seconds(inner),
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => seconds(expr)?.checked_neg(),
        Expr::Interval(Interval {
            value,
            leading_field,
            last_field: None,
            ..
        }) => {
            let unit = leading_field.as_ref().map(ToString::to_string);
            match (value.as_ref(), unit) {
                (Expr::Value(value), None) => parse_step(text(value)?),
                (Expr::Value(value), Some(unit)) => parse_step(&format!("{} {unit}", plain(value)?)),
                _ => None,
            }
        }
        Expr::Cast {
            kind: CastKind::Cast | CastKind::DoubleColon,
            expr,
            data_type: DataType::Interval { .. },
            ..
        } => match expr.as_ref() {
            Expr::Value(value) => parse_step(text(value)?),
            _ => None,
        },
        Expr::Value(value) => parse_step(text(value)?),
        _ => None,
    }
}

fn plain(value: &ValueWithSpan) -> Option<&str> {
    match &value.value {
        Value::SingleQuotedString(text) | Value::Number(text, _) => Some(text),
        _ => None,
    }
}

/// `1 day`, `6 hours`, `-1 months`: one number and one unit.
fn parse_step(text: &str) -> Option<i64> {
    let (count, unit) = text.trim().split_once(' ')?;
    let unit = unit.trim().to_ascii_lowercase();
    let length = match unit.strip_suffix('s').unwrap_or(&unit) {
        "second" => 1,
        "minute" => 60,
        "hour" => 3_600,
        "day" => DAY_SECONDS,
        "week" => 7 * DAY_SECONDS,
        "month" | "mon" => 28 * DAY_SECONDS,
        "quarter" => 90 * DAY_SECONDS,
        "year" => 365 * DAY_SECONDS,
        _ => return None,
    };
    count.parse::<i64>().ok()?.checked_mul(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_read() {
        assert_eq!(parse_step("6 hours"), Some(21_600));
        assert_eq!(parse_step("1 day 1 hour"), None);
    }
}
