//! The model beside a dataset: made with the first file, extended with each new one, deleted when nobody asks it.

use chrono::{DateTime, Utc};
use entity::{dashboard, dashboard_version, model, model_version};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Set,
    sea_query::{Expr, ExprTrait},
};
use shared::{
    ids::{UserId, WorkspaceId},
    semantic::{Model, Source, Warning},
};
use uuid::Uuid;

use super::{document_cache::read_version, merge::merge};
use crate::{ServiceResult, convert};

/// Stores the model inferred from a new file. Where there is one already, the builder's edits stay, new columns join, and
/// what the file no longer has is named in warnings.
pub(crate) async fn store_inferred(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    user_id: UserId,
    fresh: Model,
    now: DateTime<Utc>,
) -> ServiceResult<Vec<Warning>> {
    let existing = find(connection, workspace_id, fresh.model.as_str()).await?;
    let Some(row) = existing else {
        insert_model(connection, workspace_id, user_id, fresh, now).await?;
        return Ok(Vec::new());
    };
    let current = row.current_version()?;
    let previous = read_version(connection, workspace_id, row.id(), current).await?;
    let (merged, warnings) = merge(&previous, &fresh);
    if merged != previous {
        insert_version(connection, row, user_id, merged, now).await?;
    }
    Ok(warnings)
}

pub(super) async fn insert_model(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    user_id: UserId,
    document: Model,
    now: DateTime<Utc>,
) -> ServiceResult<u32> {
    let row = model::Model {
        id: Uuid::now_v7(),
        workspace_id: workspace_id.as_uuid(),
        name: document.model.to_string(),
        current_version: 0,
        created_at: now,
        updated_at: now,
    };
    row.clone().into_active_model().insert(connection).await?;
    insert_version(connection, row, user_id, document, now).await
}

/// Stores `document` as the version after the current one and makes it the current one.
pub(super) async fn insert_version(
    connection: &impl ConnectionTrait,
    row: model::Model,
    user_id: UserId,
    mut document: Model,
    now: DateTime<Utc>,
) -> ServiceResult<u32> {
    let version = row.current_version()?.saturating_add(1);
    document.version = version;
    let stored = model_version::Model {
        model_id: row.id,
        version: convert::to_stored_small(version),
        workspace_id: row.workspace_id,
        document: serde_json::to_string(&document)?,
        created_by: Some(user_id.as_uuid()),
        created_at: now,
    };
    stored.into_active_model().insert(connection).await?;
    let mut changed = row.into_active_model();
    changed.current_version = Set(convert::to_stored_small(version));
    changed.updated_at = Set(now);
    changed.update(connection).await?;
    Ok(version)
}

pub(super) async fn find(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    name: &str,
) -> ServiceResult<Option<model::Model>> {
    let row = model::Entity::find()
        .filter(model::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(model::Column::Name.eq(name))
        .one(connection)
        .await?;
    Ok(row)
}

/// Does the model read the dataset of its own name, as every inferred one does?
fn is_inferred(document: &Model) -> bool {
    let own = Source::Dataset(document.model.to_string());
    document.tables.iter().any(|table| table.source == own)
}

/// Names that a new dataset must not take, because a model that is not its own has them.
pub(crate) async fn names_of_other_models(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
) -> ServiceResult<Vec<String>> {
    let documents = current_documents(connection, workspace_id).await?;
    Ok(documents
        .into_iter()
        .filter(|document| !is_inferred(document))
        .map(|document| document.model.to_string())
        .collect())
}

pub(crate) async fn current_documents(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
) -> ServiceResult<Vec<Model>> {
    let rows = model::Entity::find()
        .filter(model::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .all(connection)
        .await?;
    let versions = versions_of(connection, workspace_id, &rows).await?;
    Ok(versions
        .iter()
        .map(model_version::Model::document)
        .collect::<Result<_, _>>()?)
}

/// The current version of each model.
pub(super) async fn versions_of(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    rows: &[model::Model],
) -> ServiceResult<Vec<model_version::Model>> {
    let keys = rows.iter().map(|row| (row.id, row.current_version));
    let pair = Expr::tuple([
        model_version::Column::ModelId.into_expr(),
        model_version::Column::Version.into_expr(),
    ]);
    let versions = model_version::Entity::find()
        .filter(model_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(ExprTrait::in_tuples(pair, keys))
        .all(connection)
        .await?;
    Ok(versions)
}

/// Deletes the model that was made beside the dataset `name`, unless a dashboard asks it, in its draft or as published.
pub(crate) async fn delete_unless_asked(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    name: &str,
) -> ServiceResult<()> {
    let Some(row) = find(connection, workspace_id, name).await? else {
        return Ok(());
    };
    let drafts = dashboard::Entity::find()
        .filter(dashboard::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dashboard::Column::Model.eq(name))
        .count(connection)
        .await?;
    let published = dashboard_version::Entity::find()
        .filter(dashboard_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dashboard_version::Column::Model.eq(name))
        .count(connection)
        .await?;
    let document = read_version(connection, workspace_id, row.id(), row.current_version()?).await?;
    if drafts == 0 && published == 0 && is_inferred(&document) {
        model::Entity::delete_many()
            .filter(model::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .filter(model::Column::Id.eq(row.id))
            .exec(connection)
            .await?;
    }
    Ok(())
}
