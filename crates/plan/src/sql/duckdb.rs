//! DuckDB, with its extension for time zones (`icu`) where a plan has zones.

use shared::semantic::{DatePart, Grain, SortDirection, WeekStart};

use super::{
    Kind, Printed,
    dialect::{Dialect, Quantile, Step, call, no_conversion, times, truth_text},
    fold::{Place, regex},
    moment::clock_text,
    postgres::{at_zone, days, earlier_instant, less_elapsed, unit},
    term::{Binding, Term},
};

pub struct DuckDb;

impl Dialect for DuckDb {
    fn text(&self, text: &str) -> Printed<String> {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', "''"));
        Ok(if text.contains('\0') {
            let parts: Vec<String> = text.split('\0').map(quoted).collect();
            format!("({})", parts.join(" || chr(0) || "))
        } else {
            quoted(text)
        })
    }

    fn number(&self, number: f64) -> Printed<Term> {
        let text = if number.is_finite() {
            format!("{number:e}")
        } else {
            format!("'{number}'::DOUBLE")
        };
        let binding = if number < 0.0 { Binding::Sign } else { Binding::Atom };
        Ok(Term::new(text, Kind::Number, binding))
    }

    fn instant(&self, text: &str) -> Term {
        Term::atom(format!("TIMESTAMPTZ '{text}+00'"), Kind::Instant)
    }

    fn null(&self, kind: Kind) -> String {
        if kind == Kind::Decimal {
            // Of the scale of what it meets.
            "NULL".to_owned()
        } else {
            format!("NULL::{}", type_name(kind))
        }
    }

    fn stored(&self, column: &str, kind: Kind, exact: bool) -> Printed<Option<Term>> {
        Ok((!exact && kind != Kind::Decimal).then(|| Term::atom(format!("{column}::{}", type_name(kind)), kind)))
    }

    fn convert(&self, value: &Term, target: Kind) -> Printed<Term> {
        Ok(match (value.kind, target) {
            (own, target) if own == target => value.clone(),
            (Kind::Null, _) => Term::atom(self.null(target), target),
            (Kind::Boolean, Kind::Integer | Kind::Number)
            | (Kind::Integer, Kind::Number | Kind::Text)
            | (Kind::Decimal, Kind::Number | Kind::Text)
            | (Kind::Date, Kind::Text | Kind::Timestamp)
            | (Kind::Timestamp, Kind::Date) => value.cast(type_name(target), target),
            (Kind::Integer, Kind::Decimal) => value.cast("DECIMAL(38, 0)", target),
            (Kind::Boolean, Kind::Text) => truth_text(value),
            (Kind::Date, Kind::Instant) => at_zone(&value.cast("TIMESTAMP", Kind::Timestamp), "'UTC'", Kind::Instant)?,
            (Kind::Timestamp, Kind::Instant) => at_zone(value, "'UTC'", Kind::Instant)?,
            (Kind::Instant, Kind::Timestamp) => at_zone(value, "'UTC'", Kind::Timestamp)?,
            (Kind::Instant, Kind::Date) => at_zone(value, "'UTC'", Kind::Timestamp)?.cast("DATE", Kind::Date),
            _ => return Err(no_conversion(value, target)),
        })
    }

    fn wide(&self, value: Term) -> Term {
        value.cast("BIGINT", Kind::Integer)
    }

    fn order(&self, key: &Term, direction: SortDirection) -> String {
        match direction {
            SortDirection::Asc => format!("{} ASC NULLS LAST", key.text),
            SortDirection::Desc => format!("{} DESC NULLS LAST", key.text),
        }
    }

