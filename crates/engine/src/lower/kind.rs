//! The types a plan's columns have while it is lowered, and how two of them meet.

use polars::prelude::*;
use shared::table::ColumnType;

/// Static type of a column or expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// Only NULL; meets every other kind.
    Null,
    Boolean,
    Integer,
    Number,
    /// 38 digits, `scale` of them after the point.
    Decimal {
        scale: usize,
    },
    Text,
    Date,
    Time,
    /// A wall clock, in microseconds.
    Timestamp,
    /// A point in time, in microseconds, stored in UTC.
    Instant,
}

/// Digits of every decimal while it is computed with.
pub const DECIMAL_DIGITS: usize = 38;

impl Kind {
    /// Of a stored column; `None` for what our files never hold.
    pub fn of(dtype: &DataType) -> Option<Self> {
        match dtype {
            DataType::Null => Some(Self::Null),
            DataType::Boolean => Some(Self::Boolean),
            DataType::Int64 => Some(Self::Integer),
            DataType::Float64 => Some(Self::Number),
            DataType::Decimal(_, scale) => Some(Self::Decimal { scale: *scale }),
            DataType::String => Some(Self::Text),
            DataType::Date => Some(Self::Date),
            DataType::Time => Some(Self::Time),
            DataType::Datetime(TimeUnit::Microseconds, None) => Some(Self::Timestamp),
            DataType::Datetime(TimeUnit::Microseconds, Some(_)) => Some(Self::Instant),
            _ => None,
        }
    }

    /// What it is called where something cannot be done with it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Boolean => "a truth value",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Decimal { .. } => "a decimal",
            Self::Text => "text",
            Self::Date => "a date",
            Self::Time => "a time of day",
            Self::Timestamp => "a time",
            Self::Instant => "a moment",
        }
    }

    pub fn dtype(self) -> DataType {
        match self {
            Self::Null => DataType::Null,
            Self::Boolean => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Number => DataType::Float64,
            Self::Decimal { scale } => DataType::Decimal(DECIMAL_DIGITS, scale),
            Self::Text => DataType::String,
            Self::Date => DataType::Date,
            Self::Time => DataType::Time,
            Self::Timestamp => DataType::Datetime(TimeUnit::Microseconds, None),
            Self::Instant => DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        }
    }

    pub const fn column_type(self) -> ColumnType {
        match self {
            Self::Null | Self::Text => ColumnType::String,
            Self::Boolean => ColumnType::Boolean,
            Self::Integer => ColumnType::Integer,
            Self::Number => ColumnType::Number,
            Self::Decimal { .. } => ColumnType::Decimal,
            Self::Date => ColumnType::Date,
            Self::Time => ColumnType::Time,
            Self::Timestamp => ColumnType::Timestamp,
            Self::Instant => ColumnType::Timestamptz,
        }
    }

    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Decimal { .. })
    }

    /// The kind in which values of both can be compared or stand in one column; `None` when they have nothing in common.
    pub fn meet(self, other: Self) -> Option<Self> {
        match (self, other) {
            _ if self == other => Some(self),
            (Self::Null, kind) | (kind, Self::Null) => Some(kind),
            (Self::Decimal { scale }, Self::Decimal { scale: other }) => Some(Self::Decimal {
                scale: scale.max(other),
            }),
            (Self::Integer, decimal @ Self::Decimal { .. }) | (decimal @ Self::Decimal { .. }, Self::Integer) => {
                Some(decimal)
            }
            (Self::Number, numeric) | (numeric, Self::Number) if numeric.is_numeric() => Some(Self::Number),
            (Self::Date, Self::Timestamp) | (Self::Timestamp, Self::Date) => Some(Self::Timestamp),
            (Self::Date, Self::Instant) | (Self::Instant, Self::Date) => Some(Self::Instant),
            _ => None,
        }
    }

    /// `expression` of this kind as `target`. NULL where a value has no counterpart.
    pub fn convert(self, expression: Expr, target: Self) -> Expr {
        match (self, target) {
            _ if self == target => expression,
            (Self::Date | Self::Timestamp, Self::Instant) => expression
                .cast(Self::Timestamp.dtype())
                .dt()
                .replace_time_zone(Some(TimeZone::UTC), lit("earliest"), NonExistent::Null),
            (Self::Instant, Self::Timestamp) => {
                expression
                    .dt()
                    .replace_time_zone(None, lit("earliest"), NonExistent::Null)
            }
            (Self::Boolean, Self::Text) => when(expression.clone())
                .then(lit("true"))
                .when(expression.not())
                .then(lit("false"))
                .otherwise(lit(NULL)),
            // Polars has no such cast.
            (Self::Text, Self::Boolean) => {
                let word = expression.str().strip_chars(lit(NULL)).str().to_lowercase();
                when(word.clone().eq(lit("true")))
                    .then(lit(true))
                    .when(word.eq(lit("false")))
                    .then(lit(false))
                    .otherwise(lit(NULL))
            }
            // As answers write them.
            (Self::Time, Self::Text) => expression.dt().to_string("%H:%M:%S%.f"),
            (Self::Timestamp, Self::Text) => expression.dt().to_string("%Y-%m-%dT%H:%M:%S%.f"),
            (Self::Instant, Self::Text) => expression.dt().to_string("%Y-%m-%dT%H:%M:%S%.fZ"),
            _ => expression.cast(target.dtype()),
        }
    }
}
