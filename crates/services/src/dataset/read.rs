//! Looking at datasets: lists, columns and profiles, windows of rows, versions.

use std::collections::HashMap;

use engine::ObjectKey;
use entity::{EntityError, dataset, dataset_version};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DerivePartialModel, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid,
};
use shared::{
    AppError,
    account::Page,
    dataset::{DatasetDetail, DatasetSummary, DatasetVersionInfo, FileKind, RowsPage},
    ids::{DatasetId, WorkspaceId},
    permission::Capability,
};

use super::DatasetService;
use crate::{PageRequest, ServiceResult, WorkspaceSelector};

/// Rows of one window at most.
const MAX_ROWS: u64 = 1_000;

impl DatasetService {
    /// The newest first.
    ///
    /// # Errors
    /// 400 for a cursor no list gave.
    pub async fn list(&self, workspace: &WorkspaceSelector, page: &PageRequest) -> ServiceResult<Page<DatasetSummary>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let mut rows = dataset::Entity::find()
            .filter(dataset::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dataset::Column::Name.is_not_in(self.context.hidden_datasets(&access).await?))
            .order_by_desc(dataset::Column::Id)
            .limit(page.limit().saturating_add(1));
        if let Some(after) = page.after_id()? {
            rows = rows.filter(dataset::Column::Id.lt(after));
        }
        let rows = page.page(rows.all(&self.context.reader(access.workspace_id)).await?, |row| {
            row.id().to_string()
        });
        let versions = figures(
            &self.context.reader(access.workspace_id),
            access.workspace_id,
            &rows.items,
        )
        .await?;
        let items = rows
            .items
            .iter()
            .filter_map(|row| Some(summary(row, versions.get(&row.current_version_id)?)));
        Ok(Page {
            items: items.collect::<Result<_, _>>()?,
            next: rows.next,
        })
    }

    /// Columns without profiles.
    ///
    /// # Errors
    /// 404.
    pub async fn get(&self, workspace: &WorkspaceSelector, id: DatasetId) -> ServiceResult<DatasetDetail> {
        let access = self.context.object_access(workspace, id, Capability::Read).await?;
        let (row, version) = current(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        Ok(detail(&row, &version, false)?)
    }

    /// Columns with profiles.
    ///
    /// # Errors
    /// 404.
    pub async fn profile(&self, workspace: &WorkspaceSelector, id: DatasetId) -> ServiceResult<DatasetDetail> {
        let access = self.context.object_access(workspace, id, Capability::Read).await?;
        let (row, version) = current(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        Ok(detail(&row, &version, true)?)
    }

    /// Rows `offset` up to `offset + limit` in file order; `limit` at most 1,000. `next` is the offset of the next window.
    ///
    /// # Errors
    /// 404; 410 `source_gone` when the stored object is lost.
    pub async fn rows(
        &self,
        workspace: &WorkspaceSelector,
        id: DatasetId,
        offset: u64,
        limit: u64,
    ) -> ServiceResult<RowsPage> {
        let access = self.context.object_access(workspace, id, Capability::Read).await?;
        let (row, version) = current(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let key = ObjectKey::dataset_version(access.workspace_id, row.id(), version.id());
        let stop = engine::CancellationToken::new();
        let _guard = stop.clone().drop_guard();
        let limit = limit.clamp(1, MAX_ROWS);
        let table = self.context.data()?.engine().rows(&key, offset, limit, &stop).await?;
        let end = offset.saturating_add(u64::try_from(table.rows.len()).unwrap_or(0));
        Ok(RowsPage {
            columns: version.columns()?,
            next: (end < table.total && end > offset).then(|| end.to_string()),
            rows: table.rows,
            offset,
            total: table.total,
        })
    }

    /// The newest first. Versions that were replaced stay listed until they are swept.
    ///
    /// # Errors
    /// 404.
    pub async fn versions(
        &self,
        workspace: &WorkspaceSelector,
        id: DatasetId,
    ) -> ServiceResult<Vec<DatasetVersionInfo>> {
        let access = self.context.object_access(workspace, id, Capability::Read).await?;
        let row = find_dataset(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let versions = dataset_version::Entity::find()
            .filter(dataset_version::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dataset_version::Column::DatasetId.eq(id.as_uuid()))
            .order_by_desc(dataset_version::Column::Number)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let current = row.current_version_id();
        Ok(versions
            .iter()
            .map(|version| version.info(current))
            .collect::<Result<_, _>>()?)
    }
}

pub(crate) async fn find_dataset(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: DatasetId,
) -> ServiceResult<dataset::Model> {
    let row = dataset::Entity::find_by_id(id.as_uuid())
        .filter(dataset::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .one(connection)
        .await?;
    Ok(row.ok_or_else(|| AppError::not_found("dataset"))?)
}

async fn current(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: DatasetId,
) -> ServiceResult<(dataset::Model, dataset_version::Model)> {
    let row = find_dataset(connection, workspace_id, id).await?;
    let version = dataset_version::Entity::find_by_id(row.current_version_id)
        .filter(dataset_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .one(connection)
        .await?;
    Ok((row, version.ok_or_else(|| AppError::not_found("dataset"))?))
}

/// What a list shows of a version; the columns stay where they are.
#[derive(Clone, Debug, DerivePartialModel)]
#[sea_orm(entity = "dataset_version::Entity")]
struct Figures {
    id: Uuid,
    number: i32,
    file_kind: String,
    row_count: i64,
    column_count: i32,
    bytes: i64,
}

async fn figures(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    rows: &[dataset::Model],
) -> ServiceResult<HashMap<Uuid, Figures>> {
    let versions: Vec<Figures> = dataset_version::Entity::find()
        .filter(dataset_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dataset_version::Column::Id.is_in(rows.iter().map(|row| row.current_version_id)))
        .into_partial_model()
        .all(connection)
        .await?;
    Ok(versions.into_iter().map(|version| (version.id, version)).collect())
}

fn summary(row: &dataset::Model, version: &Figures) -> Result<DatasetSummary, EntityError> {
    let unreadable = |column| EntityError::UnreadableRow {
        table: "dataset_versions",
        column,
    };
    Ok(DatasetSummary {
        id: row.id(),
        name: row.name.clone(),
        label: row.label.clone(),
        kind: FileKind::parse(&version.file_kind).ok_or_else(|| unreadable("file_kind"))?,
        rows: u64::try_from(version.row_count).map_err(|_| unreadable("row_count"))?,
        column_count: u32::try_from(version.column_count).map_err(|_| unreadable("column_count"))?,
        bytes: u64::try_from(version.bytes).map_err(|_| unreadable("bytes"))?,
        version: u32::try_from(version.number).map_err(|_| unreadable("number"))?,
        created_at: row.created_at,
        updated_at: row.updated_at,
        restricted: row.restricted,
    })
}

pub(super) fn detail(
    row: &dataset::Model,
    version: &dataset_version::Model,
    with_profiles: bool,
) -> Result<DatasetDetail, EntityError> {
    let figures = Figures {
        id: version.id,
        number: version.number,
        file_kind: version.file_kind.clone(),
        row_count: version.row_count,
        column_count: version.column_count,
        bytes: version.bytes,
    };
    Ok(DatasetDetail {
        summary: summary(row, &figures)?,
        version_id: version.id(),
        columns: if with_profiles {
            version.profiled_columns()?
        } else {
            version.columns()?
        },
        rejects: version.rejects()?,
        renamed: version.renamed()?,
        model: row.name.clone(),
        file_name: version.file_name.clone(),
        warnings: Vec::new(),
    })
}

/// The machine name of a dataset, which is also its model's.
pub(crate) async fn dataset_name(
    context: &crate::Context,
    workspace_id: WorkspaceId,
    id: DatasetId,
) -> ServiceResult<String> {
    Ok(find_dataset(&context.reader(workspace_id), workspace_id, id)
        .await?
        .name)
}
