//! What a plan depends on besides query and model.

use chrono::{DateTime, Utc};

/// `as_of` is "now" for relative ranges; a query's own `as_of` wins. It is rounded down to the minute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanContext {
    pub as_of: DateTime<Utc>,
    /// Rows when the query says nothing.
    pub default_limit: u64,
    /// A query asking for more rows than this is refused with `limit`.
    pub limit_cap: u64,
}

impl PlanContext {
    /// Default and cap of 50,000 rows.
    pub const fn new(as_of: DateTime<Utc>) -> Self {
        Self {
            as_of,
            default_limit: 50_000,
            limit_cap: 50_000,
        }
    }
}
