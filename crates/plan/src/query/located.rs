//! Fields as the rows of a fact see them.

use std::ops::Deref;

use shared::{AppError, ErrorCode, semantic::Dimension};

use super::resolved::Field;
use crate::{
    graph::{Graph, Place, Reach, Step, Way, prefix},
    logical::Expression,
};

/// A dimension as the rows of a fact see it.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    pub dimension: &'a Dimension,
    /// What stands before its stored columns' names.
    prefix: String,
}

impl<'a> Located<'a> {
    pub fn new(dimension: &'a Dimension, way: &[Step<'_>]) -> Self {
        Self {
            dimension,
            prefix: prefix(way),
        }
    }

    /// Seen from the start of a way that leads to where it was found.
    #[must_use]
    pub fn behind(self, way: &[Step<'_>]) -> Self {
        Self {
            dimension: self.dimension,
            prefix: format!("{}{}", prefix(way), self.prefix),
        }
    }

    /// Of the fact's own table.
    pub const fn own(dimension: &'a Dimension) -> Self {
        Self {
            dimension,
            prefix: String::new(),
        }
    }

    /// The stored value.
    pub fn value(&self) -> Expression {
        Expression::column(format!("{}{}", self.prefix, self.dimension.expr.column()))
    }
}

impl Deref for Located<'_> {
    type Target = Dimension;

    fn deref(&self) -> &Dimension {
        self.dimension
    }
}

/// How rows see a field.
///
/// # Errors
/// `ambiguous_path` with the ways to choose from; `unreachable_dimension` with what can be reached.
pub fn reach<'a>(graph: &Graph<'a>, from: Place<'a>, field: &Field<'a>) -> Result<Reach<'a>, AppError> {
    match field {
        Field::Time => Ok(Reach::One(Way::new())),
        Field::Of { node, .. } => graph.reach(from, node, &field.name()),
    }
}

/// The dimension behind a field, where each row has one.
///
/// # Errors
/// As `reach`; `fan_out` when a row may have many.
pub fn locate<'a>(
    graph: &Graph<'a>,
    from: Place<'a>,
    field: &Field<'a>,
    dimension: &'a Dimension,
) -> Result<Located<'a>, AppError> {
    match reach(graph, from, field)? {
        Reach::One(way) => Ok(Located::new(dimension, &way)),
        Reach::Many { step, .. } => {
            let name = field.name();
            let message = format!(
                "One row of {} has many of {}, so its numbers would be counted several times when grouped by {name}.",
                from.node, step.node
            );
            Err(AppError::new(ErrorCode::FanOut, message)
                .with_field(name)
                .with_hint("Filter by it instead, or choose one of these fields.")
                .with_candidates(graph.fields(from)))
        }
    }
}
