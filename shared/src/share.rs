//! Share links, embeds and their keys, as their owners see them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de::Error as _};
use serde_json::Value;

use crate::{
    ids::{DashboardId, EmbedId, EmbedKeyId, ShareId},
    semantic::Condition,
};

/// Default life of a share link, in seconds (30 days).
pub const DEFAULT_SHARE_SECONDS: u64 = 30 * 24 * 3600;
/// Longest life of a share link, in seconds (365 days).
pub const MAX_SHARE_SECONDS: u64 = 365 * 24 * 3600;

/// Seconds as a number, or text such as `"90s"`, `"15m"`, `"12h"`, `"30d"`, `"2w"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
pub struct Lifetime(pub u64);

impl Lifetime {
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let split = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (count, unit) = text.split_at_checked(split)?;
        let seconds: u64 = match unit.trim() {
            "" | "s" => 1,
            "m" | "min" => 60,
            "h" => 3600,
            "d" => 86_400,
            "w" => 604_800,
            _ => return None,
        };
        count.parse::<u64>().ok()?.checked_mul(seconds).map(Self)
    }
}

impl<'de> Deserialize<'de> for Lifetime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Spelling {
            Seconds(u64),
            Text(String),
        }
        match Spelling::deserialize(deserializer)? {
            Spelling::Seconds(seconds) => Ok(Self(seconds)),
            Spelling::Text(text) => Self::parse(&text)
                .ok_or_else(|| D::Error::custom("a time span is seconds, or text like \"12h\" or \"30d\"")),
        }
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareCreate {
    /// Default 30 days, at most 365.
    #[serde(default)]
    pub expires_in: Option<Lifetime>,
    #[serde(default)]
    pub password: Option<String>,
    #[serde(default)]
    pub max_views: Option<u32>,
    #[serde(default)]
    pub downloads: bool,
    /// Fields of the filters readers may change; `None`: all.
    #[serde(default)]
    pub allowed_filters: Option<Vec<String>>,
    /// Conditions that always hold for readers of this link.
    #[serde(default)]
    pub locked: Vec<Condition>,
    /// Model roles that its readers hold. Default: none. Editors give all of their own or none.
    #[serde(default)]
    pub roles: Vec<String>,
    /// Attributes of its readers, for row rules, under the same condition.
    #[serde(default)]
    pub attrs: BTreeMap<String, Value>,
    #[serde(default)]
    pub hide_title: bool,
    /// A note for the owner ("for the board").
    #[serde(default)]
    pub name: Option<String>,
}

/// Absent fields stay as they are. `password: ""` removes it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareUpdate {
    #[serde(default)]
    pub expires_in: Option<Lifetime>,
    #[serde(default)]
    pub password: Option<String>,
    #[serde(default)]
    pub downloads: Option<bool>,
    #[serde(default)]
    pub hide_title: Option<bool>,
    #[serde(default)]
    pub paused: Option<bool>,
    #[serde(default)]
    pub name: Option<String>,
}

/// The answer of a creation, the only one that carries the secret address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShareCreated {
    pub id: ShareId,
    pub url: String,
    pub share: ShareInfo,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ShareInfo {
    pub id: ShareId,
    pub dashboard: DashboardId,
    pub name: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Name of who made it.
    pub created_by: String,
    pub expires_at: DateTime<Utc>,
    pub has_password: bool,
    pub downloads: bool,
    pub hide_title: bool,
    pub paused: bool,
    pub max_views: Option<u32>,
    pub views: u32,
    pub last_viewed_at: Option<DateTime<Utc>>,
    pub allowed_filters: Option<Vec<String>>,
    pub locked: Vec<Condition>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub attrs: BTreeMap<String, Value>,
    pub revoked_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbedCreate {
    /// Exact origins (`https://host[:port]`) that may frame it.
    pub origins: Vec<String>,
    #[serde(default)]
    pub locked: Vec<Condition>,
    /// Fields of the filters the frame's readers may change; `None`: all.
    #[serde(default)]
    pub editable: Option<Vec<String>>,
    #[serde(default)]
    pub downloads: bool,
    #[serde(default)]
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EmbedInfo {
    pub id: EmbedId,
    /// Address of the frame; the host appends `?ticket=…`.
    pub url: String,
    pub dashboard: DashboardId,
    pub name: Option<String>,
    pub origins: Vec<String>,
    pub locked: Vec<Condition>,
    pub editable: Option<Vec<String>>,
    pub downloads: bool,
    pub created_at: DateTime<Utc>,
}

/// What an open frame sends when its host gave it a new ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbedRenew {
    pub ticket: String,
}

/// What a ticket buys: a bearer the frame holds in memory.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmbedAccess {
    pub bearer: String,
    /// Seconds from now.
    pub expires_in_s: u32,
    /// Exact origins that may frame it, and that it speaks to.
    pub origins: Vec<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum EmbedKeyAlgorithm {
    #[default]
    #[serde(rename = "HS256")]
    Hs256,
    #[serde(rename = "EdDSA")]
    EdDsa,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EmbedKeyCreate {
    pub name: String,
    #[serde(default)]
    pub alg: EmbedKeyAlgorithm,
    /// EdDSA only: PEM or base64url of the 32 bytes.
    #[serde(default)]
    pub public_key: Option<String>,
}

/// `secret` (HS256) is shown once; its text's bytes are the key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EmbedKeyCreated {
    pub kid: EmbedKeyId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    pub key: EmbedKeyInfo,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct EmbedKeyInfo {
    pub kid: EmbedKeyId,
    pub name: String,
    pub alg: EmbedKeyAlgorithm,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lifetimes_are_numbers_or_text() {
        assert_eq!(Lifetime::parse("30d"), Some(Lifetime(2_592_000)));
        assert_eq!(serde_json::from_str::<Lifetime>("90").unwrap(), Lifetime(90));
        assert_eq!(serde_json::from_str::<Lifetime>("\"12h\"").unwrap(), Lifetime(43_200));
        assert!(serde_json::from_str::<Lifetime>("\"soon\"").is_err());
        assert!(serde_json::from_str::<Lifetime>("-1").is_err());
    }
}
