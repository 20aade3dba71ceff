//! Fields as the rows of a fact see them.

use std::ops::Deref;

use shared::{AppError, ErrorCode, semantic::Dimension};

use super::{clock::Clock, definition::Reading, resolved::Field, scope::Scope};
use crate::{
    graph::{Place, Reach, Way},
    logical::Expression,
};

/// A dimension as the rows of a fact see it.
#[derive(Clone, Debug)]
pub struct Located<'a> {
    pub dimension: &'a Dimension,
    /// As it is stored.
    pub value: Expression,
}

impl Deref for Located<'_> {
    type Target = Dimension;

    fn deref(&self) -> &Dimension {
        self.dimension
    }
}

/// Where fields are looked for: at the end of a way that starts at the fact.
#[derive(Clone, Copy)]
pub struct Seen<'r, 'a> {
    pub scope: Scope<'a>,
    pub clock: &'r Clock,
    pub from: Place<'a>,
    pub base: &'r Way<'a>,
}

impl<'a> Seen<'_, 'a> {
    /// How rows see a field.
    ///
    /// # Errors
    /// `ambiguous_path` with the ways to choose from; `unreachable_dimension` with what can be reached.
    pub fn reach(&self, field: &Field<'a>) -> Result<Reach<'a>, AppError> {
        match field {
            Field::Time => Ok(Reach::One(Way::new())),
            Field::Of { node, .. } => self.scope.graph.reach(self.from.after(self.base), node, &field.name()),
        }
    }

    /// A dimension at the end of a further way.
    ///
    /// # Errors
    /// As reading its definition.
    pub fn at(&self, way: Way<'a>, dimension: &'a Dimension) -> Result<Located<'a>, AppError> {
        let way: Way<'a> = self.base.iter().copied().chain(way).collect();
        let reading = Reading {
            scope: self.scope,
            clock: self.clock,
            from: self.from,
            way: &way,
            arguments: None,
        };
        Ok(Located {
            dimension,
            value: reading.value(&dimension.expr)?,
        })
    }

    /// The dimension behind a field, where each row has one.
    ///
    /// # Errors
    /// As `one`, and as reading its definition.
    pub fn locate(&self, field: &Field<'a>, dimension: &'a Dimension) -> Result<Located<'a>, AppError> {
        self.at(self.one(field)?, dimension)
    }

    /// The way to a field of which each row has one.
    ///
    /// # Errors
    /// As `reach`; `fan_out` when a row may have many.
    pub fn one(&self, field: &Field<'a>) -> Result<Way<'a>, AppError> {
        match self.reach(field)? {
            Reach::One(way) => Ok(way),
            Reach::Many { step, .. } => {
                let name = field.name();
                let from = self.from.after(self.base);
                let message = format!(
                    "One row of {} has many of {}, so its numbers would be counted several times when grouped by {name}.",
                    from.node, step.node
                );
                Err(AppError::new(ErrorCode::FanOut, message)
                    .with_field(name)
                    .with_hint("Filter by it instead, or choose one of these fields.")
                    .with_candidates(self.scope.graph.fields(from)))
            }
        }
    }
}
