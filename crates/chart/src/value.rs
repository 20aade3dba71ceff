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

/// The number of which a text is the [`number_label`]; `None` also where that would have to be tried out.
pub fn labelled_number(text: &str) -> Option<f64> {
    const DIGITS: usize = 15;
    const PLACES: usize = 6;
    let digits = text.strip_prefix('-').unwrap_or(text).as_bytes();
    let point = digits.iter().position(|byte| *byte == b'.').unwrap_or(digits.len());
    let (whole, fraction) = digits.split_at_checked(point)?;
    let fraction = match fraction.split_first() {
        None => fraction,
        // With no zero at the end, nor nothing.
        Some((_, places)) if places.last().is_some_and(|last| *last != b'0') => places,
        Some(_) => return None,
    };
    let begins = matches!(whole, [b'0'] | [b'1'..=b'9', ..]);
    let negative = digits.len() < text.len();
    if !begins || whole.len() + fraction.len() > DIGITS || fraction.len() > PLACES || (negative && digits == b"0") {
        return None;
    }
    let mut number: u64 = 0;
    for byte in whole.iter().chain(fraction) {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number * 10 + u64::from(byte - b'0');
    }
    // Both are exact, and so the quotient is the nearest there is.
    let size = number as f64 / crate::math::pow10(fraction.len() as i32);
    Some(if negative { -size } else { size })
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

#[cfg(test)]
mod tests {
    use super::{labelled_number, number_label, parse_number};

    #[test]
    fn labels_of_numbers_are_told_from_other_texts() {
        for text in [
            "0",
            "7",
            "-7",
            "39.81",
            "0.5",
            "-0.000001",
            "120",
            "123456789.123456",
            "999999999999999",
        ] {
            let number = labelled_number(text).expect(text);
            assert_eq!(number.to_bits(), parse_number(text).to_bits());
            assert_eq!(number_label(number), text);
        }
        for text in [
            "",
            "-",
            "-0",
            ".",
            "1.",
            ".5",
            "01",
            "1.50",
            "1e3",
            "+1",
            " 1",
            "1 ",
            "--1",
            "1.2.3",
            "0.0000001",
            "1234567890123456",
            "1,000",
            "a",
            "Infinity",
        ] {
            assert_eq!(labelled_number(text), None, "{text}");
        }
        let mut state = 7_u64;
        for at in 0..20_000 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let text = number_label((state >> 32) as f64 / 10_f64.powi(at % 7));
            if let Some(number) = labelled_number(&text) {
                assert_eq!(number.to_bits(), parse_number(&text).to_bits());
                assert_eq!(number_label(number), text);
            }
        }
    }
}
