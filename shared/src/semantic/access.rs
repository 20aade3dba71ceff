//! Access rules of a model: which rows and columns of a table a role sees.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Condition;
use crate::names::Identifier;

/// On a table that has such entries, a person sees the rows of all entries whose roles they hold, together; holding none
/// means no rows. Nobody is exempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessEntry {
    /// Model roles, as members, groups, links and tickets hold them.
    pub roles: Vec<String>,
    pub table: Identifier,
    /// Rows that are seen; all, when missing. A value `{"user":"region"}` is that attribute of whoever asks; whoever lacks
    /// it sees nothing by this entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<Condition>,
    /// `table.name` of dimensions that are hidden: not grouped, filtered, sorted nor aggregated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mask: Vec<String>,
}
