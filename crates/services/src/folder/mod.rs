//! Folders of dashboards: a small tree per workspace.

use entity::{dashboard, folder, workspace};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, Set,
    sea_query::{Expr, LockType},
};
use shared::{
    AppError, ErrorCode,
    audit::{AuditAction, AuditObjectKind},
    dashboard::Folder,
    ids::{FolderId, RequestId, WorkspaceId},
    names::Title,
    permission::{Capability, Principal},
};

use crate::{Context, ServiceResult, Services, WorkspaceSelector, audit::Event};

/// See the module.
#[derive(Clone, Debug)]
pub struct FolderService {
    context: Context,
}

/// Folders of a workspace; few enough to be listed at once.
const MAX_FOLDERS: u64 = 1_000;

impl FolderService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// All, by title.
    ///
    /// # Errors
    /// As authorisation.
    pub async fn list(&self, workspace: &WorkspaceSelector) -> ServiceResult<Vec<Folder>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let rows = all(&self.context.reader(access.workspace_id), access.workspace_id).await?;
        Ok(rows.iter().map(folder::Model::folder).collect())
    }

    /// # Errors
    /// 404 when the parent is not there; 422 `limit` beyond 1,000 folders.
    pub async fn create(
        &self,
        workspace: &WorkspaceSelector,
        title: Title,
        parent: Option<FolderId>,
    ) -> ServiceResult<Folder> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        if let Some(parent) = parent {
            find(&transaction, access.workspace_id, parent, LockType::Share).await?;
        }
        let count = folder::Entity::find()
            .filter(folder::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .count(&transaction)
            .await?;
        if count >= MAX_FOLDERS {
            return Err(AppError::new(
                ErrorCode::Limit,
                format!("A workspace has at most {MAX_FOLDERS} folders."),
            )
            .into());
        }
        let id: FolderId = self.context.new_id();
        let row = folder::Model {
            id: id.as_uuid(),
            workspace_id: access.workspace_id.as_uuid(),
            title: title.to_string(),
            parent_id: parent.map(FolderId::as_uuid),
            created_at: self.context.now(),
        };
        row.clone().into_active_model().insert(&transaction).await?;
        let event = about_folder(AuditAction::FolderCreate, &row);
        self.context.commit(transaction, [event]).await?;
        Ok(row.folder())
    }

    /// Renames and moves in one. `parent` `None`: to the top.
    ///
    /// # Errors
    /// 404; 422 when it would come to lie in itself.
    pub async fn update(
        &self,
        workspace: &WorkspaceSelector,
        id: FolderId,
        title: Title,
        parent: Option<FolderId>,
    ) -> ServiceResult<Folder> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        if let Some(parent) = parent {
            find(&transaction, access.workspace_id, parent, LockType::Share).await?;
        }
        // One move of a workspace at a time: two at once could each put one folder into the other.
        workspace::Entity::find_by_id(access.workspace_id.as_uuid())
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let rows = all(&transaction, access.workspace_id).await?;
        let row = rows
            .iter()
            .find(|row| row.id() == id)
            .ok_or_else(|| AppError::not_found("folder"))?;
        refuse_circle(&rows, id, parent)?;
        let (old, mut row) = (row.clone(), row.clone().into_active_model());
        row.title = Set(title.to_string());
        row.parent_id = Set(parent.map(FolderId::as_uuid));
        let row = row.update(&transaction).await?;
        let place = |id: Option<uuid::Uuid>| id.map(|id| id.to_string());
        let event = about_folder(AuditAction::FolderUpdate, &row)
            .changed("title", old.title, row.title.as_str())
            .changed("parent", place(old.parent_id), place(row.parent_id));
        self.context.commit(transaction, [event]).await?;
        Ok(row.folder())
    }

    /// What is in it moves to where it was.
    ///
    /// # Errors
    /// 404.
    pub async fn delete(&self, workspace: &WorkspaceSelector, id: FolderId) -> ServiceResult<()> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = find(&transaction, access.workspace_id, id, LockType::Update).await?;
        folder::Entity::update_many()
            .col_expr(folder::Column::ParentId, Expr::value(row.parent_id))
            .filter(folder::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(folder::Column::ParentId.eq(id.as_uuid()))
            .exec(&transaction)
            .await?;
        dashboard::Entity::update_many()
            .col_expr(dashboard::Column::FolderId, Expr::value(row.parent_id))
            .filter(dashboard::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dashboard::Column::FolderId.eq(id.as_uuid()))
            .exec(&transaction)
            .await?;
        let gone = folder::Entity::delete_many()
            .filter(folder::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(folder::Column::Id.eq(id.as_uuid()))
            .exec(&transaction)
            .await?;
        // Of two at once, one removes the row.
        if gone.rows_affected == 0 {
            return Err(AppError::not_found("folder").into());
        }
        let event = about_folder(AuditAction::FolderDelete, &row);
        self.context.commit(transaction, [event]).await
    }
}

fn about_folder(action: AuditAction, folder: &folder::Model) -> Event {
    Event::in_workspace(folder.workspace_id.into(), action).about(
        AuditObjectKind::Folder,
        folder.id,
        folder.title.as_str(),
    )
}

fn refuse_circle(rows: &[folder::Model], id: FolderId, parent: Option<FolderId>) -> Result<(), AppError> {
    if let Some(parent) = parent
        && !rows.iter().any(|row| row.id() == parent)
    {
        return Err(AppError::not_found("folder"));
    }
    let mut above = parent;
    // No path is longer than there are folders.
    for _ in 0..=rows.len() {
        if above == Some(id) {
            return Err(AppError::invalid("parent", "A folder cannot lie in itself."));
        }
        above = above
            .and_then(|id| rows.iter().find(|row| row.id() == id))
            .and_then(|row| row.parent_id)
            .map(FolderId::from);
    }
    Ok(())
}

async fn all(connection: &impl ConnectionTrait, workspace_id: WorkspaceId) -> ServiceResult<Vec<folder::Model>> {
    let rows = folder::Entity::find()
        .filter(folder::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .order_by_asc(folder::Column::Title)
        .order_by_asc(folder::Column::Id)
        .all(connection)
        .await?;
    Ok(rows)
}

/// Who puts something into the folder holds it with a shared lock: it must not be deleted meanwhile. Taken before any lock of
/// the workspace, by everybody.
async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: FolderId,
    lock: LockType,
) -> ServiceResult<folder::Model> {
    let row = folder::Entity::find_by_id(id.as_uuid())
        .filter(folder::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .lock(lock)
        .one(connection)
        .await?;
    Ok(row.ok_or_else(|| AppError::not_found("folder"))?)
}
