//! Comparison with an earlier period: which rows are read, and under which displayed period they are counted.

use shared::{
    AppError,
    semantic::{Compare, CompareAlign, ComparePartial, DatePart, Grain, StoredTime, TimeUnit, WeekStart},
};

use super::{
    calendar::{self, DAY, Shift},
    clock::Clock,
    interval::Interval,
    names::dimension_in,
    resolved::{Fact, Resolved},
};

/// How a row of the earlier period gets its displayed period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// No time is displayed.
    Range,
    /// Its bucket is moved forward; buckets and earlier buckets pair one to one.
    Buckets { grain: Grain },
    /// The row's time is moved forward, then displayed.
    Rows,
    /// Joined with a spine of displayed buckets, because two may read the same earlier one (29 and 28 February).
    SpineOfBuckets { grain: Grain },
    /// Joined with a spine of displayed days.
    SpineOfDays,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Shifting {
    pub method: Method,
    /// From the earlier time to the displayed one.
    pub by: Shift,
    /// The rows that are read.
    pub read: Interval,
    /// Rows left out of it, so that the earlier period ends where the unfinished one does.
    pub cut: Option<Interval>,
    /// Week 53 has no partner in a year without one.
    pub no_week_53: bool,
}

/// What is known of a comparison before the keys of one relation are.
pub struct Comparison<'r, 'a> {
    resolved: &'r Resolved<'a>,
    compare: &'r Compare,
    by: Shift,
    /// The one grain in which the axis is displayed, if so.
    grain: Option<Grain>,
    /// The coarsest of them.
    coarsest: Option<Grain>,
    axis_keys: Vec<usize>,
}

