//! Microseconds since 1970 as the calendar text that databases read.

use chrono::{DateTime, Datelike, NaiveDate};

use super::{Printed, Unsupported};

/// `2026-11-20 09:00:00`, with six digits behind the second only when there is a fraction.
pub fn clock_text(microseconds: i64) -> Printed<String> {
    let time = DateTime::from_timestamp_micros(microseconds)
        .map(|time| time.naive_utc())
        .filter(|time| (1..=9999).contains(&time.year()))
        .ok_or_else(|| Unsupported::new("times outside the years 1 to 9999"))?;
    let format = if microseconds.rem_euclid(1_000_000) == 0 {
        "%Y-%m-%d %H:%M:%S"
    } else {
        "%Y-%m-%d %H:%M:%S%.6f"
    };
    Ok(time.format(format).to_string())
}

/// `2026-11-20`, read and written again: nothing else can stand in a date.
pub fn date_text(text: &str) -> Printed<String> {
    text.parse::<NaiveDate>()
        .ok()
        .filter(|date| (1..=9999).contains(&date.year()))
        .map(|date| date.format("%Y-%m-%d").to_string())
        .ok_or_else(|| Unsupported::new("dates outside the years 1 to 9999"))
}
