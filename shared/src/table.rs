//! Values and column types, the same in files, databases and answers.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Type of a stored or computed column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnType {
    String,
    /// 64-bit signed.
    Integer,
    /// 64-bit floating point.
    Number,
    /// Exact; travels as a string.
    Decimal,
    Boolean,
    Date,
    Time,
    /// Without zone: a wall-clock reading.
    Timestamp,
    /// An instant.
    Timestamptz,
    Json,
    Geo,
}

impl ColumnType {
    pub const ALL: [Self; 11] = [
        Self::String,
        Self::Integer,
        Self::Number,
        Self::Decimal,
        Self::Boolean,
        Self::Date,
        Self::Time,
        Self::Timestamp,
        Self::Timestamptz,
        Self::Json,
        Self::Geo,
    ];

    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Decimal)
    }

    /// Can be truncated to a day: a point on the calendar.
    pub const fn is_temporal(self) -> bool {
        matches!(self, Self::Date | Self::Timestamp | Self::Timestamptz)
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Decimal => "decimal",
            Self::Boolean => "boolean",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::Timestamptz => "timestamptz",
            Self::Json => "json",
            Self::Geo => "geo",
        }
    }
}

/// One cell on the wire: JSON null, boolean, number or string. Dates are `2026-11-20`, timestamps
/// `2026-11-20T09:00:00` (with an offset when the column is `timestamptz`), decimals strings; the column's type says how
/// to read a string. NaN and infinities do not exist on the wire: they are NULL.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Cell {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Cell {
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The number in it; a decimal's text is parsed.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Int(number) => Some(*number as f64),
            Self::Float(number) => Some(*number),
            Self::Text(text) => text.parse().ok(),
            Self::Bool(truth) => Some(if *truth { 1.0 } else { 0.0 }),
            Self::Null => None,
        }
    }

    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Float(_) => None,
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_finite() {
            Self::Float(number)
        } else {
            Self::Null
        }
    }
}

impl From<bool> for Cell {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}
