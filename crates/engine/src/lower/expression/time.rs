//! Calendar functions. A zone turns instants into wall clocks before anything is cut off them.

use polars::prelude::*;
use shared::semantic::{DatePart, Grain, WeekStart};

use super::Typed;
use crate::{
    lower::{
        Kind, explain,
        failure::{impossible, mismatched},
    },
    protocol::WorkerFailure,
};

const DAY_MICROSECONDS: i64 = 86_400_000_000;

/// Start of the bucket, a wall clock (a date for dates).
pub fn truncate(value: Typed, grain: Grain, week_start: WeekStart, zone: Option<&str>) -> Result<Typed, WorkerFailure> {
    let clock = wall_clock(value, zone)?;
    let every = match grain {
        Grain::Millisecond => "1ms",
        Grain::Second => "1s",
        Grain::Minute => "1m",
        Grain::Hour => "1h",
        Grain::Day => "1d",
        Grain::Week => "1w",
        Grain::Month => "1mo",
        Grain::Quarter => "1q",
        Grain::Year => "1y",
    };
    let is_fine = matches!(
        grain,
        Grain::Millisecond | Grain::Second | Grain::Minute | Grain::Hour | Grain::Day
    );
    if clock.kind == Kind::Date && is_fine {
        return Ok(clock);
    }
    let kind = clock.kind;
    let truncated = match (grain, week_start) {
        // Weeks of Polars start on Monday: look at the calendar a day ahead.
        (Grain::Week, WeekStart::Sunday) => {
            let ahead = clock.expression.dt().offset_by(lit("1d")).dt().truncate(lit(every));
            ahead.dt().offset_by(lit("-1d"))
        }
        _ => clock.expression.dt().truncate(lit(every)),
    };
    Ok(Typed::new(truncated, kind))
}

/// Start of the bucket as an instant: what has gone by of the bucket on the clock of `zone` is taken off the instant, so
/// the two hours of the same name in autumn stay two.
pub fn truncate_instant(value: Typed, grain: Grain, zone: &str) -> Result<Typed, WorkerFailure> {
    let instant = match value.kind {
        Kind::Instant | Kind::Null => value.into_kind(Kind::Instant),
        other => return Err(mismatched(format!("{} is no instant", other.noun()))),
    };
    let clock = wall_clock(Typed::new(instant.clone(), Kind::Instant), Some(zone))?;
    let start = truncate(
        Typed::new(clock.expression.clone(), clock.kind),
        grain,
        WeekStart::Monday,
        None,
    )?;
    Ok(Typed::new(
        instant - (clock.expression - start.expression),
        Kind::Instant,
    ))
}

pub fn part(value: Typed, part: DatePart, zone: Option<&str>) -> Result<Typed, WorkerFailure> {
    let clock = wall_clock(value, zone)?;
    let is_date = clock.kind == Kind::Date;
    let fields = clock.expression.dt();
    let number = match part {
        DatePart::Year => fields.year(),
        DatePart::Quarter => fields.quarter(),
        DatePart::Month => fields.month(),
        DatePart::Week => fields.week(),
        DatePart::Day => fields.day(),
        DatePart::DayOfWeek => fields.weekday(),
        DatePart::DayOfYear => fields.ordinal_day(),
        DatePart::Hour | DatePart::Minute if is_date => fields.day() * lit(0),
        DatePart::Hour => fields.hour(),
        DatePart::Minute => fields.minute(),
    };
    Ok(Typed::new(number.cast(DataType::Int64), Kind::Integer))
}

/// The wall clock read in `zone`. Twice: the earlier; never: moved forward by the gap, which is what the offset of the day
/// before gives.
pub fn to_instant(value: Typed, zone: &str) -> Result<Typed, WorkerFailure> {
    let zone = time_zone(zone)?;
    let clock = match value.kind {
        Kind::Instant => return Ok(value),
        Kind::Null | Kind::Date | Kind::Timestamp => value.into_kind(Kind::Timestamp),
        other => return Err(mismatched(format!("{} is no wall clock", other.noun()))),
    };
    let read = |clock: Expr| {
        let local = clock
            .dt()
            .replace_time_zone(Some(zone.clone()), lit("earliest"), NonExistent::Null);
        local.dt().convert_time_zone(TimeZone::UTC)
    };
    let day = lit(chrono::Duration::microseconds(DAY_MICROSECONDS)).cast(DataType::Duration(TimeUnit::Microseconds));
    let in_gap = read(clock.clone() - day.clone()) + day;
    Ok(Typed::new(coalesce(&[read(clock), in_gap]), Kind::Instant))
}

pub fn shift(value: Typed, months: i32, microseconds: i64) -> Result<Typed, WorkerFailure> {
    let whole_days = microseconds % DAY_MICROSECONDS == 0;
    let kind = match value.kind {
        Kind::Date if whole_days => Kind::Date,
        Kind::Date | Kind::Timestamp | Kind::Null => Kind::Timestamp,
        Kind::Instant => Kind::Instant,
        other => return Err(mismatched(format!("{} cannot be moved in time", other.noun()))),
    };
    let mut moved = value.into_kind(kind);
    if months != 0 {
        moved = moved.dt().offset_by(lit(format!("{months}mo")));
    }
    if microseconds != 0 {
        let by = if kind == Kind::Date {
            format!("{}d", microseconds / DAY_MICROSECONDS)
        } else {
            format!("{microseconds}us")
        };
        moved = moved.dt().offset_by(lit(by));
    }
    Ok(Typed::new(moved, kind))
}

/// A date or a wall clock; instants are converted to `zone` (default UTC).
fn wall_clock(value: Typed, zone: Option<&str>) -> Result<Typed, WorkerFailure> {
    match value.kind {
        Kind::Date | Kind::Timestamp => Ok(value),
        Kind::Null => Ok(Typed::new(value.into_kind(Kind::Timestamp), Kind::Timestamp)),
        Kind::Instant => {
            let local = match zone {
                None | Some("UTC") => value.expression,
                Some(zone) => value.expression.dt().convert_time_zone(time_zone(zone)?),
            };
            let clock = local.dt().replace_time_zone(None, lit("earliest"), NonExistent::Null);
            Ok(Typed::new(clock, Kind::Timestamp))
        }
        other => Err(mismatched(format!("{} is no time", other.noun()))),
    }
}

fn time_zone(name: &str) -> Result<TimeZone, WorkerFailure> {
    TimeZone::opt_try_new(Some(name))
        .map_err(explain)?
        .ok_or_else(|| impossible("an empty time zone"))
}
