//! Dates by chrono, written apart from the planner's own arithmetic.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use shared::semantic::{DatePart, Grain, WeekStart};

use super::Value;

pub fn naive(microseconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp_micros(microseconds).unwrap().naive_utc()
}

pub fn micros(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp_micros()
}

pub fn day_number(day: NaiveDate) -> i64 {
    micros(day.and_time(NaiveTime::MIN)) / 86_400_000_000
}

pub fn parse_day(text: &str) -> i64 {
    day_number(NaiveDate::parse_from_str(text, "%Y-%m-%d").unwrap())
}

fn zone(name: &str) -> Tz {
    name.parse().unwrap()
}

pub fn to_wall(instant: i64, name: &str) -> i64 {
    micros(zone(name).from_utc_datetime(&naive(instant)).naive_local())
}

pub fn to_instant(wall: i64, name: &str) -> i64 {
    let zone = zone(name);
    match zone.from_local_datetime(&naive(wall)).earliest() {
        Some(time) => time.with_timezone(&Utc).timestamp_micros(),
        // In the gap: read with the offset from before it.
        None => {
            let before = zone
                .from_local_datetime(&naive(wall - 3 * 3_600_000_000))
                .earliest()
                .unwrap();
            before.with_timezone(&Utc).timestamp_micros() + 3 * 3_600_000_000
        }
    }
}

/// The clock reading that truncation and parts look at.
pub fn reading(value: &Value, in_zone: Option<&str>) -> NaiveDateTime {
    match (value, in_zone) {
        (Value::Date(days), None) => naive(days * 86_400_000_000),
        (Value::Wall(wall), None) => naive(*wall),
        (Value::Instant(instant), Some(zone)) => naive(to_wall(*instant, zone)),
        (value, zone) => panic!("{value:?} in {zone:?} is no clock reading"),
    }
}

pub fn truncate(time: NaiveDateTime, grain: Grain, week_start: WeekStart) -> NaiveDateTime {
    let day = time.date();
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN);
    match grain {
        Grain::Millisecond => time.with_nanosecond(time.nanosecond() / 1_000_000 * 1_000_000).unwrap(),
        Grain::Second => time.with_nanosecond(0).unwrap(),
        Grain::Minute => day.and_hms_opt(time.hour(), time.minute(), 0).unwrap(),
        Grain::Hour => day.and_hms_opt(time.hour(), 0, 0).unwrap(),
        Grain::Day => midnight(day),
        Grain::Week => {
            let back = match week_start {
                WeekStart::Monday => day.weekday().num_days_from_monday(),
                WeekStart::Sunday => day.weekday().num_days_from_sunday(),
            };
            midnight(day - Days::new(u64::from(back)))
        }
        Grain::Month => midnight(day.with_day(1).unwrap()),
        Grain::Quarter => midnight(day.with_day(1).unwrap().with_month(day.month0() / 3 * 3 + 1).unwrap()),
        Grain::Year => midnight(NaiveDate::from_ymd_opt(day.year(), 1, 1).unwrap()),
    }
}

pub fn part(time: NaiveDateTime, part: DatePart) -> i64 {
    i64::from(match part {
        DatePart::Year => return i64::from(time.year()),
        DatePart::Quarter => time.month0() / 3 + 1,
        DatePart::Month => time.month(),
        DatePart::Week => time.iso_week().week(),
        DatePart::Day => time.day(),
        DatePart::DayOfWeek => time.weekday().number_from_monday(),
        DatePart::DayOfYear => time.ordinal(),
        DatePart::Hour => time.hour(),
        DatePart::Minute => time.minute(),
    })
}

pub fn shift(microseconds: i64, months: i32, by: i64) -> i64 {
    let time = naive(microseconds);
    let count = Months::new(months.unsigned_abs());
    micros(if months < 0 { time - count } else { time + count }) + by
}
