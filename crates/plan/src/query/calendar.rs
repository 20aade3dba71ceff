//! Arithmetic on wall clocks: microseconds since 1970-01-01T00:00:00, without a zone.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime};
use shared::semantic::{CompareAlign, FiscalYearStart, Grain, Span, TimeUnit, WeekStart};

pub const DAY: i64 = 86_400_000_000;
pub const HOUR: i64 = 3_600_000_000;
pub const MINUTE: i64 = 60_000_000;

/// A distance on the calendar: months (the day clamped to the month's end), then microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shift {
    pub months: i32,
    pub microseconds: i64,
}

impl Shift {
    pub const NONE: Self = Self {
        months: 0,
        microseconds: 0,
    };

    pub fn of(span: Span) -> Self {
        let count = i64::from(span.count);
        let months = |each: i64| Self {
            months: i32::try_from(count * each).unwrap_or(i32::MAX / 2),
            microseconds: 0,
        };
        let exact = |each: i64| Self {
            months: 0,
            microseconds: count.saturating_mul(each),
        };
        match span.unit {
            TimeUnit::Minute => exact(MINUTE),
            TimeUnit::Hour => exact(HOUR),
            TimeUnit::Day => exact(DAY),
            TimeUnit::Week => exact(7 * DAY),
            TimeUnit::Month => months(1),
            TimeUnit::Quarter => months(3),
            TimeUnit::Year => months(12),
        }
    }

    /// Days of its month before fiscal years start.
    pub fn days_of(start: FiscalYearStart) -> Self {
        Self {
            months: 0,
            microseconds: i64::from(start.days()) * DAY,
        }
    }

    /// Months of the common year before fiscal years start.
    pub fn months_of(start: FiscalYearStart) -> Self {
        Self {
            months: i32::from(start.months()),
            microseconds: 0,
        }
    }

    /// Whole weeks instead of calendar units: a month is 28 days, a quarter 91, a year 364.
    pub fn aligned(span: Span, align: &CompareAlign) -> Self {
        let days = |count: i64| Self {
            months: 0,
            microseconds: i64::from(span.count).saturating_mul(count * DAY),
        };
        match (align, span.unit) {
            (CompareAlign::Weekday, TimeUnit::Month) => days(28),
            (CompareAlign::Weekday, TimeUnit::Quarter) => days(91),
            (CompareAlign::Weekday, TimeUnit::Year) => days(364),
            (
                CompareAlign::Calendar | CompareAlign::Weekday | CompareAlign::Shift(_),
                TimeUnit::Minute
                | TimeUnit::Hour
                | TimeUnit::Day
                | TimeUnit::Week
                | TimeUnit::Month
                | TimeUnit::Quarter
                | TimeUnit::Year,
            ) => Self::of(span),
        }
    }

    pub const fn back(self) -> Self {
        Self {
            months: -self.months,
            microseconds: -self.microseconds,
        }
    }

    pub const fn is_whole_days(self) -> bool {
        self.months == 0 && self.microseconds % DAY == 0
    }
}

fn naive(wall: i64) -> NaiveDateTime {
    DateTime::from_timestamp_micros(wall)
        .map(|time| time.naive_utc())
        .unwrap_or_default()
}

fn micros(time: NaiveDateTime) -> i64 {
    time.and_utc().timestamp_micros()
}

fn midnight(day: NaiveDate) -> i64 {
    micros(day.and_time(NaiveTime::MIN))
}

/// The start of the bucket that `wall` lies in.
pub fn truncate(wall: i64, grain: Grain, week_start: WeekStart) -> i64 {
    let day = naive(wall).date();
    let first_of = |month: u32| NaiveDate::from_ymd_opt(day.year(), month, 1).map_or(wall, midnight);
    match grain {
        Grain::Millisecond => wall - wall.rem_euclid(1_000),
        Grain::Second => wall - wall.rem_euclid(1_000_000),
        Grain::Minute => wall - wall.rem_euclid(MINUTE),
        Grain::Hour => wall - wall.rem_euclid(HOUR),
        Grain::Day => wall - wall.rem_euclid(DAY),
        Grain::Week => {
            let since = match week_start {
                WeekStart::Monday => day.weekday().num_days_from_monday(),
                WeekStart::Sunday => day.weekday().num_days_from_sunday(),
            };
            midnight(day.checked_sub_days(Days::new(u64::from(since))).unwrap_or(day))
        }
        Grain::Month => first_of(day.month()),
        Grain::Quarter => first_of((day.month() - 1) / 3 * 3 + 1),
        Grain::Year => first_of(1),
    }
}

