//! A finished scale.

use super::continuous::Curve;
use super::ticks;
use crate::colour::{Rgb, Space, mix};
use crate::math;
use crate::scene::Paint;
use crate::spec::{Channel, ScaleKind, TickCount};
use crate::time::Interval;
use crate::time::calendar::{DAY, HOUR, MINUTE, SECOND, WEEK};
use crate::time::interval::Unit;
use crate::value::Value;
use std::collections::HashMap;
use std::sync::Arc;

/// What a scale gives.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    Numbers(Vec<f64>),
    /// Colours through stops at equal distances.
    Ramp(Vec<Rgb>, Space),
    /// One value per class or category, repeated when there are too few.
    Values(Vec<Value>),
}

#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    pub channel: Channel,
    pub kind: ScaleKind,
    /// Ends (and middle) of a continuous domain, thresholds of a discretizing one.
    pub domain: Vec<f64>,
    /// Values of a discrete domain.
    pub values: Vec<Value>,
    index: HashMap<Arc<str>, usize>,
    /// The same for numbers, by their bits, which saves writing them out.
    numbers: HashMap<u64, usize>,
    pub output: Output,
    pub curve: Curve,
    pub clamp: bool,
    pub zero: bool,
    /// Starts of bins and the end of the last.
    pub bins: Option<Vec<f64>>,
    /// Of band and point scales, in px.
    pub start: f64,
    pub step: f64,
    pub bandwidth: f64,
    /// Px per value as asked for.
    pub asked_step: Option<f64>,
    pub padding_inner: f64,
    pub padding_outer: f64,
    /// Where bands lie within their room: 0 at its start, 1 at its end.
    pub align: f64,
    pub reverse: bool,
}

impl Scale {
    pub fn new(channel: Channel, kind: ScaleKind) -> Scale {
        Scale {
            channel,
            kind,
            domain: Vec::new(),
            values: Vec::new(),
            index: HashMap::new(),
            numbers: HashMap::new(),
            output: Output::Numbers(vec![0.0, 1.0]),
            curve: Curve {
                kind,
                base: 10.0,
                exponent: if kind == ScaleKind::Sqrt { 0.5 } else { 1.0 },
                constant: 1.0,
                negative: false,
            },
            clamp: false,
            zero: false,
            bins: None,
            start: 0.0,
            step: 0.0,
            bandwidth: 0.0,
            asked_step: None,
            padding_inner: 0.0,
            padding_outer: 0.0,
            align: 0.5,
            reverse: false,
        }
    }

    pub fn set_values(&mut self, values: Vec<Value>) {
        self.index.clear();
        self.numbers.clear();
        self.values.clear();
        self.index.reserve(values.len());
        self.values.reserve(values.len());
        for value in values {
            let label = value.label();
            if !self.index.contains_key(&label) {
                if let Value::Number(n) = value {
                    self.numbers.insert(n.to_bits(), self.values.len());
                }
                self.index.insert(label, self.values.len());
                self.values.push(value);
            }
        }
    }

    /// The ends of the range in px.
    pub fn range(&self) -> (f64, f64) {
        match &self.output {
            Output::Numbers(n) => (n.first().copied().unwrap_or(0.0), n.last().copied().unwrap_or(0.0)),
            Output::Ramp(..) | Output::Values(_) => (0.0, 1.0),
        }
    }

    /// Places the bands of a band or point scale over its range.
    pub fn place_bands(&mut self) {
        let (a, b) = self.range();
        let reverse = b < a;
        let (lo, hi) = if reverse { (b, a) } else { (a, b) };
        let n = self.values.len() as f64;
        let inner = if self.kind == ScaleKind::Point {
            1.0
        } else {
            self.padding_inner
        };
        let space = bandspace(n, inner, self.padding_outer);
        self.step = (hi - lo) / space.max(1.0);
        self.start = lo + (hi - lo - self.step * (n - inner)) * self.align;
        self.bandwidth = self.step * (1.0 - inner);
        self.reverse = reverse;
    }

