//! Renaming, moving, deleting and restoring.

use std::collections::BTreeMap;

use entity::{dashboard, folder};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Set,
};
use serde_json::Value;
use shared::{
    AppError,
    audit::AuditAction,
    dashboard::{Action, DashboardSummary, ObjectKind, Operation, OpsRequest},
    ids::{DashboardId, FolderId, WorkspaceId},
    names::Title,
    permission::Capability,
};
use uuid::Uuid;

use super::{DashboardService, about, append::Behind, create::require_folder, read::lock_dashboard};
use crate::{
    ServiceResult, Services, WorkspaceSelector,
    audit::{Untold, commit_untold},
};

impl DashboardService {
    /// An action like any other, so that it stands in the history and can be undone.
    ///
    /// # Errors
    /// 404.
    pub async fn rename(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        title: Title,
    ) -> ServiceResult<DashboardSummary> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let rename = Operation::Set {
            kind: ObjectKind::Document,
            id: Uuid::nil(),
            path: vec!["title".to_owned()],
            value: Value::String(title.to_string()),
        };
        let action = Action {
            id: self.context.new_id(),
            actor: access.user.user_id,
            at: self.context.now(),
            name: format!("Rename to {title}"),
            ops: vec![rename],
        };
        let row = super::find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let request = OpsRequest {
            base: row.revision()?,
            actions: vec![action],
            undoes: BTreeMap::new(),
        };
        if let Err(rejected) = self.append_as(&access, id, request, Behind::Rebase).await? {
            return Err(rejected.error.into());
        }
        self.summary(access.workspace_id, id).await
    }

    /// `None`: out of all folders.
    ///
    /// # Errors
    /// 404 when the dashboard or the folder is not there.
    pub async fn move_to(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        folder: Option<FolderId>,
    ) -> ServiceResult<DashboardSummary> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let place = require_folder(&transaction, access.workspace_id, folder).await?;
        let row = lock_dashboard(&transaction, access.workspace_id, id).await?;
        let mut event = about(AuditAction::DashboardMove, &row);
        if let Some(place) = place {
            event = event.with("folder", place);
        }
        let mut row = row.into_active_model();
        row.folder_id = Set(folder.map(FolderId::as_uuid));
        row.update(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        self.summary(access.workspace_id, id).await
    }

    /// Into the bin, from where `restore` brings it back for 30 days. Readers and links see it no more.
    ///
    /// # Errors
    /// 404.
    pub async fn delete(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<()> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = lock_dashboard(&transaction, access.workspace_id, id).await?;
        let event = about(AuditAction::DashboardDelete, &row);
        let mut row = row.into_active_model();
        row.deleted_at = Set(Some(self.context.now()));
        row.update(&transaction).await?;
        self.context.commit(transaction, [event]).await
    }

    /// Out of the bin, as it was; at the top when its folder is gone.
    ///
    /// # Errors
    /// 404 when it is not in the bin.
    pub async fn restore(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<DashboardSummary> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = dashboard::Entity::find_by_id(id.as_uuid())
            .filter(dashboard::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dashboard::Column::DeletedAt.is_not_null())
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::not_found("deleted dashboard"))?;
        let folder_is_there = match row.folder_id {
            Some(folder) => {
                let known = folder::Entity::find_by_id(folder)
                    .filter(folder::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
                    .count(&transaction)
                    .await?;
                known > 0
            }
            None => true,
        };
        let event = about(AuditAction::DashboardRestore, &row);
        let mut changed = row.into_active_model();
        changed.deleted_at = Set(None);
        if !folder_is_there {
            changed.folder_id = Set(None);
        }
        changed.update(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        self.summary(access.workspace_id, id).await
    }

    /// Call it hourly: removes what has been in the bin for too long, with its log.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn empty_bin(services: &Services) -> ServiceResult<u64> {
        let before = services.clock().now() - services.data()?.limits().bin_kept;
        let transaction = services.database().write_transaction().await?;
        let removed = dashboard::Entity::delete_many()
            .filter(dashboard::Column::DeletedAt.lt(before))
            .exec(&transaction)
            .await?;
        commit_untold(transaction, Untold::Housekeeping).await?;
        Ok(removed.rows_affected)
    }

    async fn summary(&self, workspace_id: WorkspaceId, id: DashboardId) -> ServiceResult<DashboardSummary> {
        let facts: Option<dashboard::Facts> = dashboard::Entity::find_by_id(id.as_uuid())
            .filter(dashboard::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .into_partial_model()
            .one(&self.context.reader(workspace_id))
            .await?;
        Ok(facts.ok_or_else(|| AppError::not_found("dashboard"))?.summary()?)
    }
}
