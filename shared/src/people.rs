//! Everybody on the instance, as platform admins see and change them.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{factor::FactorPolicy, ids::UserId, names::Email, permission::PlatformRole};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonInfo {
    pub id: UserId,
    pub email: Email,
    pub name: String,
    pub platform_role: PlatformRole,
    pub created_at: DateTime<Utc>,
    /// `None`: may sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    pub has_second_factor: bool,
    /// Browsers that are signed in now.
    pub sessions: u64,
    /// The latest request of these.
    pub last_seen_at: Option<DateTime<Utc>>,
}

/// Absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonUpdate {
    #[serde(default)]
    pub platform_role: Option<PlatformRole>,
    #[serde(default)]
    pub disabled: Option<bool>,
}

/// `url` is shown once; it sets a new password once, within 24 hours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResetLink {
    pub url: String,
    pub expires_at: DateTime<Utc>,
}

/// Asks for a reset link by e-mail.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetAsk {
    pub email: Email,
}

/// What the holder of a reset link sees first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ResetInfo {
    pub email: Email,
    pub expires_at: DateTime<Utc>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordReset {
    /// 12 characters or more.
    pub password: String,
}

/// How everybody signs in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRules {
    /// Who has to have a second factor.
    pub second_factor: FactorPolicy,
}
