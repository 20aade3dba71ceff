//! Comparison with an earlier period: which rows are read, and under which displayed period they are counted.

use shared::{
    AppError, ErrorCode,
    semantic::{Compare, CompareAlign, ComparePartial, DatePart, Grain, Offset, Span, StoredTime, TimeUnit, WeekStart},
};

use super::{
    calendar::{self, DAY, Shift},
    clock::Clock,
    interval::Interval,
    names::dimension_in,
    naming::{CELL, SHOWN},
    periods::{date, find_periods, named_days, same_places},
    resolved::{Fact, Resolved},
    start_of::first_steps,
};
use crate::logical::Node;

/// How a row of the earlier period gets its displayed period.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Method {
    /// No time is displayed, or the time of the row itself.
    Range,
    /// Its bucket is moved forward; buckets and earlier buckets pair one to one.
    Buckets { grain: Grain },
    /// The row's time is moved forward, then displayed.
    Rows,
    /// Joined with a spine of displayed buckets, because two may read the same earlier one (29 and 28 February).
    SpineOfBuckets { grain: Grain },
    /// Joined with a spine of displayed days.
    SpineOfDays,
    /// Joined with pairs of displayed and earlier days (or hours).
    Paired { grain: Grain },
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
    /// `SHOWN` and `CELL`, where they are paired.
    pub pairs: Option<Node>,
}

