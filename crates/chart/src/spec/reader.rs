//! Walking JSON with its path, and reading plain values; problems are collected, not thrown.

use super::selection::Selection;
use crate::budget;
use crate::data::Wanted;
use crate::error::Problem;
use crate::expression::{self, Expression, Scope};
use crate::scales::FUNCTIONS;
use crate::scene::Paint;
use crate::time::calendar;
use crate::value::Value;
use serde_json::Value as Json;
use std::sync::Arc;

/// A place in the specification.
#[derive(Clone, Copy)]
pub struct Node<'a> {
    pub json: &'a Json,
    path: Path<'a>,
}

#[derive(Clone, Copy)]
enum Path<'a> {
    Root,
    Key(&'a Path<'a>, &'a str),
    Index(&'a Path<'a>, usize),
}

impl Path<'_> {
    fn write(&self, out: &mut String) {
        match self {
            Path::Root => out.push('$'),
            Path::Key(parent, key) => {
                parent.write(out);
                out.push('.');
                out.push_str(key);
            }
            Path::Index(parent, index) => {
                parent.write(out);
                out.push_str(&format!("[{index}]"));
            }
        }
    }
}

impl<'a> Node<'a> {
    pub fn root(json: &'a Json) -> Node<'a> {
        Node { json, path: Path::Root }
    }

    pub fn path(&self) -> String {
        let mut out = String::new();
        self.path.write(&mut out);
        out
    }

    /// The same place with another content.
    pub fn with<'b>(self, json: &'b Json) -> Node<'b>
    where
        'a: 'b,
    {
        Node { json, path: self.path }
    }

    pub fn get(&self, key: &str) -> Option<&'a Json> {
        self.json.get(key)
    }

    pub fn is_null(&self) -> bool {
        self.json.is_null()
    }
}

/// What is known while reading, and what went wrong.
#[derive(Default)]
pub struct Reader {
    pub unsupported: Vec<Problem>,
    pub invalid: Vec<Problem>,
    /// Parameters with their initial values.
    pub signals: Vec<(String, Value)>,
    pub selections: Vec<Selection>,
    /// Parameters that have no value yet: what computes them while marks are drawn, or `None` for those that come with data.
    pub late: Vec<(String, Option<Expression>)>,
    /// What `{"repeat": …}` stands for at the moment.
    pub repeaters: Vec<(&'static str, String)>,
    /// Named data sets of the top level.
    pub depth: usize,
    /// Columns of data that may matter.
    pub wanted: Wanted,
}

/// Parts of the expression of a parameter that stands in others.
pub const MOST_LATE_PARTS: usize = 50;

impl Reader {
    pub fn refuse(&mut self, node: Node) {
        self.refuse_because(node, "not supported");
    }

    pub fn refuse_because(&mut self, node: Node, reason: &str) {
        let problem = Problem {
            path: node.path(),
            reason: reason.to_owned(),
        };
        if !self.unsupported.contains(&problem) && self.unsupported.len() < 200 {
            self.unsupported.push(problem);
        }
    }

    pub fn wrong(&mut self, node: Node, reason: &str) {
        let problem = Problem {
            path: node.path(),
            reason: reason.to_owned(),
        };
        if !self.invalid.contains(&problem) && self.invalid.len() < 200 {
            self.invalid.push(problem);
        }
    }

    /// Visits the members of an object in order.
    pub fn object(&mut self, node: Node, mut visit: impl FnMut(&mut Reader, &str, Node)) {
        let Json::Object(fields) = node.json else {
            self.wrong(node, "must be an object");
            return;
        };
        for (key, json) in fields {
            visit(
                self,
                key,
                Node {
                    json,
                    path: Path::Key(&node.path, key),
                },
            );
        }
    }

    /// Reads a list element by element.
    pub fn list<T>(&mut self, node: Node, mut read: impl FnMut(&mut Reader, Node) -> Option<T>) -> Vec<T> {
        let Json::Array(items) = node.json else {
            self.wrong(node, "must be a list");
            return Vec::new();
        };
        let at = items.iter().enumerate();
        at.filter_map(|(i, json)| {
            read(
                self,
                Node {
                    json,
                    path: Path::Index(&node.path, i),
                },
            )
        })
        .collect()
    }

    /// A list, or one element in place of it.
    pub fn one_or_more<T>(&mut self, node: Node, mut read: impl FnMut(&mut Reader, Node) -> Option<T>) -> Vec<T> {
        if node.json.is_array() {
            self.list(node, read)
        } else {
            read(self, node).into_iter().collect()
        }
    }

