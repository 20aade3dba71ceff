use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Number of the archive's form.
pub const FORMAT: u32 = 1;

/// What the archive holds; its last member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    pub format: u32,
    /// Of the program that made it.
    pub version: String,
    pub made_at: DateTime<Utc>,
    /// Names of the migrations its rows are of, oldest first.
    pub schema: Vec<String>,
    /// Tells one secret key from another and nothing about it.
    pub key: String,
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// Every other member by its name.
    pub members: BTreeMap<String, Member>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    pub bytes: u64,
    /// Lower-case hexadecimal.
    pub sha256: String,
}
