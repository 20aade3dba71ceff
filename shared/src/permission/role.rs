//! Roles and what each may do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A member's role in one workspace; ordered, each includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WorkspaceRole {
    Viewer,
    Editor,
    Owner,
}

/// A user's role in the whole instance. It never gives row data without membership of a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlatformRole {
    /// Users, settings, audit.
    Admin,
    /// May create workspaces, connections, models, SQL.
    Analyst,
    /// Reads, asks, comments, subscribes; cannot create sources.
    Executive,
    /// API tokens, embed keys, query plans.
    Developer,
}

/// What a route or service method needs inside a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Read dashboards, models, datasets; run queries.
    Read,
    /// Create and change dashboards, datasets, models.
    Edit,
    /// Create and revoke share links and embeds.
    Share,
    /// Members, secrets, embed keys, workspace settings, share policy.
    Manage,
}

impl WorkspaceRole {
    pub const fn allows(self, capability: Capability) -> bool {
        match (self, capability) {
            (Self::Viewer, Capability::Read) => true,
            (Self::Viewer, Capability::Edit | Capability::Share | Capability::Manage) => false,
            (Self::Editor, Capability::Read | Capability::Edit | Capability::Share) => true,
            (Self::Editor, Capability::Manage) => false,
            (Self::Owner, Capability::Read | Capability::Edit | Capability::Share | Capability::Manage) => true,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Viewer, Self::Editor, Self::Owner]
            .into_iter()
            .find(|role| role.as_str() == text)
    }
}

impl PlatformRole {
    pub const ALL: [Self; 4] = [Self::Admin, Self::Analyst, Self::Executive, Self::Developer];

    /// The highest workspace role this platform role may hold: an Executive reads, whatever a workspace says.
    pub const fn ceiling(self) -> WorkspaceRole {
        match self {
            Self::Admin | Self::Analyst | Self::Developer => WorkspaceRole::Owner,
            Self::Executive => WorkspaceRole::Viewer,
        }
    }

    pub const fn may_create_workspaces(self) -> bool {
        match self {
            Self::Admin | Self::Analyst => true,
            Self::Executive | Self::Developer => false,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Analyst => "analyst",
            Self::Executive => "executive",
            Self::Developer => "developer",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Admin => "Administrator",
            Self::Analyst => "Analyst",
            Self::Executive => "Executive",
            Self::Developer => "Developer",
        }
    }

    /// What it may do, in one sentence for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Admin => {
                "Manages people and the settings of the instance; sees data only in workspaces they are a member of."
            }
            Self::Analyst => "Makes workspaces, brings in data, builds models and dashboards.",
            Self::Executive => "Reads dashboards, whatever role a workspace gives; cannot change or bring in anything.",
            Self::Developer => {
                "Works in the workspaces they belong to, with API tokens and embed keys; cannot make workspaces."
            }
        }
    }
}
