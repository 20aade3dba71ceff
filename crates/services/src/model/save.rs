//! Storing a model: checked against the datasets it reads, as a new version.

use std::{collections::BTreeMap, sync::Arc};

use entity::{dataset, dataset_version, workspace};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use shared::{
    AppError, ErrorCode,
    audit::{AuditAction, AuditObjectKind},
    ids::WorkspaceId,
    permission::Capability,
    semantic::{Model, ModelCheck, ModelSaved, Warning},
    table::ColumnType,
};

use super::{
    ModelService,
    check::{StoredColumns, check},
    document_cache::{newest_model, read_version},
    infer::{find, insert_model, insert_version},
    probe::probe_joins,
};
use crate::{
    ServiceResult, WorkspaceAccess, WorkspaceSelector,
    audit::Event,
    connection::{DatabaseColumns, database_columns},
    rollup::want_all,
};

impl ModelService {
    /// Stores `document` as a new version of the model `name`, which is made when there is none. `expected` is the version it
    /// was made from (`If-Match`). Storing what the newest version says already makes none.
    ///
    /// # Errors
    /// 403 for data, in the document or in the newest version, that is given to others only; 412 when another version is the newest; 422 with the first thing that is wrong, the rest in `candidates`.
    pub async fn put(
        &self,
        workspace: &WorkspaceSelector,
        name: &str,
        document: Model,
        expected: Option<u32>,
    ) -> ServiceResult<ModelSaved> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        self.context.require_sources(&access, &document).await?;
        if document.model.as_str() != name {
            return Err(AppError::invalid("model", format!("The document is of the model {}.", document.model)).into());
        }
        // Before the lock: databases may take their time.
        let databases = database_columns(&self.context, access.workspace_id, &document).await?;
        let before = self.newest(&access, name).await?;
        let found = self.examine(&access, &document, before.as_deref(), &databases).await?;
        let warnings = accept(found)?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        // One save of a workspace at a time, also beside a load that extends a model: the next sees the version this one made.
        workspace::Entity::find_by_id(access.workspace_id.as_uuid())
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let row = find(&transaction, access.workspace_id, name).await?;
        let current = row.as_ref().map_or(Ok(0), |row| row.current_version())?;
        if expected.is_some_and(|expected| expected != current) {
            return Err(stale(current).into());
        }
        let previous = match &row {
            Some(row) => Some(read_version(&transaction, access.workspace_id, row.id(), current).await?),
            None => None,
        };
        // Once more, for what others stored meanwhile.
        let stored = StoredColumns {
            datasets: dataset_columns(&transaction, access.workspace_id, &document).await?,
            databases: &databases,
        };
        accept(check(&document, &stored, previous.as_ref()))?;
        if previous.as_ref().is_some_and(|previous| {
            *previous
                == Model {
                    version: current,
                    ..document.clone()
                }
        }) {
            return Ok(ModelSaved {
                version: current,
                warnings,
            });
        }
        let (now, user) = (self.context.now(), access.user.user_id);
        let version = match row {
            Some(row) => insert_version(&transaction, row, user, document, now).await?,
            None => insert_model(&transaction, access.workspace_id, user, document, now).await?,
        };
        let event = Event::in_workspace(access.workspace_id, AuditAction::ModelSave)
            .about(AuditObjectKind::Model, name, name)
            .with("version", version);
        self.context.commit(transaction, [event]).await?;
        want_all(&self.context, access.workspace_id, name).await;
        Ok(ModelSaved { version, warnings })
    }

    /// What `put` would say, without storing anything.
    ///
    /// # Errors
    /// 403 as `put`; else only when the model cannot be checked at all.
    pub async fn validate(
        &self,
        workspace: &WorkspaceSelector,
        name: &str,
        document: &Model,
    ) -> ServiceResult<ModelCheck> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        self.context.require_sources(&access, document).await?;
        let previous = self.newest(&access, name).await?;
        let databases = database_columns(&self.context, access.workspace_id, document).await?;
        let mut found = self.examine(&access, document, previous.as_deref(), &databases).await?;
        if document.model.as_str() != name {
            let error = AppError::invalid("model", format!("The document is of the model {}.", document.model));
            found.errors.insert(0, error);
        }
        Ok(found)
    }

    /// The newest version, where there is one, for somebody who sees everything that it reads: what it says of that is told
    /// in warnings, and must not be replaced unseen.
    ///
    /// # Errors
    /// 403.
    async fn newest(&self, access: &WorkspaceAccess, name: &str) -> ServiceResult<Option<Arc<Model>>> {
        let newest = newest_model(&self.context, access.workspace_id, name).await?;
        if let Some(newest) = &newest {
            self.context.require_sources(access, newest).await?;
        }
        Ok(newest)
    }

    /// What is wrong with a document; where nothing is by itself, also what the data say of its joins, and what storing it
    /// takes from dashboards that ask the newest version.
    async fn examine(
        &self,
        access: &WorkspaceAccess,
        document: &Model,
        previous: Option<&Model>,
        databases: &DatabaseColumns,
    ) -> ServiceResult<ModelCheck> {
        let reader = &self.context.reader(access.workspace_id);
        let stored = StoredColumns {
            datasets: dataset_columns(reader, access.workspace_id, document).await?,
            databases,
        };
        let mut found = check(document, &stored, previous);
        if found.errors.is_empty() {
            probe_joins(&self.context, access.workspace_id, document, previous, &mut found).await;
            if let Some(previous) = previous {
                found.warnings.extend(self.breakage(access, previous, document).await?);
            }
        }
        Ok(found)
    }
}

fn stale(current: u32) -> AppError {
    AppError::new(
        ErrorCode::PreconditionFailed,
        format!("Somebody else stored version {current} of this model meanwhile."),
    )
    .with_hint("Load the newest version and make the change there.")
}

fn accept(check: ModelCheck) -> Result<Vec<Warning>, AppError> {
    let mut errors = check.errors.into_iter();
    match errors.next() {
        Some(first) => Err(first.with_candidates(errors.map(|error| error.message).collect())),
        None => Ok(check.warnings),
    }
}

/// Columns and types of every dataset the document reads.
async fn dataset_columns(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    document: &Model,
) -> ServiceResult<BTreeMap<String, BTreeMap<String, ColumnType>>> {
    let names = document.tables.iter().filter_map(|table| table.source.dataset());
    let rows = dataset::Entity::find()
        .filter(dataset::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dataset::Column::Name.is_in(names))
        .all(connection)
        .await?;
    let versions = dataset_version::Entity::find()
        .filter(dataset_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dataset_version::Column::Id.is_in(rows.iter().map(|row| row.current_version_id)))
        .all(connection)
        .await?;
    let mut found = BTreeMap::new();
    for version in &versions {
        let columns: BTreeMap<_, _> = version
            .columns()?
            .into_iter()
            .map(|column| (column.name, column.kind))
            .collect();
        if let Some(row) = rows.iter().find(|row| row.current_version_id == version.id) {
            found.insert(row.name.clone(), columns);
        }
    }
    Ok(found)
}
