//! Rollups of a model: metrics kept at the grain of some dimensions, so that questions about fewer of them read less.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{DimensionRef, Grain};
use crate::names::Identifier;

/// Metrics of one table, aggregated beforehand. It answers what can be worked out from its rows and nothing else, so that
/// numbers are the same with it and without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rollup {
    pub name: Identifier,
    /// At least one; all of one table and one time.
    pub metrics: Vec<Identifier>,
    /// What may be grouped and filtered by, access rules included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dimensions: Vec<DimensionRef>,
    /// Buckets of the metrics' own time, in the model's zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<RollupTime>,
    /// How old it may be when its rows come from a database; default an hour. Over datasets it always holds the newest
    /// version.
    #[serde(default, skip_serializing_if = "RefreshInterval::is_default")]
    pub refresh: RefreshInterval,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RollupTime {
    pub grain: Grain,
}

/// Whole minutes, written `15m`, `1h` or `1d`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub struct RefreshInterval {
    minutes: u32,
}

impl RefreshInterval {
    /// More would be no refreshing: a year.
    const MOST: u32 = 366 * 24 * 60;

    pub const fn minutes(self) -> u32 {
        self.minutes
    }

    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for RefreshInterval {
    fn default() -> Self {
        Self { minutes: 60 }
    }
}

impl FromStr for RefreshInterval {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is no time between two refreshes: write 15m, 1h or 1d");
        let unit = match text.chars().last() {
            Some('m') => 1,
            Some('h') => 60,
            Some('d') => 24 * 60,
            _ => return Err(wrong()),
        };
        let digits = text.get(..text.len() - 1).unwrap_or_default();
        // A sign would be read as well.
        let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        let count: u32 = digits.parse().ok().filter(|_| is_plain).ok_or_else(wrong)?;
        let minutes = count
            .checked_mul(unit)
            .filter(|minutes| (1..=Self::MOST).contains(minutes));
        minutes.map(|minutes| Self { minutes }).ok_or_else(wrong)
    }
}

impl TryFrom<String> for RefreshInterval {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<RefreshInterval> for String {
    fn from(interval: RefreshInterval) -> Self {
        interval.to_string()
    }
}

impl fmt::Display for RefreshInterval {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.minutes {
            minutes if minutes % (24 * 60) == 0 => write!(out, "{}d", minutes / (24 * 60)),
            minutes if minutes % 60 == 0 => write!(out, "{}h", minutes / 60),
            minutes => write!(out, "{minutes}m"),
        }
    }
}

/// What there is of a rollup.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RollupStatus {
    pub name: String,
    pub state: RollupState,
    /// Of what is there now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built: Option<RollupBuilt>,
    /// Why the last attempt of this server failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RollupState {
    /// Questions are answered from it.
    Ready,
    /// It is being made; questions read the rows until then.
    Building,
    /// Not made yet, or what it was made from has changed.
    Due,
    /// It could not be made; questions read the rows.
    Failed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RollupBuilt {
    /// Where this server made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    pub bytes: u64,
    pub at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_whole_minutes() {
        for text in ["1m", "15m", "1h", "36h", "1d", "366d"] {
            assert_eq!(text.parse::<RefreshInterval>().unwrap().to_string(), text);
        }
        assert_eq!("60m".parse::<RefreshInterval>().unwrap(), RefreshInterval::default());
        for text in [
            "",
            "h",
            "0m",
            "1s",
            "-1h",
            "367d",
            "9999999999d",
            "1 h",
            "+1h",
            "ü",
            "1ü",
        ] {
            assert!(text.parse::<RefreshInterval>().is_err(), "{text}");
        }
    }
}
