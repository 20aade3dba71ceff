//! Dates and times as text of the wire. All counts are microseconds (times of day: nanoseconds).

use chrono::{
    DateTime, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeZone as _, Timelike as _,
};
use chrono_tz::Tz;
use shared::table::Cell;

/// `2026-11-20` from days since 1970; NULL outside the calendar.
pub fn date_text(days: i64) -> Cell {
    let date = NaiveDate::from_ymd_opt(1970, 1, 1)
        .zip(Duration::try_days(days))
        .and_then(|(epoch, days)| epoch.checked_add_signed(days));
    date.map_or(Cell::Null, |date| Cell::Text(date.format("%Y-%m-%d").to_string()))
}

/// `09:00:00`, with a fraction when there is one.
pub fn time_text(nanoseconds: i64) -> Cell {
    let seconds = u32::try_from(nanoseconds.div_euclid(1_000_000_000));
    let rest = u32::try_from(nanoseconds.rem_euclid(1_000_000_000));
    let time = seconds
        .ok()
        .zip(rest.ok())
        .and_then(|(seconds, rest)| NaiveTime::from_num_seconds_from_midnight_opt(seconds, rest));
    time.map_or(Cell::Null, |time| {
        Cell::Text(format!("{}{}", time.format("%H:%M:%S"), fraction(time.nanosecond())))
    })
}

/// A wall clock; of `zone` when given, and then with that zone's offset at the reading (the earlier where it exists twice).
pub fn wall_clock_text(microseconds: i64, zone: Option<Tz>) -> Cell {
    let Some(clock) = DateTime::from_timestamp_micros(microseconds).map(|time| time.naive_utc()) else {
        return Cell::Null;
    };
    let offset = zone.map(|zone| match zone.offset_from_local_datetime(&clock) {
        MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => offset.fix().local_minus_utc(),
        // The start of a bucket that falls into the gap: the offset that was in force before it.
        MappedLocalTime::None => zone
            .offset_from_utc_datetime(&(clock - Duration::hours(24)))
            .fix()
            .local_minus_utc(),
    });
    Cell::Text(write(clock, offset))
}

/// An instant, shown in `zone`, else in UTC.
pub fn instant_text(microseconds: i64, zone: Option<Tz>) -> Cell {
    let Some(instant) = DateTime::from_timestamp_micros(microseconds) else {
        return Cell::Null;
    };
    let local = instant.with_timezone(&zone.unwrap_or(Tz::UTC));
    Cell::Text(write(local.naive_local(), Some(local.offset().fix().local_minus_utc())))
}

fn write(clock: NaiveDateTime, offset_seconds: Option<i32>) -> String {
    let mut text = format!("{}{}", clock.format("%Y-%m-%dT%H:%M:%S"), fraction(clock.nanosecond()));
    match offset_seconds {
        None => {}
        Some(0) => text.push('Z'),
        Some(seconds) => {
            let sign = if seconds < 0 { '-' } else { '+' };
            let minutes = seconds.unsigned_abs() / 60;
            text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        }
    }
    text
}

/// `.5` → `.500`, microseconds → six digits, nothing for whole seconds.
fn fraction(nanoseconds: u32) -> String {
    let micros = nanoseconds / 1000 % 1_000_000;
    match micros {
        0 => String::new(),
        _ if micros.is_multiple_of(1000) => format!(".{:03}", micros / 1000),
        _ => format!(".{micros:06}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_shown_in_their_zone() {
        let berlin = Some(Tz::Europe__Berlin);
        // 2026-03-29T00:59:59.500Z and one second later, across the gap.
        assert_eq!(
            instant_text(1_774_745_999_500_000, berlin),
            Cell::from("2026-03-29T01:59:59.500+01:00")
        );
        assert_eq!(
            instant_text(1_774_746_000_500_000, berlin),
            Cell::from("2026-03-29T03:00:00.500+02:00")
        );
        assert_eq!(
            instant_text(1_774_746_000_000_000, None),
            Cell::from("2026-03-29T01:00:00Z")
        );
    }

    #[test]
    fn dates_and_times_of_day() {
        assert_eq!(date_text(20_777), Cell::from("2026-11-20"));
        assert_eq!(date_text(-1), Cell::from("1969-12-31"));
        assert_eq!(date_text(i64::MAX), Cell::Null);
        assert_eq!(time_text(32_400_000_000_000), Cell::from("09:00:00"));
    }
}
