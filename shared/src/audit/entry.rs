use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::AuditAction;
use crate::ids::RequestId;

/// One event. Entries are numbered 1, 2, 3 … in their chain (a workspace's, or the instance's), and never changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AuditEntry {
    pub number: u64,
    pub at: DateTime<Utc>,
    pub actor: AuditActor,
    pub action: AuditAction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<AuditObject>,
    pub outcome: AuditOutcome,
    /// What is worth knowing of it, such as the old and the new role. Never a secret.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, Value>,
    /// As in the server's log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<RequestId>,
    /// Address of the client; `None` on the server's own console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// SHA-256 over this entry and the hash of the one before it, 64 hexadecimal digits.
    pub hash: String,
}

/// Who did it, under the name of that time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditActor {
    pub kind: AuditActorKind,
    /// Of the person, also where a token acted; of the link or the frame; `None` for nobody known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditActorKind {
    /// A person who is signed in.
    User,
    /// A program with a person's token.
    Token,
    /// The reader of a shared link.
    Share,
    /// The reader of a frame.
    Embed,
    Anonymous,
    /// The server itself, or its console.
    System,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AuditObject {
    pub kind: AuditObjectKind,
    pub id: String,
    /// Of that time; may be empty.
    pub title: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditObjectKind {
    Workspace,
    User,
    Group,
    Session,
    Token,
    Folder,
    Connection,
    Dataset,
    Model,
    Dashboard,
    EmbedKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AuditOutcome {
    Ok,
    Refused,
}

impl AuditActor {
    /// The server, or whoever sits at its console.
    pub fn system(name: &str) -> Self {
        Self {
            kind: AuditActorKind::System,
            id: None,
            name: name.to_owned(),
        }
    }
}

impl AuditActorKind {
    const ALL: [Self; 6] = [
        Self::User,
        Self::Token,
        Self::Share,
        Self::Embed,
        Self::Anonymous,
        Self::System,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Token => "token",
            Self::Share => "share",
            Self::Embed => "embed",
            Self::Anonymous => "anonymous",
            Self::System => "system",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl AuditObjectKind {
    const ALL: [Self; 11] = [
        Self::Workspace,
        Self::User,
        Self::Group,
        Self::Session,
        Self::Token,
        Self::Folder,
        Self::Connection,
        Self::Dataset,
        Self::Model,
        Self::Dashboard,
        Self::EmbedKey,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Workspace => "workspace",
            Self::User => "user",
            Self::Group => "group",
            Self::Session => "session",
            Self::Token => "token",
            Self::Folder => "folder",
            Self::Connection => "connection",
            Self::Dataset => "dataset",
            Self::Model => "model",
            Self::Dashboard => "dashboard",
            Self::EmbedKey => "embed_key",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

impl AuditOutcome {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Refused => "refused",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Ok, Self::Refused]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}
