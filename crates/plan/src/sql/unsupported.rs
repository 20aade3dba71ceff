//! What a database cannot compute exactly as the plan says.

use std::fmt::{self, Display, Formatter};

/// The part of a plan that has to be computed elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Ends the sentence "the database has no …".
    pub what: String,
}

impl Unsupported {
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into() }
    }
}

impl Display for Unsupported {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        write!(out, "The database has no {}.", self.what)
    }
}

impl std::error::Error for Unsupported {}

pub type Printed<T> = Result<T, Unsupported>;
