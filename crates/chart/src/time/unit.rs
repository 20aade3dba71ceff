//! Vega's time units: which parts of a date are kept.

use super::calendar::{self, DateTime};
use super::interval::{Interval, Unit};
use crate::format::time::{DAYS, MONTHS};
use crate::value::Value;

/// A part of a date, in the order in which Vega sorts and joins them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Year,
    Quarter,
    Month,
    Week,
    Date,
    Day,
    DayOfYear,
    Hours,
    Minutes,
    Seconds,
    Milliseconds,
}

impl Part {
    const NAMES: [(Part, &'static str); 11] = [
        (Part::Year, "year"),
        (Part::Quarter, "quarter"),
        (Part::Month, "month"),
        (Part::Week, "week"),
        (Part::DayOfYear, "dayofyear"),
        (Part::Date, "date"),
        (Part::Day, "day"),
        (Part::Hours, "hours"),
        (Part::Minutes, "minutes"),
        (Part::Seconds, "seconds"),
        (Part::Milliseconds, "milliseconds"),
    ];

    pub fn name(self) -> &'static str {
        Part::NAMES.iter().find(|(p, _)| *p == self).map_or("", |(_, n)| n)
    }

    fn specifier(self) -> &'static str {
        match self {
            Part::Year => "%Y ",
            Part::Quarter => "Q%q ",
            Part::Month => "%b ",
            Part::Date => "%d ",
            Part::Week => "W%U ",
            Part::Day => "%a ",
            Part::DayOfYear => "%j ",
            Part::Hours => "%H:00",
            Part::Minutes => "00:%M",
            Part::Seconds => ":%S",
            Part::Milliseconds => ".%L",
        }
    }
}

/// A time unit such as `yearmonth`, `utcday` or `binnedyear`.
#[derive(Clone, Debug, PartialEq)]
pub struct TimeUnit {
    /// As written, without `utc` and `binned`.
    pub name: String,
    pub parts: Vec<Part>,
    pub utc: bool,
    /// The data is already truncated.
    pub binned: bool,
    pub step: i64,
}

impl TimeUnit {
    /// Reads a unit's name; `None` when it is not one.
    pub fn parse(text: &str) -> Option<TimeUnit> {
        let (binned, rest) = text.strip_prefix("binned").map_or((false, text), |r| (true, r));
        let (utc, rest) = rest.strip_prefix("utc").map_or((false, rest), |r| (true, r));
        let mut parts = Vec::new();
        let mut left = rest;
        while !left.is_empty() {
            let (part, name) = Part::NAMES.iter().find(|(_, n)| left.starts_with(n))?;
            parts.push(*part);
            left = left.get(name.len()..)?;
        }
        if parts.is_empty() {
            return None;
        }
        shared::sort::sort(&mut parts);
        Some(TimeUnit {
            name: rest.to_owned(),
            parts,
            utc,
            binned,
            step: 1,
        })
    }

    pub fn has(&self, part: Part) -> bool {
        self.parts.contains(&part)
    }

    fn smallest(&self) -> Part {
        self.parts.last().copied().unwrap_or(Part::Year)
    }

    /// The start of the unit `ms` falls in; parts that are not kept come from 2012.
    pub fn floor(&self, ms: f64) -> f64 {
        let d = DateTime::from_ms(ms);
        let step = |part: Part, value: i64, phase: i64| {
            if self.step > 1 && part == self.smallest() {
                phase + (value - phase).div_euclid(self.step) * self.step
            } else {
                value
            }
        };
        let year = if self.has(Part::Year) {
            step(Part::Year, d.year, 0)
        } else {
            2012
        };
        let month = if self.has(Part::Month) {
            step(Part::Month, d.month, 0)
        } else if self.has(Part::Quarter) {
            3 * step(Part::Quarter, d.month / 3, 0)
        } else {
            0
        };
        let first = (calendar::days(year, 0, 1) + 4).rem_euclid(7);
        let weekday = |week: i64, day: i64| day + week * 7 - (first + 6) % 7;
        let day = if self.has(Part::Week) && self.has(Part::Day) {
            weekday(d.week_sunday(), d.weekday)
        } else if self.has(Part::Week) {
            weekday(step(Part::Week, d.week_sunday(), 1), 0)
        } else if self.has(Part::Day) {
            weekday(1, d.weekday)
        } else if self.has(Part::Date) {
            step(Part::Date, d.day, 1)
        } else if self.has(Part::DayOfYear) {
            step(Part::DayOfYear, d.day_of_year(), 1)
        } else {
            1
        };
        let keep = |part: Part, value: i64| if self.has(part) { step(part, value, 0) } else { 0 };
        calendar::ms(
            year,
            month,
            day,
            keep(Part::Hours, d.hour),
            keep(Part::Minutes, d.minute),
            keep(Part::Seconds, d.second),
            keep(Part::Milliseconds, d.millisecond),
        )
    }

