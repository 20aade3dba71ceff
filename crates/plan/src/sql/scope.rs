//! What the expressions of one SELECT can name: the columns of its sources, its aggregates and its windows.

use super::{
    Kind, Printed, Unsupported, aggregate, block::WindowColumn, dialect::Dialect, expression, term::Term, window,
};
use crate::logical::{AggregateCall, Expression, JoinKind};

/// A place a column of a plan comes from. While a SELECT is put together, the columns in its expressions are places.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Source { source: usize, column: usize },
    Aggregate(usize),
    Window(usize),
}

impl Place {
    pub fn expression(self) -> Expression {
        Expression::Column(match self {
            Self::Source { source, column } => format!("s{source}.{column}"),
            Self::Aggregate(index) => format!("a{index}"),
            Self::Window(index) => format!("w{index}"),
        })
    }

    pub fn of(name: &str) -> Option<Self> {
        let mut letters = name.chars();
        let first = letters.next()?;
        let rest = letters.as_str();
        match first {
            's' => {
                let (source, column) = rest.split_once('.')?;
                Some(Self::Source {
                    source: source.parse().ok()?,
                    column: column.parse().ok()?,
                })
            }
            'a' => rest.parse().ok().map(Self::Aggregate),
            'w' => rest.parse().ok().map(Self::Window),
            _ => None,
        }
    }
}

/// A table or an earlier stage, and how it is joined.
#[derive(Clone, Debug)]
pub struct Source {
    /// As it stands in FROM.
    pub relation: String,
    /// Before it is quoted; also its alias where the relation alone does not name it.
    pub alias: String,
    pub columns: Vec<SourceColumn>,
    pub role: Role,
    /// A stored table, whose columns are read by `Dialect::stored`.
    pub is_table: bool,
}

#[derive(Clone, Debug)]
pub struct SourceColumn {
    /// In SQL, before it is quoted.
    pub name: String,
    pub kind: Kind,
    pub exact: bool,
    pub nullable: bool,
}

#[derive(Clone, Debug)]
pub enum Role {
    From,
    Joined {
        kind: JoinKind,
        /// Left and right, as places.
        on: Vec<(Expression, Expression)>,
        null_equal: bool,
    },
}

/// A SELECT's names.
pub struct Scope<'a> {
    pub dialect: &'a dyn Dialect,
    pub sources: &'a [Source],
    pub aggregates: &'a [AggregateCall],
    pub windows: &'a [WindowColumn],
    /// With more than one source, columns carry its name.
    pub qualified: bool,
}

impl Scope<'_> {
    pub fn term(&self, expression: &Expression) -> Printed<Term> {
        expression::print(expression, self)
    }

    pub fn column(&self, name: &str) -> Printed<Term> {
        match Place::of(name) {
            Some(Place::Source { source, column }) => self.source_column(source, column),
            Some(Place::Aggregate(index)) => {
                let call = self.aggregates.get(index).ok_or_else(missing)?;
                let inner = Scope {
                    aggregates: &[],
                    windows: &[],
                    ..*self
                };
                aggregate::print(call, &inner)
            }
            Some(Place::Window(index)) => {
                let call = self.windows.get(index).ok_or_else(missing)?;
                let inner = Scope { windows: &[], ..*self };
                window::print(call, &inner)
            }
            None => Err(missing()),
        }
    }

    fn source_column(&self, source: usize, column: usize) -> Printed<Term> {
        let source = self.sources.get(source).ok_or_else(missing)?;
        let column = source.columns.get(column).ok_or_else(missing)?;
        if column.kind == Kind::Null {
            return Ok(Term::atom("NULL", Kind::Null));
        }
        let own = self.dialect.name(&column.name);
        let text = if self.qualified {
            format!("{}.{own}", self.dialect.name(&source.alias))
        } else {
            own
        };
        let read = if source.is_table {
            self.dialect.stored(&text, column.kind, column.exact)?
        } else {
            None
        };
        Ok(read.unwrap_or_else(|| Term::atom(text, column.kind)))
    }
}

/// The plan names a column its input does not have.
pub fn missing() -> Unsupported {
    Unsupported::new("column that the plan names there")
}
