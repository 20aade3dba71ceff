//! The query document: what is asked of a model. Unknown keys are refused.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Aggregation, Condition, DatePart, Empty, GrainName, Interpolation, Pick, Span, TimeRange};
use crate::names::Identifier;

/// The virtual dimension that is each metric's own time column.
pub const TIME_FIELD: &str = "time";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Query {
    pub model: String,
    /// `None`: the newest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Empty: the answer is the distinct combinations of the dimensions.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricSelection>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<DimensionRef>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<TimeFilter>,
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub having: Option<Condition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<Compare>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calc: Vec<Calculation>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub top: Option<Top>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sort: Vec<Sort>,
    /// Rows; default and cap are configured (50,000 over REST).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Each entry lists the output names to keep; `[]` is the grand total.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub totals: Vec<Vec<String>>,
    /// Totals are taken after `having` and `top` instead of over all rows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub totals_after_having: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fill: Option<Fill>,
    /// IANA name; default the model's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// RFC 3339; default now, rounded down to the minute.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Value>,
    /// Dimensions that a row has many of count it once for each; the rows then add up to more than the total.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub multiply: Option<Multiply>,
    /// The table whose members are listed, whether or not the metrics have rows for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Identifier>,
    /// Without metrics: `false` keeps rows that are alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct: Option<bool>,
    /// Without metrics: also the members that no row of the root table points to.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unmatched: bool,
    /// Table → the role by which it is reached, where several joins lead to it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub joins: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Multiply {
    Distinct,
}

/// A metric by name, a named metric with a filter of its own, or an unnamed aggregation of one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum MetricSelection {
    Name(String),
    Metric(MetricWithOptions),
    Column(ColumnAggregation),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MetricWithOptions {
    pub metric: String,
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<Empty>,
    /// For balances: the moment of each bucket that counts, instead of the metric's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pick: Option<Pick>,
}

/// `{"field":"orders.amount","agg":"sum"}`. `field` may be the bare table name for `count` of its rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnAggregation {
    pub field: String,
    pub agg: Aggregation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub p: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interpolation: Option<Interpolation>,
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
    #[serde(default, rename = "where", skip_serializing_if = "Option::is_none")]
    pub condition: Option<Condition>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub empty: Option<Empty>,
}

impl MetricSelection {
    /// Name of its answer column: the alias, the metric's name, or `sum_amount` for `{"field":"orders.amount","agg":"sum"}`.
    pub fn output_name(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::Metric(metric) => metric.alias.clone().unwrap_or_else(|| metric.metric.clone()),
            Self::Column(column) => column.alias.clone().unwrap_or_else(|| {
                format!(
                    "{}_{}",
                    column.agg.as_str(),
                    column.field.rsplit('.').next().unwrap_or(&column.field)
                )
            }),
        }
    }
}

/// A dimension to group by: a field, or `{"field","grain"|"part"|"bin","as"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DimensionRef {
    Field(String),
    With(DimensionWithOptions),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DimensionWithOptions {
    pub field: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grain: Option<GrainName>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub part: Option<DatePart>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bin: Option<Bin>,
    #[serde(default, rename = "as", skip_serializing_if = "Option::is_none")]
    pub alias: Option<String>,
}

/// Numbers grouped into ranges of one width that start at its multiples: with 10, the members are 0 (0 to under 10),
/// 10, 20 … and -10. NULL stays NULL.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Bin {
    /// Greater than 0.
    Width(f64),
    Auto(AutoBin),
}

/// `"auto"`: 1, 2 or 5 times a power of ten, so that the numbers asked for fall into about twenty ranges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AutoBin {
    Auto,
}

impl Bin {
    pub const AUTO: Self = Self::Auto(AutoBin::Auto);
    /// Ranges that `auto` aims at.
    const RANGES: f64 = 20.0;

    /// The width for numbers from `least` to `greatest`; 1 when they are one number or none.
    pub fn width_for(least: f64, greatest: f64) -> f64 {
        let span = greatest - least;
        if !span.is_finite() || span <= 0.0 {
            return 1.0;
        }
        let raw = span / Self::RANGES;
        let power = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0]
            .into_iter()
            .find(|step| step * power >= raw)
            .unwrap_or(10.0);
        step * power
    }
}

