//! Turning the cells of a column into numbers, times or truth values.

use super::field::Field;
use super::table::Table;
use super::texts::Found;
use crate::time;
use crate::value::Value;

/// What a column is turned into.
#[derive(Clone, Debug, PartialEq)]
pub enum Conversion {
    Number,
    Boolean,
    Text,
    /// Times as `Date.parse` reads them.
    Date,
    /// Times by a d3-time-format specifier.
    DateBy(String),
    /// Nested objects become a column of their own.
    Flatten,
}

impl Conversion {
    /// Reads `number`, `date`, `date:'%Y'`, `utc:'%Y'`, `boolean`, `string`.
    pub fn parse(text: &str) -> Option<Conversion> {
        if let Some((kind, format)) = text.split_once(':') {
            let format = format.trim_matches(['\'', '"']);
            return (kind == "date" || kind == "utc").then(|| Conversion::DateBy(format.to_owned()));
        }
        Some(match text {
            "number" => Conversion::Number,
            "boolean" => Conversion::Boolean,
            "string" => Conversion::Text,
            "date" | "utc" => Conversion::Date,
            "flatten" => Conversion::Flatten,
            _ => return None,
        })
    }
}

/// Converts a column in place; nothing and empty text become null, as in Vega.
pub fn convert_column(table: &mut Table, path: &str, conversion: &Conversion) {
    let field = Field::of(table, path);
    if !field.exists() {
        return;
    }
    let mut times = Found::of_rows(table.rows.len());
    table.fill(path, |row| convert(&field.cell(row), conversion, &mut times));
}

fn convert(value: &Value, conversion: &Conversion, times: &mut Found<f64>) -> Value {
    let empty = value.is_nothing() || matches!(value, Value::Text(t) if t.is_empty());
    match conversion {
        Conversion::Flatten => value.clone(),
        _ if empty => match value {
            Value::Missing => Value::Missing,
            _ => Value::Null,
        },
        Conversion::Number => match value {
            Value::Number(n) => Value::Number(*n),
            other => Value::Number(other.number()),
        },
        Conversion::Boolean => Value::Bool(match value {
            Value::Text(t) => !matches!(&**t, "false" | "0"),
            other => other.truthy(),
        }),
        Conversion::Text => Value::Text(value.label()),
        Conversion::Date => match value {
            Value::Text(t) => Value::Number(times.of(t, time::parse::parse)),
            other => Value::Number(other.number()),
        },
        Conversion::DateBy(format) => match value {
            Value::Number(n) if format.is_empty() => Value::Number(*n),
            other => Value::Number(times.of(&other.label(), |t| time::parse::parse_with(t, format))),
        },
    }
}
