//! SQLite. It has no types for times: a date is the text `2026-11-20`, a clock or an instant in UTC is
//! `2026-11-20 09:00:00`, with six digits behind the second where there is a fraction, so that text sorts as time does.

use shared::semantic::{DatePart, Grain, SortDirection, WeekStart};

use super::{
    Kind, Printed, Unsupported,
    dialect::{Dialect, Step, comparison, no_conversion, times, truth_text},
    fold::{Place, glob},
    moment::clock_text,
    term::{Binding, Term},
};

pub struct Sqlite;

const DAY: i64 = 86_400_000_000;
const SECOND: i64 = 1_000_000;

impl Dialect for Sqlite {
    /// Not in double quotes: in those, the name of a column that is not there would be a text.
    fn quoted(&self, name: &str) -> String {
        format!("`{}`", name.replace('`', "``"))
    }

    fn text(&self, text: &str) -> Printed<String> {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        Ok(if text.contains('\0') {
            let parts: Vec<String> = text.split('\0').map(quoted).collect();
            format!("({})", parts.join(" || char(0) || "))
        } else {
            quoted(text)
        })
    }

    fn number(&self, number: f64) -> Printed<Term> {
        if number.is_nan() {
            return Err(Unsupported::new("numbers that are none"));
        }
        let text = if number.is_infinite() {
            format!("{}9e999", if number < 0.0 { "-" } else { "" })
        } else {
            format!("{number:?}")
        };
        let binding = if number < 0.0 { Binding::Sign } else { Binding::Atom };
        Ok(Term::new(text, Kind::Number, binding))
    }

    fn date(&self, text: &str) -> Term {
        Term::atom(format!("'{text}'"), Kind::Date)
    }

    fn timestamp(&self, text: &str) -> Term {
        Term::atom(format!("'{text}'"), Kind::Timestamp)
    }

    fn instant(&self, text: &str) -> Term {
        Term::atom(format!("'{text}'"), Kind::Instant)
    }

    fn stored(&self, column: &str, kind: Kind, exact: bool) -> Printed<Option<Term>> {
        Ok(match kind {
            _ if exact => None,
            Kind::Text => Some(Term::new(format!("{column} COLLATE BINARY"), kind, Binding::Sign)),
            Kind::Date => Some(Term::atom(format!("date({column})"), kind)),
            Kind::Timestamp | Kind::Instant => Some(Term::atom(normal_clock(column), kind)),
            Kind::Boolean => Some(Term::atom(format!("({column} <> 0)"), kind)),
            Kind::Null | Kind::Integer | Kind::Number | Kind::Decimal | Kind::Time => None,
        })
    }

    fn reads_apart(&self, kind: Kind) -> bool {
        matches!(kind, Kind::Timestamp | Kind::Instant)
    }

    fn convert(&self, value: &Term, target: Kind) -> Printed<Term> {
        let cast = |to: &str| Term::atom(format!("CAST({} AS {to})", value.text), target);
        Ok(match (value.kind, target) {
            (own, target) if own == target => value.clone(),
            (Kind::Null, _)
            | (Kind::Boolean, Kind::Integer)
            | (Kind::Integer, Kind::Decimal)
            | (Kind::Date, Kind::Text)
            | (Kind::Timestamp, Kind::Instant)
            | (Kind::Instant, Kind::Timestamp) => value.clone().with_kind(target),
            (Kind::Boolean | Kind::Integer | Kind::Decimal, Kind::Number) => cast("REAL"),
            (Kind::Integer, Kind::Text) => cast("TEXT"),
            (Kind::Boolean, Kind::Text) => truth_text(value),
            (Kind::Date, Kind::Timestamp | Kind::Instant) => joined(&value.text, "00:00:00", target),
            (Kind::Timestamp | Kind::Instant, Kind::Date) => {
                day_of(value).unwrap_or_else(|| Term::atom(day(value), target))
            }
            _ => return Err(no_conversion(value, target)),
        })
    }

    /// A number may be stored as a whole one, and two of those divide to a whole one.
    fn floating(&self, value: &Term) -> Printed<Term> {
        if value.kind == Kind::Number {
            Ok(Term::atom(format!("CAST({} AS REAL)", value.text), Kind::Number))
        } else {
            self.convert(value, Kind::Number)
        }
    }

    fn same(&self, left: &Term, right: &Term) -> Term {
        comparison("IS", left, right)
    }

    /// NULL is the least of all.
    fn order(&self, key: &Term, direction: SortDirection) -> String {
        match direction {
            SortDirection::Asc => format!("{} NULLS LAST", key.text),
            SortDirection::Desc => format!("{} DESC", key.text),
        }
    }

