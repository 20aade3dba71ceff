//! PostgreSQL, from version 12 on.

use shared::semantic::{DatePart, Grain, SortDirection, WeekStart};

use super::{
    Kind, Printed, Unsupported,
    dialect::{Dialect, Quantile, Step, call, length_text, no_conversion, truth_text},
    fold::{Place, regex},
    moment::clock_text,
    term::{Binding, Term},
};

pub struct Postgres;

impl Dialect for Postgres {
    fn text(&self, text: &str) -> Printed<String> {
        if text.contains('\0') {
            return Err(Unsupported::new("text with the character NUL"));
        }
        let doubled = text.replace('\'', "''");
        // Right whatever `standard_conforming_strings` is.
        Ok(if text.contains('\\') {
            format!("E'{}'", doubled.replace('\\', "\\\\"))
        } else {
            format!("'{doubled}'")
        })
    }

    fn number(&self, number: f64) -> Printed<Term> {
        let text = if number.is_nan() {
            "'NaN'".to_owned()
        } else if number.is_infinite() {
            format!("'{}Infinity'", if number < 0.0 { "-" } else { "" })
        } else if number < 0.0 {
            format!("({number:?})")
        } else {
            format!("{number:?}")
        };
        Ok(Term::atom(format!("{text}::double precision"), Kind::Number))
    }

    fn instant(&self, text: &str) -> Term {
        Term::atom(format!("TIMESTAMPTZ '{text}+00'"), Kind::Instant)
    }

    fn null(&self, kind: Kind) -> String {
        format!("NULL::{}", type_name(kind))
    }

    fn stored(&self, column: &str, kind: Kind, exact: bool) -> Printed<Option<Term>> {
        Ok((!exact).then(|| Term::atom(format!("{column}::{}", type_name(kind)), kind)))
    }

    fn convert(&self, value: &Term, target: Kind) -> Printed<Term> {
        Ok(match (value.kind, target) {
            (own, target) if own == target => value.clone(),
            (Kind::Null, _) => Term::atom(self.null(target), target),
            (Kind::Boolean, Kind::Number) => value.cast("int", Kind::Integer).cast("double precision", Kind::Number),
            (Kind::Boolean, Kind::Integer)
            | (Kind::Integer, Kind::Number | Kind::Decimal | Kind::Text)
            | (Kind::Decimal, Kind::Number | Kind::Text)
            | (Kind::Date, Kind::Text | Kind::Timestamp)
            | (Kind::Timestamp, Kind::Date) => value.cast(type_name(target), target),
            (Kind::Boolean, Kind::Text) => truth_text(value),
            (Kind::Date, Kind::Instant) => {
                self.at_zone(&value.cast("timestamp", Kind::Timestamp), "UTC", Kind::Instant)?
            }
            (Kind::Timestamp, Kind::Instant) => self.at_zone(value, "UTC", Kind::Instant)?,
            (Kind::Instant, Kind::Timestamp) => self.at_zone(value, "UTC", Kind::Timestamp)?,
            (Kind::Instant, Kind::Date) => self.at_zone(value, "UTC", Kind::Timestamp)?.cast("date", Kind::Date),
            _ => return Err(no_conversion(value, target)),
        })
    }

    fn wide(&self, value: Term) -> Term {
        value.cast("bigint", Kind::Integer)
    }

    fn bytewise(&self, value: Term) -> Term {
        Term::new(
            format!("{} COLLATE \"C\"", value.inside(Binding::Atom)),
            Kind::Text,
            Binding::Sign,
        )
    }

    /// PostgreSQL hashes and merges by `=` only.
    fn same_keys(&self, left: &Term, right: &Term) -> Printed<Term> {
        let filler = match left.kind {
            Kind::Text => "''",
            Kind::Integer | Kind::Number | Kind::Decimal => "0",
            Kind::Date | Kind::Timestamp | Kind::Instant => "'1970-01-01'",
            Kind::Null | Kind::Boolean | Kind::Time => return Ok(self.same(left, right)),
        };
        let text = format!(
            "coalesce({}, {filler}) = coalesce({}, {filler}) AND ({} IS NULL) = ({} IS NULL)",
            left.text,
            right.text,
            left.inside(Binding::Sum),
            right.inside(Binding::Sum)
        );
        Ok(Term::new(text, Kind::Boolean, Binding::And))
    }

