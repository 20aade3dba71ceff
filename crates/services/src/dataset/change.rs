//! Renaming and deleting datasets.

use entity::{dataset, dataset_version};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, Set, sea_query::Expr};
use shared::{
    audit::{AuditAction, AuditObjectKind},
    dataset::DatasetDetail,
    ids::DatasetId,
    names::Title,
    permission::Capability,
};

use super::{DatasetService, read::find_dataset, store::lock_datasets};
use crate::{ServiceResult, WorkspaceSelector, audit::Event, model};

impl DatasetService {
    /// Changes what people read. The machine name stays, because models and programs speak of it.
    ///
    /// # Errors
    /// 404.
    pub async fn rename(
        &self,
        workspace: &WorkspaceSelector,
        id: DatasetId,
        label: Title,
    ) -> ServiceResult<DatasetDetail> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = find_dataset(&transaction, access.workspace_id, id).await?;
        let event =
            about_dataset(AuditAction::DatasetRename, &row).changed("title", row.label.as_str(), label.as_str());
        let mut row = row.into_active_model();
        row.label = Set(label.to_string());
        row.updated_at = Set(self.context.now());
        row.update(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        self.get(workspace, id).await
    }

    /// Deletes the dataset with all versions. Dashboards that ask it stay, and say in each tile what is missing; their model
    /// stays with them, so that a new file under the same name mends them. A model nobody asks goes too.
    ///
    /// # Errors
    /// 404.
    pub async fn delete(&self, workspace: &WorkspaceSelector, id: DatasetId) -> ServiceResult<()> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        // A file that replaces this one at the same moment would else leave a version without a dataset.
        lock_datasets(&transaction, access.workspace_id).await?;
        let row = find_dataset(&transaction, access.workspace_id, id).await?;
        dataset_version::Entity::update_many()
            .col_expr(dataset_version::Column::RetiredAt, Expr::value(self.context.now()))
            .filter(dataset_version::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dataset_version::Column::DatasetId.eq(id.as_uuid()))
            .filter(dataset_version::Column::RetiredAt.is_null())
            .exec(&transaction)
            .await?;
        dataset::Entity::delete_many()
            .filter(dataset::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dataset::Column::Id.eq(id.as_uuid()))
            .exec(&transaction)
            .await?;
        model::delete_unless_asked(&transaction, access.workspace_id, &row.name).await?;
        let event = about_dataset(AuditAction::DatasetDelete, &row);
        self.context.commit(transaction, [event]).await
    }
}

pub(super) fn about_dataset(action: AuditAction, row: &dataset::Model) -> Event {
    Event::in_workspace(row.workspace_id.into(), action).about(AuditObjectKind::Dataset, row.id, row.label.as_str())
}
