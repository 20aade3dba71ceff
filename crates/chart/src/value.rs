//! One cell of data: the values of JSON, cheap to copy, with JavaScript's conversions.

use crate::format::decimal::Decimal;
use serde_json::Value as Json;
use std::sync::Arc;

/// A cell. Times are numbers: milliseconds since 1970 in UTC.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// The row has no such field (JavaScript's `undefined`).
    #[default]
    Missing,
    Null,
    Bool(bool),
    Number(f64),
    Text(Arc<str>),
    List(Arc<Vec<Value>>),
    Object(Arc<Vec<(Arc<str>, Value)>>),
}

impl Value {
    pub fn text(text: &str) -> Value {
        Value::Text(Arc::from(text))
    }

    pub fn from_json(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(b) => Value::Bool(*b),
            Json::Number(n) => Value::Number(n.as_f64().unwrap_or(f64::NAN)),
            Json::String(s) => Value::text(s),
            Json::Array(items) => Value::List(Arc::new(items.iter().map(Value::from_json).collect())),
            Json::Object(map) => Value::Object(Arc::new(
                map.iter()
                    .map(|(k, v)| (Arc::from(k.as_str()), Value::from_json(v)))
                    .collect(),
            )),
        }
    }

    /// As JSON; what is no number of JSON becomes null.
    pub fn to_json(&self) -> Json {
        match self {
            Value::Missing | Value::Null => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            // Whole numbers stay whole: they may be indices.
            Value::Number(n) if *n == n.trunc() && n.abs() < 9e15 => Json::from(*n as i64),
            Value::Number(n) => Json::from(*n),
            Value::Text(t) => Json::from(&**t),
            Value::List(items) => items.iter().map(Value::to_json).collect(),
            Value::Object(members) => {
                let members = members.iter().map(|(k, v)| (k.to_string(), v.to_json()));
                Json::Object(members.collect())
            }
        }
    }

    /// As a number, the way JavaScript's unary `+` converts.
    pub fn number(&self) -> f64 {
        match self {
            Value::Missing | Value::Object(_) => f64::NAN,
            Value::Null => 0.0,
            Value::Bool(b) => f64::from(u8::from(*b)),
            Value::Number(n) => *n,
            Value::Text(t) => parse_number(t),
            Value::List(items) => match items.as_slice() {
                [] => 0.0,
                [one] => one.number(),
                _ => f64::NAN,
            },
        }
    }

    /// Neither null, missing nor NaN.
    pub fn is_valid(&self) -> bool {
        match self {
            Value::Missing | Value::Null => false,
            Value::Number(n) => !n.is_nan(),
            Value::Bool(_) | Value::Text(_) | Value::List(_) | Value::Object(_) => true,
        }
    }

    pub fn is_nothing(&self) -> bool {
        matches!(self, Value::Missing | Value::Null)
    }

    pub fn truthy(&self) -> bool {
        match self {
            Value::Missing | Value::Null => false,
            Value::Bool(b) => *b,
            Value::Number(n) => *n != 0.0 && !n.is_nan(),
            Value::Text(t) => !t.is_empty(),
            Value::List(_) | Value::Object(_) => true,
        }
    }

    /// As text, the way JavaScript's `String()` converts.
    pub fn label(&self) -> Arc<str> {
        match self {
            Value::Text(t) => t.clone(),
            Value::Missing => Arc::from("undefined"),
            Value::Null => Arc::from("null"),
            Value::Bool(true) => Arc::from("true"),
            Value::Bool(false) => Arc::from("false"),
            Value::Number(n) => Arc::from(number_label(*n)),
            Value::List(items) => {
                let parts: Vec<_> = items
                    .iter()
                    .map(|v| if v.is_nothing() { Arc::from("") } else { v.label() })
                    .collect();
                Arc::from(parts.join(","))
            }
            Value::Object(_) => Arc::from("[object Object]"),
        }
    }

    /// A member of an object, an element of a list, or the length of either.
    pub fn member(&self, name: &str) -> Value {
        match self {
            Value::Object(fields) => fields
                .iter()
                .find(|(k, _)| &**k == name)
                .map_or(Value::Missing, |(_, v)| v.clone()),
            Value::List(items) if name == "length" => Value::Number(items.len() as f64),
            Value::List(items) => name
                .parse::<usize>()
                .ok()
                .and_then(|i| items.get(i).cloned())
                .unwrap_or_default(),
            Value::Text(t) if name == "length" => Value::Number(t.encode_utf16().count() as f64),
            Value::Text(t) => {
                let at = name.parse::<usize>().ok().and_then(|i| t.chars().nth(i));
                at.map_or(Value::Missing, |c| Value::text(c.encode_utf8(&mut [0; 4])))
            }
            Value::Missing | Value::Null | Value::Bool(_) | Value::Number(_) => Value::Missing,
        }
    }
}

/// Text to number: blank is 0, anything that is not a number is NaN.
pub fn parse_number(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    match text {
        "Infinity" | "+Infinity" => f64::INFINITY,
        "-Infinity" => f64::NEG_INFINITY,
        _ if text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E')) =>
        {
            text.parse().unwrap_or(f64::NAN)
        }
        _ => f64::NAN,
    }
}

/// Number to text: the shortest that reads back the same, with an exponent where JavaScript writes one.
pub fn number_label(n: f64) -> String {
    if n.is_nan() {
        return "NaN".into();
    }
    if n.is_infinite() {
        return if n > 0.0 { "Infinity".into() } else { "-Infinity".into() };
    }
    if n == 0.0 {
        return "0".into();
    }
    let size = n.abs();
    if let Some(decimal) = Decimal::of(size) {
        let mut text = String::new();
        if n < 0.0 {
            text.push('-');
        }
        decimal.write(&mut text, 0, false);
        return text;
    }
    if (1e-6..1e21).contains(&size) {
        return format!("{n}");
    }
    let text = format!("{n:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// Ascending order as d3 has it: numbers by size, text by code point, nothing last.
pub fn compare(a: &Value, b: &Value) -> std::cmp::Ordering {
    use std::cmp::Ordering::{Equal, Greater, Less};
    match (a, b) {
        (Value::Text(x), Value::Text(y)) => x.cmp(y),
        (Value::Number(x), Value::Number(y)) => match (x.is_nan(), y.is_nan()) {
            (true, true) => Equal,
            (true, false) => Less,
            (false, true) => Greater,
            (false, false) => x.partial_cmp(y).unwrap_or(Equal),
        },
        _ => match (a.is_nothing(), b.is_nothing()) {
            (true, true) => Equal,
            (true, false) => Less,
            (false, true) => Greater,
            (false, false) => a
                .number()
                .partial_cmp(&b.number())
                .unwrap_or_else(|| a.label().cmp(&b.label())),
        },
    }
}