    pub fn class_of(&self, value: &Value) -> Option<usize> {
        match value {
            Value::Text(text) => self.index.get(text).copied(),
            Value::Number(n) => {
                let known = self.numbers.get(&n.to_bits()).copied();
                known.or_else(|| self.index.get(&value.label()).copied())
            }
            other => self.index.get(&other.label()).copied(),
        }
    }

    /// From 0 at the start of the domain to 1 at its end; NaN for what is no number.
    pub fn fraction(&self, value: f64) -> f64 {
        let n = self.domain.len();
        let (Some(first), Some(last)) = (self.domain.first(), self.domain.last()) else {
            return f64::NAN;
        };
        let f = |x: f64| self.curve.forward(x);
        let v = f(value);
        let part = |a: f64, b: f64| {
            let (a, b) = (f(a), f(b));
            if b == a {
                if v.is_nan() { f64::NAN } else { 0.5 }
            } else {
                (v - a) / (b - a)
            }
        };
        let t = if n > 2 {
            let ascending = last >= first;
            let at = self
                .domain
                .iter()
                .skip(1)
                .take(n - 2)
                .take_while(|d| if ascending { value >= **d } else { value <= **d })
                .count();
            let (Some(a), Some(b)) = (self.domain.get(at), self.domain.get(at + 1)) else {
                return f64::NAN;
            };
            (at as f64 + part(*a, *b)) / (n - 1) as f64
        } else {
            part(*first, *last)
        };
        if self.clamp { t.clamp(0.0, 1.0) } else { t }
    }

    /// The number a value maps to; bands give their start.
    pub fn number(&self, value: &Value) -> f64 {
        if self.kind.is_discrete() {
            let Some(class) = self.class_of(value) else {
                return f64::NAN;
            };
            return match (self.kind, &self.output) {
                (ScaleKind::Band | ScaleKind::Point, _) => {
                    let class = if self.reverse {
                        self.values.len() - 1 - class
                    } else {
                        class
                    };
                    self.start + self.step * class as f64
                }
                (_, Output::Numbers(n)) if !n.is_empty() => n.get(class % n.len()).copied().unwrap_or(f64::NAN),
                (_, Output::Values(v)) if !v.is_empty() => v.get(class % v.len()).map_or(f64::NAN, Value::number),
                _ => f64::NAN,
            };
        }
        let n = match value {
            Value::Text(t) if self.kind.is_time() => crate::time::parse::parse(t),
            Value::Missing => f64::NAN,
            other => other.number(),
        };
        if self.kind.is_discretizing() {
            return match &self.output {
                Output::Numbers(list) => self.class_at(n).and_then(|c| list.get(c)).copied().unwrap_or(f64::NAN),
                Output::Values(list) => self
                    .class_at(n)
                    .and_then(|c| list.get(c))
                    .map_or(f64::NAN, Value::number),
                Output::Ramp(..) => f64::NAN,
            };
        }
        self.at(n)
    }

    /// The place of a number on a continuous scale.
    pub fn at(&self, value: f64) -> f64 {
        let Output::Numbers(range) = &self.output else {
            return f64::NAN;
        };
        let t = self.fraction(value);
        if range.len() > 2 {
            let pieces = (range.len() - 1) as f64;
            let piece = (t * pieces).floor().clamp(0.0, pieces - 1.0);
            let get = |i: f64| range.get(i as usize).copied().unwrap_or(f64::NAN);
            return get(piece) + (get(piece + 1.0) - get(piece)) * (t * pieces - piece);
        }
        let (a, b) = self.range();
        a * (1.0 - t) + b * t
    }

    /// The class of a number on a discretizing scale.
    pub fn class_at(&self, value: f64) -> Option<usize> {
        if value.is_nan() {
            None
        } else {
            Some(self.domain.iter().take_while(|d| value >= **d).count())
        }
    }

