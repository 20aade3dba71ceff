//! Documents that never change once stored, kept in memory: model versions, published dashboards, columns of dataset versions.

use std::{collections::BTreeSet, sync::Arc};

use entity::model_version;
use moka::future::Cache;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use shared::{
    AppError,
    dashboard::Dashboard,
    ids::{DashboardId, DatasetVersionId, ModelId, WorkspaceId},
    semantic::Model,
};

use super::infer::find;
use crate::{Context, ServiceResult, WorkspaceAccess, convert};

/// Least recently used documents go when there are too many.
#[derive(Clone, Debug)]
pub(crate) struct DocumentCache {
    models: Cache<(ModelId, u32), Arc<Model>>,
    /// By dashboard and revision.
    pub dashboards: Cache<(DashboardId, u64), Arc<Dashboard>>,
    /// Names of a version's columns.
    pub columns: Cache<DatasetVersionId, Arc<BTreeSet<String>>>,
}

impl DocumentCache {
    pub fn new() -> Self {
        Self {
            models: Cache::new(500),
            dashboards: Cache::new(500),
            columns: Cache::new(2_000),
        }
    }
}

/// A version of a model by name; `None`: the newest.
///
/// # Errors
/// 404 when there is no such model, or no such version.
pub(crate) async fn load_model(
    context: &Context,
    workspace_id: WorkspaceId,
    name: &str,
    version: Option<u32>,
) -> ServiceResult<Arc<Model>> {
    let row = find(&context.reader(workspace_id), workspace_id, name)
        .await?
        .ok_or_else(|| AppError::not_found("model").with_field("model"))?;
    let version = match version {
        Some(version) => version,
        None => row.current_version()?,
    };
    model_at(context, workspace_id, row.id(), version).await
}

/// As `load_model`, for somebody who may read every dataset in it.
///
/// # Errors
/// As `load_model`; 403 when a dataset is given to others only.
pub(crate) async fn model_for(
    context: &Context,
    access: &WorkspaceAccess,
    name: &str,
    version: Option<u32>,
) -> ServiceResult<Arc<Model>> {
    let model = load_model(context, access.workspace_id, name, version).await?;
    context.require_sources(access, &model).await?;
    Ok(model)
}

/// The newest version, where there is such a model.
///
/// # Errors
/// When the database fails.
pub(super) async fn newest_model(
    context: &Context,
    workspace_id: WorkspaceId,
    name: &str,
) -> ServiceResult<Option<Arc<Model>>> {
    match find(&context.reader(workspace_id), workspace_id, name).await? {
        Some(row) => Ok(Some(
            model_at(context, workspace_id, row.id(), row.current_version()?).await?,
        )),
        None => Ok(None),
    }
}

async fn model_at(
    context: &Context,
    workspace_id: WorkspaceId,
    id: ModelId,
    version: u32,
) -> ServiceResult<Arc<Model>> {
    let cache = &context.data()?.documents().models;
    if let Some(model) = cache.get(&(id, version)).await {
        return Ok(model);
    }
    let model = Arc::new(read_version(&context.reader(workspace_id), workspace_id, id, version).await?);
    cache.insert((id, version), model.clone()).await;
    Ok(model)
}

pub(super) async fn read_version(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: ModelId,
    version: u32,
) -> ServiceResult<Model> {
    let row = model_version::Entity::find_by_id((id.as_uuid(), convert::to_stored_small(version)))
        .filter(model_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .one(connection)
        .await?
        .ok_or_else(|| AppError::not_found("version of the model").with_field("version"))?;
    Ok(row.document()?)
}