    /// Any plain value; `{"expr"}` is computed from the parameters, a date object becomes milliseconds.
    pub fn value(&mut self, node: Node) -> Option<Value> {
        if let Json::Object(fields) = node.json {
            if let Some(Json::String(text)) = fields.get("expr").or_else(|| fields.get("signal")) {
                return self.computed(node, text);
            }
            if let Some(ms) = date_object(node.json) {
                return Some(Value::Number(ms));
            }
        }
        Some(Value::from_json(node.json))
    }

    /// The expression of `{"expr"}` when only rows, scales or data can tell its value.
    pub fn late(&mut self, node: Node) -> Option<Expression> {
        let text = node.get("expr").or_else(|| node.get("signal"))?.as_str()?;
        let tree = expression::parse(text).ok()?;
        let is_late = text.contains("datum") || self.waits(&tree);
        is_late.then(|| self.expanded(&tree))
    }

    /// The same of an extent, which a parameter may name too.
    pub fn late_extent(&mut self, node: Node) -> Option<Expression> {
        match node.get("param").and_then(Json::as_str) {
            Some(name) => {
                let tree = Expression::Name(name.to_owned());
                let known = self.signals.iter().any(|(known, _)| known == name);
                (known || self.waits(&tree)).then(|| self.expanded(&tree))
            }
            None => self.late(node),
        }
    }

    /// Does it ask for scales, or for parameters without a value yet?
    pub fn waits(&self, tree: &Expression) -> bool {
        tree.any(&|part| match part {
            Expression::Name(name) => self.late_named(name).is_some(),
            Expression::Call(name, _) => FUNCTIONS.contains(&name.as_str()),
            _ => false,
        })
    }

    fn late_named(&self, name: &str) -> Option<&Option<Expression>> {
        budget::take(self.late.len() / 8);
        self.late.iter().find(|(late, _)| late == name).map(|(_, tree)| tree)
    }

    /// With what computes parameters in their place.
    pub fn expanded(&self, tree: &Expression) -> Expression {
        tree.replace(&|part| match part {
            Expression::Name(name) => {
                let tree = self.late_named(name)?.as_ref()?;
                // Parameters of parameters could grow without end.
                budget::take(MOST_LATE_PARTS * budget::CELL).then(|| tree.clone())
            }
            _ => None,
        })
    }

    fn computed(&mut self, node: Node, text: &str) -> Option<Value> {
        let result = expression::parse(text).and_then(|tree| {
            expression::evaluate(
                &self.expanded(&tree),
                &Scope {
                    datum: None,
                    names: &self.signals,
                    scales: None,
                },
            )
        });
        match result {
            Ok(value) => Some(value),
            Err(reason) => {
                self.refuse_because(node, &format!("this expression is not supported: {reason}"));
                None
            }
        }
    }

    pub fn expression(&mut self, node: Node) -> Option<expression::Expression> {
        let Some(text) = node.json.as_str() else {
            self.wrong(node, "must be an expression");
            return None;
        };
        match expression::parse(text) {
            Ok(tree) => Some(self.expanded(&tree)),
            Err(reason) => {
                self.refuse_because(node, &format!("this expression is not supported: {reason}"));
                None
            }
        }
    }

    pub fn number(&mut self, node: Node) -> Option<f64> {
        if node.get("condition").is_some() {
            self.refuse(node);
            return None;
        }
        match self.value(node)? {
            Value::Number(n) => Some(n),
            Value::Null => None,
            // A bound input may hold its number as text.
            Value::Text(t) if node.json.is_object() => Some(crate::value::parse_number(&t)),
            _ => {
                self.wrong(node, "must be a number");
                None
            }
        }
    }

    pub fn boolean(&mut self, node: Node) -> Option<bool> {
        match self.value(node)? {
            Value::Bool(b) => Some(b),
            Value::Null => Some(false),
            _ => {
                self.wrong(node, "must be true or false");
                None
            }
        }
    }

    pub fn text(&mut self, node: Node) -> Option<Arc<str>> {
        if node.get("condition").is_some() {
            self.refuse(node);
            return None;
        }
        match self.value(node)? {
            Value::Text(t) => Some(t),
            Value::Null => None,
            _ => {
                self.wrong(node, "must be a text");
                None
            }
        }
    }