    /// What a value looks like: a colour, a shape, a dash.
    pub fn value(&self, value: &Value) -> Option<Value> {
        match &self.output {
            Output::Values(list) if !list.is_empty() => {
                let class = if self.kind == ScaleKind::BinOrdinal {
                    let n = value.number();
                    let bins = self.bins.as_deref().unwrap_or(&[]);
                    if !value.is_valid() || n.is_nan() {
                        return None;
                    }
                    bins.iter()
                        .skip(1)
                        .take_while(|b| n >= **b - 1e-9)
                        .count()
                        .min(bins.len().saturating_sub(2))
                } else if self.kind.is_discrete() {
                    self.class_of(value)?
                } else {
                    if !value.is_valid() {
                        return None;
                    }
                    self.class_at(value.number())?
                };
                list.get(class % list.len()).cloned()
            }
            Output::Ramp(stops, space) => {
                let n = value.number();
                let t = self.fraction(n);
                if t.is_nan() {
                    return None;
                }
                // Beyond the domain the ramp goes on, as in Vega; `clamp` stops it.
                Some(Value::text(&ramp(stops, *space, t).css()))
            }
            Output::Numbers(_) => {
                let n = self.number(value);
                if n.is_nan() { None } else { Some(Value::Number(n)) }
            }
            Output::Values(_) => None,
        }
    }

    pub fn paint(&self, value: &Value) -> Option<Paint> {
        match self.value(value)? {
            Value::Text(t) => Some(if &*t == "transparent" {
                Paint::None
            } else {
                Paint::Css(t)
            }),
            _ => None,
        }
    }

    /// Ticks of a continuous scale.
    pub fn ticks(&self, count: &TickCount) -> Vec<f64> {
        let (Some(a), Some(b)) = (self.domain.first().copied(), self.domain.last().copied()) else {
            return Vec::new();
        };
        let n = match count {
            TickCount::About(n) => *n,
            TickCount::Every(..) => 10.0,
        };
        if self.kind.is_time() {
            let interval = match count {
                TickCount::Every(name, step) => Interval::named(name).map(|i| Interval::new(i.unit, i.step * step)),
                TickCount::About(n) => time_interval(a, b, *n),
            };
            let (lo, hi) = (a.min(b), a.max(b));
            let Some(interval) = interval else { return Vec::new() };
            let mut out = interval.range(lo, hi, true);
            if b < a {
                out.reverse();
            }
            return out;
        }
        if self.kind == ScaleKind::Log {
            return log_ticks(a, b, n, self.curve.base);
        }
        ticks::ticks(a, b, n)
    }
}

/// How many steps the bands take up.
pub fn bandspace(n: f64, inner: f64, outer: f64) -> f64 {
    let space = n - inner + outer * 2.0;
    if n > 0.0 {
        space.max(if space > 0.0 { space } else { 1.0 })
    } else {
        0.0
    }
}

/// The colour at a share of the way through the stops.
pub fn ramp(stops: &[Rgb], space: Space, t: f64) -> Rgb {
    let n = stops.len();
    if n < 2 {
        return stops.first().copied().unwrap_or(Rgb::hex(0));
    }
    let at = (t * (n - 1) as f64).floor().clamp(0.0, (n - 2) as f64);
    match (stops.get(at as usize), stops.get(at as usize + 1)) {
        (Some(a), Some(b)) => mix(*a, *b, t * (n - 1) as f64 - at, space),
        _ => Rgb::hex(0),
    }
}

