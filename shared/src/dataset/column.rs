//! What is in a column.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::table::Cell;

/// Profile of one column over all rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ColumnProfile {
    /// Rows that are NULL.
    pub nulls: u64,
    /// Distinct non-NULL values; exact up to 1 M, else a HyperLogLog estimate and `distinct_is_estimate`.
    pub distinct: u64,
    #[serde(default)]
    pub distinct_is_estimate: bool,
    pub min: Cell,
    pub max: Cell,
    /// Numbers only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Up to ten, most frequent first.
    #[serde(default)]
    pub top: Vec<TopValue>,
    /// Numbers and times: up to 24 bins of equal width from min to max.
    #[serde(default)]
    pub histogram: Vec<HistogramBin>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TopValue {
    pub value: Cell,
    pub count: u64,
}

/// Rows with from ≤ value < to (the last bin includes `to`). Times are milliseconds since 1970 UTC.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistogramBin {
    pub from: f64,
    pub to: f64,
    pub count: u64,
}