/// What leads to the earlier time.
#[derive(Clone, Debug)]
enum Way<'r> {
    Moved(Span, &'r CompareAlign),
    /// Days of the same place in earlier periods of a calendar.
    Periods {
        unit: &'r str,
        count: u32,
    },
    /// Days that a calendar's table names.
    Named(&'r str),
    StartOf(TimeUnit),
}

/// What is known of a comparison before the keys of one relation are.
pub struct Comparison<'r, 'a> {
    resolved: &'r Resolved<'a>,
    place: String,
    way: Way<'r>,
    partial: Option<ComparePartial>,
    by: Shift,
    /// The one grain in which the axis is displayed, if so.
    grain: Option<Grain>,
    /// The coarsest of them.
    coarsest: Option<Grain>,
    axis_keys: Vec<usize>,
}

impl<'r, 'a> Comparison<'r, 'a> {
    /// # Errors
    /// `invalid`: a shift of nothing, weekday alignment of hours, no range where no time is displayed; `unknown_field` for a
    /// shift that no calendar has.
    pub fn of(resolved: &'r Resolved<'a>, compare: &'r Compare) -> Result<Self, AppError> {
        let way = match &compare.align {
            align @ (CompareAlign::Calendar | CompareAlign::Weekday) => Way::Moved(compare.shift, align),
            CompareAlign::Shift(name) => Way::Named(name),
        };
        let place = format!("compare.{}", compare.alias);
        if matches!(way, Way::Named(_)) && compare.shift.count != 1 {
            let message = "A calendar's table names one day for each, so its shift is counted once.";
            return Err(AppError::invalid(place, message));
        }
        Self::by_way(resolved, place, way, compare.partial)
    }

    /// The earlier time that an input of a metric is taken from.
    ///
    /// # Errors
    /// As `of`.
    pub fn of_offset(resolved: &'r Resolved<'a>, offset: &'r Offset) -> Result<Self, AppError> {
        let way = match offset {
            Offset::Span(span) => Way::Moved(*span, &CompareAlign::Calendar),
            Offset::Calendar(span) => Way::Periods {
                unit: span.unit.as_str(),
                count: span.count,
            },
            Offset::StartOf(start) => Way::StartOf(start.start_of),
        };
        Self::by_way(resolved, "offset".to_owned(), way, None)
    }

    fn by_way(
        resolved: &'r Resolved<'a>,
        place: String,
        way: Way<'r>,
        partial: Option<ComparePartial>,
    ) -> Result<Self, AppError> {
        let by = match &way {
            Way::Moved(span, align) => check_span(resolved, &place, *span, align)?,
            Way::Periods { count, .. } if *count == 0 || *count > 10_000 => {
                return Err(AppError::invalid(place, "A comparison shifts by 1 to 10,000 units."));
            }
            Way::Periods { .. } | Way::Named(_) | Way::StartOf(_) => Shift::NONE,
        };
        if partial.is_some() && !matches!(way, Way::Moved(..)) {
            let message = "Days that a calendar's table names are compared as a whole.";
            return Err(AppError::new(ErrorCode::Unsupported, message)
                .with_field(place)
                .with_hint("Leave out partial."));
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
            place,
            way,
            partial,
            by,
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
        let shown: Vec<usize> = self
            .axis_keys
            .iter()
            .copied()
            .filter(|key| keys.contains(key))
            .collect();
        if shown.is_empty() && self.resolved.range.bounds().is_none() {
            return Ok(None);
        }
        match &self.way {
            Way::Moved(span, align) => self.moved(!shown.is_empty(), *span, align).map(Some),
            Way::Periods { unit, count } => {
                let periods = find_periods(self.resolved.model, unit, &self.place)?;
                self.paired(&shown, same_places(self.resolved, &periods, *count)?)
                    .map(Some)
            }
            Way::Named(name) => {
                let model = self.resolved.model;
                let (calendar, column) = model.calendar_shift(name).ok_or_else(|| {
                    let known = model.calendars.iter().flat_map(|calendar| calendar.shifts.keys());
                    let known = known
                        .map(ToString::to_string)
                        .chain(["calendar", "weekday"].map(str::to_owned));
                    let message = format!("There is no alignment called {name}.");
                    AppError::new(ErrorCode::UnknownField, message)
                        .with_field(self.place.clone())
                        .with_candidates(known.collect())
                })?;
                self.paired(&shown, named_days(self.resolved, calendar, column)?)
                    .map(Some)
            }
            Way::StartOf(unit) => first_steps(self.resolved, &self.place, &shown, *unit).map(Some),
        }
    }

    fn moved(&self, shows_axis: bool, span: Span, align: &CompareAlign) -> Result<Shifting, AppError> {
        let clock = &self.resolved.clock;
        let method = match (shows_axis, self.bucket_grain()) {
            (true, Some(grain)) if self.pairs_buckets(grain) => Method::Buckets { grain },
            (true, Some(grain)) => Method::SpineOfBuckets { grain },
            (true, None) if self.by.months == 0 => Method::Rows,
            (true, None) => Method::SpineOfDays,
            (false, _) => Method::Range,
        };
        let (read, cut) = match self.bucket_grain() {
            Some(grain) => self.read_buckets(grain),
            None => self.read_rows(),
        };
        let needs_spine = matches!(method, Method::SpineOfBuckets { .. } | Method::SpineOfDays);
        if needs_spine && self.resolved.range.bounds().is_none() && self.grain.is_some_and(|grain| grain < Grain::Day) {
            return Err(AppError::invalid(
                "time",
                "This comparison needs a time range with two ends.",
            ));
        }
        let no_week_53 = self.grain == Some(Grain::Week)
            && span.unit == TimeUnit::Year
            && *align == CompareAlign::Calendar
            && clock.week_start == WeekStart::Monday;
        Ok(Shifting {
            method,
            by: self.by,
            read,
            cut,
            no_week_53,
            pairs: None,
        })
    }

    /// `pairs`: `SHOWN` days and the earlier days in `CELL`.
    fn paired(&self, shown: &[usize], pairs: Node) -> Result<Shifting, AppError> {
        let resolved = self.resolved;
        let finer = |key: &&usize| {
            let grain = resolved.keys.get(**key).and_then(|key| key.grain);
            grain.is_some_and(|grain| grain < Grain::Day)
        };
        if shown.iter().any(|key| finer(&key)) {
            let message = "A calendar pairs days; nothing finer can be compared by it.";
            return Err(AppError::invalid(self.place.clone(), message));
        }
        let within = date(SHOWN).within(resolved.range, &resolved.clock);
        Ok(Shifting {
            method: Method::Paired { grain: Grain::Day },
            by: Shift::NONE,
            read: Interval::ALL,
            cut: None,
            no_week_53: false,
            pairs: Some(
                pairs
                    .filter_all(within)
                    .project([SHOWN, CELL].map(crate::logical::Named::same).into()),
            ),
        })
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
        self.partial == Some(ComparePartial::SameElapsed)
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

/// How far a comparison goes on the common calendar.
fn check_span(resolved: &Resolved<'_>, place: &str, span: Span, align: &CompareAlign) -> Result<Shift, AppError> {
    let hours = matches!(span.unit, TimeUnit::Hour | TimeUnit::Minute);
    if span.count == 0 || span.count > 10_000 {
        return Err(AppError::invalid(place, "A comparison shifts by 1 to 10,000 units."));
    }
    if *align == CompareAlign::Weekday && hours {
        return Err(AppError::invalid(
            place,
            "Hours and minutes cannot be aligned by weekday.",
        ));
    }
    let is_date = |fact: &Fact<'_>| {
        dimension_in(resolved, &resolved.axis, fact).is_ok_and(|dimension| dimension.stored == Some(StoredTime::Date))
    };
    if hours && resolved.facts.iter().any(is_date) {
        return Err(AppError::invalid(
            place,
            format!("{} is a date; it cannot be shifted by hours.", resolved.axis.name()),
        ));
    }
    Ok(Shift::aligned(span, align))
}

/// Is the part the same for all times of a bucket?
pub const fn is_fixed_within(part: DatePart, grain: Grain) -> bool {
    holds(part.grain(), grain)
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
