//! Making, changing and removing connections. A password is sealed for its row, and asked for anew before it could go to
//! somebody else.

use entity::{connection, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, ModelTrait, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use shared::{
    AppError, ErrorCode,
    audit::{AuditAction, AuditObjectKind},
    connection::{Connection, ConnectionFound, ConnectionInput, ConnectionOptions},
    ids::{ConnectionId, DatabaseFileId, WorkspaceId},
    permission::Capability,
    semantic::Model,
};
use zeroize::Zeroizing;

use super::{
    ConnectionService,
    file::find_file,
    options::{asks_somebody_else, checked_name, server},
    read::find_connection,
};
use crate::{Context, ServiceError, ServiceResult, WorkspaceSelector, audit::Event, model, secrets::SealedPlace};

/// Of a workspace.
const MOST_CONNECTIONS: u64 = 100;

/// What an input says, without the row it is for.
pub(super) struct Wanted {
    pub name: String,
    pub options: ConnectionOptions,
    pub file: Option<DatabaseFileId>,
    pub password: Option<Zeroizing<String>>,
}

impl ConnectionService {
    /// Tests the connection first: one that does not work is not kept.
    ///
    /// # Errors
    /// 403 for others than owners and as `Context::require_recent_proof`; 409 for a taken name; 422 on the option that cannot be, or is wrong; `limit` for more than 100.
    pub async fn create(&self, workspace: &WorkspaceSelector, input: ConnectionInput) -> ServiceResult<Connection> {
        let access = self.context.workspace_access(workspace, Capability::Manage).await?;
        self.context.require_recent_proof()?;
        let wanted = self.wanted(access.workspace_id, &input, None).await?;
        let found = self.try_out(access.workspace_id, &wanted).await?;
        let id: ConnectionId = self.context.new_id();
        let sealed = self.seal(access.workspace_id, id, wanted.password.as_ref()).await?;
        let row = connection::Model {
            id: id.as_uuid(),
            workspace_id: access.workspace_id.as_uuid(),
            name: wanted.name,
            options: serde_json::to_value(&wanted.options)?,
            file_id: wanted.file.map(DatabaseFileId::as_uuid),
            sealed,
            found: Some(serde_json::to_value(&found)?),
            revision: 1,
            created_by: Some(access.user.user_id.as_uuid()),
            created_at: self.context.now(),
            updated_at: self.context.now(),
        };
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        // One at a time, so that the count is exact and a file is not swept in between.
        workspace::Entity::find_by_id(access.workspace_id.as_uuid())
            .lock_exclusive()
            .one(&transaction)
            .await?;
        if let ConnectionOptions::Sqlite { file, .. } = &wanted.options {
            find_file(&transaction, access.workspace_id, file).await?;
        }
        let count = connection::Entity::find()
            .filter(connection::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .count(&transaction)
            .await?;
        if count >= MOST_CONNECTIONS {
            let message = format!("A workspace has at most {MOST_CONNECTIONS} connections.");
            return Err(AppError::new(ErrorCode::Limit, message).into());
        }
        let inserted = row.into_active_model().insert(&transaction).await;
        let row = inserted.map_err(|error| ServiceError::taken(error, taken))?;
        let event = about(AuditAction::ConnectionCreate, &row).with("kind", wanted.options.kind().label());
        self.context.commit(transaction, [event]).await?;
        Ok(row.info()?)
    }

    /// Changes all options at once. The kept password stays as long as it goes to the same server as the same user.
    ///
    /// # Errors
    /// As `create`; 404; 422 on `password` when it has to be given again.
    pub async fn update(
        &self,
        workspace: &WorkspaceSelector,
        id: ConnectionId,
        input: ConnectionInput,
    ) -> ServiceResult<Connection> {
        let access = self.context.workspace_access(workspace, Capability::Manage).await?;
        self.context.require_recent_proof()?;
        let reader = &self.context.reader(access.workspace_id);
        let before = find_connection(reader, access.workspace_id, id).await?;
        let wanted = self.wanted(access.workspace_id, &input, Some(&before)).await?;
        let found = self.try_out(access.workspace_id, &wanted).await?;
        let sealed = self.seal(access.workspace_id, id, wanted.password.as_ref()).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = connection::Entity::find_by_id(id.as_uuid())
            .filter(connection::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::not_found("connection"))?;
        if row.revision != before.revision {
            return Err(AppError::conflict("Somebody else changed this connection first.")
                .with_hint("Look at it again, and make your change there.")
                .into());
        }
        let renamed = row.name != wanted.name;
        if renamed {
            refuse_rename_of_used(&self.context, &transaction, &row).await?;
        }
        let event = about(AuditAction::ConnectionUpdate, &row);
        let event = if renamed {
            event.changed("name", row.name.as_str(), wanted.name.as_str())
        } else {
            event
        };
        let revision = row.revision.saturating_add(1);
        let mut row = row.into_active_model();
        row.name = Set(wanted.name);
        row.options = Set(serde_json::to_value(&wanted.options)?);
        row.file_id = Set(wanted.file.map(DatabaseFileId::as_uuid));
        row.sealed = Set(sealed);
        row.found = Set(Some(serde_json::to_value(&found)?));
        row.revision = Set(revision);
        row.updated_at = Set(self.context.now());
        let updated = row.update(&transaction).await;
        let row = updated.map_err(|error| ServiceError::taken(error, taken))?;
        self.context.commit(transaction, [event]).await?;
        Ok(row.info()?)
    }

    /// Removes it, unless a model reads it.
    ///
    /// # Errors
    /// 403; 404; 409 with the models that read it.
    pub async fn delete(&self, workspace: &WorkspaceSelector, id: ConnectionId) -> ServiceResult<()> {
        let access = self.context.workspace_access(workspace, Capability::Manage).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = connection::Entity::find_by_id(id.as_uuid())
            .filter(connection::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::not_found("connection"))?;
        let users = models_over(&transaction, &row).await?;
        if !users.is_empty() {
            let refusal = AppError::conflict("Models read this connection.")
                .with_hint("Take its tables out of them first, or let them read another connection.");
            return Err(refusal.with_candidates(users).into());
        }
        let event = about(AuditAction::ConnectionDelete, &row);
        row.delete(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        Ok(())
    }

    /// Tries options out, of a connection that is there (`id`) or not.
    ///
    /// # Errors
    /// 403; 404; 422 on the option that is wrong, in words.
    pub async fn test(
        &self,
        workspace: &WorkspaceSelector,
        id: Option<ConnectionId>,
        input: &ConnectionInput,
    ) -> ServiceResult<ConnectionFound> {
        let access = self.context.workspace_access(workspace, Capability::Manage).await?;
        let before = match id {
            Some(id) => {
                let reader = &self.context.reader(access.workspace_id);
                Some(find_connection(reader, access.workspace_id, id).await?)
            }
            None => None,
        };
        let wanted = self.wanted(access.workspace_id, input, before.as_ref()).await?;
        self.try_out(access.workspace_id, &wanted).await
    }

    /// What the input says; what it leaves out is as in `before`.
    async fn wanted(
        &self,
        workspace: WorkspaceId,
        input: &ConnectionInput,
        before: Option<&connection::Model>,
    ) -> ServiceResult<Wanted> {
        let name = checked_name(input)?;
        let known = before.map(connection::Model::options).transpose()?;
        if known.as_ref().is_some_and(|known| known.kind() != input.kind()) {
            return Err(AppError::invalid("kind", "A connection stays of its kind; make another one.").into());
        }
        match input {
            ConnectionInput::Postgres(of) | ConnectionInput::Mysql(of) => {
                let (options, given) = server(of, input.kind())?;
                let options = match input {
                    ConnectionInput::Postgres(_) => ConnectionOptions::Postgres(options),
                    ConnectionInput::Mysql(_) | ConnectionInput::Sqlite(_) => ConnectionOptions::Mysql(options),
                };
                let password = match (given, before, known) {
                    (Some(given), _, _) => Some(given),
                    (None, Some(row), Some(known)) if row.sealed.is_some() => {
                        if asks_somebody_else(&known, &options) {
                            let message = "Give the password again: it would go to another server, user or way.";
                            return Err(AppError::invalid("password", message).into());
                        }
                        password_of(&self.context, row).await?
                    }
                    (None, _, _) => None,
                };
                Ok(Wanted {
                    name,
                    options,
                    file: None,
                    password,
                })
            }
            ConnectionInput::Sqlite(input) => {
                let kept = before.and_then(|row| row.file_id()).map(|file| file.to_string());
                let file = input.file.clone().or(kept);
                let file = file.ok_or_else(|| AppError::invalid("file", "Upload the database file first."))?;
                let row = find_file(&self.context.reader(workspace), workspace, &file).await?;
                Ok(Wanted {
                    name,
                    options: ConnectionOptions::Sqlite {
                        file,
                        bytes: row.bytes()?,
                        file_name: row.file_name.clone(),
                    },
                    file: Some(row.id()),
                    password: None,
                })
            }
        }
    }

    async fn seal(
        &self,
        workspace: WorkspaceId,
        id: ConnectionId,
        password: Option<&Zeroizing<String>>,
    ) -> ServiceResult<Option<String>> {
        let Some(password) = password else { return Ok(None) };
        let services = self.context.services();
        let key = services
            .config()
            .keys
            .workspace(services.database(), workspace, self.context.now())
            .await?;
        Ok(Some(key.seal(&place(workspace, &id.to_string()), password.as_bytes())?))
    }
}

/// The password of a connection, opened.
///
/// # Errors
/// When it was sealed under a key that is not there.
pub(super) async fn password_of(
    context: &Context,
    row: &connection::Model,
) -> ServiceResult<Option<Zeroizing<String>>> {
    let Some(sealed) = &row.sealed else { return Ok(None) };
    let services = context.services();
    let workspace = row.workspace_id();
    let key = services
        .config()
        .keys
        .workspace(services.database(), workspace, context.now())
        .await?;
    let opened = key.unseal(&place(workspace, &row.id().to_string()), sealed)?;
    let text = str::from_utf8(&opened).map_err(|_| ServiceError::Unsealed)?;
    Ok(Some(Zeroizing::new(text.to_owned())))
}

const fn place(workspace: WorkspaceId, row: &str) -> SealedPlace<'_> {
    SealedPlace {
        table: "connections",
        row,
        column: "sealed",
        workspace: Some(workspace),
    }
}

fn taken() -> AppError {
    AppError::conflict("Another connection has this name already.").with_field("name")
}

fn about(action: AuditAction, row: &connection::Model) -> Event {
    Event::in_workspace(row.workspace_id(), action).about(AuditObjectKind::Connection, row.id, row.name.as_str())
}

/// Names of the models whose newest version reads the connection.
async fn models_over(
    connection: &impl sea_orm::ConnectionTrait,
    row: &connection::Model,
) -> ServiceResult<Vec<String>> {
    let documents = model::current_documents(connection, row.workspace_id()).await?;
    Ok(documents
        .into_iter()
        .filter(|document| names(document, row).next().is_some())
        .map(|document| document.model.to_string())
        .collect())
}

/// How the model's tables name the connection.
fn names<'m>(document: &'m Model, row: &connection::Model) -> impl Iterator<Item = &'m str> {
    let (id, name) = (row.id().to_string(), row.name.clone());
    let named = document.tables.iter().filter_map(|table| table.connection.as_deref());
    named.filter(move |own| *own == id || *own == name)
}

/// Versions of models never change, and they say the name: as long as one does, it stays.
async fn refuse_rename_of_used(
    context: &Context,
    connection: &impl sea_orm::ConnectionTrait,
    row: &connection::Model,
) -> ServiceResult<()> {
    let documents = model::current_documents(connection, row.workspace_id()).await?;
    let users: Vec<String> = documents
        .iter()
        .filter(|document| names(document, row).any(|name| name == row.name))
        .map(|document| document.model.to_string())
        .collect();
    if users.is_empty() {
        return Ok(());
    }
    tracing::debug!(request.id = %context.request_id(), "a connection that models name was to be renamed");
    let refusal = AppError::conflict("Models call this connection by its name, so the name stays.").with_field("name");
    Err(refusal.with_candidates(users).into())
}