    /// The interval from one start to the next.
    pub fn interval(&self) -> Interval {
        let step = self.step as f64;
        match self.smallest() {
            Part::Year => Interval::new(Unit::Year, step),
            Part::Quarter => Interval::new(Unit::Month, 3.0 * step),
            Part::Month => Interval::new(Unit::Month, step),
            Part::Week => Interval::new(Unit::Week, step),
            Part::Date | Part::Day | Part::DayOfYear => Interval::new(Unit::Day, step),
            Part::Hours => Interval::new(Unit::Hour, step),
            Part::Minutes => Interval::new(Unit::Minute, step),
            Part::Seconds => Interval::new(Unit::Second, step),
            Part::Milliseconds => Interval::new(Unit::Millisecond, step),
        }
    }

    /// The time of a month, hour or year given as a plain number; units of several parts are given in milliseconds.
    pub fn of_number(&self, n: f64) -> f64 {
        // A date written as an object is in milliseconds already; no part counts that far.
        if n.abs() > 100_000.0 {
            return n;
        }
        let whole = n.clamp(-1e6, 1e6) as i64;
        match self.parts.as_slice() {
            [Part::Year] => calendar::ms(whole, 0, 1, 0, 0, 0, 0),
            [Part::Quarter] => calendar::ms(2012, 3 * (whole - 1), 1, 0, 0, 0, 0),
            [Part::Month] => calendar::ms(2012, whole - 1, 1, 0, 0, 0, 0),
            [Part::Date] => calendar::ms(2012, 0, whole, 0, 0, 0, 0),
            [Part::Day] => calendar::ms(2012, 0, whole + 1, 0, 0, 0, 0),
            [Part::Hours] => calendar::ms(2012, 0, 1, whole, 0, 0, 0),
            [Part::Minutes] => calendar::ms(2012, 0, 1, 0, whole, 0, 0),
            [Part::Seconds] => calendar::ms(2012, 0, 1, 0, 0, whole, 0),
            _ => n,
        }
    }

    /// The time of a value written for this unit: a number, the name of a day or month, or a date.
    pub fn of_value(&self, value: &Value) -> Value {
        match value {
            Value::Number(n) => Value::Number(self.of_number(*n)),
            Value::Text(text) => {
                let named = |names: &[&str]| {
                    let text = text.to_lowercase();
                    let short = |name: &&str| text.len() >= 3 && name.to_lowercase().starts_with(&text);
                    names.iter().position(short).map(|i| i as f64)
                };
                let number = match self.parts.as_slice() {
                    [Part::Day] => named(&DAYS),
                    [Part::Month] => named(&MONTHS).map(|i| i + 1.0),
                    _ => None,
                };
                Value::Number(number.map_or_else(|| super::parse::parse(text), |n| self.of_number(n)))
            }
            other => other.clone(),
        }
    }

    /// The end of the unit that starts at `start`.
    pub fn end(&self, start: f64) -> f64 {
        self.interval().offset(start, 1.0)
    }

    /// How long the smallest part lasts, for the least step between ticks.
    pub fn duration(&self) -> f64 {
        let start = calendar::ms(2001, 0, 1, 0, 0, 0, 0);
        self.interval().offset(start, 1.0) - start
    }

    /// The d3 specifier that shows the kept parts.
    pub fn specifier(&self) -> String {
        let names: Vec<&str> = self.parts.iter().map(|p| p.name()).collect();
        let mut out = String::new();
        let mut start = 0;
        while start < names.len() {
            let mut end = names.len();
            loop {
                let key = names.get(start..end).unwrap_or(&[]).join("-");
                let known = match key.as_str() {
                    "year-month" => Some("%b %Y "),
                    "year-month-date" => Some("%b %d, %Y "),
                    "hours-minutes" => Some("%H:%M"),
                    _ if end == start + 1 => self.parts.get(start).map(|p| p.specifier()),
                    _ => None,
                };
                if let Some(known) = known {
                    out.push_str(known);
                    break;
                }
                end -= 1;
            }
            start = end;
        }
        out.trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::TimeUnit;
    use crate::time::calendar::ms;

    #[test]
    fn floors() {
        let t = ms(2024, 7, 17, 15, 4, 5, 67);
        for (unit, floor) in [
            ("year", ms(2024, 0, 1, 0, 0, 0, 0)),
            ("yearquarter", ms(2024, 6, 1, 0, 0, 0, 0)),
            ("month", ms(2012, 7, 1, 0, 0, 0, 0)),
            ("yearmonthdate", ms(2024, 7, 17, 0, 0, 0, 0)),
            ("day", ms(2012, 0, 7, 0, 0, 0, 0)),
            ("hours", ms(2012, 0, 1, 15, 0, 0, 0)),
            ("yearweek", ms(2024, 7, 11, 0, 0, 0, 0)),
        ] {
            assert_eq!(TimeUnit::parse(unit).expect("a unit").floor(t), floor, "{unit}");
        }
        assert_eq!(
            TimeUnit::parse("yearmonthdatehours").expect("a unit").specifier(),
            "%b %d, %Y %H:00"
        );
        assert_eq!(TimeUnit::parse("yearmonth").expect("a unit").specifier(), "%b %Y");
    }
}
