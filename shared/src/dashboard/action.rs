//! Operations: the only way a dashboard changes.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use crate::ids::{ActionId, UserId};

/// One user action with a name for the history ("Move Revenue by month"); its operations apply together or not at all.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    pub id: ActionId,
    pub actor: UserId,
    pub at: DateTime<Utc>,
    pub name: String,
    pub ops: Vec<Operation>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ObjectKind {
    Page,
    Tile,
    Filter,
    Interaction,
    Parameter,
    Bookmark,
    /// The document itself (title, model, time zone, theme, grid); its `id` is the nil UUID.
    Document,
}

/// `path` is a JSON pointer inside the object without its leading slash split into keys: `["content","visual","title"]`;
/// list positions are decimal numbers. An empty path replaces the whole object (its id must stay).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Operation {
    Insert {
        kind: ObjectKind,
        object: Value,
    },
    /// Removing a page takes its tiles (and their filters and interactions) with it.
    Remove {
        kind: ObjectKind,
        id: Uuid,
    },
    Set {
        kind: ObjectKind,
        id: Uuid,
        path: Vec<String>,
        value: Value,
    },
}
