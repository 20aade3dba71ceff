//! What expressions ask of scales: `scale('x', value)`, `invert`, `domain`, `range` and `bandwidth`.

use super::{Output, Scale, ScaleSet};
use crate::colour::Rgb;
use crate::spec::{Channel, ScaleKind};
use crate::value::Value;
use std::sync::Arc;

/// The functions that know scales.
pub const FUNCTIONS: [&str; 5] = ["scale", "invert", "domain", "range", "bandwidth"];

impl ScaleSet {
    /// The scale of a channel's name.
    fn named(&self, name: &str) -> Option<&Scale> {
        let channel = Channel::parse(name)?;
        self.scales.iter().flatten().find(|scale| scale.channel == channel)
    }

    /// Calls one of `FUNCTIONS`. As in Vega, what is asked of a scale that is not there has no answer.
    pub fn call(&self, function: &str, arguments: &[Value]) -> Value {
        let scale = arguments.first().and_then(|name| self.named(&name.label()));
        let argument = || arguments.get(1).cloned().unwrap_or_default();
        match (function, scale) {
            ("scale", Some(scale)) => scale.value(&argument()).unwrap_or_default(),
            ("invert", Some(scale)) => scale.inverted(&argument()),
            ("domain", Some(scale)) => list(scale.domain_values()),
            ("range", Some(scale)) => list(scale.range_values()),
            ("bandwidth", Some(scale)) => Value::Number(scale.bandwidth),
            ("domain" | "range", None) => list(Vec::new()),
            ("bandwidth", None) => Value::Number(0.0),
            _ => Value::Missing,
        }
    }
}

fn list(values: Vec<Value>) -> Value {
    Value::List(Arc::new(values))
}

fn numbers(numbers: &[f64]) -> Vec<Value> {
    numbers.iter().copied().map(Value::Number).collect()
}

impl Scale {
    fn domain_values(&self) -> Vec<Value> {
        if self.kind.is_discrete() {
            self.values.clone()
        } else {
            numbers(&self.domain)
        }
    }

    fn range_values(&self) -> Vec<Value> {
        match &self.output {
            Output::Numbers(list) => numbers(list),
            Output::Ramp(stops, _) => stops
                .iter()
                .copied()
                .map(Rgb::css)
                .map(|css| Value::text(&css))
                .collect(),
            Output::Values(list) => list.clone(),
        }
    }

    /// What is drawn at a place; of two places the values between.
    fn inverted(&self, place: &Value) -> Value {
        if let Value::List(ends) = place {
            return list(ends.iter().map(|end| self.inverted(end)).collect());
        }
        let (at, (a, b)) = (place.number(), self.range());
        if matches!(self.kind, ScaleKind::Band | ScaleKind::Point) {
            let (near, far) = (a.min(b), a.max(b));
            if !(near <= at && at <= far) || self.step <= 0.0 {
                return Value::Missing;
            }
            let last = self.values.len().saturating_sub(1);
            let steps = (at - self.start) / self.step;
            let steps = if self.kind == ScaleKind::Point {
                steps + 0.5
            } else {
                steps
            };
            let class = (steps.max(0.0) as usize).min(last);
            let class = if self.reverse { last - class } else { class };
            return self.values.get(class).cloned().unwrap_or_default();
        }
        let (Output::Numbers(_), Some(first), Some(last), false) = (
            &self.output,
            self.domain.first(),
            self.domain.last(),
            self.kind.is_discrete() || self.kind.is_discretizing(),
        ) else {
            return Value::Missing;
        };
        let share = if b == a { 0.5 } else { (at - a) / (b - a) };
        let share = if self.clamp { share.clamp(0.0, 1.0) } else { share };
        let (first, last) = (self.curve.forward(*first), self.curve.forward(*last));
        Value::Number(self.curve.backward(first + (last - first) * share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set() -> ScaleSet {
        let mut x = Scale::new(Channel::X, ScaleKind::Log);
        x.domain = vec![1.0, 100.0];
        x.curve.kind = ScaleKind::Log;
        x.output = Output::Numbers(vec![0.0, 200.0]);
        let mut y = Scale::new(Channel::Y, ScaleKind::Band);
        y.set_values(["a", "b", "c"].map(Value::text).to_vec());
        y.output = Output::Numbers(vec![0.0, 60.0]);
        y.place_bands();
        ScaleSet {
            scales: vec![None, Some(x), Some(y)],
        }
    }

    #[test]
    fn asks_scales_both_ways() {
        let set = set();
        let call = |function: &str, name: &str, value: Value| set.call(function, &[Value::text(name), value]);
        let near = |value: Value, expected: f64| assert!((value.number() - expected).abs() < 1e-9, "{value:?}");
        near(call("scale", "x", Value::Number(10.0)), 100.0);
        near(call("invert", "x", Value::Number(100.0)), 10.0);
        near(call("scale", "y", Value::text("c")), 40.0);
        near(call("bandwidth", "y", Value::Missing), 20.0);
        assert_eq!(call("invert", "y", Value::Number(25.0)), Value::text("b"));
        assert_eq!(call("domain", "x", Value::Missing), list(numbers(&[1.0, 100.0])));
        assert_eq!(call("range", "y", Value::Missing), list(numbers(&[0.0, 60.0])));
        assert_eq!(call("domain", "color", Value::Missing), list(Vec::new()));
        assert_eq!(call("scale", "nothing", Value::Number(1.0)), Value::Missing);
    }
}
