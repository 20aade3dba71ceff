//! What differs between databases, one file per database. What is alike is the default here.

use shared::semantic::{DatePart, Grain, SortDirection, Span, TimeUnit, WeekStart};

use super::{
    Kind, Printed, Unsupported,
    duckdb::DuckDb,
    fold::Place,
    mysql::MySql,
    names::is_plain,
    postgres::Postgres,
    sqlite::Sqlite,
    term::{Binding, Term},
};

/// A database's SQL. Sessions are expected to be in UTF-8, and those of MySQL and MariaDB in the time zone `+00:00`; an
/// instant there is a column of the type TIMESTAMP, which ends where their knowledge of time zones does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SqlDialect {
    Postgres,
    /// From version 8.0.17 on.
    MySql(Zones),
    MariaDb(Zones),
    /// From version 3.30 on. Times are text as ISO 8601 writes them, truth values 0 and 1.
    Sqlite,
    DuckDb,
}

/// Whether a server of MySQL or MariaDB knows time zones by name: without them it answers NULL, so ask when connecting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Zones {
    Loaded,
    Missing,
}

impl SqlDialect {
    pub(super) fn rules(self) -> &'static dyn Dialect {
        match self {
            Self::Postgres => &Postgres,
            Self::MySql(Zones::Loaded) => &MySql {
                collation: "utf8mb4_0900_bin",
                zones: true,
            },
            Self::MySql(Zones::Missing) => &MySql {
                collation: "utf8mb4_0900_bin",
                zones: false,
            },
            Self::MariaDb(Zones::Loaded) => &MySql {
                collation: "utf8mb4_nopad_bin",
                zones: true,
            },
            Self::MariaDb(Zones::Missing) => &MySql {
                collation: "utf8mb4_nopad_bin",
                zones: false,
            },
            Self::Sqlite => &Sqlite,
            Self::DuckDb => &DuckDb,
        }
    }
}

/// A share of a group's values: between two values, or one of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantile {
    Continuous(f64),
    Discrete(f64),
}

pub trait Dialect: Sync {
    /// The name in quotes.
    fn quoted(&self, name: &str) -> String {
        format!("\"{}\"", name.replace('"', "\"\""))
    }

    fn name(&self, name: &str) -> String {
        if is_plain(name) {
            name.to_owned()
        } else {
            self.quoted(name)
        }
    }

    fn text(&self, text: &str) -> Printed<String>;

    /// A floating-point number.
    fn number(&self, number: f64) -> Printed<Term>;

    /// An exact decimal: digits and a point.
    fn decimal(&self, digits: &str) -> Term {
        let binding = if digits.starts_with('-') {
            Binding::Sign
        } else {
            Binding::Atom
        };
        Term::new(digits, Kind::Decimal, binding)
    }

    /// `2026-11-20`
    fn date(&self, text: &str) -> Term {
        Term::atom(format!("DATE '{text}'"), Kind::Date)
    }

    /// `2026-11-20 09:00:00`
    fn timestamp(&self, text: &str) -> Term {
        Term::atom(format!("TIMESTAMP '{text}'"), Kind::Timestamp)
    }

    /// The clock's text in UTC.
    fn instant(&self, text: &str) -> Term;

    /// NULL of a kind, where the database would guess another one.
    fn null(&self, _kind: Kind) -> String {
        "NULL".to_owned()
    }

    /// A column of a stored table as a value of its kind; `None`: it is one as it stands.
    fn stored(&self, column: &str, kind: Kind, exact: bool) -> Printed<Option<Term>>;

    /// Is reading a stored column of this kind so long that it is written once, in a stage of its own?
    fn reads_apart(&self, _kind: Kind) -> bool {
        false
    }

    /// `value` as another kind, NULL where it has no counterpart.
    fn convert(&self, value: &Term, target: Kind) -> Printed<Term>;

    /// A whole number of 64 bits, where the database would calculate in less.
    fn wide(&self, value: Term) -> Term {
        value
    }

    /// `value` as a floating-point number, whatever the database makes of two of them.
    fn floating(&self, value: &Term) -> Printed<Term> {
        if value.kind == Kind::Number {
            Ok(value.clone())
        } else {
            self.convert(value, Kind::Number)
        }
    }

    /// A computed column of a stage.
    fn computed(&self, value: Term) -> Term {
        value
    }

    /// Text that equals another by its bytes only.
    fn comparable(&self, value: Term) -> Term {
        value
    }

    /// Text whose order is that of its bytes.
    fn bytewise(&self, value: Term) -> Term {
        value
    }

    /// NULL equals NULL.
    fn same(&self, left: &Term, right: &Term) -> Term {
        comparison("IS NOT DISTINCT FROM", left, right)
    }

    /// The same between the two sides of a join, so that the database need not compare all with all.
    fn same_keys(&self, left: &Term, right: &Term) -> Printed<Term> {
        Ok(self.same(left, right))
    }

    /// A key of ORDER BY, NULL last.
    fn order(&self, key: &Term, direction: SortDirection) -> String;

    /// Can ORDER BY name a column of the answer, or must it repeat the expression?
    fn orders_by_alias(&self, _kind: Kind) -> bool {
        true
    }

    /// Does it understand an expression over a grouped expression?
    fn calculates_over_keys(&self) -> bool {
        true
    }

    /// A date or wall clock cut to its grain, kind unchanged. Not called for a date with a grain up to a day.
    fn truncate(&self, value: &Term, grain: Grain, week_start: WeekStart) -> Printed<Term>;

    fn part(&self, value: &Term, part: DatePart) -> Printed<Term>;

    /// What the clock of the zone shows at an instant.
    fn wall(&self, instant: &Term, zone: &str) -> Printed<Term>;

