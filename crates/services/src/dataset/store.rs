//! Making a stored object known: dataset, version and model in one transaction, so that all are there or none.

use std::collections::BTreeSet;

use engine::{Ingested, ObjectKey};
use entity::{database_file, dataset, dataset_version, workspace};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QuerySelect, Set,
    prelude::Uuid,
    sea_query::{CaseStatement, Expr, ExprTrait},
};
use shared::{
    AppError, ErrorCode,
    audit::AuditAction,
    dataset::DatasetDetail,
    ids::{DatasetId, DatasetVersionId, UserId, WorkspaceId},
    names::{Identifier, Title},
    semantic::{Warning, humanize, machine_name},
};

use super::{
    change::about_dataset,
    describe::{inferred_columns, version_row},
    read::{detail, find_dataset},
};
use crate::{Context, ServiceResult, data_plane::DataLimits, model};

/// A stored object that no row knows yet.
pub(super) struct NewVersion {
    pub workspace_id: WorkspaceId,
    pub user_id: UserId,
    pub dataset_id: DatasetId,
    pub version_id: DatasetVersionId,
    pub file_name: String,
    /// For people; `None`: from the file's name.
    pub name: Option<String>,
    pub replaces: bool,
    /// The version that is to be replaced; `None`: whichever is current.
    pub expected: Option<DatasetVersionId>,
}

impl NewVersion {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::dataset_version(self.workspace_id, self.dataset_id, self.version_id)
    }
}

/// # Errors
/// `Refused` only before anything is committed.
pub(super) async fn store_version(
    context: &Context,
    new: NewVersion,
    ingested: Ingested,
) -> ServiceResult<DatasetDetail> {
    let limits = *context.data()?.limits();
    let now = context.now();
    let transaction = context.write_transaction(new.workspace_id).await?;
    lock_datasets(&transaction, new.workspace_id).await?;

    let (mut row, number) = if new.replaces {
        retire_current(&transaction, &new, now).await?
    } else {
        let row = name_dataset(&transaction, &new).await?;
        (dataset::Model { created_at: now, ..row }, 1)
    };
    let replaced = new.replaces.then_some(row.current_version_id);
    used_space(&transaction, new.workspace_id, replaced)
        .await?
        .with(ingested.bytes, 1)
        .check(&limits)?;
    row.current_version_id = new.version_id.as_uuid();
    row.updated_at = now;
    let version = version_row(&new, number, &ingested, now)?;
    version.clone().into_active_model().insert(&transaction).await?;
    if new.replaces {
        row.clone().into_active_model().reset_all().update(&transaction).await?;
    } else {
        row.clone().into_active_model().insert(&transaction).await?;
    }
    let name = Identifier::try_from(row.name.as_str()).map_err(AppError::from)?;
    let fresh =
        shared::semantic::infer_model(&name, &row.label, &inferred_columns(&ingested)).map_err(AppError::from)?;
    let changes = model::store_inferred(&transaction, new.workspace_id, new.user_id, fresh, now).await?;
    let mut warnings: Vec<Warning> = ingested.notes;
    warnings.extend(changes);
    let detail = DatasetDetail {
        warnings,
        ..detail(&row, &version, false)?
    };
    let action = if new.replaces {
        AuditAction::DatasetReplace
    } else {
        AuditAction::DatasetCreate
    };
    let event = about_dataset(action, &row)
        .with("file", version.file_name.as_str())
        .with("rows", version.row_count)
        .with("version", number);
    context.commit(transaction, [event]).await?;
    Ok(detail)
}

/// One change of a workspace's datasets at a time gets past here, so that quota, names and versions are exact.
pub(crate) async fn lock_datasets(connection: &impl ConnectionTrait, workspace_id: WorkspaceId) -> ServiceResult<()> {
    let lock = workspace::Entity::find_by_id(workspace_id.as_uuid())
        .lock_exclusive()
        .one(connection)
        .await?;
    lock.ok_or_else(|| AppError::not_found("workspace"))?;
    Ok(())
}

/// The row of the dataset that is replaced, and the number of its new version. The old version goes on answering what
/// already runs, and is swept a while later.
async fn retire_current(
    connection: &impl ConnectionTrait,
    new: &NewVersion,
    now: chrono::DateTime<chrono::Utc>,
) -> ServiceResult<(dataset::Model, i32)> {
    let row = find_dataset(connection, new.workspace_id, new.dataset_id).await?;
    if new
        .expected
        .is_some_and(|expected| expected.as_uuid() != row.current_version_id)
    {
        let message = "Someone else replaced this file first.";
        return Err(AppError::new(ErrorCode::PreconditionFailed, message)
            .with_hint("Look at the dataset again, and send the file once more.")
            .into());
    }
    let current = dataset_version::Entity::find_by_id(row.current_version_id)
        .filter(dataset_version::Column::WorkspaceId.eq(new.workspace_id.as_uuid()))
        .one(connection)
        .await?;
    let number = match current {
        Some(current) => {
            let number = current.number;
            let mut retired = current.into_active_model();
            retired.retired_at = Set(Some(now));
            retired.update(connection).await?;
            number
        }
        None => 0,
    };
    Ok((row, number.saturating_add(1)))
}

