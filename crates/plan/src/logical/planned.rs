//! A query after planning: the plan of its rows, the plans of its totals, and what its columns mean.

use serde::{Deserialize, Serialize};
use shared::semantic::{AnswerColumn, Warning};

use super::Node;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedQuery {
    /// Gives exactly the columns of `columns`, by position and name, plus `others_marker` at the end when there is one.
    pub rows: Node,
    pub totals: Vec<PlannedTotals>,
    pub columns: Vec<OutputColumn>,
    /// Name of a trailing boolean column of `rows` (and of totals) that is true in the rest of a top-N.
    pub others_marker: Option<String>,
    /// The rows a caller gets at most; `rows` asks for one more, so that `truncated` is known.
    pub limit: u64,
    pub warnings: Vec<Warning>,
    pub model: String,
    pub version: u32,
    /// RFC 3339.
    pub as_of: String,
}

impl PlannedQuery {
    /// Of the rows, then of each total.
    pub fn plans(&self) -> impl Iterator<Item = &Node> {
        std::iter::once(&self.rows).chain(self.totals.iter().map(|total| &total.rows))
    }
}

/// Same columns as the rows; NULL in those not in `by`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlannedTotals {
    pub by: Vec<String>,
    pub rows: Node,
}

/// What an output column means, and how its values are written on the wire.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutputColumn {
    pub column: AnswerColumn,
    /// Timestamps that are wall clocks of this zone are written with its offset; `None`: as they are.
    pub zone: Option<String>,
}
