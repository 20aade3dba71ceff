//! Floors, offsets and ranges by calendar interval, as d3-time.

use super::calendar::{self, DAY, DateTime, HOUR, MINUTE, SECOND, WEEK};

/// ECMAScript has no dates further than this many milliseconds from 1970; behind them steps are lost in rounding.
const LATEST: f64 = 8.64e15;
/// More than there are months between any two dates.
const MOST_UNITS: f64 = 1e7;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}

/// Every `step`-th unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub unit: Unit,
    pub step: f64,
}

impl Interval {
    pub const fn new(unit: Unit, step: f64) -> Interval {
        Interval { unit, step }
    }

    /// The interval of a name such as `month`; quarters are three months.
    pub fn named(name: &str) -> Option<Interval> {
        Some(match name {
            "millisecond" | "milliseconds" => Interval::new(Unit::Millisecond, 1.0),
            "second" | "seconds" => Interval::new(Unit::Second, 1.0),
            "minute" | "minutes" => Interval::new(Unit::Minute, 1.0),
            "hour" | "hours" => Interval::new(Unit::Hour, 1.0),
            "day" | "date" | "dayofyear" => Interval::new(Unit::Day, 1.0),
            "week" => Interval::new(Unit::Week, 1.0),
            "month" => Interval::new(Unit::Month, 1.0),
            "quarter" => Interval::new(Unit::Month, 3.0),
            "year" => Interval::new(Unit::Year, 1.0),
            _ => return None,
        })
    }

    /// The latest boundary at or before `t`.
    pub fn floor(self, t: f64) -> f64 {
        let d = DateTime::from_ms(t);
        let step = self.step.clamp(1.0, MOST_UNITS) as i64;
        let at = |v: i64, base: i64| (v - base).div_euclid(step) * step + base;
        match self.unit {
            Unit::Millisecond => (t / self.step.max(1.0)).floor() * self.step.max(1.0),
            Unit::Second => calendar::ms(d.year, d.month, d.day, d.hour, d.minute, at(d.second, 0), 0),
            Unit::Minute => calendar::ms(d.year, d.month, d.day, d.hour, at(d.minute, 0), 0, 0),
            Unit::Hour => calendar::ms(d.year, d.month, d.day, at(d.hour, 0), 0, 0, 0),
            Unit::Day => calendar::ms(d.year, d.month, at(d.day, 1), 0, 0, 0, 0),
            Unit::Week => calendar::ms(d.year, d.month, d.day - d.weekday, 0, 0, 0, 0),
            Unit::Month => calendar::ms(d.year, at(d.month, 0), 1, 0, 0, 0, 0),
            Unit::Year => calendar::ms(at(d.year, 0), 0, 1, 0, 0, 0, 0),
        }
    }

    /// The first boundary at or after `t`.
    pub fn ceil(self, t: f64) -> f64 {
        let floor = self.floor(t);
        if floor == t { t } else { self.next(floor) }
    }

    /// The boundary after a boundary. Every second day begins anew each month, as d3's `every` does.
    pub fn next(self, boundary: f64) -> f64 {
        let mut t = self.shift_one(boundary);
        // Behind the last date a boundary may be none for want of digits.
        while t <= LATEST && (self.floor(t) != t || t <= boundary) {
            t = self.shift_one(self.floor_unit(t));
        }
        t
    }

    fn floor_unit(self, t: f64) -> f64 {
        Interval::new(self.unit, 1.0).floor(t)
    }

    fn shift_one(self, t: f64) -> f64 {
        match self.unit {
            Unit::Millisecond => t + self.step.max(1.0),
            Unit::Year => Interval::new(Unit::Year, 1.0).offset(t, self.step.max(1.0)),
            _ => Interval::new(self.unit, 1.0).offset(t, 1.0),
        }
    }

    /// `t` moved by `count` intervals, keeping the rest of the date.
    pub fn offset(self, t: f64, count: f64) -> f64 {
        let n = (count * self.step).floor();
        match self.unit {
            Unit::Millisecond => t + n,
            Unit::Second => t + n * SECOND,
            Unit::Minute => t + n * MINUTE,
            Unit::Hour => t + n * HOUR,
            Unit::Day => t + n * DAY,
            Unit::Week => t + n * WEEK,
            Unit::Month | Unit::Year => {
                let d = DateTime::from_ms(t);
                let n = n.clamp(-MOST_UNITS, MOST_UNITS) as i64;
                let months = if self.unit == Unit::Month { n } else { 12 * n };
                calendar::ms(
                    d.year,
                    d.month + months,
                    d.day,
                    d.hour,
                    d.minute,
                    d.second,
                    d.millisecond,
                )
            }
        }
    }

    /// Boundaries from `start` (included) to `stop` (included when `closed`); none when one of them is no date.
    pub fn range(self, start: f64, stop: f64, closed: bool) -> Vec<f64> {
        let mut out = Vec::new();
        if !(start.abs() <= LATEST && stop.abs() <= LATEST) {
            return out;
        }
        let mut t = self.ceil(start);
        while (t < stop || (closed && t == stop)) && out.len() < 10_000 {
            out.push(t);
            t = self.next(t);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Interval, Unit};

    #[test]
    fn no_dates_have_no_boundaries() {
        let days = Interval::new(Unit::Day, 1.0);
        for (start, stop) in [(1e18, 1e19), (f64::NAN, 0.0), (0.0, f64::INFINITY), (-1e300, 1e300)] {
            assert!(days.range(start, stop, true).is_empty(), "{start} {stop}");
        }
        assert_eq!(days.range(0.0, 2.0 * 86_400_000.0, true).len(), 3);
        assert!(Interval::new(Unit::Year, 1e300).range(0.0, 1e15, true).len() < 3);
    }
}
