//! People, workspaces and tokens, as pages and programs see them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    ids::{InviteId, SessionId, TokenId, UserId, WorkspaceId},
    names::{Email, Slug, Title},
    permission::{PlatformRole, Scope, WorkspaceRole},
    share::Lifetime,
};

/// `GET /me`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Me {
    pub user: UserInfo,
    /// Sorted by title.
    pub workspaces: Vec<WorkspaceInfo>,
    /// Nothing else is answered until a second factor is set up.
    #[serde(default)]
    pub must_set_up_factor: bool,
    /// Whether this Sightline can send letters.
    #[serde(default)]
    pub sends_mail: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UserInfo {
    pub id: UserId,
    pub email: Email,
    pub name: String,
    pub platform_role: PlatformRole,
    pub preferences: Preferences,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preferences {
    #[serde(default)]
    pub theme: ThemeChoice,
    /// IANA name; `None`: the dashboard's.
    #[serde(default)]
    pub time_zone: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// As the device says.
    #[default]
    Auto,
    Light,
    Dark,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkspaceInfo {
    pub id: WorkspaceId,
    pub slug: Slug,
    pub title: Title,
    /// The caller's.
    pub role: WorkspaceRole,
    pub created_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceCreate {
    pub title: Title,
    /// Default made from the title.
    #[serde(default)]
    pub slug: Option<Slug>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MemberInfo {
    pub user: UserId,
    pub name: String,
    pub email: Email,
    /// As given in the workspace.
    pub role: WorkspaceRole,
    /// What the member may do: the highest of `role` and the roles of their groups, cut to what the platform role allows.
    pub effective_role: WorkspaceRole,
    /// Roles of the semantic models, for row rules. Told to owners and to the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Attributes for row rules. Told to owners and to the member.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<BTreeMap<String, Value>>,
    pub joined_at: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetupRequest {
    pub email: Email,
    pub name: Title,
    pub password: String,
    pub workspace: Title,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    pub email: String,
    pub password: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenCreate {
    pub name: Title,
    /// Default 90 days.
    #[serde(default)]
    pub expires_in: Option<Lifetime>,
    /// Default read only.
    #[serde(default)]
    pub scopes: Vec<Scope>,
}

/// `token` is shown once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TokenCreated {
    pub token: String,
    pub info: TokenInfo,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TokenInfo {
    pub id: TokenId,
    pub name: String,
    pub scopes: Vec<Scope>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SessionInfo {
    pub id: SessionId,
    pub created_at: DateTime<Utc>,
    pub last_seen_at: DateTime<Utc>,
    /// What the browser called itself, cut at 200 characters.
    pub user_agent: Option<String>,
    /// Where it was begun.
    pub client_address: Option<String>,
    pub current: bool,
}

/// A page of a list: `next` is the cursor of the page after it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfileUpdate {
    #[serde(default)]
    pub name: Option<Title>,
    #[serde(default)]
    pub preferences: Option<Preferences>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordChange {
    pub current: String,
    pub new: String,
}

/// Absent fields stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkspaceUpdate {
    #[serde(default)]
    pub title: Option<Title>,
    #[serde(default)]
    pub slug: Option<Slug>,
    /// False leaves links and embeds to owners.
    #[serde(default)]
    pub editors_may_share: Option<bool>,
}

/// `POST …/members`: an existing account becomes a member.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberAdd {
    pub email: Email,
    pub role: WorkspaceRole,
    /// Roles of the semantic models, for row rules.
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, Value>,
}

/// `PUT …/members/{user}` and `POST …/invites`. Absent `roles` and `attributes` stay as they are (an invite: none).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberUpdate {
    pub role: WorkspaceRole,
    #[serde(default)]
    pub roles: Option<Vec<String>>,
    #[serde(default)]
    pub attributes: Option<BTreeMap<String, Value>>,
}

/// A new invitation: what its holder becomes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InviteCreate {
    pub role: WorkspaceRole,
    #[serde(default)]
    pub roles: Option<Vec<String>>,
    #[serde(default)]
    pub attributes: Option<BTreeMap<String, Value>>,
    /// Where to send the link; absent: nowhere.
    #[serde(default)]
    pub email: Option<Email>,
}

impl From<WorkspaceRole> for InviteCreate {
    fn from(role: WorkspaceRole) -> Self {
        Self {
            role,
            roles: None,
            attributes: None,
            email: None,
        }
    }
}

/// What became of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// The mail server has taken it.
    Sent,
    Failed(LetterProblem),
}

/// Why a letter was not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LetterProblem {
    /// The mail server cannot be reached, or did not answer in time.
    Unreachable,
    /// No encrypted connection came about.
    Encryption,
    /// The mail server did not let Sightline in.
    SignIn,
    /// The mail server refused the letter.
    Refused,
    /// No letter can be sent to this address.
    Address,
}

impl LetterProblem {
    /// For people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Unreachable => "the mail server cannot be reached",
            Self::Encryption => "there was no encrypted connection to the mail server",
            Self::SignIn => "the mail server does not let Sightline in",
            Self::Refused => "the mail server refused the letter",
            Self::Address => "no letter can be sent to this address",
        }
    }
}

/// `url` is shown once; it works once, within 7 days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InviteCreated {
    pub url: String,
    pub expires_at: DateTime<Utc>,
    /// What became of the letter; absent where none was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
}

/// An invitation that nobody has taken up yet. Its link is not kept, and cannot be shown again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpenInvite {
    pub id: InviteId,
    pub role: WorkspaceRole,
    /// Name of who made it; `None`: the account is gone.
    pub created_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// What the holder of an invitation sees before accepting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InviteInfo {
    pub workspace: Title,
    pub role: WorkspaceRole,
    pub expires_at: DateTime<Utc>,
}

/// A new account, made by accepting an invitation.
#[derive(Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    pub email: Email,
    pub name: Title,
    pub password: String,
}
