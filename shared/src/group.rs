//! Groups of people. They are the instance's; in a workspace a group can hold a role, which all of its people then have.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{GroupId, UserId, WorkspaceId},
    names::{Email, Title},
    permission::WorkspaceRole,
};

/// A line of the list of groups, for platform admins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupInfo {
    pub id: GroupId,
    /// Unique, in either case of letters.
    pub name: Title,
    /// How many belong to it.
    pub people: u64,
    /// In how many workspaces it holds a role.
    pub workspaces: u64,
    pub created_at: DateTime<Utc>,
}

/// One group, for platform admins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupDetail {
    pub id: GroupId,
    pub name: Title,
    /// Sorted by name.
    pub people: Vec<GroupPerson>,
    /// Sorted by title.
    pub workspaces: Vec<GroupPlace>,
    pub created_at: DateTime<Utc>,
}

/// Somebody in a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupPerson {
    pub user: UserId,
    pub name: String,
    pub email: Email,
    pub added_at: DateTime<Utc>,
}

/// Where a group holds a role.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupPlace {
    pub workspace: WorkspaceId,
    pub title: Title,
    pub role: WorkspaceRole,
}

/// A new group, or another name for one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupWrite {
    pub name: Title,
}

/// The groups of a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WorkspaceGroups {
    /// Those with a role here, sorted by name.
    pub items: Vec<GroupMember>,
    /// Those that could be given one, sorted by name. Told to owners; empty for others.
    pub others: Vec<GroupName>,
}

/// A group with a role in a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct GroupMember {
    pub group: GroupId,
    pub name: Title,
    pub role: WorkspaceRole,
    /// Names of its people, sorted; those whose account is disabled are left out.
    pub people: Vec<String>,
    /// Roles of the semantic models, for row rules. Told to owners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    pub since: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct GroupName {
    pub group: GroupId,
    pub name: Title,
}

/// What a group holds in a workspace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupMemberUpdate {
    pub role: WorkspaceRole,
    /// Model roles for row rules; absent: as they are, none at first.
    #[serde(default)]
    pub roles: Option<Vec<String>>,
}
