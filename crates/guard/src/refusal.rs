//! Why something was refused.

use std::fmt;

use sqlparser::tokenizer::Location;

/// Closed set of reasons, in the order in which they are looked for: of several, the first is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// Longer than 64 KB.
    TooLong,
    /// A control character, an unpaired one, or one that changes the direction of text.
    Character,
    /// `/*! … */` or `/*M! … */`: a comment to some databases and code to others.
    ExecutableComment,
    /// Nested, or chained without a comma, further than any query needs.
    TooDeep,
    SeveralStatements,
    /// Another statement than a query.
    NotAQuery,
    /// The parser does not know it.
    Unreadable,
    /// INSERT, UPDATE, DELETE or MERGE inside of a query.
    Write,
    /// SELECT … INTO.
    Into,
    /// FOR UPDATE and its kin.
    Lock,
    /// `@x`, `@@x`, `:x`, `$1`, `?`.
    Variable,
    Hint,
    /// A part of SQL that is on no list.
    Construct,
    /// A function in FROM that is not on the list, or a series without a small literal bound.
    TableFunction,
    /// A quoted name with an escape in it: `U&"…"`, a quote or a backslash.
    EscapedName,
    Function,
    /// A table or schema of the database itself.
    SystemRelation,
    UnknownRelation,
    CastType,
    /// WITH RECURSIVE without a bound that can be seen.
    Recursion,
    UnconditionedJoins,
    /// What would be sent does not read as what was checked.
    Unprintable,
    /// Expressions only: a sub-query.
    Subquery,
    /// Expressions only.
    Aggregate,
    /// Expressions only.
    Window,
    /// Expressions only: `orders.amount` instead of `{orders.amount}`.
    QualifiedColumn,
    /// Expressions only: braces that are neither `{param:name}` nor `{table.field}`.
    Placeholder,
    /// Expressions only: a portable function with too few, too many or wrong arguments.
    Arguments,
}

impl RefusalKind {
    pub const ALL: [Self; 28] = [
        Self::TooLong,
        Self::Character,
        Self::ExecutableComment,
        Self::TooDeep,
        Self::SeveralStatements,
        Self::NotAQuery,
        Self::Unreadable,
        Self::Write,
        Self::Into,
        Self::Lock,
        Self::Variable,
        Self::Hint,
        Self::Construct,
        Self::TableFunction,
        Self::EscapedName,
        Self::Function,
        Self::SystemRelation,
        Self::UnknownRelation,
        Self::CastType,
        Self::Recursion,
        Self::UnconditionedJoins,
        Self::Unprintable,
        Self::Subquery,
        Self::Aggregate,
        Self::Window,
        Self::QualifiedColumn,
        Self::Placeholder,
        Self::Arguments,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TooLong => "too_long",
            Self::Character => "character",
            Self::ExecutableComment => "executable_comment",
            Self::TooDeep => "too_deep",
            Self::SeveralStatements => "several_statements",
            Self::NotAQuery => "not_a_query",
            Self::Unreadable => "unreadable",
            Self::Write => "write",
            Self::Into => "into",
            Self::Lock => "lock",
            Self::Variable => "variable",
            Self::Hint => "hint",
            Self::Construct => "construct",
            Self::TableFunction => "table_function",
            Self::EscapedName => "escaped_name",
            Self::Function => "function",
            Self::SystemRelation => "system_relation",
            Self::UnknownRelation => "unknown_relation",
            Self::CastType => "cast_type",
            Self::Recursion => "recursion",
            Self::UnconditionedJoins => "unconditioned_joins",
            Self::Unprintable => "unprintable",
            Self::Subquery => "subquery",
            Self::Aggregate => "aggregate",
            Self::Window => "window",
            Self::QualifiedColumn => "qualified_column",
            Self::Placeholder => "placeholder",
            Self::Arguments => "arguments",
        }
    }
}

/// Where in the text, both counted from 1, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub line: u64,
    pub column: u64,
}

impl Place {
    /// Nothing for the parser's "nowhere", line 0.
    pub(crate) fn of(location: Location) -> Option<Self> {
        (location.line > 0).then_some(Self {
            line: location.line,
            column: location.column,
        })
    }
}

/// Why a text may not be sent. `Display` is the public message; it repeats names of the text, and nothing of the database but
/// names the caller listed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    pub kind: RefusalKind,
    /// What was refused, why, and what to do, in sentences.
    pub message: String,
    pub place: Option<Place>,
}

/// In characters.
const LONGEST_MESSAGE: usize = 600;

impl Refusal {
    pub(crate) fn new(kind: RefusalKind, place: Option<Place>, message: impl Into<String>) -> Self {
        let mut message = message.into();
        // Names of the text are repeated in it, and may be long.
        if let Some((cut, _)) = message.char_indices().nth(LONGEST_MESSAGE) {
            message.truncate(cut);
            message.push('…');
        }
        Self { kind, message, place }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}", self.line, self.column)
    }
}
