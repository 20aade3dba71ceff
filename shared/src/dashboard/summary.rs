//! What lists, the designer and readers receive around the document.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Action, Dashboard, FilterState};
use crate::{
    error::AppError,
    ids::{ActionId, DashboardId, FolderId, PageId, TileId, UserId},
    semantic::{Answer, Sort},
    visual::Visual,
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DashboardSummary {
    pub id: DashboardId,
    pub title: String,
    pub folder: Option<FolderId>,
    /// Machine name of the model it asks.
    pub model: String,
    /// Of the draft: number of its last action.
    pub revision: u64,
    pub published_revision: Option<u64>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Set while it waits in the bin (30 days).
    pub deleted_at: Option<DateTime<Utc>>,
    /// Only those it is given to see it, and the owners of the workspace.
    #[serde(default)]
    pub restricted: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Folder {
    pub id: FolderId,
    pub title: String,
    pub parent: Option<FolderId>,
}

/// The draft, as the designer opens it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DashboardDetail {
    #[serde(flatten)]
    pub summary: DashboardSummary,
    pub document: Dashboard,
}

/// An action of the log with the inverse that undoes it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RecordedAction {
    pub revision: u64,
    pub action: Action,
    pub inverse: Action,
    /// The action this one undoes (or, for a redo, re-does), when it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<ActionId>,
}

/// `POST …/dashboards/{id}/ops`: actions made on top of revision `base`, in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpsRequest {
    pub base: u64,
    pub actions: Vec<Action>,
    /// By action: the action it undoes or re-does.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub undoes: BTreeMap<ActionId, ActionId>,
}

/// All actions are in the log. `newer` are those of others since `base`, which the client has not seen; the sent actions
/// stand after them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpsAccepted {
    pub revision: u64,
    #[serde(default)]
    pub newer: Vec<RecordedAction>,
}

/// 409: against `newer`, an action is no longer valid; none of the sent ones was stored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OpsRejected {
    pub error: AppError,
    pub revision: u64,
    pub newer: Vec<RecordedAction>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DashboardVersion {
    pub revision: u64,
    pub model_version: u32,
    pub published_at: DateTime<Utc>,
    /// Name of who published it.
    pub published_by: String,
}

/// A line of the history: who did what, when.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryEntry {
    pub revision: u64,
    pub action: ActionId,
    pub name: String,
    pub actor: UserId,
    pub actor_name: String,
    pub at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<ActionId>,
}

/// A reader's request: these tiles of the published dashboard (or, for its editors, of the draft) in this state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TileRequest {
    /// Empty: all tiles of the state's page.
    #[serde(default)]
    pub tiles: Vec<TileId>,
    pub state: FilterState,
    /// Table tiles: other rows than the first ones.
    #[serde(default)]
    pub windows: BTreeMap<TileId, TableWindow>,
}

/// Which rows of a table tile are shown, and in which order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TableWindow {
    /// Rows to skip.
    #[serde(default)]
    pub offset: u64,
    /// By an output of the tile; `None`, or a name it does not have: the tile's own order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
}

/// Answers belong to one filter state; a late answer for another digest is dropped by who asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PageData {
    pub page: PageId,
    /// `FilterState::digest` of what was answered.
    pub digest: String,
    pub as_of: String,
    pub tiles: BTreeMap<TileId, TileData>,
}

/// One tile's numbers, or why there are none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TileData {
    /// `visual` as its builder made it; rows and order of a table are those of the request's window.
    Answer {
        visual: Box<Visual>,
        answer: Box<Answer>,
    },
    Error(AppError),
}
