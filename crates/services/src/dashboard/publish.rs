//! Publishing: a revision and a model version that readers, shares and embeds see until the next.

use std::{collections::HashMap, sync::Arc};

use entity::{dashboard, dashboard_snapshot, dashboard_version, user};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait as _, IntoActiveModel, JoinType,
    QueryFilter, QueryOrder, QuerySelect, Set, prelude::Uuid,
};
use shared::{
    AppError,
    account::Page,
    audit::AuditAction,
    dashboard::{Dashboard, DashboardSummary, DashboardVersion, ModelVersion},
    ids::{DashboardId, WorkspaceId},
    permission::Capability,
    semantic::Model,
};

use super::{
    DashboardService, about,
    log::store_snapshot,
    read::{find_dashboard, lock_dashboard},
};
use crate::{Context, PageRequest, ServiceError, ServiceResult, WorkspaceSelector, convert, model::load_model};

/// What readers see.
pub(crate) struct PublishedState {
    pub document: Arc<Dashboard>,
    pub model: Arc<Model>,
    pub revision: u64,
}

type Line = (
    i32,
    i64,
    i32,
    Option<Uuid>,
    Option<String>,
    chrono::DateTime<chrono::Utc>,
);

impl DashboardService {
    /// Shows the draft, as it is now, to readers, with the model version it asks at this moment.
    ///
    /// # Errors
    /// 404; 403 for data that is given to others only; 422 when its model is gone; 409 when the draft got another model at the same moment.
    pub async fn publish(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<DashboardVersion> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let pin = row.document()?.model;
        let model = load_model(&self.context, access.workspace_id, &pin.name, pinned(pin.version)).await;
        let model = model.map_err(|error| match error {
            ServiceError::Refused(_) => {
                AppError::invalid("model", format!("There is no model called {}.", pin.name)).into()
            }
            other => other,
        })?;
        // Readers of what is published need no right of their own on the data behind it.
        self.context.require_sources(&access, &model).await?;
        let now = self.context.now();

        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = lock_dashboard(&transaction, access.workspace_id, id).await?;
        if row.document()?.model != pin {
            let message = "The dashboard was given another model while it was published.";
            return Err(AppError::conflict(message).with_hint("Publish it again.").into());
        }
        store_snapshot(&transaction, &row, now).await?;
        let number = last_number(&transaction, &row).await?.saturating_add(1);
        let version = dashboard_version::Model {
            dashboard_id: row.id,
            number,
            workspace_id: row.workspace_id,
            revision: row.revision,
            model: model.model.to_string(),
            model_version: convert::to_stored_small(model.version),
            published_by: Some(access.user.user_id.as_uuid()),
            published_at: now,
        };
        version.into_active_model().insert(&transaction).await?;
        let revision = row.revision()?;
        let published_revision = row.revision;
        let event = about(AuditAction::DashboardPublish, &row);
        let mut changed = row.into_active_model();
        changed.published_number = Set(Some(number));
        changed.published_revision = Set(Some(published_revision));
        changed.update(&transaction).await?;
        let name = user::Entity::find_by_id(access.user.user_id.as_uuid())
            .one(&transaction)
            .await?;
        let event = event.with("version", number).with("revision", revision);
        self.context.commit(transaction, [event]).await?;
        Ok(DashboardVersion {
            revision,
            model_version: model.version,
            published_at: now,
            published_by: name.map(|user| user.name).unwrap_or_default(),
        })
    }

    /// Takes it away from readers; links to it answer "gone" until it is published again.
    ///
    /// # Errors
    /// 404.
    pub async fn unpublish(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<()> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = lock_dashboard(&transaction, access.workspace_id, id).await?;
        let event = about(AuditAction::DashboardUnpublish, &row);
        let mut row = row.into_active_model();
        row.published_number = Set(None);
        row.published_revision = Set(None);
        row.update(&transaction).await?;
        self.context.commit(transaction, [event]).await
    }

