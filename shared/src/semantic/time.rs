//! Grains, calendar parts and time ranges.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::names::Identifier;

/// The bucket a time is truncated to, in the query's time zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Grain {
    pub const ALL: [Self; 9] = [
        Self::Millisecond,
        Self::Second,
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Millisecond => "millisecond",
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }
}

/// A grain as documents name it: of the common calendar, or of one that the model brings (`"retail_month"`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected the name of a grain")]
pub enum GrainName {
    Common(Grain),
    Calendar(Identifier),
}

impl GrainName {
    pub fn as_str(&self) -> &str {
        match self {
            Self::Common(grain) => grain.as_str(),
            Self::Calendar(name) => name.as_str(),
        }
    }

    /// Of the common calendar.
    pub const fn common(&self) -> Option<Grain> {
        match self {
            Self::Common(grain) => Some(*grain),
            Self::Calendar(_) => None,
        }
    }
}

impl From<Grain> for GrainName {
    fn from(grain: Grain) -> Self {
        Self::Common(grain)
    }
}

/// A number taken out of a time, in the query's time zone. Monday is day 1; weeks are ISO weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DatePart {
    Year,
    Quarter,
    Month,
    Week,
    Day,
    DayOfWeek,
    DayOfYear,
    Hour,
    Minute,
}

impl DatePart {
    /// The coarsest grain within whose buckets it is the same.
    pub const fn grain(self) -> Grain {
        match self {
            Self::Year => Grain::Year,
            Self::Quarter => Grain::Quarter,
            Self::Month => Grain::Month,
            Self::Week => Grain::Week,
            Self::Day | Self::DayOfWeek | Self::DayOfYear => Grain::Day,
            Self::Hour => Grain::Hour,
            Self::Minute => Grain::Minute,
        }
    }

    pub const ALL: [Self; 9] = [
        Self::Year,
        Self::Quarter,
        Self::Month,
        Self::Week,
        Self::Day,
        Self::DayOfWeek,
        Self::DayOfYear,
        Self::Hour,
        Self::Minute,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
            Self::Week => "week",
            Self::Day => "day",
            Self::DayOfWeek => "day_of_week",
            Self::DayOfYear => "day_of_year",
            Self::Hour => "hour",
            Self::Minute => "minute",
        }
    }
}

/// A calendar unit one can count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TimeUnit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl TimeUnit {
    pub const ALL: [Self; 7] = [
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    pub const fn grain(self) -> Grain {
        match self {
            Self::Minute => Grain::Minute,
            Self::Hour => Grain::Hour,
            Self::Day => Grain::Day,
            Self::Week => Grain::Week,
            Self::Month => Grain::Month,
            Self::Quarter => Grain::Quarter,
            Self::Year => Grain::Year,
        }
    }
}

/// A unit that a range of a query counts: a [`TimeUnit`], or one of the model's fiscal years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RangeUnit {
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
    FiscalQuarter,
    FiscalYear,
}

impl RangeUnit {
    pub const ALL: [Self; 9] = [
        Self::Minute,
        Self::Hour,
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::FiscalQuarter,
        Self::FiscalYear,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FiscalQuarter => "fiscal_quarter",
            Self::FiscalYear => "fiscal_year",
            Self::Minute | Self::Hour | Self::Day | Self::Week | Self::Month | Self::Quarter | Self::Year => {
                self.length().as_str()
            }
        }
    }

    /// The common unit that lasts as long.
    pub const fn length(self) -> TimeUnit {
        match self {
            Self::Minute => TimeUnit::Minute,
            Self::Hour => TimeUnit::Hour,
            Self::Day => TimeUnit::Day,
            Self::Week => TimeUnit::Week,
            Self::Month => TimeUnit::Month,
            Self::Quarter | Self::FiscalQuarter => TimeUnit::Quarter,
            Self::Year | Self::FiscalYear => TimeUnit::Year,
        }
    }
}

impl From<TimeUnit> for RangeUnit {
    fn from(unit: TimeUnit) -> Self {
        match unit {
            TimeUnit::Minute => Self::Minute,
            TimeUnit::Hour => Self::Hour,
            TimeUnit::Day => Self::Day,
            TimeUnit::Week => Self::Week,
            TimeUnit::Month => Self::Month,
            TimeUnit::Quarter => Self::Quarter,
            TimeUnit::Year => Self::Year,
        }
    }
}

/// `count` units, for shifts: `{"count":1,"unit":"year"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub count: u32,
    pub unit: TimeUnit,
}

/// `count` periods of a calendar of the model: `{"count":1,"unit":"retail_month"}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpan {
    pub count: u32,
    pub unit: Identifier,
}

/// The first day (or hour) of the period that a bucket starts in: `{"start_of":"month"}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartOf {
    pub start_of: TimeUnit,
}

/// Which earlier time an input of a metric is taken from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "expected an offset such as {\"count\":1,\"unit\":\"year\"} or {\"start_of\":\"month\"}"
)]
pub enum Offset {
    Span(Span),
    /// The same place in an earlier period of a calendar, or its end when that period is shorter.
    Calendar(CalendarSpan),
    StartOf(StartOf),
}

impl From<Span> for Offset {
    fn from(span: Span) -> Self {
        Self::Span(span)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WeekStart {
    #[default]
    Monday,
    Sunday,
}

/// A stretch of time, resolved against the query's `as_of` in its time zone to a half-open interval of instants.
///
/// `{"last":4,"unit":"quarter","complete":true}`: the four quarters before the current one; without `complete` (default
/// false) the current, unfinished unit is the last of the four. `{"from","to"}` are ISO dates or date-times, `to` excluded;
/// one of the two may be missing. `{"to_date":"year"}` runs from the start of the current unit to `as_of`. Fiscal units need
/// the model's `fiscal_year_start`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TimeRange {
    Last(LastRange),
    This(ThisRange),
    Next(NextRange),
    ToDate(ToDateRange),
    Between(BetweenRange),
    All(AllRange),
}

macro_rules! ranges {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name { $($(#[$field_doc])* pub $field: $kind),+ }
    )+};
}

ranges! {
    LastRange {
        last: u32,
        unit: RangeUnit,
        /// Leave the current, unfinished unit out.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        complete: bool,
    }
    /// The current unit (`this` is always 1 or left as the unit's name: `{"this":1,"unit":"month"}`).
    ThisRange { this: u32, unit: RangeUnit }
    NextRange { next: u32, unit: RangeUnit }
    ToDateRange { to_date: RangeUnit }
    BetweenRange {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<String>,
        /// Excluded.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    }
    AllRange { all: bool }
}

impl TimeRange {
    pub fn last(count: u32, unit: TimeUnit) -> Self {
        Self::Last(LastRange {
            last: count,
            unit: unit.into(),
            complete: false,
        })
    }

    pub const fn between(from: Option<String>, to: Option<String>) -> Self {
        Self::Between(BetweenRange { from, to })
    }
}
