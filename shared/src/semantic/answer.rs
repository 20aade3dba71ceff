//! The answer to a query: typed columns, rows, totals, and where the numbers come from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DatePart, Format, Grain};
use crate::table::{Cell, ColumnType};

/// Columns stand in the order: dimensions, metrics, compare outputs, calculations.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Answer {
    pub columns: Vec<AnswerColumn>,
    /// Row-major, as wide as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// One entry per requested list.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<TotalRows>,
    /// What ran: SQL, or the printed plan for files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sql: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Of the model.
    pub version: u32,
    /// RFC 3339; what "now" was.
    pub as_of: String,
    pub cache: CacheState,
    /// More rows exist than were sent.
    pub truncated: bool,
    /// Row numbers that are the rest of a top-N ("Others").
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<usize>,
    /// Rows read from the source, when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows_read: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AnswerColumn {
    /// Output name: what `sort`, `top`, `totals` and chart specs refer to.
    pub name: String,
    pub role: ColumnRole,
    #[serde(rename = "type")]
    pub kind: ColumnType,
    /// For people.
    pub label: String,
    /// Model field (`orders.region`, `time`) or metric behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<Grain>,
    /// The numbers are this part of a time: 1 is Monday, January ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<DatePart>,
    /// Width of the ranges whose starts the members are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<f64>,
    /// Metrics only: which direction of a change is good; absent when neither is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<Direction>,
    /// Dimensions only: the next levels of the hierarchies it stands in, which its members can be looked into by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finer: Vec<FinerLevel>,
}

/// What a member of a hierarchy's level is divided into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FinerLevel {
    /// As `table.dimension`.
    pub field: String,
    /// For people.
    pub label: String,
}

/// Which way a number goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
}

impl Direction {
    /// As a metric's definition writes it; other texts mean neither direction.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "up" => Some(Self::Up),
            "down" => Some(Self::Down),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRole {
    Dimension,
    Metric,
    Compare,
    Calculation,
}

/// Rows as wide as the answer's columns, NULL in dimensions that are not in `by`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TotalRows {
    pub by: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// Something the reader should know about the numbers; `code` is stable.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Warning {
    pub code: String,
    pub message: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CacheState {
    Hit,
    #[default]
    Miss,
}

/// The answer of `/query/explain`: every stage of the plan as text, nothing ran.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    pub plan: String,
    /// What would be sent to a database; empty for files.
    #[serde(default)]
    pub sql: Vec<String>,
    /// Of the model.
    pub version: u32,
    /// Names of the rollups that would be read; empty when it is the rows.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rollups: Vec<String>,
}
