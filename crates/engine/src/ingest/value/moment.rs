//! Dates, wall clocks and instants as one value.

use super::{
    calendar::{self, Order},
    clock,
};

/// A point on the calendar as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Since 1970-01-01T00:00:00 on the clock it was written with.
    pub wall_microseconds: i64,
    pub has_time: bool,
    /// Seconds east of UTC, when written.
    pub offset_seconds: Option<i64>,
}

impl Moment {
    /// In UTC; a clock without an offset is read as UTC.
    pub const fn instant_microseconds(self) -> i64 {
        match self.offset_seconds {
            Some(seconds) => self.wall_microseconds - seconds * 1_000_000,
            None => self.wall_microseconds,
        }
    }
}

const DAY: i64 = 86_400_000_000;

/// `text` as a whole, with the date written in `order`.
pub fn parse(text: &str, order: Order) -> Option<Moment> {
    let (date, rest) = calendar::parse_prefix(text, order)?;
    let midnight = i64::from(calendar::days(date)) * DAY;
    if rest.is_empty() {
        return Some(Moment {
            wall_microseconds: midnight,
            has_time: false,
            offset_seconds: None,
        });
    }
    let rest = rest.strip_prefix(['T', 't', ' ']).or_else(|| rest.strip_prefix(", "))?;
    let (time, rest) = clock::parse_prefix(rest.trim_start_matches(' '))?;
    let offset_seconds = match rest {
        "" => None,
        rest => Some(clock::parse_offset(rest).filter(|(_, rest)| rest.is_empty())?.0),
    };
    Some(Moment {
        wall_microseconds: midnight + time,
        has_time: true,
        offset_seconds,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_with_and_without_offset() {
        let at = |text| parse(text, Order::YearFirst);
        assert_eq!(
            at("1970-01-02"),
            Some(Moment {
                wall_microseconds: DAY,
                has_time: false,
                offset_seconds: None
            })
        );
        assert_eq!(
            at("1970-01-01T01:00:00+01:00").map(Moment::instant_microseconds),
            Some(0)
        );
        assert_eq!(at("1970-01-01 00:00").map(Moment::instant_microseconds), Some(0));
        assert_eq!(at("1970-01-01T00:00:00 x"), None);
        assert_eq!(at("1970-01-01T"), None);
        assert_eq!(
            parse("20.11.2026 08:15", Order::DayFirst).map(|moment| moment.has_time),
            Some(true)
        );
    }
}
