//! Does the log still tell the draft? Replays it from a snapshot.

use entity::{dashboard_action, dashboard_snapshot};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    AppError,
    dashboard::{Missing, apply_action},
    ids::DashboardId,
    permission::Capability,
};

use super::{DashboardService, read::find_dashboard};
use crate::{ServiceResult, WorkspaceSelector};

impl DashboardService {
    /// Replays the log from every snapshot to the next and from the last to the draft. Gives the number of actions that were
    /// replayed when all documents come out equal to the byte.
    ///
    /// # Errors
    /// 404; 409 naming the revision where log and snapshot part.
    pub async fn verify_log(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<u64> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let snapshots = dashboard_snapshot::Entity::find()
            .filter(dashboard_snapshot::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dashboard_snapshot::Column::DashboardId.eq(id.as_uuid()))
            .order_by_asc(dashboard_snapshot::Column::Revision)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let actions = dashboard_action::Entity::find()
            .filter(dashboard_action::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dashboard_action::Column::DashboardId.eq(id.as_uuid()))
            .filter(dashboard_action::Column::Revision.lte(row.revision))
            .order_by_asc(dashboard_action::Column::Revision)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let first = snapshots.first().ok_or_else(|| parted(0))?;
        let mut document = first.document()?;
        let mut revision = first.revision;
        let mut replayed = 0;
        for action in actions.iter().filter(|action| action.revision > first.revision) {
            apply_action(&mut document, &action.recorded()?.action, Missing::Skip)
                .map_err(|_| parted(action.revision))?;
            if action.revision != revision + 1 {
                return Err(parted(action.revision).into());
            }
            revision = action.revision;
            replayed += 1;
            if let Some(snapshot) = snapshots.iter().find(|snapshot| snapshot.revision == revision)
                && snapshot.document != serde_json::to_string(&document)?
            {
                return Err(parted(revision).into());
            }
        }
        if revision != row.revision || row.document != serde_json::to_string(&document)? {
            return Err(parted(row.revision).into());
        }
        Ok(replayed)
    }
}

fn parted(revision: i64) -> AppError {
    AppError::conflict(format!("The log does not tell the document at revision {revision}."))
}
