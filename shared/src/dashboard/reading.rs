//! What a reader's page needs before any number: the document, and what its fields are called.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Dashboard;
use crate::{
    ids::{DashboardId, FilterId},
    names::Identifier,
    semantic::{DimensionType, Format, Grain, StoredTime, WeekStart},
    table::Cell,
};

/// A dashboard as one reader may see it. For readers of links and frames the conditions that the builder hid are left out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReadableDashboard {
    pub id: DashboardId,
    pub document: Dashboard,
    pub revision: u64,
    pub model_version: u32,
    /// IANA name that times are shown in unless the reader chose another.
    pub time_zone: String,
    pub week_start: WeekStart,
    /// The fields that the document speaks of, by `table.name`.
    pub fields: BTreeMap<String, FieldLabel>,
    /// The metrics that the document speaks of, by name.
    pub metrics: BTreeMap<String, MetricLabel>,
    /// The filters this reader may change; a request that sets another is refused.
    pub changeable: Vec<FilterId>,
    pub downloads: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldLabel {
    pub label: String,
    #[serde(rename = "type")]
    pub kind: DimensionType,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stored: Option<StoredTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// Time only, finest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub grains: Vec<Grain>,
    /// Time only: periods of the model's own calendars and fiscal years.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calendar_grains: Vec<Identifier>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MetricLabel {
    pub label: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// `up` or `down`, when one direction is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub good: Option<String>,
}

/// A member of a field, for filter lists. `value` NULL is a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberCount {
    pub value: Cell,
    pub rows: u64,
}