impl<'r, 'a> Comparison<'r, 'a> {
    /// # Errors
    /// `invalid`: a shift of nothing, weekday alignment of hours, no range where no time is displayed.
    pub fn of(resolved: &'r Resolved<'a>, compare: &'r Compare) -> Result<Self, AppError> {
        let place = if compare.alias.is_empty() {
            "offset".to_owned()
        } else {
            format!("compare.{}", compare.alias)
        };
        let span = compare.shift;
        let hours = matches!(span.unit, TimeUnit::Hour | TimeUnit::Minute);
        if span.count == 0 || span.count > 10_000 {
            return Err(AppError::invalid(place, "A comparison shifts by 1 to 10,000 units."));
        }
        if compare.align == CompareAlign::Weekday && hours {
            return Err(AppError::invalid(
                place,
                "Hours and minutes cannot be aligned by weekday.",
            ));
        }
        let is_date = |fact: &Fact<'_>| {
            dimension_in(resolved, &resolved.axis, fact)
                .is_ok_and(|dimension| dimension.stored == Some(StoredTime::Date))
        };
        if hours && resolved.facts.iter().any(is_date) {
            return Err(AppError::invalid(
                place,
                format!("{} is a date; it cannot be shifted by hours.", resolved.axis.name()),
            ));
        }
        let axis_keys = resolved.axis_keys();
        let axis: Vec<_> = axis_keys.iter().filter_map(|key| resolved.keys.get(*key)).collect();
        if axis.is_empty() && resolved.range.bounds().is_none() {
            return Err(AppError::invalid(
                place,
                "A comparison needs a time range with two ends, or a time dimension.",
            )
            .with_hint("Filter by a range of time, or group by time."));
        }
        let grain = match axis.as_slice() {
            [key] => key.grain,
            _ => None,
        };
        let coarsest = axis.iter().filter_map(|key| key.grain).max();
        Ok(Self {
            resolved,
            compare,
            by: Shift::aligned(span, compare.align),
            grain,
            coarsest,
            axis_keys,
        })
    }

    /// The rows to read for a relation with these keys; `None`: there is nothing to compare with.
    ///
    /// # Errors
    /// `invalid` when the displayed time cannot be shifted like this.
    pub fn shifting(&self, keys: &[usize]) -> Result<Option<Shifting>, AppError> {
        let clock = &self.resolved.clock;
        let shows_axis = self.axis_keys.iter().any(|key| keys.contains(key));
        let method = match (shows_axis, self.bucket_grain()) {
            (true, Some(grain)) if self.pairs_buckets(grain) => Method::Buckets { grain },
            (true, Some(grain)) => Method::SpineOfBuckets { grain },
            (true, None) if self.by.months == 0 => Method::Rows,
            (true, None) => Method::SpineOfDays,
            (false, _) => Method::Range,
        };
        if !shows_axis && self.resolved.range.bounds().is_none() {
            return Ok(None);
        }
        let (read, cut) = match self.bucket_grain() {
            Some(grain) => self.read_buckets(grain),
            None => self.read_rows(),
        };
        if self.needs_spine(method)
            && self.resolved.range.bounds().is_none()
            && self.grain.is_some_and(|grain| grain < Grain::Day)
        {
            return Err(AppError::invalid(
                "time",
                "This comparison needs a time range with two ends.",
            ));
        }
        let no_week_53 = self.grain == Some(Grain::Week)
            && self.compare.shift.unit == TimeUnit::Year
            && self.compare.align == CompareAlign::Calendar
            && clock.week_start == WeekStart::Monday;
        Ok(Some(Shifting {
            method,
            by: self.by,
            read,
            cut,
            no_week_53,
        }))
    }

    const fn needs_spine(&self, method: Method) -> bool {
        matches!(method, Method::SpineOfBuckets { .. } | Method::SpineOfDays)
    }

    /// The displayed grain, when the shift moves whole buckets of it.
    fn bucket_grain(&self) -> Option<Grain> {
        let grain = self.grain?;
        let months = i64::from(self.by.months);
        let whole = match grain {
            Grain::Year => months != 0 && months % 12 == 0,
            Grain::Quarter => months != 0 && months % 3 == 0,
            Grain::Month => months != 0,
            Grain::Week => months != 0 || self.by.microseconds % (7 * DAY) == 0,
            Grain::Day => months != 0 || self.by.microseconds % DAY == 0,
            Grain::Hour | Grain::Minute | Grain::Second | Grain::Millisecond => {
                let step = calendar::step(grain).microseconds;
                months != 0 || self.by.microseconds % step == 0
            }
        };
        whole.then_some(grain)
    }

    /// Does every earlier bucket belong to exactly one displayed bucket?
    fn pairs_buckets(&self, grain: Grain) -> bool {
        self.by.months == 0 || grain >= Grain::Month
    }

    /// Whole earlier buckets of all displayed ones.
    fn read_buckets(&self, grain: Grain) -> (Interval, Option<Interval>) {
        let clock = &self.resolved.clock;
        let range = self.resolved.range;
        let partner = |wall: i64| clock.truncate(calendar::shift(clock.truncate(wall, grain), self.by.back()), grain);
        let from = range.from.map(|from| clock.at_wall(partner(from.wall)));
        let to = range.to.map(|to| {
            let start = partner(to.wall - 1);
            clock.at_wall(calendar::shift(start, calendar::step(grain)))
        });
        let cut = self.unfinished(grain).and_then(|start| {
            let earlier = Interval::bucket(partner(start), grain, clock);
            let (from, to) = earlier.bounds()?;
            let end = from.wall + (clock.as_of.wall - start);
            (end < to.wall).then(|| Interval::between(clock.at_wall(end), to))
        });
        (Interval { from, to }, cut.filter(|_| self.cuts()))
    }

    /// The range moved back.
    fn read_rows(&self) -> (Interval, Option<Interval>) {
        let clock = &self.resolved.clock;
        let read = self.resolved.range.shifted(self.by.back(), clock);
        if !self.cuts() {
            return (read, None);
        }
        match (self.coarsest, self.resolved.range.bounds(), read.bounds()) {
            (Some(grain), _, _) => {
                let cut = self.unfinished(grain).map(|start| {
                    let end = calendar::shift(start, calendar::step(grain));
                    let rest = Interval::between(clock.as_of, clock.at_wall(end));
                    rest.shifted(self.by.back(), clock)
                });
                (read, cut)
            }
            (None, Some((from, to)), Some((read_from, read_to))) if from <= clock.as_of && clock.as_of < to => {
                let end = clock.at_wall(read_from.wall + (clock.as_of.wall - from.wall));
                (Interval::between(read_from, end.min(read_to)), None)
            }
            (None, _, _) => (read, None),
        }
    }

    fn cuts(&self) -> bool {
        self.compare.partial == Some(ComparePartial::SameElapsed)
    }

    /// Start of the bucket that `as_of` lies in, when it is displayed.
    fn unfinished(&self, grain: Grain) -> Option<i64> {
        let clock = &self.resolved.clock;
        let range = self.resolved.range;
        let start = clock.truncate(clock.as_of.wall, grain);
        let end = calendar::shift(start, calendar::step(grain));
        let displayed = range.to.is_none_or(|to| start < to.wall) && range.from.is_none_or(|from| from.wall < end);
        displayed.then_some(start)
    }

    /// An unfinished period stands beside a whole one.
    pub fn compares_unequal_periods(&self) -> bool {
        let now = self.resolved.clock.as_of;
        let unfinished = match (self.coarsest, self.resolved.range.bounds()) {
            (Some(grain), _) => self.unfinished(grain).is_some_and(|start| start < now.wall),
            (None, Some((from, to))) => from < now && now < to,
            (None, None) => false,
        };
        unfinished && !self.cuts()
    }
}

/// Is the part the same for all times of a bucket?
pub const fn is_fixed_within(part: DatePart, grain: Grain) -> bool {
    let unit = match part {
        DatePart::Year => Grain::Year,
        DatePart::Quarter => Grain::Quarter,
        DatePart::Month => Grain::Month,
        DatePart::Week => Grain::Week,
        DatePart::Day | DatePart::DayOfWeek | DatePart::DayOfYear => Grain::Day,
        DatePart::Hour => Grain::Hour,
        DatePart::Minute => Grain::Minute,
    };
    holds(unit, grain)
}

/// Does a bucket of `unit` hold whole buckets of `grain`?
pub const fn holds(unit: Grain, grain: Grain) -> bool {
    match (unit, grain) {
        (Grain::Month | Grain::Quarter | Grain::Year, Grain::Week) => false,
        _ => (grain as u8) <= (unit as u8),
    }
}

/// Displayed buckets when the range is open: every day that people keep data about.
pub fn spine_bounds(range: Interval, grain: Grain, clock: &Clock) -> (i64, i64) {
    let open = |text: &str| calendar::parse(text).unwrap_or_default();
    let from = range.from.map_or_else(|| open("1700-01-01"), |from| from.wall);
    let to = range.to.map_or_else(|| open("2300-01-01"), |to| to.wall);
    (clock.truncate(from, grain), to)
}
