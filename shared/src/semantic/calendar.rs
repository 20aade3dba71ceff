//! What a model brings beside its tables: calendars of its own, hierarchies to drill along, and functions.

use std::{collections::BTreeMap, str::FromStr};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Grain;
use crate::names::Identifier;

/// A table with one row for each day, which says in what periods the day lies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    pub name: Identifier,
    pub table: Identifier,
    /// Stored date column with the day; no day occurs twice.
    pub day: String,
    /// Names of grains, unlike those of the common calendar and of other calendars.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grains: BTreeMap<Identifier, CalendarGrain>,
    /// Names of shifts, and the stored date columns that hold the day to compare with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub shifts: BTreeMap<Identifier, String>,
}

/// Periods of a calendar, by stored columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarGrain {
    /// What is the same for all days of a period, and for no other day.
    pub key: String,
    /// The date that stands for the period; it is what answers show.
    pub start: String,
}

/// The day that fiscal years start on, written `02-01`: month and day, the day from 1 to 28 so that every month has it. It
/// brings the grains `fiscal_year` and `fiscal_quarter`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct FiscalYearStart {
    month: u8,
    day: u8,
}

impl FiscalYearStart {
    /// Months of the common year before it starts, 0 to 11.
    pub const fn months(self) -> u8 {
        self.month - 1
    }

    /// Days of that month before it starts, 0 to 27.
    pub const fn days(self) -> u8 {
        self.day - 1
    }
}

impl FromStr for FiscalYearStart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = |text: &str, most: u8| {
            let is_plain = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse().ok().filter(|_| is_plain)?;
            (1..=most).contains(&number).then_some(number)
        };
        let parts = text.split_once('-');
        let read = parts.and_then(|(month, day)| Some((number(month, 12)?, number(day, 28)?)));
        read.map(|(month, day)| Self { month, day }).ok_or_else(|| {
            format!("{text:?} is no start of a fiscal year: write month and day as 02-01, the day up to 28")
        })
    }
}

impl TryFrom<String> for FiscalYearStart {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<FiscalYearStart> for String {
    fn from(start: FiscalYearStart) -> Self {
        format!("{:02}-{:02}", start.month, start.day)
    }
}

/// Grains that `fiscal_year_start` brings.
pub const FISCAL_GRAINS: [(&str, Grain); 2] = [("fiscal_quarter", Grain::Quarter), ("fiscal_year", Grain::Year)];

/// Dimensions from the coarsest to the finest, to go down along.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Hierarchy {
    pub name: Identifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// At least two, as `table.dimension`.
    pub levels: Vec<String>,
}

impl Hierarchy {
    pub fn display_label(&self) -> String {
        self.label
            .clone()
            .unwrap_or_else(|| super::humanize(self.name.as_str()))
    }
}

/// An expression with arguments, which other expressions of the model call by its name: `net(amount, 0.19)`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunctionDefinition {
    pub name: Identifier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Names that stand for the arguments in `expr`.
    pub args: Vec<Identifier>,
    /// Over the arguments and `{param:name}`; it has no columns of its own.
    pub expr: FunctionBody,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FunctionBody {
    pub sql: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fiscal_years_start_on_a_day_of_every_month() {
        for text in ["01-01", "02-01", "04-06", "12-28"] {
            assert_eq!(String::from(text.parse::<FiscalYearStart>().unwrap()), text);
        }
        for text in ["", "2-1", "13-01", "00-10", "02-29", "02-00", "02", "02-01-01", "+1-01"] {
            assert!(text.parse::<FiscalYearStart>().is_err(), "{text}");
        }
    }
}
