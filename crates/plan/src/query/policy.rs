//! What a principal may see: conditions that go into every scan, and columns that stay hidden.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use shared::semantic::Condition;

/// Part of the cache key as it stands. The default restricts nothing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Policy {
    /// Must hold in every scan (the locked filters of a share or ticket). A table that cannot be reached by such a
    /// condition cannot be asked at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub everywhere: Vec<Condition>,
    /// Must hold in every scan of the table (row rules).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tables: BTreeMap<String, Vec<Condition>>,
    /// `table.name` of dimensions that cannot be grouped, filtered, sorted or aggregated ad hoc.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub masked: BTreeSet<String>,
}

impl Policy {
    /// Only locked filters.
    pub fn locked(conditions: Vec<Condition>) -> Self {
        Self {
            everywhere: conditions,
            ..Self::default()
        }
    }
}