    fn truncate(&self, value: &Term, grain: Grain, week_start: WeekStart) -> Printed<Term> {
        let clock = self.convert(value, Kind::Timestamp)?;
        let cut = match (grain, week_start) {
            (Grain::Week, WeekStart::Sunday) => Term::new(
                format!(
                    "date_trunc('week', {} + INTERVAL 1 DAY) - INTERVAL 1 DAY",
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
        let function = match part {
            DatePart::Year => "year",
            DatePart::Quarter => "quarter",
            DatePart::Month => "month",
            DatePart::Week => "week",
            DatePart::Day => "day",
            DatePart::DayOfWeek => "isodow",
            DatePart::DayOfYear => "dayofyear",
            DatePart::Hour => "hour",
            DatePart::Minute => "minute",
        };
        Ok(call(function, value, Kind::Integer))
    }

    fn wall(&self, instant: &Term, zone: &str) -> Printed<Term> {
        at_zone(instant, self.text(zone)?.as_str(), Kind::Timestamp)
    }

    fn to_instant(&self, wall: &Term, zone: &str) -> Printed<Term> {
        if zone == "UTC" {
            return at_zone(wall, "'UTC'", Kind::Instant);
        }
        earlier_instant(self.text(zone)?.as_str(), wall)
    }

    fn add_months(&self, value: &Term, months: i32) -> Printed<Term> {
        let clock = self.convert(value, Kind::Timestamp)?;
        let text = format!("{} + INTERVAL ({months}) MONTH", clock.inside(Binding::Sum));
        self.convert(&Term::new(text, Kind::Timestamp, Binding::Sum), value.kind)
    }

    fn add_microseconds(&self, value: &Term, microseconds: i64) -> Printed<Term> {
        let text = if value.kind == Kind::Date {
            format!("{} + {}", value.inside(Binding::Sum), days(microseconds))
        } else {
            format!("{} + to_microseconds({microseconds})", value.inside(Binding::Sum))
        };
        Ok(Term::new(text, value.kind, Binding::Sum))
    }

    fn less_elapsed(&self, instant: &Term, later: &Term, earlier: &Term) -> Printed<Term> {
        less_elapsed(instant, later, earlier)
    }

    fn holds(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        let function = match place {
            Place::Anywhere => "contains",
            Place::Start => "starts_with",
            Place::End => "ends_with",
        };
        let found = format!("{function}({}, {})", text.text, self.text(needle)?);
        Ok(Term::atom(found, Kind::Boolean))
    }

    fn holds_folded(&self, text: &Term, needle: &str, place: Place) -> Printed<Term> {
        let pattern = self.text(&regex(needle, place, "$"))?;
        Ok(Term::atom(
            format!("regexp_matches({}, {pattern})", text.text),
            Kind::Boolean,
        ))
    }

    fn sum(&self, value: &Term, over: &str) -> Printed<Term> {
        let sum = Term::atom(format!("sum({}){over}", value.text), value.kind);
        Ok(if value.kind == Kind::Integer {
            sum.cast("BIGINT", Kind::Integer)
        } else {
            sum
        })
    }

    fn quantile(&self, value: &Term, quantile: Quantile) -> Printed<Option<Term>> {
        let (function, share) = match quantile {
            Quantile::Continuous(share) => ("quantile_cont", share),
            Quantile::Discrete(share) => ("quantile_disc", share),
        };
        Ok(Some(Term::atom(
            format!("{function}({}, {share:?})", value.text),
            Kind::Number,
        )))
    }

    fn deviation(&self, value: &Term) -> Option<Term> {
        Some(call("stddev_samp", value, Kind::Number))
    }

    fn edge(&self, value: &Term, order: &Term, last: bool) -> Option<Term> {
        let direction = if last { "DESC" } else { "ASC" };
        let text = format!(
            "first({0} ORDER BY {1} {direction}, {0} ASC) FILTER (WHERE {0} IS NOT NULL AND {1} IS NOT NULL)",
            value.inside(Binding::Sum),
            order.inside(Binding::Sum)
        );
        Some(Term::atom(text, value.kind))
    }

    fn spine(&self, column: &str, from: i64, step: &Step, count: u32) -> Printed<Vec<String>> {
        let start = self.timestamp(&clock_text(from)?).text;
        let each = match step {
            Step::Months(months) => format!("to_months(({})::INTEGER)", times(*months)),
            Step::Microseconds(microseconds) => format!("to_microseconds({})", times(*microseconds)),
        };
        Ok(vec![
            format!("SELECT {start} + {each} AS {column}"),
            format!("FROM range({count}) AS numbers (n)"),
        ])
    }
}

const fn type_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Null | Kind::Text => "VARCHAR",
        Kind::Boolean => "BOOLEAN",
        Kind::Integer => "BIGINT",
        Kind::Number => "DOUBLE",
        Kind::Decimal => "DECIMAL(38, 6)",
        Kind::Date => "DATE",
        Kind::Time => "TIME",
        Kind::Timestamp => "TIMESTAMP",
        Kind::Instant => "TIMESTAMPTZ",
    }
}
