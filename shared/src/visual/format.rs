//! How a visual looks, beyond the theme.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::semantic::Format;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VisualFormat {
    #[serde(default)]
    pub legend: LegendFormat,
    /// Show the title above the visual; default yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_title: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitle: Option<String>,
    /// Values written on the marks.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub data_labels: bool,
    /// Axis titles; default no (the title says it).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub axis_titles: bool,
    /// Grid lines; default yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<bool>,
    /// The value axis starts at zero; default yes for bars and areas, no for lines and scatter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zero: Option<bool>,
    /// Lines and areas: points on the line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub points: bool,
    /// Lines and areas: monotone curves instead of straight pieces.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub smooth: bool,
    /// Number of the palette's colour (1 to 10) for a single series; default 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<u8>,
    /// Format of all values, unless an item has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<Format>,
    /// Table: by output name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<String, ColumnFormat>,
    /// Table: rows per page; default 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_rows: Option<u32>,
    /// Conditional formats; empty until that part of the language is built.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<()>,
}

/// Rows of a table's page where its builder has not said.
const PAGE_ROWS: u32 = 50;

impl VisualFormat {
    /// Rows of a table's page: what is asked for at once, and the step of its pager.
    pub fn rows_of_a_page(&self) -> u32 {
        self.page_rows.unwrap_or(PAGE_ROWS).max(1)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LegendFormat {
    #[serde(default = "yes")]
    pub show: bool,
    #[serde(default)]
    pub position: LegendPosition,
}

const fn yes() -> bool {
    true
}

impl Default for LegendFormat {
    fn default() -> Self {
        Self {
            show: true,
            position: LegendPosition::Top,
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LegendPosition {
    #[default]
    Top,
    Right,
    Bottom,
    Left,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnFormat {
    /// px; default fits the content.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width_px: Option<u32>,
}