    /// The instant of a wall clock in the zone: the earlier of two, moved on by the gap when there is none.
    fn to_instant(&self, wall: &Term, zone: &str) -> Printed<Term>;

    /// Moved by calendar months, the day clamped to the month's end; instants on the clock of UTC. Kind unchanged.
    fn add_months(&self, value: &Term, months: i32) -> Printed<Term>;

    /// Moved by an exact time; dates by whole days. Kind unchanged.
    fn add_microseconds(&self, value: &Term, microseconds: i64) -> Printed<Term>;

    /// `later - earlier` of two wall clocks, taken off an instant.
    fn less_elapsed(&self, instant: &Term, later: &Term, earlier: &Term) -> Printed<Term>;

    /// Does the text hold the needle (never empty) there, letters as they are?
    fn holds(&self, text: &Term, needle: &str, place: Place) -> Printed<Term>;

    /// The same without regard to case.
    fn holds_folded(&self, text: &Term, needle: &str, place: Place) -> Printed<Term>;

    /// The greatest whole number that is not above a floating-point number.
    fn floor(&self, value: &Term) -> Term {
        Term::atom(format!("floor({})", value.text), Kind::Number)
    }

    /// What counts the characters of a text.
    fn length_function(&self) -> &'static str {
        "length"
    }

    /// One text of all.
    fn joined(&self, texts: &[Term]) -> Term {
        let texts: Vec<String> = texts.iter().map(|text| text.inside(Binding::Atom)).collect();
        Term::new(texts.join(" || "), Kind::Text, Binding::Sum)
    }

    /// Exact for whole numbers and decimals. `over` is empty or an OVER clause.
    fn sum(&self, value: &Term, over: &str) -> Printed<Term>;

    /// Smallest or greatest truth value, where min and max do not take them.
    fn extreme_truth(&self, value: &Term, greatest: bool) -> Term {
        let call = if greatest { "max" } else { "min" };
        Term::atom(format!("{call}({})", value.text), Kind::Boolean)
    }

    /// `None`: no such aggregate; it is put together from window functions.
    fn quantile(&self, _value: &Term, _quantile: Quantile) -> Printed<Option<Term>> {
        Ok(None)
    }

    /// Sample standard deviation; `None` as above.
    fn deviation(&self, _value: &Term) -> Option<Term> {
        None
    }

    /// The value of the row with the smallest (greatest) `order`, neither NULL; `None` as above.
    fn edge(&self, _value: &Term, _order: &Term, _last: bool) -> Option<Term> {
        None
    }

    /// The lines of a query with one column: the `count` bucket starts from `from` on, each counted from `from`.
    fn spine(&self, column: &str, from: i64, step: &Step, count: u32) -> Printed<Vec<String>>;

    /// The lines of LIMIT and OFFSET.
    fn limit(&self, offset: u64, count: Option<u64>) -> String {
        let skipped = format!("OFFSET {offset}");
        match (count, offset) {
            (Some(count), 0) => format!("LIMIT {count}"),
            (Some(count), _) => format!("LIMIT {count} {skipped}"),
            (None, _) => skipped,
        }
    }
}

/// Two operands with an operator of comparison between them.
pub fn comparison(operator: &str, left: &Term, right: &Term) -> Term {
    let text = format!(
        "{} {operator} {}",
        left.inside(Binding::Sum),
        right.inside(Binding::Sum)
    );
    Term::new(text, Kind::Boolean, Binding::Comparison)
}

/// A call of a function with one argument.
pub fn call(function: &str, argument: &Term, kind: Kind) -> Term {
    Term::atom(format!("{function}({})", argument.text), kind)
}

/// `CASE WHEN x THEN 'true' WHEN NOT x THEN 'false' END`
pub fn truth_text(value: &Term) -> Term {
    let text = format!(
        "CASE WHEN {} THEN 'true' WHEN NOT {} THEN 'false' END",
        value.text,
        value.inside(Binding::Atom)
    );
    Term::atom(text, Kind::Text)
}

/// The refusal of a conversion.
pub fn no_conversion(value: &Term, target: Kind) -> Unsupported {
    Unsupported::new(format!(
        "exact conversion of {} to {}",
        value.kind.noun(),
        target.noun()
    ))
}

/// Months of a span, or its exact length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Months(i64),
    Microseconds(i64),
}

impl Step {
    pub fn of(span: Span) -> Self {
        const MINUTE: i64 = 60_000_000;
        let count = i64::from(span.count);
        match span.unit {
            TimeUnit::Minute => Self::Microseconds(count * MINUTE),
            TimeUnit::Hour => Self::Microseconds(count * 60 * MINUTE),
            TimeUnit::Day => Self::Microseconds(count * 24 * 60 * MINUTE),
            TimeUnit::Week => Self::Microseconds(count * 7 * 24 * 60 * MINUTE),
            TimeUnit::Month => Self::Months(count),
            TimeUnit::Quarter => Self::Months(count * 3),
            TimeUnit::Year => Self::Months(count * 12),
        }
    }
}

/// A length of time in the largest unit that measures it, for clocks without a zone.
pub fn length_text(microseconds: i64) -> String {
    const MINUTE: i64 = 60_000_000;
    for (unit, length) in [("days", 24 * 60 * MINUTE), ("hours", 60 * MINUTE), ("minutes", MINUTE)] {
        if microseconds % length == 0 {
            return format!("{} {unit}", microseconds / length);
        }
    }
    format!("{microseconds} microseconds")
}

/// `n` steps of a spine, each of so many units.
pub fn times(units: i64) -> String {
    if units == 1 {
        "n".to_owned()
    } else {
        format!("n * {units}")
    }
}
