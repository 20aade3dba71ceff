//! Joins of a model: how a row of one table finds its row in another.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::FieldCondition;
use crate::names::Identifier;

/// Rows of `from` find rows of `to` whose columns are equal. Always LEFT: a row whose key is NULL or finds nothing stays,
/// with NULL dimensions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    pub name: Identifier,
    /// A table, or the `as` of another join.
    pub from: Identifier,
    /// A table.
    pub to: Identifier,
    /// The role that `to` plays here: its fields are then `role.field`. Default: the table's own name.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub role: Option<Identifier>,
    /// Pairs of stored columns: of `from` (or `table.column` of a table earlier on the path), and of `to`.
    pub on: Vec<(String, String)>,
    pub cardinality: Cardinality,
    /// Which of several rows with one key is meant, by time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid: Option<Validity>,
    /// Only such rows of `to`; its `field` is a stored column.
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<FieldCondition>,
}

/// Rows of `from` to rows of `to`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cardinality {
    ManyToOne,
    OneToOne,
    OneToMany,
}

/// The row that is valid from `from` until before `to`; a NULL `to` is open. Intervals of one key must not overlap.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// Stored time column of `from` (or `table.column` of a table earlier on the path); times are compared by their day in
    /// the model's zone.
    pub at: String,
    /// Stored date columns of `to`.
    pub from: String,
    pub to: String,
}

impl Join {
    /// What the joined rows are called in fields.
    pub fn node(&self) -> &str {
        self.role.as_ref().unwrap_or(&self.to).as_str()
    }
}

impl Cardinality {
    /// Does a row of `from` find at most one row of `to`?
    pub const fn is_to_one(self) -> bool {
        match self {
            Self::ManyToOne | Self::OneToOne => true,
            Self::OneToMany => false,
        }
    }

    /// Seen from `to`.
    #[must_use]
    pub const fn reversed(self) -> Self {
        match self {
            Self::ManyToOne => Self::OneToMany,
            Self::OneToOne => Self::OneToOne,
            Self::OneToMany => Self::ManyToOne,
        }
    }
}