    /// What was published, newest first.
    ///
    /// # Errors
    /// 404; 400 for a cursor no list gave.
    pub async fn versions(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        page: &PageRequest,
    ) -> ServiceResult<Page<DashboardVersion>> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let publisher = dashboard_version::Entity::belongs_to(user::Entity)
            .from(dashboard_version::Column::PublishedBy)
            .to(user::Column::Id);
        let mut rows = dashboard_version::Entity::find()
            .select_only()
            .column(dashboard_version::Column::Number)
            .column(dashboard_version::Column::Revision)
            .column(dashboard_version::Column::ModelVersion)
            .column(dashboard_version::Column::PublishedBy)
            .column_as(user::Column::Name, "publisher_name")
            .column(dashboard_version::Column::PublishedAt)
            .join(JoinType::LeftJoin, publisher.into())
            .filter(dashboard_version::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dashboard_version::Column::DashboardId.eq(id.as_uuid()))
            .order_by_desc(dashboard_version::Column::Number)
            .limit(page.limit().saturating_add(1));
        if let Some(after) = page.after_number()? {
            rows = rows.filter(dashboard_version::Column::Number.lt(convert::to_stored(after)));
        }
        let lines: Vec<Line> = rows.into_tuple().all(&self.context.reader(access.workspace_id)).await?;
        let lines = page.page(lines, |line| line.0.to_string());
        let items = lines
            .items
            .into_iter()
            .map(|(_, revision, model_version, _, name, published_at)| DashboardVersion {
                revision: u64::try_from(revision).unwrap_or(0),
                model_version: u32::try_from(model_version).unwrap_or(0),
                published_at,
                published_by: name.unwrap_or_default(),
            });
        Ok(Page {
            items: items.collect(),
            next: lines.next,
        })
    }
}

pub(crate) const fn pinned(version: ModelVersion) -> Option<u32> {
    match version {
        ModelVersion::Newest => None,
        ModelVersion::Number(number) => Some(number),
    }
}

async fn last_number(connection: &impl ConnectionTrait, row: &dashboard::Model) -> ServiceResult<i32> {
    let last: Option<i32> = dashboard_version::Entity::find()
        .select_only()
        .column(dashboard_version::Column::Number)
        .filter(dashboard_version::Column::WorkspaceId.eq(row.workspace_id))
        .filter(dashboard_version::Column::DashboardId.eq(row.id))
        .order_by_desc(dashboard_version::Column::Number)
        .limit(1)
        .into_tuple()
        .one(connection)
        .await?;
    Ok(last.unwrap_or(0))
}

/// The published documents of these dashboards by id and revision, with one statement for those that are not in memory.
pub(crate) async fn published_documents(
    context: &Context,
    workspace_id: WorkspaceId,
    dashboards: &[DashboardSummary],
) -> ServiceResult<HashMap<(DashboardId, u64), Arc<Dashboard>>> {
    let cache = &context.data()?.documents().dashboards;
    let mut found = HashMap::new();
    let mut missing = Condition::any();
    for dashboard in dashboards {
        let Some(revision) = dashboard.published_revision else {
            continue;
        };
        let key = (dashboard.id, revision);
        if let Some(document) = cache.get(&key).await {
            found.insert(key, document);
        } else {
            missing = missing.add(
                dashboard_snapshot::Column::DashboardId
                    .eq(dashboard.id.as_uuid())
                    .and(dashboard_snapshot::Column::Revision.eq(convert::to_stored(revision))),
            );
        }
    }
    if !missing.is_empty() {
        let snapshots = dashboard_snapshot::Entity::find()
            .filter(dashboard_snapshot::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .filter(missing)
            .all(&context.reader(workspace_id))
            .await?;
        for snapshot in snapshots {
            let revision = u64::try_from(snapshot.revision).unwrap_or(0);
            let key = (DashboardId::from(snapshot.dashboard_id), revision);
            let document = Arc::new(snapshot.document()?);
            cache.insert(key, document.clone()).await;
            found.insert(key, document);
        }
    }
    Ok(found)
}

/// What readers of `row` see; `None` when it is not published.
pub(crate) async fn published_state(
    context: &Context,
    workspace_id: WorkspaceId,
    row: &dashboard::Model,
) -> ServiceResult<Option<PublishedState>> {
    let Some(number) = row.published_number else {
        return Ok(None);
    };
    let version = dashboard_version::Entity::find_by_id((row.id, number))
        .filter(dashboard_version::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .one(&context.reader(workspace_id))
        .await?
        .ok_or_else(|| AppError::not_found("dashboard"))?;
    let revision = u64::try_from(version.revision).unwrap_or(0);
    let model_version = u32::try_from(version.model_version).unwrap_or(0);
    let cache = &context.data()?.documents().dashboards;
    let document = match cache.get(&(row.id(), revision)).await {
        Some(document) => document,
        None => {
            let snapshot = dashboard_snapshot::Entity::find_by_id((row.id, version.revision))
                .filter(dashboard_snapshot::Column::WorkspaceId.eq(workspace_id.as_uuid()))
                .one(&context.reader(workspace_id))
                .await?
                .ok_or_else(|| AppError::not_found("dashboard"))?;
            let document = Arc::new(snapshot.document()?);
            cache.insert((row.id(), revision), document.clone()).await;
            document
        }
    };
    let model = load_model(context, workspace_id, &version.model, Some(model_version)).await?;
    Ok(Some(PublishedState {
        document,
        model,
        revision,
    }))
}
