//! Looking at models.

use std::{collections::HashMap, sync::Arc};

use entity::{model, model_version, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid};
use shared::{
    AppError,
    account::Page,
    permission::Capability,
    semantic::{Model, ModelSummary, ModelVersionInfo},
};

use super::{
    ModelService,
    document_cache::model_for,
    infer::{find, versions_of},
};
use crate::{PageRequest, ServiceResult, WorkspaceSelector};

impl ModelService {
    /// The newest first.
    ///
    /// # Errors
    /// 400 for a cursor no list gave.
    pub async fn list(&self, workspace: &WorkspaceSelector, page: &PageRequest) -> ServiceResult<Page<ModelSummary>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let mut rows = model::Entity::find()
            .filter(model::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .order_by_desc(model::Column::Id)
            .limit(page.limit().saturating_add(1));
        if let Some(after) = page.after_id()? {
            rows = rows.filter(model::Column::Id.lt(after));
        }
        let rows = page.page(rows.all(&self.context.reader(access.workspace_id)).await?, |row| {
            row.id().to_string()
        });
        let versions = versions_of(
            &self.context.reader(access.workspace_id),
            access.workspace_id,
            &rows.items,
        )
        .await?;
        let hidden = self.context.hidden_datasets(&access).await?;
        let versions: HashMap<Uuid, model_version::Model> =
            versions.into_iter().map(|row| (row.model_id, row)).collect();
        let items = rows
            .items
            .iter()
            .filter_map(|row| Some(summary(row, versions.get(&row.id)?)))
            .filter(|model| {
                model
                    .as_ref()
                    .map_or(true, |model| !model.datasets.iter().any(|name| hidden.contains(name)))
            });
        // Left out after the page is cut: a page may hold less than was asked for.
        Ok(Page {
            items: items.collect::<ServiceResult<_>>()?,
            next: rows.next,
        })
    }

    /// A version of a model; `None`: the newest.
    ///
    /// # Errors
    /// 404.
    pub async fn get(
        &self,
        workspace: &WorkspaceSelector,
        name: &str,
        version: Option<u32>,
    ) -> ServiceResult<Arc<Model>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        model_for(&self.context, &access, name, version).await
    }

    /// The newest first.
    ///
    /// # Errors
    /// 404; 400 for a cursor no list gave.
    pub async fn versions(
        &self,
        workspace: &WorkspaceSelector,
        name: &str,
        page: &PageRequest,
    ) -> ServiceResult<Page<ModelVersionInfo>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        model_for(&self.context, &access, name, None).await?;
        let model = find(&self.context.reader(access.workspace_id), access.workspace_id, name).await?;
        let model = model.ok_or_else(|| AppError::not_found("model"))?;
        let mut rows = model_version::Entity::find()
            .select_only()
            .columns([model_version::Column::Version, model_version::Column::CreatedAt])
            .column(user::Column::Name)
            .join(sea_orm::JoinType::LeftJoin, made_by())
            .filter(model_version::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(model_version::Column::ModelId.eq(model.id))
            .order_by_desc(model_version::Column::Version)
            .limit(page.limit().saturating_add(1));
        if let Some(after) = page.after_number()? {
            rows = rows.filter(model_version::Column::Version.lt(crate::convert::to_stored(after)));
        }
        let rows: Vec<(i32, chrono::DateTime<chrono::Utc>, Option<String>)> =
            rows.into_tuple().all(&self.context.reader(access.workspace_id)).await?;
        let infos = rows.into_iter().map(|(version, created_at, name)| ModelVersionInfo {
            version: u32::try_from(version).unwrap_or(0),
            created_at,
            created_by: name.unwrap_or_default(),
        });
        Ok(page.page(infos.collect(), |info| info.version.to_string()))
    }
}

fn made_by() -> sea_orm::RelationDef {
    model_version::Entity::belongs_to(user::Entity)
        .from(model_version::Column::CreatedBy)
        .to(user::Column::Id)
        .into()
}

fn summary(row: &model::Model, version: &model_version::Model) -> ServiceResult<ModelSummary> {
    let document = version.document()?;
    let datasets = document
        .tables
        .iter()
        .filter_map(|table| table.source.dataset().map(str::to_owned));
    Ok(ModelSummary {
        name: row.name.clone(),
        label: document
            .label
            .clone()
            .unwrap_or_else(|| shared::semantic::humanize(&row.name)),
        version: row.current_version()?,
        datasets: datasets.collect(),
        created_at: row.created_at,
        updated_at: row.updated_at,
    })
}