    fn order(&self, key: &Term, direction: SortDirection) -> String {
        match direction {
            SortDirection::Asc => key.text.clone(),
            SortDirection::Desc => format!("{} DESC NULLS LAST", key.text),
        }
    }

    /// An order with a collation is an expression, in which an alias is not known.
    fn orders_by_alias(&self, kind: Kind) -> bool {
        kind != Kind::Text
    }

    fn truncate(&self, value: &Term, grain: Grain, week_start: WeekStart) -> Printed<Term> {
        let clock = self.convert(value, Kind::Timestamp)?;
        let cut = match (grain, week_start) {
            (Grain::Week, WeekStart::Sunday) => Term::new(
                format!(
                    "date_trunc('week', {} + INTERVAL '1 day') - INTERVAL '1 day'",
                    clock.inside(Binding::Sum)
                ),
                Kind::Timestamp,
                Binding::Sum,
            ),
            _ => Term::atom(
                format!("date_trunc('{}', {})", unit(grain), clock.text),
                Kind::Timestamp,
            ),
        };
        self.convert(&cut, value.kind)
    }

    fn part(&self, value: &Term, part: DatePart) -> Printed<Term> {
        let field = match part {
            DatePart::Year => "year",
            DatePart::Quarter => "quarter",
            DatePart::Month => "month",
            DatePart::Week => "week",
            DatePart::Day => "day",
            DatePart::DayOfWeek => "isodow",
            DatePart::DayOfYear => "doy",
            DatePart::Hour => "hour",
            DatePart::Minute => "minute",
        };
        Ok(Term::atom(
            format!("extract({field} FROM {})::bigint", value.text),
            Kind::Integer,
        ))
    }

    fn wall(&self, instant: &Term, zone: &str) -> Printed<Term> {
        self.at_zone(instant, zone, Kind::Timestamp)
    }

    fn to_instant(&self, wall: &Term, zone: &str) -> Printed<Term> {
        if zone == "UTC" {
            return self.at_zone(wall, zone, Kind::Instant);
        }
        earlier_instant(self.text(zone)?.as_str(), wall)
    }

    fn add_months(&self, value: &Term, months: i32) -> Printed<Term> {
        let clock = self.convert(value, Kind::Timestamp)?;
        let text = format!("{} + INTERVAL '{months} months'", clock.inside(Binding::Sum));
        self.convert(&Term::new(text, Kind::Timestamp, Binding::Sum), value.kind)
    }

    fn add_microseconds(&self, value: &Term, microseconds: i64) -> Printed<Term> {
        let value_text = value.inside(Binding::Sum);
        let text = if value.kind == Kind::Date {
            format!("{value_text} + {}", days(microseconds))
        } else if value.kind == Kind::Instant {
            // A day of an instant would be one of the session's zone.
            format!("{value_text} + INTERVAL '{microseconds} microseconds'")
        } else {
            format!("{value_text} + INTERVAL '{}'", length_text(microseconds))
        };
        Ok(Term::new(text, value.kind, Binding::Sum))
    }

    fn less_elapsed(&self, instant: &Term, later: &Term, earlier: &Term) -> Printed<Term> {
        less_elapsed(instant, later, earlier)
    }

    fn holds(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        let (literal, length) = (self.text(needle)?, needle.chars().count());
        let (found, binding) = match place {
            Place::Anywhere => (format!("strpos({}, {literal}) > 0", text.text), Binding::Comparison),
            Place::Start => (format!("starts_with({}, {literal})", text.text), Binding::Atom),
            Place::End => (
                format!("right({}, {length}) = {literal}", text.text),
                Binding::Comparison,
            ),
        };
        Ok(Term::new(found, Kind::Boolean, binding))
    }

    fn holds_folded(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        let pattern = self.text(&regex(needle, place, "$"))?;
        let found = format!("{} ~ {pattern}", text.inside(Binding::Sum));
        Ok(Term::new(found, Kind::Boolean, Binding::Comparison))
    }

