//! Uploaded database files.

use std::fmt::Display;

use engine::{CancellationToken, ObjectKey};
use entity::{connection, database_file};
use futures::Stream;
use sea_orm::{ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter};
use shared::{
    AppError, ErrorCode,
    connection::DatabaseFile,
    ids::{DatabaseFileId, UserId, WorkspaceId},
    permission::Capability,
};

use super::ConnectionService;
use crate::{
    ServiceResult, Services, WorkspaceSelector,
    audit::{Untold, commit_untold},
    convert,
    dataset::{ReceivedFile, bare_name, lock_datasets, receive_file, used_space},
};

/// Endings that people give SQLite databases.
const ENDINGS: [&str; 4] = ["sqlite", "sqlite3", "db", "db3"];

impl ConnectionService {
    /// The most bytes that an uploaded file may have.
    ///
    /// # Errors
    /// For callers who may not connect databases.
    pub async fn upload_limit(&self, workspace: &WorkspaceSelector) -> ServiceResult<u64> {
        self.context.workspace_access(workspace, Capability::Manage).await?;
        Ok(self.context.data()?.limits().upload_bytes)
    }

    /// Stores a database file, after a worker could open it. Until a connection is made of it, it waits for an hour.
    ///
    /// # Errors
    /// 415 for another ending; 413, 422 `limit`, 400 and 507 as of datasets; 422 on `file` when it is no SQLite database.
    pub async fn receive<B, E>(
        &self,
        workspace: &WorkspaceSelector,
        file_name: &str,
        bytes: impl Stream<Item = Result<B, E>> + Send,
    ) -> ServiceResult<DatabaseFile>
    where
        B: AsRef<[u8]> + Send,
        E: Display,
    {
        let access = self.context.workspace_access(workspace, Capability::Manage).await?;
        let file_name = database_name(file_name)?;
        let received = receive_file(&self.context, access.workspace_id, self.context.new_id(), bytes).await?;
        let (service, user) = (self.clone(), access.user.user_id);
        // What has come is stored or refused, also when its sender leaves now.
        let whole = async move { service.keep(access.workspace_id, user, file_name, received).await };
        tokio::spawn(whole).await?
    }

    /// Stores a received file, unless SQLite cannot open it or the workspace has no room.
    async fn keep(
        &self,
        workspace: WorkspaceId,
        user: UserId,
        file_name: String,
        received: ReceivedFile,
    ) -> ServiceResult<DatabaseFile> {
        let id: DatabaseFileId = self.context.new_id();
        let key = ObjectKey::database_file(workspace, id);
        let engine = self.context.data()?.engine();
        engine.store().put_file(&key, &received.path).await?;
        let row = database_file::Model {
            id: id.as_uuid(),
            workspace_id: workspace.as_uuid(),
            file_name,
            bytes: convert::to_stored(received.bytes),
            created_by: Some(user.as_uuid()),
            created_at: self.context.now(),
        };
        match self.insert(workspace, &key, row).await {
            Ok(row) => Ok(DatabaseFile {
                file: id.to_string(),
                bytes: received.bytes,
                file_name: row.file_name,
            }),
            Err(error) => {
                engine.store().delete(&key).await?;
                Err(error)
            }
        }
    }

    async fn insert(
        &self,
        workspace: WorkspaceId,
        key: &ObjectKey,
        row: database_file::Model,
    ) -> ServiceResult<database_file::Model> {
        let data = self.context.data()?;
        let cancel = CancellationToken::new();
        data.engine().sqlite(key.clone()).look(&cancel).await?;
        let transaction = self.context.write_transaction(workspace).await?;
        // One at a time, so that the space is exact.
        lock_datasets(&transaction, workspace).await?;
        let used = used_space(&transaction, workspace, None).await?;
        used.with(row.bytes()?, 0).check(data.limits())?;
        let row = row.into_active_model().insert(&transaction).await?;
        // It is told when a connection is made of it.
        commit_untold(transaction, Untold::Housekeeping).await?;
        Ok(row)
    }

    /// Removes files that no connection has and that came longer ago than uploads are kept. Call it now and then.
    ///
    /// # Errors
    /// When the database or the object store fails.
    pub async fn sweep(services: &Services) -> ServiceResult<usize> {
        let data = services.data()?;
        let before = services.clock().now() - data.limits().uploads_kept;
        let reader = services.database().reader();
        let used: Vec<_> = connection::Entity::find()
            .filter(connection::Column::FileId.is_not_null())
            .all(reader)
            .await?
            .into_iter()
            .filter_map(|row| row.file_id)
            .collect();
        let unused = database_file::Entity::find()
            .filter(database_file::Column::CreatedAt.lt(before))
            .filter(database_file::Column::Id.is_not_in(used))
            .all(reader)
            .await?;
        for file in &unused {
            // The object first: a row without one is tried again.
            let key = ObjectKey::database_file(file.workspace_id(), file.id());
            data.engine().store().delete(&key).await?;
        }
        if !unused.is_empty() {
            let transaction = services.database().write_transaction().await?;
            database_file::Entity::delete_many()
                .filter(database_file::Column::Id.is_in(unused.iter().map(|file| file.id)))
                .exec(&transaction)
                .await?;
            commit_untold(transaction, Untold::Housekeeping).await?;
        }
        Ok(unused.len())
    }
}

/// An uploaded file of this workspace.
///
/// # Errors
/// 404.
pub async fn find_file(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    file: &str,
) -> ServiceResult<database_file::Model> {
    let unknown = || {
        AppError::not_found("database file")
            .with_field("file")
            .with_hint("Upload it first; a file that no connection has is kept for an hour.")
    };
    let id: DatabaseFileId = file.parse().map_err(|_| unknown())?;
    let row = database_file::Entity::find_by_id(id.as_uuid())
        .filter(database_file::Column::WorkspaceId.eq(workspace.as_uuid()))
        .one(connection)
        .await?;
    Ok(row.ok_or_else(unknown)?)
}

fn database_name(sent: &str) -> Result<String, AppError> {
    let name = bare_name(sent);
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    if ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
        return Ok(name);
    }
    let refusal = AppError::new(
        ErrorCode::UnsupportedMediaType,
        "This is not called like a SQLite database.",
    );
    Err(refusal
        .with_field("file")
        .with_hint("Send the database file itself, ending in .sqlite, .sqlite3, .db or .db3."))
}
