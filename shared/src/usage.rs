//! What an instance is used for, as platform admins see it.

use chrono::{DateTime, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ids::{DashboardId, UserId};

/// Of the last 30 days, today included, all servers together; but for `server`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Usage {
    /// Every day, oldest first. Days are those of UTC.
    pub days: Vec<DayOfUse>,
    /// Different people who read a dashboard.
    pub people: u64,
    /// Most read first, at most 20.
    pub dashboards: Vec<DashboardUse>,
    /// Who reads most first, at most 20.
    pub readers: Vec<ReaderUse>,
    pub server: ServerUse,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DayOfUse {
    pub day: NaiveDate,
    /// Dashboards opened by people who are signed in.
    pub views: u64,
    /// Opened by links and in frames.
    pub guest_views: u64,
    /// Different people.
    pub people: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DashboardUse {
    pub id: DashboardId,
    pub title: String,
    pub workspace: String,
    pub views: u64,
    pub guest_views: u64,
    pub people: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ReaderUse {
    pub id: UserId,
    pub name: String,
    pub views: u64,
    pub dashboards: u64,
    pub last_day: NaiveDate,
}

/// What the server that answers has seen since it was started.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ServerUse {
    pub since: DateTime<Utc>,
    /// Questions that a kept answer answered.
    pub kept: u64,
    pub computed: u64,
    pub failed: u64,
    /// Answers of status 500 and more.
    pub errors: u64,
    /// Of the last 24 hours, slowest first, at most 20.
    pub slow: Vec<SlowQuery>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SlowQuery {
    pub at: DateTime<Utc>,
    pub workspace: String,
    pub model: String,
    pub milliseconds: u64,
}