    fn truncate(&self, value: &Term, grain: Grain, week_start: WeekStart) -> Printed<Term> {
        let x = &value.text;
        let start = match (grain, week_start) {
            (Grain::Millisecond, _) => {
                let text = format!(
                    "CASE WHEN substr({x}, 21, 3) IN ('', '000') THEN substr({x}, 1, 19) ELSE substr({x}, 1, 23) || '000' END"
                );
                return Ok(Term::atom(text, value.kind));
            }
            (Grain::Second, _) => return Ok(Term::atom(format!("substr({x}, 1, 19)"), value.kind)),
            (Grain::Minute, _) => return Ok(ended(&format!("substr({x}, 1, 16)"), ":00", value.kind)),
            (Grain::Hour, _) => return Ok(ended(&format!("substr({x}, 1, 13)"), ":00:00", value.kind)),
            (Grain::Day, _) => Term::atom(day(value), Kind::Date),
            (Grain::Week, WeekStart::Monday) => {
                Term::atom(format!("date({}, 'weekday 0', '-6 days')", day(value)), Kind::Date)
            }
            (Grain::Week, WeekStart::Sunday) => {
                Term::atom(format!("date({}, 'weekday 6', '-6 days')", day(value)), Kind::Date)
            }
            (Grain::Month, _) => ended(&format!("substr({x}, 1, 7)"), "-01", Kind::Date),
            (Grain::Quarter, _) => ended(
                &format!("substr({x}, 1, 5) || substr('010101040404070707101010', 2 * substr({x}, 6, 2) - 1, 2)"),
                "-01",
                Kind::Date,
            ),
            (Grain::Year, _) => ended(&format!("substr({x}, 1, 4)"), "-01-01", Kind::Date),
        };
        self.convert(&start, value.kind)
    }

    fn part(&self, value: &Term, part: DatePart) -> Printed<Term> {
        let (x, day) = (&value.text, day(value));
        let digits = |from: u8, count: u8| format!("CAST(substr({x}, {from}, {count}) AS INTEGER)");
        let text = match part {
            DatePart::Year => digits(1, 4),
            DatePart::Quarter => format!("((substr({x}, 6, 2) + 2) / 3)"),
            DatePart::Month => digits(6, 2),
            // The week of its Thursday.
            DatePart::Week => format!("((strftime('%j', {day}, '-3 days', 'weekday 4') - 1) / 7 + 1)"),
            DatePart::Day => digits(9, 2),
            DatePart::DayOfWeek => format!("((strftime('%w', {day}) + 6) % 7 + 1)"),
            DatePart::DayOfYear => format!("CAST(strftime('%j', {day}) AS INTEGER)"),
            DatePart::Hour => digits(12, 2),
            DatePart::Minute => digits(15, 2),
        };
        Ok(Term::atom(text, Kind::Integer))
    }

    fn wall(&self, instant: &Term, zone: &str) -> Printed<Term> {
        only_utc(zone)?;
        self.convert(instant, Kind::Timestamp)
    }

    fn to_instant(&self, wall: &Term, zone: &str) -> Printed<Term> {
        only_utc(zone)?;
        self.convert(wall, Kind::Instant)
    }

    /// SQLite's own months run over into the next one: the end of the month wanted is the limit.
    fn add_months(&self, value: &Term, months: i32) -> Printed<Term> {
        let day = day(value);
        let moved = format!(
            "min(date({day}, 'start of month', '{months:+} months', '+' || (substr({day}, 9, 2) - 1) || ' days'), date({day}, 'start of month', '{:+} months', '-1 day'))",
            months.saturating_add(1)
        );
        Ok(with_clock(&moved, value))
    }

    fn add_microseconds(&self, value: &Term, microseconds: i64) -> Printed<Term> {
        if microseconds % DAY == 0 {
            let moved = format!("date({}, '{:+} days')", day(value), microseconds / DAY);
            return Ok(with_clock(&moved, value));
        }
        if microseconds % SECOND != 0 || value.kind == Kind::Date {
            return Err(Unsupported::new("shifts by parts of a second"));
        }
        let x = &value.text;
        let text = format!(
            "datetime(substr({x}, 1, 19), '{:+} seconds') || substr({x}, 20)",
            microseconds / SECOND
        );
        Ok(Term::new(text, value.kind, Binding::Sum))
    }

    fn less_elapsed(&self, _instant: &Term, _later: &Term, _earlier: &Term) -> Printed<Term> {
        Err(Unsupported::new("time zones"))
    }

    fn holds(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        let (literal, length) = (self.text(needle)?, needle.chars().count());
        let found = match place {
            Place::Anywhere => format!("instr({}, {literal}) > 0", text.text),
            Place::Start => format!("substr({}, 1, {length}) = {literal}", text.text),
            Place::End => format!("substr({}, -{length}) = {literal}", text.text),
        };
        Ok(Term::new(found, Kind::Boolean, Binding::Comparison))
    }

    fn holds_folded(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        if needle.contains('\0') {
            return Err(Unsupported::new("searches for the character NUL"));
        }
        let pattern = self.text(&glob(needle, place))?;
        let found = format!("{} GLOB {pattern}", text.inside(Binding::Sum));
        Ok(Term::new(found, Kind::Boolean, Binding::Comparison))
    }

