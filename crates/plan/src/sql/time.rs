//! Calendar functions: which kinds they take and give. How they are written is the dialect's.

use shared::semantic::{DatePart, Grain, WeekStart};

use super::{Kind, Printed, Unsupported, dialect::Dialect, term::Term};

const DAY: i64 = 86_400_000_000;

pub fn truncate(
    value: &Term,
    grain: Grain,
    week_start: WeekStart,
    zone: Option<&str>,
    dialect: &dyn Dialect,
) -> Printed<Term> {
    let clock = wall_clock(value, zone, dialect)?;
    let fine = matches!(
        grain,
        Grain::Millisecond | Grain::Second | Grain::Minute | Grain::Hour | Grain::Day
    );
    if clock.kind == Kind::Date && fine {
        return Ok(clock);
    }
    dialect.truncate(&clock, grain, week_start)
}

/// What has gone by of the bucket on the zone's clock is taken off the instant.
pub fn truncate_instant(value: &Term, grain: Grain, zone: &str, dialect: &dyn Dialect) -> Printed<Term> {
    let instant = match value.kind {
        Kind::Instant => value.clone(),
        Kind::Null => dialect.convert(value, Kind::Instant)?,
        Kind::Boolean
        | Kind::Integer
        | Kind::Number
        | Kind::Decimal
        | Kind::Text
        | Kind::Date
        | Kind::Time
        | Kind::Timestamp => return Err(Unsupported::new(format!("instant in {}", value.kind.noun()))),
    };
    let clock = dialect.wall(&instant, zone)?;
    let start = dialect.truncate(&clock, grain, WeekStart::Monday)?;
    if zone == "UTC" {
        return dialect.convert(&start, Kind::Instant);
    }
    dialect.less_elapsed(&instant, &clock, &start)
}

pub fn part(value: &Term, part: DatePart, zone: Option<&str>, dialect: &dyn Dialect) -> Printed<Term> {
    let clock = wall_clock(value, zone, dialect)?;
    // A day has no clock; it begins at midnight.
    let clock = match part {
        DatePart::Hour | DatePart::Minute => dialect.convert(&clock, Kind::Timestamp)?,
        DatePart::Year
        | DatePart::Quarter
        | DatePart::Month
        | DatePart::Week
        | DatePart::Day
        | DatePart::DayOfWeek
        | DatePart::DayOfYear => clock,
    };
    dialect.part(&clock, part)
}

pub fn to_instant(value: &Term, zone: &str, dialect: &dyn Dialect) -> Printed<Term> {
    match value.kind {
        Kind::Instant => Ok(value.clone()),
        Kind::Null | Kind::Date | Kind::Timestamp => {
            dialect.to_instant(&dialect.convert(value, Kind::Timestamp)?, zone)
        }
        Kind::Boolean | Kind::Integer | Kind::Number | Kind::Decimal | Kind::Text | Kind::Time => {
            Err(Unsupported::new(format!("clock in {}", value.kind.noun())))
        }
    }
}

pub fn shift(value: &Term, months: i32, microseconds: i64, dialect: &dyn Dialect) -> Printed<Term> {
    let kind = match value.kind {
        Kind::Date if microseconds % DAY == 0 => Kind::Date,
        Kind::Date | Kind::Timestamp | Kind::Null => Kind::Timestamp,
        Kind::Instant => Kind::Instant,
        Kind::Boolean | Kind::Integer | Kind::Number | Kind::Decimal | Kind::Text | Kind::Time => {
            return Err(Unsupported::new(format!("time in {}", value.kind.noun())));
        }
    };
    let mut moved = dialect.convert(value, kind)?;
    if months != 0 {
        moved = dialect.add_months(&moved, months)?;
    }
    if microseconds != 0 {
        moved = dialect.add_microseconds(&moved, microseconds)?;
    }
    Ok(moved)
}

/// A date or a wall clock; instants are read in the zone.
fn wall_clock(value: &Term, zone: Option<&str>, dialect: &dyn Dialect) -> Printed<Term> {
    match value.kind {
        Kind::Date | Kind::Timestamp => Ok(value.clone()),
        Kind::Null => dialect.convert(value, Kind::Timestamp),
        Kind::Instant => dialect.wall(value, zone.unwrap_or("UTC")),
        Kind::Boolean | Kind::Integer | Kind::Number | Kind::Decimal | Kind::Text | Kind::Time => {
            Err(Unsupported::new(format!("time in {}", value.kind.noun())))
        }
    }
}
