//! Who can see a single dashboard or dataset, and change it, beside what their role in the workspace says.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{GroupId, UserId},
    permission::WorkspaceRole,
};

/// What a right on one object lets do. Only a role in the workspace makes owners.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectRole {
    Viewer,
    Editor,
}

impl ObjectRole {
    pub const ALL: [Self; 2] = [Self::Viewer, Self::Editor];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

impl From<ObjectRole> for WorkspaceRole {
    fn from(role: ObjectRole) -> Self {
        match role {
            ObjectRole::Viewer => Self::Viewer,
            ObjectRole::Editor => Self::Editor,
        }
    }
}

/// Whom a right is given to: a member of the workspace, or a group with a role in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    User(UserId),
    Group(GroupId),
}

/// A right on one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grant {
    pub to: Subject,
    pub role: ObjectRole,
}

/// The rights on one object as they shall be from now on; whoever is not in the list holds none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessUpdate {
    /// Roles in the workspace do not count here, save for owners.
    pub restricted: bool,
    /// At most 200.
    pub grants: Vec<Grant>,
}

/// Who can see an object, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectAccess {
    pub restricted: bool,
    pub grants: Vec<NamedGrant>,
    /// Everybody who can see it, by name; those whose account is disabled are left out.
    pub people: Vec<PersonAccess>,
    /// Links that can be opened now.
    pub links: u64,
    /// Frames in other sites.
    pub frames: u64,
    /// Whether the caller may change this.
    pub may_change: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NamedGrant {
    pub to: Subject,
    pub name: String,
    pub role: ObjectRole,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PersonAccess {
    pub user: UserId,
    pub name: String,
    /// What they may do here, cut to what their platform role allows.
    pub role: WorkspaceRole,
    pub by: AccessReason,
}

/// Why somebody can see an object: the strongest of their reasons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AccessReason {
    /// Their own role in the workspace.
    Role,
    /// The role of a group in the workspace, by its name.
    RoleOfGroup(String),
    /// A right on the object.
    Grant,
    /// A right on the object that a group holds, by its name.
    GrantOfGroup(String),
}
