//! What the designer asks of the server.

use shared::{
    AppError,
    dashboard::{DashboardDetail, DashboardSummary, HistoryEntry, OpsRequest, RecordedAction},
    ids::{DashboardId, UserId},
    semantic::{Answer, Model, Query},
    table::Cell,
};

use crate::{
    WireError,
    server_fns::{self, dashboard::OpsOutcome},
};

/// Everything the designer opens with.
#[derive(Clone, Debug)]
pub struct Opened {
    pub actor: UserId,
    pub detail: DashboardDetail,
    pub model: Model,
    /// The newest actions, oldest first.
    pub history: Vec<RecordedAction>,
}

/// Actions that can be undone after a reload.
const HISTORY_ACTIONS: u64 = 200;

/// # Errors
/// The server's: not found, not allowed, no connection.
pub async fn open(workspace: String, id: DashboardId) -> Result<Opened, WireError> {
    let me = server_fns::account::me().await?;
    let draft = server_fns::dashboard::open_draft(workspace.clone(), id).await?;
    let since = draft.detail.summary.revision.saturating_sub(HISTORY_ACTIONS);
    let model = draft.detail.document.model.name.clone();
    let model = server_fns::model::get_model(workspace.clone(), model, Some(draft.model_version)).await?;
    let mut history = server_fns::dashboard::actions_since(workspace, id, since).await?;
    // What came after the draft was read is taken up by the first poll.
    history.retain(|record| record.revision <= draft.detail.summary.revision);
    Ok(Opened {
        actor: me.user.id,
        detail: draft.detail,
        model,
        history,
    })
}

/// # Errors
/// The server's; a refusal because of others' actions is an outcome, not an error.
pub async fn append(workspace: String, id: DashboardId, request: OpsRequest) -> Result<OpsOutcome, WireError> {
    server_fns::dashboard::append_ops(workspace, id, request).await
}

/// Actions after `revision`, oldest first.
///
/// # Errors
/// The server's.
pub async fn newer(workspace: String, id: DashboardId, revision: u64) -> Result<Vec<RecordedAction>, WireError> {
    server_fns::dashboard::actions_since(workspace, id, revision).await
}

/// # Errors
/// The server's.
pub async fn publish(workspace: String, id: DashboardId) -> Result<DashboardSummary, WireError> {
    server_fns::dashboard::publish_dashboard(workspace, id).await
}

/// Answers in order, all over the same rows; a query that fails has its error in its place.
///
/// # Errors
/// The server's, for all of them.
pub async fn answers(workspace: String, queries: Vec<Query>) -> Result<Vec<Result<Answer, AppError>>, WireError> {
    server_fns::query::run_queries(workspace, queries).await
}

/// Who did what, newest first.
///
/// # Errors
/// The server's.
pub async fn history(workspace: String, id: DashboardId) -> Result<Vec<HistoryEntry>, WireError> {
    server_fns::dashboard::history(workspace, id).await
}

/// A copy of the draft under a title of its own.
///
/// # Errors
/// The server's.
pub async fn duplicate(workspace: String, id: DashboardId, title: String) -> Result<DashboardId, WireError> {
    let copy = server_fns::dashboard::duplicate_dashboard(workspace, id, Some(title)).await?;
    Ok(copy.summary.id)
}

/// Into the bin.
///
/// # Errors
/// The server's.
pub async fn delete(workspace: String, id: DashboardId) -> Result<(), WireError> {
    server_fns::dashboard::delete_dashboard(workspace, id).await
}

/// Out of the bin.
///
/// # Errors
/// The server's.
pub async fn restore(workspace: String, id: DashboardId) -> Result<(), WireError> {
    server_fns::dashboard::restore_dashboard(workspace, id).await.map(drop)
}

/// Members of a field that contain `search`, the most frequent first.
///
/// # Errors
/// The server's.
pub async fn values(workspace: String, model: String, field: String, search: String) -> Result<Vec<Cell>, WireError> {
    server_fns::query::field_values(workspace, model, field, search).await
}
