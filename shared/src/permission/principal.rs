//! Who is asking. Built once per request from a session, a token, a share link or an embed ticket; services authorise
//! against it in their first line.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{PlatformRole, Scope};
use crate::{
    ids::{DashboardId, EmbedId, ShareId, TokenId, UserId, WorkspaceId},
    semantic::Condition,
};

/// A request's identity. Workspace roles are not carried: the service reads the membership row, so that a role removed in
/// mid-session acts at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Principal {
    Anonymous,
    User(UserPrincipal),
    /// A signed-in person who has to set up a second factor before anything else.
    Unprotected(UserPrincipal),
    Share(ShareGrant),
    Embed(EmbedGrant),
}

/// A signed-in person, or a program with that person's token (then `scopes` cut the role).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UserPrincipal {
    pub user_id: UserId,
    pub platform_role: PlatformRole,
    /// `None` for a session (everything the role allows).
    pub scopes: Option<Vec<Scope>>,
    pub token_id: Option<TokenId>,
    /// When the person last proved in this session who they are; `None` for tokens.
    pub proved_at: Option<DateTime<Utc>>,
}

/// A reader of one shared dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ShareGrant {
    pub share_id: ShareId,
    pub workspace_id: WorkspaceId,
    pub dashboard_id: DashboardId,
    /// Conditions that hold in every query of this reader, whatever the reader chooses.
    pub locked: Vec<Condition>,
    /// Fields of filters the reader may change; `None`: all that are not locked.
    pub allowed_filters: Option<Vec<String>>,
    pub downloads: bool,
    /// For row rules of models.
    pub roles: Vec<String>,
    pub attributes: BTreeMap<String, Value>,
}

/// A reader of one embedded dashboard, from a signed ticket.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EmbedGrant {
    pub embed_id: EmbedId,
    pub workspace_id: WorkspaceId,
    pub dashboard_id: DashboardId,
    pub locked: Vec<Condition>,
    pub allowed_filters: Option<Vec<String>>,
    pub downloads: bool,
    /// The host site's name for its user; logged only.
    pub subject: Option<String>,
    pub roles: Vec<String>,
    pub attributes: BTreeMap<String, Value>,
}

impl Principal {
    /// Whoever may act as a user.
    pub const fn user(&self) -> Option<&UserPrincipal> {
        match self {
            Self::User(user) => Some(user),
            Self::Anonymous | Self::Unprotected(_) | Self::Share(_) | Self::Embed(_) => None,
        }
    }

    /// Whoever is signed in, also where they still have to set up a second factor.
    pub const fn person(&self) -> Option<&UserPrincipal> {
        match self {
            Self::User(user) | Self::Unprotected(user) => Some(user),
            Self::Anonymous | Self::Share(_) | Self::Embed(_) => None,
        }
    }
}
