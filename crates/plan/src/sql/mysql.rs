//! MySQL 8 and MariaDB, in sessions whose time zone is `+00:00`.

use shared::semantic::{DatePart, Grain, SortDirection, WeekStart};

use super::{
    Kind, Printed, Unsupported,
    dialect::{Dialect, Step, call, comparison, no_conversion, times, truth_text},
    fold::{Place, regex},
    moment::clock_text,
    term::{Binding, Term},
};

pub struct MySql {
    /// Compares text by its bytes, spaces at its end included.
    pub collation: &'static str,
    pub zones: bool,
}

/// The end of a text: nothing follows. `$` would also stand before a line's end, and a backslash is not the same in every
/// session.
const END: &str = "(?!a|[^a])";

impl Dialect for MySql {
    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    /// What a backslash means in quotes depends on the session; bytes are the same everywhere.
    fn text(&self, text: &str) -> Printed<String> {
        Ok(if text.contains(['\\', '\0']) {
            let digits: String = text.bytes().map(|byte| format!("{byte:02X}")).collect();
            format!("_utf8mb4 X'{digits}'")
        } else {
            format!("'{}'", text.replace('\'', "''"))
        })
    }

    fn number(&self, number: f64) -> Printed<Term> {
        if !number.is_finite() {
            return Err(Unsupported::new("numbers that are infinite or none"));
        }
        let binding = if number < 0.0 { Binding::Sign } else { Binding::Atom };
        Ok(Term::new(format!("{number:e}"), Kind::Number, binding))
    }

    fn instant(&self, text: &str) -> Term {
        self.timestamp(text).with_kind(Kind::Instant)
    }

    fn stored(&self, column: &str, kind: Kind, exact: bool) -> Printed<Option<Term>> {
        Ok(match kind {
            _ if exact => None,
            Kind::Text => {
                let text = format!("CONVERT({column} USING utf8mb4) COLLATE {}", self.collation);
                Some(Term::new(text, kind, Binding::Sign))
            }
            Kind::Number => Some(Term::atom(format!("CAST({column} AS DOUBLE)"), kind)),
            Kind::Integer => Some(Term::atom(format!("CAST({column} AS SIGNED)"), kind)),
            Kind::Boolean => Some(Term::atom(format!("({column} <> 0)"), kind)),
            // Days such as 0000-00-00 are none.
            Kind::Date | Kind::Timestamp | Kind::Instant => {
                let text = format!("CASE WHEN month({column}) = 0 OR day({column}) = 0 THEN NULL ELSE {column} END");
                Some(Term::atom(text, kind))
            }
            Kind::Null | Kind::Decimal | Kind::Time => None,
        })
    }

    fn convert(&self, value: &Term, target: Kind) -> Printed<Term> {
        let cast = |to: &str| Term::atom(format!("CAST({} AS {to})", value.text), target);
        Ok(match (value.kind, target) {
            (own, target) if own == target => value.clone(),
            (Kind::Null, _)
            | (Kind::Boolean, Kind::Integer)
            | (Kind::Integer, Kind::Decimal)
            | (Kind::Timestamp, Kind::Instant)
            | (Kind::Instant, Kind::Timestamp) => value.clone().with_kind(target),
            (Kind::Boolean | Kind::Integer | Kind::Decimal, Kind::Number) => cast("DOUBLE"),
            (Kind::Date, Kind::Timestamp | Kind::Instant) => cast("DATETIME(6)"),
            (Kind::Timestamp | Kind::Instant, Kind::Date) => match day_of(value) {
                Some(day) => Term::atom(day, target),
                None => cast("DATE"),
            },
            (Kind::Integer | Kind::Decimal | Kind::Date, Kind::Text) => {
                self.computed(cast("CHAR CHARACTER SET utf8mb4"))
            }
            (Kind::Boolean, Kind::Text) => self.computed(truth_text(value)),
            _ => return Err(no_conversion(value, target)),
        })
    }

    /// Without it a text of ours would have the session's collation.
    fn computed(&self, value: Term) -> Term {
        if value.kind == Kind::Text && !value.text.ends_with(self.collation) {
            let text = format!("{} COLLATE {}", value.inside(Binding::Atom), self.collation);
            Term::new(text, Kind::Text, Binding::Sign)
        } else {
            value
        }
    }

