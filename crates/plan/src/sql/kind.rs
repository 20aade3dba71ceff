//! The types columns have while a plan is printed, and how two of them meet. The same as the engine's own, so that both
//! give the same numbers.

use shared::table::ColumnType;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only NULL; meets every other kind.
    Null,
    Boolean,
    Integer,
    Number,
    Decimal,
    Text,
    Date,
    Time,
    /// A wall clock.
    Timestamp,
    /// A point in time.
    Instant,
}

impl Kind {
    pub const fn of(stored: ColumnType) -> Self {
        match stored {
            ColumnType::String | ColumnType::Json | ColumnType::Geo => Self::Text,
            ColumnType::Integer => Self::Integer,
            ColumnType::Number => Self::Number,
            ColumnType::Decimal => Self::Decimal,
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Date => Self::Date,
            ColumnType::Time => Self::Time,
            ColumnType::Timestamp => Self::Timestamp,
            ColumnType::Timestamptz => Self::Instant,
        }
    }

    pub const fn column_type(self) -> ColumnType {
        match self {
            Self::Null | Self::Text => ColumnType::String,
            Self::Boolean => ColumnType::Boolean,
            Self::Integer => ColumnType::Integer,
            Self::Number => ColumnType::Number,
            Self::Decimal => ColumnType::Decimal,
            Self::Date => ColumnType::Date,
            Self::Time => ColumnType::Time,
            Self::Timestamp => ColumnType::Timestamp,
            Self::Instant => ColumnType::Timestamptz,
        }
    }

    pub const fn is_numeric(self) -> bool {
        matches!(self, Self::Integer | Self::Number | Self::Decimal)
    }

    /// What it is called when something cannot be done with it.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Boolean => "a truth value",
            Self::Integer => "a whole number",
            Self::Number => "a number",
            Self::Decimal => "a decimal",
            Self::Text => "text",
            Self::Date => "a date",
            Self::Time => "a time of day",
            Self::Timestamp => "a timestamp",
            Self::Instant => "an instant",
        }
    }

    /// The kind in which values of both can be compared or stand in one column.
    pub fn meet(self, other: Self) -> Option<Self> {
        match (self, other) {
            _ if self == other => Some(self),
            (Self::Null, kind) | (kind, Self::Null) => Some(kind),
            (Self::Integer, Self::Decimal) | (Self::Decimal, Self::Integer) => Some(Self::Decimal),
            (Self::Number, numeric) | (numeric, Self::Number) if numeric.is_numeric() => Some(Self::Number),
            (Self::Date, Self::Timestamp) | (Self::Timestamp, Self::Date) => Some(Self::Timestamp),
            (Self::Date, Self::Instant) | (Self::Instant, Self::Date) => Some(Self::Instant),
            _ => None,
        }
    }
}
