//! Half-open stretches of time, and the ranges of a query resolved to them.

use shared::{
    AppError,
    semantic::{Grain, RangeUnit, Span, TimeRange, TimeUnit},
};

use super::{
    calendar::{self, Shift},
    clock::{Clock, Moment},
};

/// From `from` until just before `to`; a missing edge is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Interval {
    pub from: Option<Moment>,
    pub to: Option<Moment>,
}

/// Counts above this are typing errors, and would leave the calendar.
const MOST_UNITS: u32 = 100_000;

impl Interval {
    pub const ALL: Self = Self { from: None, to: None };

    pub const fn between(from: Moment, to: Moment) -> Self {
        Self {
            from: Some(from),
            to: Some(to),
        }
    }

    pub const fn is_all(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    pub const fn bounds(&self) -> Option<(Moment, Moment)> {
        match (self.from, self.to) {
            (Some(from), Some(to)) => Some((from, to)),
            _ => None,
        }
    }

    #[must_use]
    pub fn intersect(self, other: Self) -> Self {
        let from = match (self.from, other.from) {
            (Some(left), Some(right)) => Some(left.max(right)),
            (left, right) => left.or(right),
        };
        let to = match (self.to, other.to) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
        Self { from, to }
    }

    /// Both edges moved on the wall clock.
    #[must_use]
    pub fn shifted(self, by: Shift, clock: &Clock) -> Self {
        let moved = |moment: Moment| clock.at_wall(calendar::shift(moment.wall, by));
        Self {
            from: self.from.map(moved),
            to: self.to.map(moved),
        }
    }

    /// The bucket of `grain` that starts at `wall`.
    pub fn bucket(wall: i64, grain: Grain, clock: &Clock) -> Self {
        Self::between(
            clock.at_wall(wall),
            clock.at_wall(calendar::shift(wall, calendar::step(grain))),
        )
    }

    /// `2026-01-01T00:00:00Z to …`, in UTC.
    pub fn to_text(self, clock: &Clock) -> String {
        let edge = |moment: Option<Moment>| moment.map_or_else(|| "open".to_owned(), |moment| clock.text(moment));
        format!("{} to {}", edge(self.from), edge(self.to))
    }
}

/// A range of the query document as an interval, by the query's clock.
///
/// # Errors
/// `invalid` for counts of zero, unreadable edges, an end before its start, or fiscal units of a model that has none.
pub fn resolve_range(range: &TimeRange, clock: &Clock, field: &str) -> Result<Interval, AppError> {
    match range {
        TimeRange::Last(last) => {
            check_count(last.last, "last", field)?;
            let (start, end) = current(last.unit, clock, field)?;
            let (back, to) = if last.complete {
                (last.last, start)
            } else {
                (last.last - 1, end)
            };
            Ok(Interval::between(
                moved(start, last.unit.length(), back, true, clock),
                to,
            ))
        }
        TimeRange::This(this) if this.this == 1 => {
            let (start, end) = current(this.unit, clock, field)?;
            Ok(Interval::between(start, end))
        }
        TimeRange::This(_) => Err(AppError::invalid(field, "`this` is always 1: the current unit.")),
        TimeRange::Next(next) => {
            check_count(next.next, "next", field)?;
            let (_, end) = current(next.unit, clock, field)?;
            Ok(Interval::between(
                end,
                moved(end, next.unit.length(), next.next, false, clock),
            ))
        }
        TimeRange::ToDate(to_date) => {
            let (start, _) = current(to_date.to_date, clock, field)?;
            Ok(Interval::between(start, clock.as_of))
        }
        TimeRange::Between(between) => {
            let edge = |text: &Option<String>| {
                let unreadable =
                    |text: &String| AppError::invalid(field, format!("{text:?} is not a date such as 2026-11-20."));
                text.as_ref()
                    .map(|text| clock.parse(text).ok_or_else(|| unreadable(text)))
                    .transpose()
            };
            let interval = Interval {
                from: edge(&between.from)?,
                to: edge(&between.to)?,
            };
            match interval.bounds() {
                Some((from, to)) if to < from => Err(AppError::invalid(field, "The range ends before it starts.")),
                _ => Ok(interval),
            }
        }
        TimeRange::All(all) if all.all => Ok(Interval::ALL),
        TimeRange::All(_) => Err(AppError::invalid(field, "`all` is either true or left out.")),
    }
}

fn check_count(count: u32, word: &str, field: &str) -> Result<(), AppError> {
    if (1..=MOST_UNITS).contains(&count) {
        Ok(())
    } else {
        Err(AppError::invalid(
            field,
            format!("`{word}` counts 1 to {MOST_UNITS} units."),
        ))
    }
}

/// Start of the unit that `as_of` lies in, and of the next.
fn current(unit: RangeUnit, clock: &Clock, field: &str) -> Result<(Moment, Moment), AppError> {
    let (now, length) = (clock.as_of, unit.length());
    let start = match unit {
        // Within the hour that comes twice, the wall clock alone cannot say which.
        RangeUnit::Minute | RangeUnit::Hour => {
            clock.at_instant(now.instant - (now.wall - clock.truncate(now.wall, length.grain())))
        }
        RangeUnit::Day | RangeUnit::Week | RangeUnit::Month | RangeUnit::Quarter | RangeUnit::Year => {
            clock.at_wall(clock.truncate(now.wall, length.grain()))
        }
        RangeUnit::FiscalQuarter | RangeUnit::FiscalYear => {
            let year = clock.fiscal_year_start.ok_or_else(|| {
                let text = format!("{} needs the model's fiscal_year_start, such as 02-01.", unit.as_str());
                AppError::invalid(field, text)
            })?;
            clock.at_wall(clock.truncate_fiscal(now.wall, year, length.grain()))
        }
    };
    Ok((start, moved(start, length, 1, false, clock)))
}

/// Hours and minutes pass on the instant's own line, days and more on the calendar.
fn moved(start: Moment, unit: TimeUnit, count: u32, back: bool, clock: &Clock) -> Moment {
    let by = Shift::of(Span { count, unit });
    let by = if back { by.back() } else { by };
    match unit {
        TimeUnit::Minute | TimeUnit::Hour => clock.at_instant(start.instant.saturating_add(by.microseconds)),
        TimeUnit::Day | TimeUnit::Week | TimeUnit::Month | TimeUnit::Quarter | TimeUnit::Year => {
            clock.at_wall(calendar::shift(start.wall, by))
        }
    }
}

#[cfg(test)]
mod tests {
    use shared::semantic::WeekStart;