impl DimensionRef {
    pub const fn bin(&self) -> Option<Bin> {
        match self {
            Self::Field(_) => None,
            Self::With(with) => with.bin,
        }
    }

    pub fn field(&self) -> &str {
        match self {
            Self::Field(field) => field,
            Self::With(with) => &with.field,
        }
    }

    pub const fn grain(&self) -> Option<&GrainName> {
        match self {
            Self::Field(_) => None,
            Self::With(with) => with.grain.as_ref(),
        }
    }

    pub const fn part(&self) -> Option<DatePart> {
        match self {
            Self::Field(_) => None,
            Self::With(with) => with.part,
        }
    }

    /// Name of its answer column: the alias, else the field as written.
    pub fn output_name(&self) -> &str {
        match self {
            Self::Field(field) => field,
            Self::With(with) => with.alias.as_deref().unwrap_or(&with.field),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TimeFilter {
    #[serde(default = "time_field")]
    pub field: String,
    pub range: TimeRange,
}

fn time_field() -> String {
    TIME_FIELD.to_owned()
}

/// The same metrics a period earlier. Output columns: `<metric>_<as>` (value), `<metric>_<as>_delta`, `<metric>_<as>_pct`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    #[serde(rename = "as")]
    pub alias: String,
    pub shift: Span,
    #[serde(default)]
    pub align: CompareAlign,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub partial: Option<ComparePartial>,
    #[serde(default = "value_only")]
    pub outputs: Vec<CompareOutput>,
}

fn value_only() -> Vec<CompareOutput> {
    vec![CompareOutput::Value]
}

/// `"calendar"`, `"weekday"`, or the name of a shift of one of the model's calendars.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "String", into = "String")]
#[schemars(with = "String")]
pub enum CompareAlign {
    #[default]
    Calendar,
    /// Whole weeks: a year is 364 days.
    Weekday,
    /// The day that the calendar's table names for each day.
    Shift(String),
}

impl From<String> for CompareAlign {
    fn from(text: String) -> Self {
        match text.as_str() {
            "calendar" => Self::Calendar,
            "weekday" => Self::Weekday,
            _ => Self::Shift(text),
        }
    }
}

impl From<CompareAlign> for String {
    fn from(align: CompareAlign) -> Self {
        match align {
            CompareAlign::Calendar => "calendar".to_owned(),
            CompareAlign::Weekday => "weekday".to_owned(),
            CompareAlign::Shift(name) => name,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ComparePartial {
    /// The previous bucket ends where the unfinished last one does.
    SameElapsed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompareOutput {
    Value,
    Delta,
    /// Fraction: delta / previous; NULL when previous is 0 or NULL.
    Pct,
}

/// A column computed from the finished rows, before `having`, `top` and `limit`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calculation {
    #[serde(rename = "as")]
    pub alias: String,
    pub kind: CalculationKind,
    /// Output name of a metric.
    pub of: String,
    /// Output names of dimensions that restart it; empty: the whole answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CalculationKind {
    /// Fraction of the re-aggregated total of the partition.
    ShareOfTotal,
    /// 1 + number of greater values in the partition.
    Rank,
    /// Sum of the values so far, in the order of the answer's time (else first) dimension.
    RunningTotal,
}

/// The `n` members of `field` with the greatest `by`; within each `per` group when given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Top {
    pub n: u32,
    /// Output name of a metric.
    pub by: String,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub per: Vec<String>,
    /// Output name of the dimension that is cut; default the first that is not time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The rest becomes one member "Others", aggregated again from base rows.
    #[serde(default)]
    pub others: bool,
    #[serde(default = "descending")]
    pub dir: SortDirection,
}

const fn descending() -> SortDirection {
    SortDirection::Desc
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sort {
    /// Output name.
    pub by: String,
    #[serde(default)]
    pub dir: SortDirection,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SortDirection {
    #[default]
    Asc,
    Desc,
}

/// `{"time":true}`: every bucket of the range appears, for each combination of dimension values that occurs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    #[serde(default)]
    pub time: bool,
    #[serde(default)]
    pub dimensions: FillDimensions,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FillDimensions {
    #[default]
    All,
    /// Added days leave the other dimensions empty.
    None,
}