    fn sum(&self, value: &Term, over: &str) -> Printed<Term> {
        let sum = Term::atom(format!("sum({}){over}", value.text), value.kind);
        Ok(if value.kind == Kind::Integer {
            sum.cast("bigint", Kind::Integer)
        } else {
            sum
        })
    }

    fn extreme_truth(&self, value: &Term, greatest: bool) -> Term {
        call(if greatest { "bool_or" } else { "bool_and" }, value, Kind::Boolean)
    }

    fn quantile(&self, value: &Term, quantile: Quantile) -> Printed<Option<Term>> {
        let (function, share) = match quantile {
            Quantile::Continuous(share) => ("percentile_cont", share),
            Quantile::Discrete(share) => ("percentile_disc", share),
        };
        let text = format!("{function}({share:?}) WITHIN GROUP (ORDER BY {})", value.text);
        Ok(Some(Term::atom(text, Kind::Number)))
    }

    fn deviation(&self, value: &Term) -> Option<Term> {
        Some(call("stddev_samp", value, Kind::Number))
    }

    fn edge(&self, value: &Term, order: &Term, last: bool) -> Option<Term> {
        let direction = if last { " DESC" } else { "" };
        let text = format!(
            "(array_agg({0} ORDER BY {1}{direction}, {0}) FILTER (WHERE {0} IS NOT NULL AND {1} IS NOT NULL))[1]",
            value.inside(Binding::Sum),
            order.inside(Binding::Sum)
        );
        Some(Term::atom(text, value.kind))
    }

    fn spine(&self, column: &str, from: i64, step: &Step, count: u32) -> Printed<Vec<String>> {
        let start = self.timestamp(&clock_text(from)?).text;
        let each = match step {
            Step::Months(months) => format!("INTERVAL '{months} months'"),
            Step::Microseconds(microseconds) => format!("INTERVAL '{}'", length_text(*microseconds)),
        };
        let last = i64::from(count) - 1;
        Ok(vec![
            format!("SELECT {start} + n * {each} AS {column}"),
            format!("FROM generate_series(0, {last}) AS n"),
        ])
    }
}

impl Postgres {
    fn at_zone(&self, value: &Term, zone: &str, kind: Kind) -> Printed<Term> {
        at_zone(value, self.text(zone)?.as_str(), kind)
    }
}

/// `AT TIME ZONE` turns wall clocks into instants and instants into wall clocks.
pub fn at_zone(value: &Term, zone: &str, kind: Kind) -> Printed<Term> {
    let text = format!("{} AT TIME ZONE {zone}", value.inside(Binding::Atom));
    Ok(Term::new(text, kind, Binding::Sign))
}

/// Of two readings `AT TIME ZONE` takes the later one. A day before, the clock still had the earlier offset: where a day
/// after that shows the same reading, it is the earlier one.
pub fn earlier_instant(zone: &str, wall: &Term) -> Printed<Term> {
    let wall = wall.inside(Binding::Atom);
    let later = format!("{wall} AT TIME ZONE {zone}");
    let earlier = format!("({wall} - INTERVAL '1 day') AT TIME ZONE {zone} + INTERVAL '24 hours'");
    let text = format!("CASE WHEN ({earlier}) AT TIME ZONE {zone} = {wall} THEN {earlier} ELSE {later} END");
    Ok(Term::atom(text, Kind::Instant))
}

pub fn less_elapsed(instant: &Term, later: &Term, earlier: &Term) -> Printed<Term> {
    let text = format!(
        "{} - ({} - {})",
        instant.inside(Binding::Sum),
        later.inside(Binding::Sum),
        earlier.inside(Binding::Product)
    );
    Ok(Term::new(text, Kind::Instant, Binding::Sum))
}

pub const fn days(microseconds: i64) -> i64 {
    microseconds / 86_400_000_000
}

const fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null | Kind::Text => "text",
        Kind::Boolean => "boolean",
        Kind::Integer => "bigint",
        Kind::Number => "double precision",
        Kind::Decimal => "numeric",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::Timestamp => "timestamp",
        Kind::Instant => "timestamptz",
    }
}

/// As `date_trunc` calls it.
pub const fn unit(grain: Grain) -> &'static str {
    match grain {
        Grain::Millisecond => "milliseconds",
        Grain::Second => "second",
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Quarter => "quarter",
        Grain::Year => "year",
    }
}