    use super::*;
    use crate::query::clock::Zone;

    fn clock(as_of: &str) -> Clock {
        let zone = Zone::named("Europe/Berlin", "time_zone").unwrap();
        let wall = calendar::parse(as_of).unwrap();
        let instant = zone.instant_of(wall);
        Clock {
            zone,
            week_start: WeekStart::Monday,
            fiscal_year_start: Some("04-06".parse().unwrap()),
            as_of: Moment { instant, wall },
        }
    }

    fn days(range: &str, as_of: &str) -> String {
        let range: TimeRange = serde_json::from_str(range).unwrap();
        let (from, to) = resolve_range(&range, &clock(as_of), "time").unwrap().bounds().unwrap();
        format!("{}..{}", calendar::day_text(from.wall), calendar::day_text(to.wall))
    }

    #[test]
    fn ranges_are_calendar_units_in_the_zone() {
        let now = "2026-11-20T09:00";
        assert_eq!(
            days(r#"{"last":4,"unit":"quarter","complete":true}"#, now),
            "2025-10-01..2026-10-01"
        );
        assert_eq!(days(r#"{"last":4,"unit":"quarter"}"#, now), "2026-01-01..2027-01-01");
        assert_eq!(days(r#"{"last":7,"unit":"day"}"#, now), "2026-11-14..2026-11-21");
        assert_eq!(days(r#"{"this":1,"unit":"week"}"#, now), "2026-11-16..2026-11-23");
        assert_eq!(days(r#"{"next":2,"unit":"month"}"#, now), "2026-12-01..2027-02-01");
        assert_eq!(
            days(r#"{"from":"2026-01","to":"2026-02-15"}"#, now),
            "2026-01-01..2026-02-15"
        );
    }

    #[test]
    fn fiscal_units_start_where_the_model_says() {
        let last = |count: u32, unit: &str| format!(r#"{{"last":{count},"unit":"{unit}","complete":true}}"#);
        let this = r#"{"this":1,"unit":"fiscal_year"}"#;
        for (now, year) in [
            ("2026-11-20T09:00", "2026-04-06..2027-04-06"),
            ("2026-04-06", "2026-04-06..2027-04-06"),
            ("2026-04-05T23:59", "2025-04-06..2026-04-06"),
            ("2028-02-29T12:00", "2027-04-06..2028-04-06"),
        ] {
            assert_eq!(days(this, now), year);
        }
        let now = "2026-11-20T09:00";
        assert_eq!(days(&last(2, "fiscal_quarter"), now), "2026-04-06..2026-10-06");
        assert_eq!(days(&last(1, "fiscal_year"), now), "2025-04-06..2026-04-06");
        assert_eq!(
            days(r#"{"next":1,"unit":"fiscal_quarter"}"#, now),
            "2027-01-06..2027-04-06"
        );
        let common = Clock {
            fiscal_year_start: None,
            ..clock(now)
        };
        let refused = resolve_range(&serde_json::from_str(this).unwrap(), &common, "time").unwrap_err();
        assert!(refused.to_string().contains("fiscal_year_start"), "{refused}");
    }

    #[test]
    fn to_date_ends_now_and_bad_ranges_say_why() {
        let clock = clock("2026-11-20T09:00");
        let read = |text: &str| resolve_range(&serde_json::from_str(text).unwrap(), &clock, "time");
        assert_eq!(read(r#"{"to_date":"year"}"#).unwrap().to, Some(clock.as_of));
        assert_eq!(read(r#"{"all":true}"#).unwrap(), Interval::ALL);
        for bad in [
            r#"{"last":0,"unit":"day"}"#,
            r#"{"from":"2026-02-01","to":"2026-01-01"}"#,
            r#"{"from":"soon"}"#,
        ] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_of_daylight_saving_has_23_hours() {
        let range = TimeRange::last(1, TimeUnit::Day);
        let (from, to) = resolve_range(&range, &clock("2026-03-29T12:00"), "time")
            .unwrap()
            .bounds()
            .unwrap();
        assert_eq!(to.instant - from.instant, 23 * calendar::HOUR);
        let (from, to) = resolve_range(&TimeRange::last(24, TimeUnit::Hour), &clock("2026-03-29T12:00"), "time")
            .unwrap()
            .bounds()
            .unwrap();
        assert_eq!(to.instant - from.instant, 24 * calendar::HOUR);
    }
}
