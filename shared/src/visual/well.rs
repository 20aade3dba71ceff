//! Items in wells, and what shapes the visual's query beside them.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::WellName;
use crate::semantic::{Aggregation, Bin, CalculationKind, Compare, Condition, DatePart, Format, Grain, Sort, Top};

/// One field in a well: `{"field","grain"|"part"?}`, `{"metric"}` or `{"field","agg"}`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WellItem {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<Grain>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<DatePart>,
    /// A number grouped into ranges of one width.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agg: Option<Aggregation>,
    /// Percentile only: 0 to 1 (p90 is 0.9).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    /// Show the value as share of total, rank or running total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_as: Option<CalculationKind>,
    /// Output name; default made by `plan::visual`.
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    /// Renamed here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
}

impl WellItem {
    pub fn dimension(field: impl Into<String>) -> Self {
        Self {
            field: Some(field.into()),
            ..Self::default()
        }
    }

    pub fn time(field: impl Into<String>, grain: Grain) -> Self {
        Self {
            field: Some(field.into()),
            grain: Some(grain),
            ..Self::default()
        }
    }

    pub fn metric(metric: impl Into<String>) -> Self {
        Self {
            metric: Some(metric.into()),
            ..Self::default()
        }
    }

    pub fn aggregate(field: impl Into<String>, agg: Aggregation) -> Self {
        Self {
            field: Some(field.into()),
            agg: Some(agg),
            ..Self::default()
        }
    }

    /// Is it a value (metric or aggregated column) rather than something to group by?
    pub const fn is_measure(&self) -> bool {
        self.metric.is_some() || self.agg.is_some()
    }
}

/// The wells of a visual; a kind's `wells()` says which count, others are kept for when the kind is swapped back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wells {
    #[serde(default)]
    pub axis: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub columns: Vec<WellItem>,
    #[serde(default)]
    pub values: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub line_values: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub target: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trend: Vec<WellItem>,
    #[serde(default)]
    pub legend: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub x: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub y: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub latitude: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub longitude: Vec<WellItem>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub size: Vec<WellItem>,
    #[serde(default)]
    pub small_multiples: Vec<WellItem>,
    #[serde(default)]
    pub tooltip: Vec<WellItem>,
    #[serde(default)]
    pub detail: Vec<WellItem>,
}

impl Wells {
    pub const fn get(&self, well: WellName) -> &Vec<WellItem> {
        match well {
            WellName::Axis => &self.axis,
            WellName::Columns => &self.columns,
            WellName::Values => &self.values,
            WellName::LineValues => &self.line_values,
            WellName::Target => &self.target,
            WellName::Trend => &self.trend,
            WellName::Legend => &self.legend,
            WellName::X => &self.x,
            WellName::Y => &self.y,
            WellName::Latitude => &self.latitude,
            WellName::Longitude => &self.longitude,
            WellName::Size => &self.size,
            WellName::SmallMultiples => &self.small_multiples,
            WellName::Tooltip => &self.tooltip,
            WellName::Detail => &self.detail,
        }
    }

    pub const fn get_mut(&mut self, well: WellName) -> &mut Vec<WellItem> {
        match well {
            WellName::Axis => &mut self.axis,
            WellName::Columns => &mut self.columns,
            WellName::Values => &mut self.values,
            WellName::LineValues => &mut self.line_values,
            WellName::Target => &mut self.target,
            WellName::Trend => &mut self.trend,
            WellName::Legend => &mut self.legend,
            WellName::X => &mut self.x,
            WellName::Y => &mut self.y,
            WellName::Latitude => &mut self.latitude,
            WellName::Longitude => &mut self.longitude,
            WellName::Size => &mut self.size,
            WellName::SmallMultiples => &mut self.small_multiples,
            WellName::Tooltip => &mut self.tooltip,
            WellName::Detail => &mut self.detail,
        }
    }
}

/// What a builder sets beside the wells. `sort`, `top` and `totals` speak of output names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VisualQuery {
    #[serde(default, rename = "where")]
    pub condition: Option<Condition>,
    #[serde(default)]
    pub having: Option<Condition>,
    #[serde(default)]
    pub sort: Vec<Sort>,
    #[serde(default)]
    pub top: Option<Top>,
    #[serde(default)]
    pub compare: Vec<Compare>,
    /// Table: `[[]]` asks for the grand total.
    #[serde(default)]
    pub totals: Vec<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
}