    /// Columns have the collation already; what is made of our own texts may not.
    fn comparable(&self, value: Term) -> Term {
        let is_name = value
            .text
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '`'));
        if is_name { value } else { self.computed(value) }
    }

    fn bytewise(&self, value: Term) -> Term {
        self.comparable(value)
    }

    fn same(&self, left: &Term, right: &Term) -> Term {
        comparison("<=>", left, right)
    }

    /// NULL is the least of all.
    fn order(&self, key: &Term, direction: SortDirection) -> String {
        match direction {
            SortDirection::Asc => format!("{} IS NULL, {}", key.inside(Binding::Sum), key.text),
            SortDirection::Desc => format!("{} DESC", key.text),
        }
    }

    fn orders_by_alias(&self, _kind: Kind) -> bool {
        false
    }

    fn calculates_over_keys(&self) -> bool {
        false
    }

    fn truncate(&self, value: &Term, grain: Grain, week_start: WeekStart) -> Printed<Term> {
        let x = &value.text;
        let day = if value.kind == Kind::Date {
            value.text.clone()
        } else {
            format!("CAST({x} AS DATE)")
        };
        let format = |pattern: &str| format!("CAST(DATE_FORMAT({x}, '{pattern}') AS DATETIME)");
        let (text, kind) = match (grain, week_start) {
            (Grain::Millisecond, _) => (
                format!("CAST(LEFT(DATE_FORMAT({x}, '%Y-%m-%d %H:%i:%s.%f'), 23) AS DATETIME(3))"),
                Kind::Timestamp,
            ),
            (Grain::Second, _) => (format("%Y-%m-%d %H:%i:%s"), Kind::Timestamp),
            (Grain::Minute, _) => (format("%Y-%m-%d %H:%i:00"), Kind::Timestamp),
            (Grain::Hour, _) => (format("%Y-%m-%d %H:00:00"), Kind::Timestamp),
            (Grain::Day, _) => (day, Kind::Date),
            (Grain::Week, WeekStart::Monday) => (format!("DATE_SUB({day}, INTERVAL WEEKDAY({x}) DAY)"), Kind::Date),
            (Grain::Week, WeekStart::Sunday) => {
                (format!("DATE_SUB({day}, INTERVAL DAYOFWEEK({x}) - 1 DAY)"), Kind::Date)
            }
            (Grain::Month, _) => (format!("DATE_SUB({day}, INTERVAL DAY({x}) - 1 DAY)"), Kind::Date),
            (Grain::Quarter, _) => (
                format!("DATE_ADD(MAKEDATE(YEAR({x}), 1), INTERVAL QUARTER({x}) - 1 QUARTER)"),
                Kind::Date,
            ),
            (Grain::Year, _) => (format!("MAKEDATE(YEAR({x}), 1)"), Kind::Date),
        };
        self.convert(&Term::atom(text, kind), value.kind)
    }

    fn part(&self, value: &Term, part: DatePart) -> Printed<Term> {
        let x = &value.text;
        let text = match part {
            DatePart::Year => format!("YEAR({x})"),
            DatePart::Quarter => format!("QUARTER({x})"),
            DatePart::Month => format!("MONTH({x})"),
            DatePart::Week => format!("WEEK({x}, 3)"),
            DatePart::Day => format!("DAY({x})"),
            DatePart::DayOfWeek => format!("(WEEKDAY({x}) + 1)"),
            DatePart::DayOfYear => format!("DAYOFYEAR({x})"),
            DatePart::Hour => format!("HOUR({x})"),
            DatePart::Minute => format!("MINUTE({x})"),
        };
        Ok(Term::atom(text, Kind::Integer))
    }

    fn wall(&self, instant: &Term, zone: &str) -> Printed<Term> {
        if zone == "UTC" {
            return Ok(instant.clone().with_kind(Kind::Timestamp));
        }
        if !self.zones {
            return Err(Unsupported::new("time zones: its tables of them are not loaded"));
        }
        let text = format!("CONVERT_TZ({}, '+00:00', {})", instant.text, self.text(zone)?);
        Ok(Term::atom(text, Kind::Timestamp))
    }

    fn to_instant(&self, wall: &Term, zone: &str) -> Printed<Term> {
        if zone == "UTC" {
            return self.convert(wall, Kind::Instant);
        }
        Err(Unsupported::new(
            "reading of wall clocks in a time zone that has summer time",
        ))
    }

    fn add_months(&self, value: &Term, months: i32) -> Printed<Term> {
        let text = format!("DATE_ADD({}, INTERVAL {months} MONTH)", value.text);
        Ok(Term::atom(text, value.kind))
    }

    fn add_microseconds(&self, value: &Term, microseconds: i64) -> Printed<Term> {
        let text = if microseconds % 86_400_000_000 == 0 {
            format!(
                "DATE_ADD({}, INTERVAL {} DAY)",
                value.text,
                microseconds / 86_400_000_000
            )
        } else {
            format!("DATE_ADD({}, INTERVAL {microseconds} MICROSECOND)", value.text)
        };
        Ok(Term::atom(text, value.kind))
    }

    fn less_elapsed(&self, instant: &Term, later: &Term, earlier: &Term) -> Printed<Term> {
        let text = format!(
            "DATE_SUB({}, INTERVAL TIMESTAMPDIFF(MICROSECOND, {}, {}) MICROSECOND)",
            instant.text, earlier.text, later.text
        );
        Ok(Term::atom(text, Kind::Instant))
    }

    fn holds(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        let text = &self.comparable(text.clone());
        let (literal, length) = (self.text(needle)?, needle.chars().count());
        let found = match place {
            Place::Anywhere => format!("LOCATE({literal}, {}) > 0", text.text),
            Place::Start => format!("LEFT({}, {length}) = {literal}", text.text),
            Place::End => format!("RIGHT({}, {length}) = {literal}", text.text),
        };
        Ok(Term::new(found, Kind::Boolean, Binding::Comparison))
    }

    /// With letters as they are, because that is the text's collation.
    fn holds_folded(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        let text = &self.comparable(text.clone());
        let pattern = self.text(&regex(needle, place, END))?;
        let found = format!("{} REGEXP {pattern}", text.inside(Binding::Sum));
        Ok(Term::new(found, Kind::Boolean, Binding::Comparison))
    }

    /// Not as a number of no digits, whose mean would have four.
    fn floor(&self, value: &Term) -> Term {
        Term::new(format!("floor({}) * 1e0", value.text), Kind::Number, Binding::Product)
    }

    /// `length` counts bytes.
    fn length_function(&self) -> &'static str {
        "char_length"
    }

    /// Two bars are OR to it.
    fn joined(&self, texts: &[Term]) -> Term {
        let texts: Vec<&str> = texts.iter().map(|text| text.text.as_str()).collect();
        Term::atom(format!("concat({})", texts.join(", ")), Kind::Text)
    }

    fn sum(&self, value: &Term, over: &str) -> Printed<Term> {
        Ok(Term::atom(format!("sum({}){over}", value.text), value.kind))
    }

    fn deviation(&self, value: &Term) -> Option<Term> {
        Some(call("stddev_samp", value, Kind::Number))
    }

    /// Numbers from crossed digits: a recursion ends after a thousand rows.
    fn spine(&self, column: &str, from: i64, step: &Step, count: u32) -> Printed<Vec<String>> {
        let start = self.timestamp(&clock_text(from)?).text;
        let each = match step {
            Step::Months(months) => format!("INTERVAL {} MONTH", times(*months)),
            Step::Microseconds(length) if length % 86_400_000_000 == 0 => {
                format!("INTERVAL {} DAY", times(length / 86_400_000_000))
            }
            Step::Microseconds(length) => format!("INTERVAL {} MICROSECOND", times(*length)),
        };
        let places = count.saturating_sub(1).to_string().len();
        let mut value = Vec::new();
        let mut tables = Vec::new();
        let mut factor = 1_u64;
        for place in 0..places {
            value.push(if factor == 1 {
                format!("d{place}.d")
            } else {
                format!("{factor} * d{place}.d")
            });
            tables.push(format!("digits AS d{place}"));
            factor *= 10;
        }
        let digits: Vec<String> = (1..10).map(|digit| format!("SELECT {digit}")).collect();
        Ok(vec![
            format!("SELECT DATE_ADD({start}, {each}) AS {column}"),
            "FROM (".to_owned(),
            format!(
                "  WITH digits AS (SELECT 0 AS d UNION ALL {})",
                digits.join(" UNION ALL ")
            ),
            format!("  SELECT {} AS n", value.join(" + ")),
            format!("  FROM {}", tables.join(" CROSS JOIN ")),
            ") AS numbers".to_owned(),
            format!("WHERE n < {count}"),
        ])
    }

    fn limit(&self, offset: u64, count: Option<u64>) -> String {
        match (count.unwrap_or(u64::MAX), offset) {
            (count, 0) => format!("LIMIT {count}"),
            (count, offset) => format!("LIMIT {count} OFFSET {offset}"),
        }
    }
}

/// The day behind a midnight that was made of it.
fn day_of(midnight: &Term) -> Option<&str> {
    let whole = Some(midnight.text.as_str()).filter(|_| midnight.binding == Binding::Atom)?;
    whole.strip_prefix("CAST(")?.strip_suffix(" AS DATETIME(6))")
}
