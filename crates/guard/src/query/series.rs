//! Series in FROM: between literal bounds, and not too long.

use sqlparser::ast::{CastKind, DataType, Expr, FunctionArg, Interval, TypedString, UnaryOperator, Value, ValueWithSpan};

use super::{
    call::expression,
    literal::whole,
    walk::Walk,
};
use crate::{Place, RefusalKind};

/// Rows of one series: the hours of eleven years.
const LONGEST: i64 = 100_000;
/// Rows of all series of a query, multiplied.
const MOST_ROWS: u64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60;

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
        (Point::Number(first), Point::Number(last)) => {
            (last.checked_sub(first)?, step.map_or(Some(1), whole)?)
        }
        (Point::Second(first), Point::Second(last)) => (last.checked_sub(first)?, seconds(step?)?),
        (Point::Number(_), Point::Second(_)) | (Point::Second(_), Point::Number(_)) => return None,
    };
    // A step the other way is an empty series; no step at all is an endless one.
    distance.checked_div(step)?.checked_add(1)
}

enum Point {
    Number(i64),
    /// Of days of the usual calendar, since 0000-03-01.
    Second(i64),
}

fn point(bound: &Expr) -> Option<Point> {
    whole(bound).map(Point::Number).or_else(|| moment(bound).map(Point::Second))
}

/// `date '2024-01-01'`, `'2024-01-01'::date`, `CAST('2024-01-01 06:00' AS timestamp)`.
fn moment(bound: &Expr) -> Option<i64> {
    match bound {
        Expr::Nested(inner) => moment(inner),
        Expr::TypedString(TypedString { data_type, value, .. }) if calendar(data_type) => parse_moment(text(value)?),
        Expr::Cast {
            kind: CastKind::Cast | CastKind::DoubleColon,
            expr,
            data_type,
            ..
        } if calendar(data_type) => match expr.as_ref() {
            Expr::Value(value) => parse_moment(text(value)?),
            other => moment(other),
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

fn parse_moment(text: &str) -> Option<i64> {
    let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, "00:00"));
    let mut date = date.split('-').map(str::parse::<i64>);
    let mut next = || date.next()?.ok();
    let (year, month, day) = (next()?, next()?, next()?);
    let mut clock = time.split(':').map(str::parse::<i64>);
    let mut next = || clock.next().map_or(Some(0), Result::ok);
    let (hour, minute, second) = (next()?, next()?, next()?);
    let sane = (0..=9_999).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    let clock = (0..=24).contains(&hour) && (0..=60).contains(&minute) && (0..=60).contains(&second);
    (sane && clock).then(|| days(year, month, day) * DAY + hour * 3_600 + minute * 60 + second)
}

/// Days of the usual calendar, counted from a 1 March so that leap days come last.
const fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day
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
        "day" => DAY,
        "week" => 7 * DAY,
        "month" | "mon" => 28 * DAY,
        "quarter" => 90 * DAY,
        "year" => 365 * DAY,
        _ => return None,
    };
    count.parse::<i64>().ok()?.checked_mul(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_steps_are_read() {
        let second = |text: &str| parse_moment(text);
        assert_eq!(second("2024-03-01").zip(second("2024-02-28")).map(|(a, b)| (a - b) / DAY), Some(2));
        assert_eq!(second("2023-03-01").zip(second("2023-02-28")).map(|(a, b)| (a - b) / DAY), Some(1));
        assert_eq!(second("2024-01-01 06:30").zip(second("2024-01-01")).map(|(a, b)| a - b), Some(23_400));
        assert_eq!(second("infinity"), None);
        assert_eq!(parse_step("6 hours"), Some(21_600));
        assert_eq!(parse_step("1 day 1 hour"), None);
    }
}