/// The calendar interval for about `count` ticks.
pub fn time_interval(a: f64, b: f64, count: f64) -> Option<Interval> {
    const MONTH: f64 = 30.0 * DAY;
    const YEAR: f64 = 365.0 * DAY;
    let steps = [
        (Unit::Second, 1.0, SECOND),
        (Unit::Second, 5.0, 5.0 * SECOND),
        (Unit::Second, 15.0, 15.0 * SECOND),
        (Unit::Second, 30.0, 30.0 * SECOND),
        (Unit::Minute, 1.0, MINUTE),
        (Unit::Minute, 5.0, 5.0 * MINUTE),
        (Unit::Minute, 15.0, 15.0 * MINUTE),
        (Unit::Minute, 30.0, 30.0 * MINUTE),
        (Unit::Hour, 1.0, HOUR),
        (Unit::Hour, 3.0, 3.0 * HOUR),
        (Unit::Hour, 6.0, 6.0 * HOUR),
        (Unit::Hour, 12.0, 12.0 * HOUR),
        (Unit::Day, 1.0, DAY),
        (Unit::Day, 2.0, 2.0 * DAY),
        (Unit::Week, 1.0, WEEK),
        (Unit::Month, 1.0, MONTH),
        (Unit::Month, 3.0, 3.0 * MONTH),
        (Unit::Year, 1.0, YEAR),
    ];
    let (lo, hi) = (a.min(b), a.max(b));
    let target = (hi - lo) / count;
    let i = steps.iter().take_while(|s| s.2 <= target).count();
    if i == steps.len() {
        let step = ticks::tick_step(lo / YEAR, hi / YEAR, count);
        return Some(Interval::new(Unit::Year, step.floor().max(1.0)));
    }
    if i == 0 {
        return Some(Interval::new(
            Unit::Millisecond,
            ticks::tick_step(lo, hi, count).max(1.0).floor(),
        ));
    }
    let (before, after) = (steps.get(i - 1)?, steps.get(i)?);
    let (unit, step, _) = if target / before.2 < after.2 / target {
        before
    } else {
        after
    };
    Some(Interval::new(*unit, *step))
}

fn log_ticks(a: f64, b: f64, n: f64, base: f64) -> Vec<f64> {
    let reverse = b < a;
    let (u, v) = if reverse { (b, a) } else { (a, b) };
    let log = |x: f64| {
        if base == 10.0 {
            math::log10(x)
        } else {
            math::ln(x) / math::ln(base)
        }
    };
    let power = |k: f64| {
        if base == 10.0 {
            math::pow10(k as i32)
        } else {
            math::pow(base, k)
        }
    };
    let (mut i, j) = (log(u), log(v));
    let mut out = Vec::new();
    if base.fract() == 0.0 && j - i < n {
        i = i.floor();
        let end = j.ceil();
        while i <= end {
            let mut k = 1.0;
            while k < base {
                let t = if i < 0.0 { k / power(-i) } else { k * power(i) };
                if t >= u && t <= v {
                    out.push(t);
                }
                k += 1.0;
            }
            i += 1.0;
        }
        if (out.len() as f64) * 2.0 < n {
            out = ticks::ticks(u, v, n);
        }
    } else {
        out = ticks::ticks(i, j, (j - i).min(n)).into_iter().map(power).collect();
    }
    if reverse {
        out.reverse();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Output, Scale, log_ticks};
    use crate::spec::{Channel, ScaleKind, TickCount};
    use crate::time::calendar::ms;
    use crate::value::Value;

    #[test]
    fn places_bands_like_d3() {
        let mut scale = Scale::new(Channel::X, ScaleKind::Band);
        scale.set_values(["a", "b", "c"].map(Value::text).to_vec());
        scale.output = Output::Numbers(vec![0.0, 60.0]);
        (scale.padding_inner, scale.padding_outer) = (0.1, 0.05);
        scale.place_bands();
        assert_eq!(scale.step, 20.0);
        assert_eq!(scale.number(&Value::text("b")), 21.0);
        assert_eq!(scale.bandwidth, 18.0);
        (scale.padding_outer, scale.align) = (1.05, 1.0);
        scale.place_bands();
        assert_eq!(
            scale.number(&Value::text("a")) + scale.step * 2.0 + scale.bandwidth,
            60.0
        );
    }

    #[test]
    fn logarithmic_ticks() {
        assert_eq!(log_ticks(1.0, 100.0, 10.0, 10.0).len(), 19);
    }

    #[test]
    fn time_ticks_follow_the_calendar() {
        let mut scale = Scale::new(Channel::X, ScaleKind::Time);
        scale.domain = vec![ms(2020, 0, 15, 0, 0, 0, 0), ms(2020, 11, 1, 0, 0, 0, 0)];
        let ticks = scale.ticks(&TickCount::About(8.0));
        assert_eq!(ticks.first(), Some(&ms(2020, 1, 1, 0, 0, 0, 0)));
        assert_eq!(ticks.len(), 11);
    }
}
