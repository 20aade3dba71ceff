//! One row of a file before it has types.

use std::borrow::Cow;

/// Where a field's text comes from decides what it may mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Nothing stands there: NULL.
    Missing,
    /// Delimited text, or a number, truth value or date of a typed format.
    Bare,
    /// Delimited text in quotes: an empty one is empty text.
    Quoted,
    /// Text of a typed format (JSON, a sheet): never a number, perhaps a date.
    Text,
    /// JSON of a nested value.
    Nested,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    pub text: Cow<'a, str>,
    pub origin: Origin,
}

impl<'a> Field<'a> {
    pub const MISSING: Field<'static> = Field {
        text: Cow::Borrowed(""),
        origin: Origin::Missing,
    };

    pub const fn borrowed(text: &'a str, origin: Origin) -> Self {
        Self {
            text: Cow::Borrowed(text),
            origin,
        }
    }
}

#[derive(Debug)]
pub struct Record<'r, 'a> {
    pub fields: &'r [Field<'a>],
    /// 1-based line or row of the file it starts in.
    pub line: u64,
}

/// What a scanner finds: a record, or a piece of the file that is none.
#[derive(Debug)]
pub enum Scanned<'r, 'a> {
    Record(Record<'r, 'a>),
    Refused {
        line: u64,
        text: &'r str,
        reason: &'static str,
    },
}
