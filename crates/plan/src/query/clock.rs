//! The query's time zone, its "now", and moments in it.

use chrono::{DateTime, LocalResult, NaiveDateTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use shared::{
    AppError,
    semantic::{FiscalYearStart, Grain, Model, Query, WeekStart},
};

use super::{
    PlanContext,
    calendar::{self, MINUTE, Shift},
};

/// A named IANA zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Zone {
    tz: Tz,
}

impl Zone {
    /// # Errors
    /// `invalid` for a name that is no IANA zone.
    pub fn named(name: &str, field: &str) -> Result<Self, AppError> {
        let unknown = || {
            AppError::invalid(field, format!("There is no time zone called {name}."))
                .with_hint("Use a name such as Europe/Berlin or America/New_York.")
        };
        name.parse().map(|tz| Self { tz }).map_err(|_| unknown())
    }

    pub fn name(&self) -> String {
        self.tz.name().to_owned()
    }

    /// What the clock on the wall shows at an instant (both in microseconds).
    pub fn wall_of(&self, instant: i64) -> i64 {
        let utc = naive(instant);
        let offset = self.tz.offset_from_utc_datetime(&utc).fix().local_minus_utc();
        instant + i64::from(offset) * 1_000_000
    }

    /// The instant at which the clock shows `wall`: the earlier of two; moved on by the gap when there is none.
    pub fn instant_of(&self, wall: i64) -> i64 {
        let local = naive(wall);
        let offset = match self.tz.offset_from_local_datetime(&local) {
            LocalResult::Single(offset) => offset,
            LocalResult::Ambiguous(one, other) => {
                // The greater offset comes first.
                if one.fix().local_minus_utc() >= other.fix().local_minus_utc() {
                    one
                } else {
                    other
                }
            }
            LocalResult::None => {
                let before = local.checked_sub_signed(TimeDelta::days(1)).unwrap_or(local);
                self.tz.offset_from_utc_datetime(&before)
            }
        };
        wall - i64::from(offset.fix().local_minus_utc()) * 1_000_000
    }
}

fn naive(microseconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp_micros(microseconds)
        .map(|time| time.naive_utc())
        .unwrap_or_default()
}

/// A point in time: the instant, and what the query's clock shows (microseconds since 1970).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    pub instant: i64,
    pub wall: i64,
}

/// Zone, weeks and "now" of one query.
#[derive(Clone, Debug, PartialEq)]
pub struct Clock {
    pub zone: Zone,
    pub week_start: WeekStart,
    pub fiscal_year_start: Option<FiscalYearStart>,
    /// Rounded down to the minute.
    pub as_of: Moment,
}

impl Clock {
    /// # Errors
    /// `invalid` for an unknown zone or an unreadable `as_of`.
    pub fn of(query: &Query, model: &Model, context: &PlanContext) -> Result<Self, AppError> {
        let zone = match &query.time_zone {
            Some(name) => Zone::named(name, "time_zone")?,
            None => Zone::named(&model.time_zone, "model.time_zone")?,
        };
        let now = match &query.as_of {
            Some(text) => DateTime::parse_from_rfc3339(text)
                .map(|time| time.with_timezone(&Utc))
                .map_err(|_| AppError::invalid("as_of", "as_of is a time such as 2026-11-20T09:00:00Z."))?,
            None => context.as_of,
        };
        let instant = now.timestamp_micros();
        let instant = instant - instant.rem_euclid(MINUTE);
        let as_of = Moment {
            instant,
            wall: zone.wall_of(instant),
        };
        Ok(Self {
            zone,
            week_start: model.week_start,
            fiscal_year_start: model.fiscal_year_start,
            as_of,
        })
    }

    pub fn at_wall(&self, wall: i64) -> Moment {
        Moment {
            instant: self.zone.instant_of(wall),
            wall,
        }
    }

    pub fn at_instant(&self, instant: i64) -> Moment {
        Moment {
            instant,
            wall: self.zone.wall_of(instant),
        }
    }

    pub fn truncate(&self, wall: i64, grain: Grain) -> i64 {
        calendar::truncate(wall, grain, self.week_start)
    }

    /// The start of the fiscal period of `grain` that a wall clock lies in: days and months are taken off until the year
    /// starts on the first of January, and put on again.
    pub fn truncate_fiscal(&self, wall: i64, start: FiscalYearStart, grain: Grain) -> i64 {
        let days = Shift::days_of(start);
        let months = Shift::months_of(start);
        let common = calendar::shift(calendar::shift(wall, days.back()), months.back());
        calendar::shift(calendar::shift(self.truncate(common, grain), months), days)
    }

    /// RFC 3339 in UTC.
    pub fn as_of_text(&self) -> String {
        self.text(self.as_of)
    }

    pub fn text(&self, moment: Moment) -> String {
        let time = DateTime::from_timestamp_micros(moment.instant).unwrap_or_default();
        time.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()
    }

    /// An ISO date or date-time; without an offset it is read in the query's zone.
    pub fn parse(&self, text: &str) -> Option<Moment> {
        if let Ok(time) = DateTime::parse_from_rfc3339(text.trim()) {
            return Some(self.at_instant(time.timestamp_micros()));
        }
        calendar::parse(text).map(|wall| self.at_wall(wall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wall(text: &str) -> i64 {
        calendar::parse(text).unwrap()
    }

    #[test]
    fn both_days_of_daylight_saving() {
        let berlin = Zone::named("Europe/Berlin", "time_zone").unwrap();
        let utc = |text| berlin.instant_of(wall(text)) - wall("1970");
        assert_eq!(utc("2026-03-29"), wall("2026-03-28T23:00"));
        assert_eq!(utc("2026-03-30"), wall("2026-03-29T22:00"));
        assert_eq!(utc("2025-10-26"), wall("2025-10-25T22:00"));
        assert_eq!(utc("2025-10-27"), wall("2025-10-26T23:00"));
        // 02:30 does not exist in spring and exists twice in autumn.
        assert_eq!(utc("2026-03-29T02:30"), wall("2026-03-29T01:30"));
        assert_eq!(utc("2025-10-26T02:30"), wall("2025-10-26T00:30"));
        assert_eq!(berlin.wall_of(wall("2026-03-29T01:00")), wall("2026-03-29T03:00"));
    }
}
