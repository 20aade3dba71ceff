//! How a visual looks, beyond the theme.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::semantic::{Atlas, Format};

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
    /// Conditional colours of marks, cells and numbers; the first that holds counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
    /// Lines across the axis of values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_lines: Vec<ReferenceLine>,
    /// Marked times on a time axis.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<Event>,
    /// Number, gauge and bullet without a field in the target well: what the value should reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// Gauge and bullet: where the dial begins and ends.
    #[serde(default, skip_serializing_if = "Dial::is_default")]
    pub dial: Dial,
    /// Filled map: whose areas; default the countries of the world. Point map: what is drawn below the points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atlas: Option<Atlas>,
    /// Vega-Lite: the specification, without `data`. Its fields are the names of the answer's columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<serde_json::Value>,
    /// Pivot table: no rows and columns of subtotals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub without_subtotals: bool,
    /// Small multiples: each has its own scale of values.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub own_scales: bool,
}

/// A colour for what passes a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Output name of the value that is tested; default the value that is shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    pub test: RuleTest,
    pub value: f64,
    /// `between` only: the other end, included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    pub tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleTest {
    Above,
    AtLeast,
    Below,
    AtMost,
    Between,
    Equal,
}

impl Rule {
    /// NULL and NaN pass no test.
    pub fn holds(&self, number: f64) -> bool {
        match self.test {
            RuleTest::Above => number > self.value,
            RuleTest::AtLeast => number >= self.value,
            RuleTest::Below => number < self.value,
            RuleTest::AtMost => number <= self.value,
            RuleTest::Between => number >= self.value && self.to.is_none_or(|to| number <= to),
            RuleTest::Equal => (number - self.value).abs() < f64::EPSILON,
        }
    }
}

/// Colours with a meaning; the theme says which.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Good,
    Warning,
    Bad,
    Accent,
    #[default]
    Muted,
}

impl Tone {
    pub const ALL: [Self; 5] = [Self::Good, Self::Warning, Self::Bad, Self::Accent, Self::Muted];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Warning => "warning",
            Self::Bad => "bad",
            Self::Accent => "accent",
            Self::Muted => "muted",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Self::Good => "Good",
            Self::Warning => "Warning",
            Self::Bad => "Bad",
            Self::Accent => "Accent",
            Self::Muted => "Grey",
        }
    }
}

/// A line across the axis of values, or a band when it has another end.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferenceLine {
    pub at: ReferenceAt,
    /// The band's other end, for a line at a value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
    /// Default: the word for `at` with its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    #[serde(default)]
    pub tone: Tone,
}

/// A number, or a figure of the values on display (of all marks, not of base rows).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReferenceAt {
    Value(f64),
    Average,
    Median,
    Least,
    Greatest,
}

/// Something that happened at a time, or from a time until another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// `2026-05-01`, with a time of day if need be.
    pub at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
    pub label: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    /// Default 0, or below the least value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<f64>,
    /// Default a round number above value and target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<f64>,
}

impl Dial {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
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
    /// How its numbers are shown beside being written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub look: Option<ColumnLook>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ColumnLook {
    /// A bar as long as the number.
    Bar,
    /// A colour from the theme's steps, least to greatest.
    Shade,
}
