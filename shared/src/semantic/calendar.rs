//! What a model brings beside its tables: calendars of its own, hierarchies to drill along, and functions.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