/// The smallest bucket start that is not before `wall`.
pub fn ceil(wall: i64, grain: Grain, week_start: WeekStart) -> i64 {
    let floor = truncate(wall, grain, week_start);
    if floor == wall { wall } else { shift(floor, step(grain)) }
}

/// From one bucket start to the next.
pub const fn step(grain: Grain) -> Shift {
    match grain {
        Grain::Millisecond => Shift {
            months: 0,
            microseconds: 1_000,
        },
        Grain::Second => Shift {
            months: 0,
            microseconds: 1_000_000,
        },
        Grain::Minute => Shift {
            months: 0,
            microseconds: MINUTE,
        },
        Grain::Hour => Shift {
            months: 0,
            microseconds: HOUR,
        },
        Grain::Day => Shift {
            months: 0,
            microseconds: DAY,
        },
        Grain::Week => Shift {
            months: 0,
            microseconds: 7 * DAY,
        },
        Grain::Month => Shift {
            months: 1,
            microseconds: 0,
        },
        Grain::Quarter => Shift {
            months: 3,
            microseconds: 0,
        },
        Grain::Year => Shift {
            months: 12,
            microseconds: 0,
        },
    }
}

pub fn shift(wall: i64, by: Shift) -> i64 {
    let time = naive(wall);
    let months = Months::new(by.months.unsigned_abs());
    let moved = if by.months < 0 {
        time.checked_sub_months(months)
    } else {
        time.checked_add_months(months)
    };
    micros(moved.unwrap_or(time)).saturating_add(by.microseconds)
}

/// `2026-11-20`
pub fn day_text(wall: i64) -> String {
    naive(wall).date().format("%Y-%m-%d").to_string()
}

/// The wall clock of a date, date-time, month (`2026-11`) or year, without an offset.
pub fn parse(text: &str) -> Option<i64> {
    let text = text.trim();
    let first = |text: String| NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().map(midnight);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    match text.len() {
        4 if digits(text) => first(format!("{text}-01-01")),
        7 if digits(text) => first(format!("{text}-01")),
        10 => first(text.to_owned()),
        _ => {
            let text = text.replacen(' ', "T", 1);
            ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"]
                .into_iter()
                .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
                .map(micros)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> i64 {
        parse(text).unwrap()
    }

    #[test]
    fn buckets_start_where_the_calendar_says() {
        let wall = at("2026-11-20T09:41:07.123456");
        let start = |grain| day_text(truncate(wall, grain, WeekStart::Monday));
        assert_eq!(start(Grain::Week), "2026-11-16");
        assert_eq!(start(Grain::Month), "2026-11-01");
        assert_eq!(start(Grain::Quarter), "2026-10-01");
        assert_eq!(start(Grain::Year), "2026-01-01");
        assert_eq!(day_text(truncate(wall, Grain::Week, WeekStart::Sunday)), "2026-11-15");
        assert_eq!(truncate(wall, Grain::Hour, WeekStart::Monday), at("2026-11-20T09:00"));
        assert_eq!(ceil(wall, Grain::Quarter, WeekStart::Monday), at("2027-01"));
        assert_eq!(
            truncate(at("1969-12-31T23:59"), Grain::Day, WeekStart::Monday),
            at("1969-12-31")
        );
    }

    #[test]
    fn leap_days_clamp() {
        let year = Shift::of(Span {
            count: 1,
            unit: TimeUnit::Year,
        });
        assert_eq!(day_text(shift(at("2024-02-29"), year.back())), "2023-02-28");
        assert_eq!(
            day_text(shift(
                at("2024-02-29"),
                Shift {
                    months: 1,
                    microseconds: 0
                }
            )),
            "2024-03-29"
        );
        let weekday = Shift::aligned(
            Span {
                count: 1,
                unit: TimeUnit::Year,
            },
            &CompareAlign::Weekday,
        );
        assert_eq!(day_text(shift(at("2025-02-28"), weekday.back())), "2024-03-01");
    }

    #[test]
    fn reads_dates_as_people_write_them() {
        assert_eq!(parse("2026"), parse("2026-01-01"));
        assert_eq!(parse("2026-11-20 09:00"), parse("2026-11-20T09:00:00"));
        assert_eq!(parse("20.11.2026"), None);
        assert_eq!(parse("2026-13-01"), None);
    }
}