    /// Not every SQLite has `floor`. From 2 to the power of 53 on, all numbers are whole.
    fn floor(&self, value: &Term) -> Term {
        let x = value.inside(Binding::Atom);
        let text =
            format!("CASE WHEN abs({x}) < 9e15 THEN CAST({x} AS INTEGER) - ({x} < CAST({x} AS INTEGER)) ELSE {x} END");
        Term::atom(text, Kind::Number)
    }

    fn sum(&self, value: &Term, over: &str) -> Printed<Term> {
        if value.kind == Kind::Decimal {
            return Err(Unsupported::new("exact sums of decimals"));
        }
        Ok(Term::atom(format!("sum({}){over}", value.text), value.kind))
    }

    fn spine(&self, column: &str, from: i64, step: &Step, count: u32) -> Printed<Vec<String>> {
        let start = self.timestamp(&clock_text(from)?);
        let day: i64 = start.text.get(9..11).and_then(|day| day.parse().ok()).unwrap_or(31);
        let moved = match step {
            // Days that every month has need no limit.
            Step::Months(months) if day <= 28 && from % SECOND == 0 => {
                format!("datetime({}, ({}) || ' months')", start.text, times(*months))
            }
            Step::Months(months) => format!(
                "min(date('{date}', 'start of month', ({n}) || ' months', '{offset:+} days'), date('{date}', 'start of month', ({n} + 1) || ' months', '-1 day')) || '{clock}'",
                n = times(*months),
                date = start.text.get(1..11).unwrap_or_default(),
                offset = day - 1,
                clock = start.text.get(11..).unwrap_or_default().trim_end_matches('\''),
            ),
            Step::Microseconds(length) if length % DAY == 0 && from % SECOND == 0 => {
                format!("datetime({}, ({}) || ' days')", start.text, times(length / DAY))
            }
            Step::Microseconds(length) if length % SECOND == 0 && from % SECOND == 0 => {
                format!("datetime({}, ({}) || ' seconds')", start.text, times(length / SECOND))
            }
            Step::Microseconds(_) => return Err(Unsupported::new("steps of parts of a second")),
        };
        let last = i64::from(count) - 1;
        Ok(vec![
            format!("SELECT {moved} AS {column}"),
            "FROM (".to_owned(),
            format!("  WITH RECURSIVE numbers (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < {last})"),
            "  SELECT n FROM numbers".to_owned(),
            ") AS numbers".to_owned(),
        ])
    }

    fn limit(&self, offset: u64, count: Option<u64>) -> String {
        let count = count.map_or_else(|| "-1".to_owned(), |count| count.to_string());
        match offset {
            0 => format!("LIMIT {count}"),
            offset => format!("LIMIT {count} OFFSET {offset}"),
        }
    }
}

fn only_utc(zone: &str) -> Printed<()> {
    if zone == "UTC" {
        Ok(())
    } else {
        Err(Unsupported::new("time zones"))
    }
}

/// The first ten letters of a time.
fn day(value: &Term) -> String {
    if value.kind == Kind::Date {
        value.text.clone()
    } else {
        format!("substr({}, 1, 10)", value.text)
    }
}

fn ended(text: &str, end: &str, kind: Kind) -> Term {
    Term::new(format!("{text} || '{end}'"), kind, Binding::Sum)
}

fn joined(day: &str, clock: &str, kind: Kind) -> Term {
    // A day that ends in a text of ours takes the clock into it.
    match day.strip_suffix("-01'") {
        Some(start) => Term::new(format!("{start}-01 {clock}'"), kind, Binding::Sum),
        None => Term::new(format!("{day} || ' {clock}'"), kind, Binding::Sum),
    }
}

/// The day behind a midnight that was made of it.
fn day_of(midnight: &Term) -> Option<Term> {
    let binding = midnight.binding;
    if let Some(day) = midnight.text.strip_suffix(" || ' 00:00:00'") {
        return Some(Term::new(day, Kind::Date, binding));
    }
    let start = midnight.text.strip_suffix(" 00:00:00'")?;
    Some(Term::new(format!("{start}'"), Kind::Date, binding))
}

/// A moved day with the clock it had before.
fn with_clock(day: &str, value: &Term) -> Term {
    if value.kind == Kind::Date {
        Term::atom(day, value.kind)
    } else {
        Term::new(format!("{day} || substr({}, 11)", value.text), value.kind, Binding::Sum)
    }
}

/// Any ISO 8601 text as a clock in UTC. SQLite's own functions keep thousandths at most, so the fraction is read apart.
fn normal_clock(column: &str) -> String {
    let point = format!("instr({column}, '.')");
    format!(
        "CASE WHEN {point} = 0 THEN datetime({column}) ELSE datetime(substr({column}, 1, {point} - 1) || ltrim(substr({column}, {point} + 1), '0123456789')) || replace(substr(printf('%.9f', CAST(substr({column}, {point}) AS REAL)), 2, 7), '.000000', '') END"
    )
}
