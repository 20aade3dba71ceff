//! Adding actions to the log: in the server's order, each once, all or none.

use std::collections::{BTreeSet, HashSet};

use entity::dashboard_action;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::{
    AppError, ErrorCode,
    dashboard::{Action, ApplyError, Missing, OpsAccepted, OpsRejected, OpsRequest, RecordedAction},
    ids::{ActionId, DashboardId, WorkspaceId},
    permission::Capability,
};
use uuid::Uuid;

use super::{
    DashboardService,
    edited::{Before, sets_only_the_title},
    log::{Log, refusal},
    read::{actions_after, lock_dashboard},
};
use crate::{ServiceResult, WorkspaceAccess, WorkspaceSelector};

/// Actions of one request.
const MAX_ACTIONS: usize = 500;

impl DashboardService {
    /// Stores actions made on top of revision `base`. Actor and time are set here, whatever was sent. An action that is in
    /// the log already is not stored again. Where objects that an action changes were removed by somebody else meanwhile,
    /// that part of it is left out.
    ///
    /// `newer` of the answer holds every action after `base` that this request did not store, in order; after a repeated
    /// request that may be the sender's own.
    ///
    /// # Errors
    /// The inner one is 409: against what others did since `base` an action is no longer valid, and none was stored. The
    /// outer one: 404; 403; 422 for an action that was never valid; 409 for a `base` from the future.
    pub async fn append(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        request: OpsRequest,
    ) -> ServiceResult<Result<OpsAccepted, OpsRejected>> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        self.append_as(&access, id, request, Behind::Rebase).await
    }

    pub(super) async fn append_as(
        &self,
        access: &WorkspaceAccess,
        id: DashboardId,
        request: OpsRequest,
        behind: Behind,
    ) -> ServiceResult<Result<OpsAccepted, OpsRejected>> {
        if request.actions.is_empty() || request.actions.len() > MAX_ACTIONS {
            return Err(AppError::invalid("actions", format!("Send 1 to {MAX_ACTIONS} actions.")).into());
        }
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = lock_dashboard(&transaction, access.workspace_id, id).await?;
        let before = Before::of(&row);
        let mut log = Log::open(row)?;
        let revision = log.revision()?;
        if request.base > revision {
            return Err(AppError::conflict(format!("The newest revision is {revision}, not {}.", request.base)).into());
        }
        if behind == Behind::Refuse && request.base != revision {
            return Err(stale(revision).into());
        }
        let newer = match revision - request.base {
            0 => Vec::new(),
            behind => actions_after(&transaction, access.workspace_id, id, request.base, behind).await?,
        };
        let known = known_actions(&transaction, access.workspace_id, id, &request.actions).await?;
        let now = self.context.now();
        let mut seen = BTreeSet::new();
        let mut only_titles = true;
        for action in request.actions {
            if known.contains(&action.id.as_uuid()) || !seen.insert(action.id) {
                continue;
            }
            let undoes = request.undoes.get(&action.id).copied();
            only_titles &= sets_only_the_title(&action);
            let action = Action {
                actor: access.user.user_id,
                at: now,
                ..action
            };
            if let Err(error) = add(&mut log, &transaction, &action, undoes, !newer.is_empty()).await? {
                return rejected(error, &action, revision, newer);
            }
        }
        let revision = log.revision()?;
        let new = log.close(&transaction, now).await?;
        let events = self
            .events_of_edit(&transaction, &before, &new, access.user.user_id, only_titles)
            .await?;
        self.context.commit(transaction, events).await?;
        Ok(Ok(OpsAccepted { revision, newer }))
    }
}

/// What to do with actions that were made on an older revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    Rebase,
    Refuse,
}

pub(super) fn stale(revision: u64) -> AppError {
    let message = format!("Somebody else changed this dashboard; it is at revision {revision} now.");
    AppError::new(ErrorCode::PreconditionFailed, message).with_hint("Load it again and make the change there.")
}

/// First as it was meant; when others were faster, without the parts whose objects they removed.
async fn add(
    log: &mut Log,
    connection: &impl ConnectionTrait,
    action: &Action,
    undoes: Option<ActionId>,
    others_were_faster: bool,
) -> ServiceResult<Result<(), ApplyError>> {
    match log.add(connection, action, undoes, Missing::Refuse).await? {
        Err(ApplyError::Missing { .. }) if others_were_faster || undoes.is_some() => {
            log.add(connection, action, undoes, Missing::Skip).await
        }
        other => Ok(other),
    }
}

fn rejected(
    error: ApplyError,
    action: &Action,
    revision: u64,
    newer: Vec<RecordedAction>,
) -> ServiceResult<Result<OpsAccepted, OpsRejected>> {
    let error = refusal(error);
    if newer.is_empty() {
        return Err(error.into());
    }
    let message = format!(
        "“{}” no longer fits what others changed meanwhile. {}",
        action.name, error.message
    );
    let error = AppError {
        code: ErrorCode::Conflict,
        message,
        ..error
    };
    Ok(Err(OpsRejected { error, revision, newer }))
}

async fn known_actions(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: DashboardId,
    actions: &[Action],
) -> ServiceResult<HashSet<Uuid>> {
    let known: Vec<Uuid> = dashboard_action::Entity::find()
        .select_only()
        .column(dashboard_action::Column::ActionId)
        .filter(dashboard_action::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dashboard_action::Column::DashboardId.eq(id.as_uuid()))
        .filter(dashboard_action::Column::ActionId.is_in(actions.iter().map(|action| action.id.as_uuid())))
        .into_tuple()
        .all(connection)
        .await?;
    Ok(known.into_iter().collect())
}
