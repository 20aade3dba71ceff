//! Looking at connections; nothing secret is in what is answered.

use entity::connection;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    AppError,
    connection::Connection,
    ids::{ConnectionId, WorkspaceId},
    permission::Capability,
};

use super::ConnectionService;
use crate::{ServiceResult, WorkspaceSelector};

impl ConnectionService {
    /// By name.
    ///
    /// # Errors
    /// 404 for another's workspace.
    pub async fn list(&self, workspace: &WorkspaceSelector) -> ServiceResult<Vec<Connection>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let rows = connection::Entity::find()
            .filter(connection::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .order_by_asc(connection::Column::Name)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        Ok(rows.iter().map(connection::Model::info).collect::<Result<_, _>>()?)
    }

    /// # Errors
    /// 404.
    pub async fn get(&self, workspace: &WorkspaceSelector, id: ConnectionId) -> ServiceResult<Connection> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let row = find_connection(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        Ok(row.info()?)
    }
}

/// # Errors
/// 404.
pub async fn find_connection(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    id: ConnectionId,
) -> ServiceResult<connection::Model> {
    let row = connection::Entity::find_by_id(id.as_uuid())
        .filter(connection::Column::WorkspaceId.eq(workspace.as_uuid()))
        .one(connection)
        .await?;
    Ok(row.ok_or_else(|| AppError::not_found("connection"))?)
}
