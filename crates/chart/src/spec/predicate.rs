//! Tests on a row: comparisons of a field, expressions, selections, and their combinations.

use super::reader::{Node, Reader};
use crate::expression::Expression;
use crate::time::TimeUnit;
use crate::value::Value;
use std::sync::Arc;

#[derive(Clone, Debug, PartialEq)]
pub enum Comparison {
    Equal(Value),
    Less(Value),
    LessOrEqual(Value),
    Greater(Value),
    GreaterOrEqual(Value),
    /// A bound that is null is open.
    Range(Value, Value),
    OneOf(Vec<Value>),
    Valid(bool),
}

#[derive(Clone, Debug, PartialEq)]
pub enum Predicate {
    Expression(Expression),
    Field {
        field: Arc<str>,
        time_unit: Option<TimeUnit>,
        comparison: Comparison,
    },
    All(Vec<Predicate>),
    Any(Vec<Predicate>),
    Not(Box<Predicate>),
    /// Known in advance: an empty selection, or a constant.
    Always(bool),
}

impl Predicate {
    pub fn read(r: &mut Reader, node: Node) -> Option<Predicate> {
        if node.json.is_string() {
            return r.expression(node).map(Predicate::Expression);
        }
        if let Some(name) = node
            .get("param")
            .or_else(|| node.get("selection"))
            .and_then(|p| p.as_str())
        {
            return Some(Predicate::param(r, node, name));
        }
        let mut out = None;
        let (mut field, mut time_unit, mut comparison) = (None, None, None);
        r.object(node, |r, key, node| match key {
            "and" => out = Some(Predicate::All(r.list(node, Predicate::read))),
            "or" => out = Some(Predicate::Any(r.list(node, Predicate::read))),
            "not" => out = Predicate::read(r, node).map(|p| Predicate::Not(Box::new(p))),
            "field" => field = r.text(node),
            "timeUnit" => time_unit = r.time_unit(node),
            "equal" => comparison = r.value(node).map(Comparison::Equal),
            "lt" => comparison = r.value(node).map(Comparison::Less),
            "lte" => comparison = r.value(node).map(Comparison::LessOrEqual),
            "gt" => comparison = r.value(node).map(Comparison::Greater),
            "gte" => comparison = r.value(node).map(Comparison::GreaterOrEqual),
            "range" => {
                comparison = r.values(node).map(|v| {
                    Comparison::Range(
                        v.first().cloned().unwrap_or_default(),
                        v.get(1).cloned().unwrap_or_default(),
                    )
                });
            }
            "oneOf" | "in" => comparison = r.values(node).map(Comparison::OneOf),
            "valid" => comparison = r.boolean(node).map(Comparison::Valid),
            _ => r.refuse(node),
        });
        if let (Some(field), Some(mut comparison)) = (field, comparison) {
            if let Some(unit) = &time_unit {
                comparison = comparison.map(|value| unit.of_value(&value));
            }
            return Some(Predicate::Field {
                field,
                time_unit,
                comparison,
            });
        }
        if out.is_none() {
            r.wrong(node, "is not a test");
        }
        out
    }

    /// The test of `{"test": …}` or `{"param": …}`, whatever else stands beside it.
    pub fn of_condition(r: &mut Reader, node: Node) -> Option<Predicate> {
        match (node.get("test"), node.get("param").or_else(|| node.get("selection"))) {
            (Some(_), _) => {
                let mut test = None;
                r.object(node, |r, key, node| {
                    if key == "test" {
                        test = Predicate::read(r, node);
                    }
                });
                test
            }
            (None, Some(serde_json::Value::String(name))) => Some(Predicate::param(r, node, name)),
            _ => {
                r.wrong(node, "has no test");
                None
            }
        }
    }

    /// The answer of a selection that is empty, or of a parameter with a value.
    pub fn param(r: &mut Reader, node: Node, name: &str) -> Predicate {
        let empty = node.get("empty").and_then(|e| e.as_bool()).unwrap_or(true);
        if let Some(selection) = r.selections.iter().find(|s| *s.name == *name) {
            return selection.start.clone().unwrap_or(Predicate::Always(empty));
        }
        if let Some((_, value)) = r.signals.iter().find(|(n, _)| n == name) {
            return Predicate::Always(value.truthy());
        }
        if r.late.iter().any(|(late, _)| late == name) {
            r.refuse_because(node, &format!("`{name}` has no value before marks are drawn"));
            return Predicate::Always(empty);
        }
        r.wrong(node, &format!("there is no parameter `{name}`"));
        Predicate::Always(empty)
    }
}

impl Comparison {
    fn map(self, f: impl Fn(Value) -> Value) -> Comparison {
        match self {
            Comparison::Equal(v) => Comparison::Equal(f(v)),
            Comparison::Less(v) => Comparison::Less(f(v)),
            Comparison::LessOrEqual(v) => Comparison::LessOrEqual(f(v)),
            Comparison::Greater(v) => Comparison::Greater(f(v)),
            Comparison::GreaterOrEqual(v) => Comparison::GreaterOrEqual(f(v)),
            Comparison::Range(a, b) => Comparison::Range(f(a), f(b)),
            Comparison::OneOf(list) => Comparison::OneOf(list.into_iter().map(f).collect()),
            Comparison::Valid(v) => Comparison::Valid(v),
        }
    }
}