/// A row under a free name. The name of a model whose dataset was deleted counts as free: the new file mends what asks it.
async fn name_dataset(connection: &impl ConnectionTrait, new: &NewVersion) -> ServiceResult<dataset::Model> {
    let label = match new.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        Some(name) => Title::try_from(name).map_err(|error| AppError::from(error).with_field("name"))?,
        None => title_of_file(&new.file_name)?,
    };
    let names: Vec<(String, String)> = dataset::Entity::find()
        .select_only()
        .columns([dataset::Column::Name, dataset::Column::Label])
        .filter(dataset::Column::WorkspaceId.eq(new.workspace_id.as_uuid()))
        .into_tuple()
        .all(connection)
        .await?;
    let mut taken: BTreeSet<String> = names.iter().map(|(name, _)| name.clone()).collect();
    let labels: BTreeSet<&str> = names.iter().map(|(_, label)| label.as_str()).collect();
    taken.extend(model::names_of_other_models(connection, new.workspace_id).await?);
    let name = machine_name(label.as_str(), "dataset", &mut taken).map_err(AppError::from)?;
    Ok(dataset::Model {
        id: new.dataset_id.as_uuid(),
        workspace_id: new.workspace_id.as_uuid(),
        name: name.to_string(),
        label: free_label(label.as_str(), &labels),
        current_version_id: new.version_id.as_uuid(),
        created_by: Some(new.user_id.as_uuid()),
        created_at: chrono::DateTime::default(),
        updated_at: chrono::DateTime::default(),
        restricted: false,
    })
}

/// `orders_2024.csv` → `Orders 2024`.
fn title_of_file(file_name: &str) -> ServiceResult<Title> {
    let stem = file_name.rsplit_once('.').map_or(file_name, |(stem, _)| stem);
    let title = Title::try_from(humanize(stem)).or_else(|_| Title::try_from("Dataset"));
    Ok(title.map_err(AppError::from)?)
}

fn free_label(label: &str, taken: &BTreeSet<&str>) -> String {
    let mut free = label.to_owned();
    let mut count = 2;
    while taken.contains(free.as_str()) {
        free = format!("{label} ({count})");
        count += 1;
    }
    free
}

/// What a workspace's versions and database files take, those included that were replaced or deleted and are not swept yet. Files are the
/// current ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct UsedSpace {
    bytes: u64,
    files: u64,
}

#[derive(FromQueryResult)]
struct Sums {
    bytes: Option<i64>,
    files: i64,
}

/// Without the version `except`, such as the one a new file takes the place of.
pub(crate) async fn used_space(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    except: Option<Uuid>,
) -> ServiceResult<UsedSpace> {
    let current = CaseStatement::new().case(
        dataset_version::Column::RetiredAt.is_null(),
        Expr::col(dataset_version::Column::Id),
    );
    let mut sums = dataset_version::Entity::find()
        .select_only()
        // Postgres sums 64-bit numbers to a decimal.
        .column_as(
            ExprTrait::cast_as(dataset_version::Column::Bytes.sum(), "bigint"),
            "bytes",
        )
        .column_as(Expr::expr(current).count(), "files")
        .filter(dataset_version::Column::WorkspaceId.eq(workspace_id.as_uuid()));
    if let Some(except) = except {
        sums = sums.filter(dataset_version::Column::Id.ne(except));
    }
    let sums = sums.into_model::<Sums>().one(connection).await?;
    let (bytes, files) = sums.map_or((0, 0), |sums| (sums.bytes.unwrap_or(0), sums.files));
    let databases: Option<i64> = database_file::Entity::find()
        .select_only()
        .column_as(
            ExprTrait::cast_as(database_file::Column::Bytes.sum(), "bigint"),
            "bytes",
        )
        .filter(database_file::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .into_tuple()
        .one(connection)
        .await?
        .flatten();
    Ok(UsedSpace {
        bytes: u64::try_from(bytes.saturating_add(databases.unwrap_or(0))).unwrap_or(0),
        files: u64::try_from(files).unwrap_or(0),
    })
}

impl UsedSpace {
    pub const fn with(self, bytes: u64, files: u64) -> Self {
        Self {
            bytes: self.bytes.saturating_add(bytes),
            files: self.files.saturating_add(files),
        }
    }

    pub fn check(self, limits: &DataLimits) -> Result<(), AppError> {
        let sentence = if self.files > limits.workspace_files {
            format!("A workspace may hold at most {} datasets.", limits.workspace_files)
        } else if self.bytes > limits.workspace_bytes {
            format!(
                "The data of a workspace may take at most {} MiB together.",
                limits.workspace_bytes >> 20
            )
        } else {
            return Ok(());
        };
        Err(AppError::new(ErrorCode::Limit, sentence)
            .with_hint("Delete datasets that are no longer needed; their space is free within half an hour."))
    }
}
