//! New dashboards.

use entity::{dashboard, folder};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QuerySelect,
};
use shared::{
    AppError,
    access::{Grant, ObjectRole, Subject},
    audit::AuditAction,
    dashboard::{Dashboard, DashboardDetail, validate},
    ids::{DashboardId, DatasetId, FolderId, WorkspaceId},
    names::Title,
    permission::Capability,
};

use super::{DashboardService, about, log};
use crate::{ServiceResult, WorkspaceAccess, WorkspaceSelector, access::give, dataset::dataset_name};

/// What a new dashboard asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DashboardSource {
    /// A model by name.
    Model(String),
    /// The model made beside a dataset.
    Dataset(DatasetId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDashboard {
    pub title: Title,
    pub source: DashboardSource,
    pub folder: Option<FolderId>,
}

impl DashboardService {
    /// One empty page over a model.
    ///
    /// # Errors
    /// 404 when dataset or folder is not there; 422 when the model is not.
    pub async fn create(&self, workspace: &WorkspaceSelector, new: NewDashboard) -> ServiceResult<DashboardDetail> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let model = match new.source {
            DashboardSource::Model(name) => name,
            DashboardSource::Dataset(id) => {
                self.context.object_access(workspace, id, Capability::Read).await?;
                dataset_name(&self.context, access.workspace_id, id).await?
            }
        };
        let document = Dashboard::new(new.title, model, self.context.new_id());
        self.insert(&access, document, new.folder, false).await
    }

    /// A dashboard with a whole document, such as an export. Its objects keep their ids.
    ///
    /// # Errors
    /// As `create`; 422 when the document is not legal.
    pub async fn import(
        &self,
        workspace: &WorkspaceSelector,
        document: Dashboard,
        folder: Option<FolderId>,
    ) -> ServiceResult<DashboardDetail> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        self.insert(&access, document, folder, false).await
    }

    /// `restricted`: the maker's alone at first.
    pub(super) async fn insert(
        &self,
        access: &WorkspaceAccess,
        mut document: Dashboard,
        folder: Option<FolderId>,
        restricted: bool,
    ) -> ServiceResult<DashboardDetail> {
        log::in_canonical_order(&mut document);
        validate(&document).map_err(log::refusal)?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        require_model(&transaction, access.workspace_id, &document.model.name).await?;
        require_folder(&transaction, access.workspace_id, folder).await?;
        let now = self.context.now();
        let id: DashboardId = self.context.new_id();
        let row = dashboard::Model {
            id: id.as_uuid(),
            workspace_id: access.workspace_id.as_uuid(),
            folder_id: folder.map(FolderId::as_uuid),
            title: document.title.clone(),
            model: document.model.name.clone(),
            revision: 0,
            document: serde_json::to_string(&document)?,
            published_number: None,
            published_revision: None,
            created_by: Some(access.user.user_id.as_uuid()),
            created_at: now,
            updated_at: now,
            deleted_at: None,
            restricted,
        };
        row.clone().into_active_model().insert(&transaction).await?;
        log::store_snapshot(&transaction, &row, now).await?;
        if restricted {
            let maker = Grant {
                to: Subject::User(access.user.user_id),
                role: ObjectRole::Editor,
            };
            give(&transaction, access.workspace_id, id.into(), &[maker], &self.context).await?;
        }
        let event = about(AuditAction::DashboardCreate, &row);
        self.context.commit(transaction, [event]).await?;
        Ok(row.detail()?)
    }
}

async fn require_model(connection: &impl ConnectionTrait, workspace_id: WorkspaceId, name: &str) -> ServiceResult<()> {
    let known = entity::model::Entity::find()
        .filter(entity::model::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(entity::model::Column::Name.eq(name))
        .count(connection)
        .await?;
    if known == 0 {
        return Err(AppError::invalid("model", format!("There is no model called {name}.")).into());
    }
    Ok(())
}

/// What the folder is called. It stays until the transaction ends.
pub(super) async fn require_folder(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    folder: Option<FolderId>,
) -> ServiceResult<Option<String>> {
    let Some(id) = folder else { return Ok(None) };
    let known = folder::Entity::find_by_id(id.as_uuid())
        .filter(folder::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .lock_shared()
        .one(connection)
        .await?;
    Ok(Some(known.ok_or_else(|| AppError::not_found("folder"))?.title))
}