    /// Lines of a title: a text, a list of texts, or null, which is no lines.
    pub fn lines(&mut self, node: Node) -> Option<Vec<String>> {
        match self.value(node)? {
            Value::Text(t) => Some(t.split('\n').map(str::to_owned).collect()),
            Value::Null => Some(Vec::new()),
            Value::List(items) => Some(items.iter().map(|i| i.label().to_string()).collect()),
            _ => {
                self.wrong(node, "must be a text");
                None
            }
        }
    }

    pub fn numbers(&mut self, node: Node) -> Option<Vec<f64>> {
        if node.get("condition").is_some() {
            self.refuse(node);
            return None;
        }
        match self.value(node)? {
            Value::List(items) => Some(items.iter().map(Value::number).collect()),
            Value::Null => Some(Vec::new()),
            _ => {
                self.wrong(node, "must be a list of numbers");
                None
            }
        }
    }

    pub fn values(&mut self, node: Node) -> Option<Vec<Value>> {
        if node.json.is_array() {
            return Some(self.list(node, Reader::value));
        }
        match self.value(node)? {
            Value::List(items) => Some(items.to_vec()),
            _ => {
                self.wrong(node, "must be a list");
                None
            }
        }
    }

    /// A colour, a linear gradient, or null, which paints nothing.
    pub fn paint(&mut self, node: Node) -> Option<Paint> {
        if node.get("condition").is_some() {
            self.refuse(node);
            return None;
        }
        if node.get("gradient").is_some() {
            return crate::scene::Gradient::read(self, node).map(|g| Paint::Gradient(Arc::new(g)));
        }
        match self.value(node)? {
            Value::Text(t) => Some(if &*t == "transparent" || &*t == "none" {
                Paint::None
            } else {
                Paint::Css(t)
            }),
            Value::Null => Some(Paint::None),
            _ => {
                self.wrong(node, "must be a colour");
                None
            }
        }
    }

    /// `bold`, or 600 and more.
    pub fn weight(&mut self, node: Node) -> Option<bool> {
        match self.value(node)? {
            Value::Text(t) => Some(matches!(&*t, "bold" | "bolder") || t.parse::<f64>().is_ok_and(|w| w >= 600.0)),
            Value::Number(n) => Some(n >= 600.0),
            _ => None,
        }
    }

    /// `italic` or `oblique`.
    pub fn slant(&mut self, node: Node) -> Option<bool> {
        self.text(node).map(|t| &*t == "italic" || &*t == "oblique")
    }

    /// Something that has no effect on a still picture.
    pub fn skip(&mut self, _node: Node) {}
}

/// Milliseconds of `{"year": 2012, "month": "jan"}`.
pub(super) fn date_object(json: &Json) -> Option<f64> {
    let fields = json.as_object()?;
    let mut date = [2012, 0, 1, 0, 0, 0, 0];
    let mut day_of_week = None;
    if fields.is_empty() {
        return None;
    }
    for (key, value) in fields {
        let name = value.as_str().map(str::to_lowercase);
        let number = value.as_f64().or_else(|| name.as_ref().and_then(|n| n.parse().ok()));
        let named = |names: &[&str]| {
            let text = name.as_ref()?;
            names
                .iter()
                .position(|n| n.to_lowercase().starts_with(text.as_str()))
                .map(|i| i as f64)
        };
        let (slot, value) = match key.as_str() {
            "year" => (0, number?),
            "quarter" => (1, (number? - 1.0) * 3.0),
            "month" => (
                1,
                number
                    .map(|n| n - 1.0)
                    .or_else(|| named(&crate::format::time::MONTHS))?,
            ),
            "date" => (2, number?),
            "day" => {
                day_of_week = Some(number.map(|n| n % 7.0).or_else(|| named(&crate::format::time::DAYS))?);
                continue;
            }
            "hours" => (3, number?),
            "minutes" => (4, number?),
            "seconds" => (5, number?),
            "milliseconds" => (6, number?),
            "utc" => continue,
            _ => return None,
        };
        if let Some(part) = date.get_mut(slot) {
            *part = value.clamp(-1e6, 1e6) as i64;
        }
    }
    if let Some(day) = day_of_week {
        // 2012 begins on a Sunday.
        date[2] = day as i64 + 1;
    }
    let [year, month, day, hour, minute, second, ms] = date;
    Some(calendar::ms(year, month, day, hour, minute, second, ms))
}
