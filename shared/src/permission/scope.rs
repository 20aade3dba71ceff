//! Scopes of an API token: what its owner's role is cut down to.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Capability;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Scope {
    /// Read dashboards, models and datasets, and run queries.
    #[serde(rename = "read")]
    Read,
    /// Also create and change them.
    #[serde(rename = "write")]
    Write,
    /// Also create and revoke shares and embeds.
    #[serde(rename = "share")]
    Share,
    /// Also members, keys and settings.
    #[serde(rename = "manage")]
    Manage,
}

impl Scope {
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Share, Self::Manage];

    pub const fn allows(self, capability: Capability) -> bool {
        match (self, capability) {
            (_, Capability::Read) => true,
            (Self::Write | Self::Manage, Capability::Edit) => true,
            (Self::Share | Self::Manage, Capability::Share) => true,
            (Self::Manage, Capability::Manage) => true,
            (Self::Read | Self::Share, Capability::Edit) => false,
            (Self::Read | Self::Write, Capability::Share) => false,
            (Self::Read | Self::Write | Self::Share, Capability::Manage) => false,
        }
    }

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Share => "share",
            Self::Manage => "manage",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}
