//! How the text of a column is read: its type and the way its values are written.

use super::{Origin, record::Field};
use crate::{
    ingest::value::{
        boolean,
        calendar::Order,
        clock, moment,
        null::is_null_word,
        number::{self, Style},
    },
    lower::Kind,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Text,
    /// JSON, kept as text.
    Json,
    Boolean,
    Integer(Style),
    Number(Style),
    Decimal {
        style: Style,
        scale: u32,
    },
    Date(Order),
    Timestamp(Order),
    Instant(Order),
    Time,
}

/// A field that was read.
#[derive(Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Boolean(bool),
    /// Whole numbers; days since 1970; microseconds since 1970; nanoseconds since midnight.
    Integer(i64),
    Number(f64),
    /// Unscaled.
    Decimal(i128),
    Text(&'a str),
}

const DAY: i64 = 86_400_000_000;

impl Reading {
    pub fn kind(self) -> Kind {
        match self {
            Self::Text | Self::Json => Kind::Text,
            Self::Boolean => Kind::Boolean,
            Self::Integer(_) => Kind::Integer,
            Self::Number(_) => Kind::Number,
            Self::Decimal { scale, .. } => Kind::Decimal {
                scale: usize::try_from(scale).unwrap_or_default(),
            },
            Self::Date(_) => Kind::Date,
            Self::Timestamp(_) => Kind::Timestamp,
            Self::Instant(_) => Kind::Instant,
            Self::Time => Kind::Time,
        }
    }

    /// The value of a field, or why it has none of this type.
    pub fn read<'f>(self, field: &'f Field<'_>) -> Result<Value<'f>, &'static str> {
        if field.origin == Origin::Missing {
            return Ok(Value::Null);
        }
        if matches!(self, Self::Text | Self::Json) {
            return Ok(Value::Text(&field.text));
        }
        let text = field.text.trim_ascii();
        if text.is_empty() || is_null_word(text) {
            return Ok(Value::Null);
        }
        self.read_trimmed(text)
    }

    fn read_trimmed(self, text: &str) -> Result<Value<'_>, &'static str> {
        match self {
            Self::Text | Self::Json => Ok(Value::Text(text)),
            Self::Boolean => match text {
                "1" => Ok(Value::Boolean(true)),
                "0" => Ok(Value::Boolean(false)),
                _ => boolean::parse(text)
                    .map(|(truth, _)| Value::Boolean(truth))
                    .ok_or("not a truth value"),
            },
            Self::Integer(style) => number::parse_integer(text, style)
                .or_else(|| whole(text, style))
                .map(Value::Integer)
                .ok_or("not a whole number"),
            Self::Number(style) => number::parse_number(text, style)
                .map(Value::Number)
                .ok_or("not a number"),
            Self::Decimal { style, scale } => number::parse_decimal(text, style, scale)
                .map(Value::Decimal)
                .ok_or("not a decimal number that fits"),
            Self::Date(order) => {
                let moment = moment::parse(text, order).ok_or("not a date")?;
                if moment.wall_microseconds % DAY == 0 {
                    Ok(Value::Integer(moment.wall_microseconds.div_euclid(DAY)))
                } else {
                    Err("has a time of day")
                }
            }
            Self::Timestamp(order) => moment::parse(text, order)
                .map(|moment| Value::Integer(moment.wall_microseconds))
                .ok_or("not a date and time"),
            Self::Instant(order) => moment::parse(text, order)
                .map(|moment| Value::Integer(moment.instant_microseconds()))
                .ok_or("not a date and time"),
            Self::Time => match clock::parse_prefix(text) {
                Some((micros, "")) => Ok(Value::Integer(micros * 1000)),
                Some(_) | None => Err("not a time of day"),
            },
        }
    }
}

/// `12.0` where a whole number was asked for.
fn whole(text: &str, style: Style) -> Option<i64> {
    number::parse_decimal(text, style, 0).and_then(|value| i64::try_from(value).ok())
}
