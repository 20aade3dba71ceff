use entity::embed;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use shared::{
    AppError,
    audit::{AuditAction, AuditObjectKind},
    ids::{DashboardId, EmbedId, RequestId},
    permission::{Capability, Principal},
    share::{EmbedCreate, EmbedInfo},
};

use super::origin::check_origin;
use crate::{Context, ServiceResult, Services, WorkspaceSelector, audit::Event, dashboard::find_dashboard, published};

const MAX_ORIGINS: usize = 50;

/// The frames of a dashboard, for the people who make them; and their doors, for the frames (`redeem`, `authenticate`).
#[derive(Clone, Debug)]
pub struct EmbedService {
    pub(super) context: Context,
}

impl EmbedService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Lets the listed origins frame the published dashboard.
    ///
    /// # Errors
    /// 403 for viewers, and for editors where only owners may share; 404 when the dashboard is not here; 409 when it was
    /// never published; 422 for origins that are not exact https ones, or a lock on a field the model does not have.
    pub async fn create(
        &self,
        selector: &WorkspaceSelector,
        dashboard: DashboardId,
        request: EmbedCreate,
    ) -> ServiceResult<EmbedInfo> {
        let access = self
            .context
            .object_access(selector, dashboard, Capability::Share)
            .await?;
        let settings = self.checked(request)?;
        let fields = published::lockable_fields(
            &self.context.reader(access.workspace_id),
            access.workspace_id,
            dashboard,
        )
        .await?;
        published::require_bound(&settings.locked, &fields)?;
        let id: EmbedId = self.context.new_id();
        let row = embed::ActiveModel {
            id: Set(id.as_uuid()),
            workspace_id: Set(access.workspace_id.as_uuid()),
            dashboard_id: Set(dashboard.as_uuid()),
            created_by: Set(Some(access.user.user_id.as_uuid())),
            created_at: Set(self.context.now()),
            settings: Set(serde_json::to_value(&settings)?),
        };
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        published::require_published(&transaction, access.workspace_id, dashboard).await?;
        let row = row.insert(&transaction).await?;
        let event = about_embed(&transaction, AuditAction::EmbedCreate, &row).await?;
        let event = event
            .with("origins", settings.origins)
            .with("downloads", settings.downloads)
            .with("locks", settings.locked.len());
        self.context.commit(transaction, [event]).await?;
        tracing::info!(embed.id = %id, workspace.id = %access.workspace_id, dashboard.id = %dashboard, "embed made");
        Ok(row.info(&self.context.services().config().public_url)?)
    }

    fn checked(&self, request: EmbedCreate) -> Result<embed::Settings, AppError> {
        if request.origins.is_empty() || request.origins.len() > MAX_ORIGINS {
            return Err(AppError::invalid(
                "origins",
                "List 1 to 50 origins that may frame the dashboard.",
            ));
        }
        let loopback = self.context.services().config().is_loopback();
        request
            .origins
            .iter()
            .try_for_each(|origin| check_origin(origin, loopback))?;
        let mut origins = request.origins;
        origins.sort();
        origins.dedup();
        let EmbedCreate {
            locked,
            editable,
            downloads,
            name,
            ..
        } = request;
        Ok(embed::Settings {
            name,
            origins,
            locked,
            editable,
            downloads,
        })
    }

    /// The frames of a dashboard, newest first.
    ///
    /// # Errors
    /// 403 and 404 as `create`.
    pub async fn list(&self, selector: &WorkspaceSelector, dashboard: DashboardId) -> ServiceResult<Vec<EmbedInfo>> {
        let access = self
            .context
            .object_access(selector, dashboard, Capability::Share)
            .await?;
        find_dashboard(
            &self.context.reader(access.workspace_id),
            access.workspace_id,
            dashboard,
        )
        .await?;
        let rows = embed::Entity::find()
            .filter(embed::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(embed::Column::DashboardId.eq(dashboard.as_uuid()))
            .order_by_desc(embed::Column::CreatedAt)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let public_url = &self.context.services().config().public_url;
        Ok(rows.iter().map(|row| row.info(public_url)).collect::<Result<_, _>>()?)
    }

    /// # Errors
    /// 404 when it is not a frame of this dashboard.
    pub async fn get(
        &self,
        selector: &WorkspaceSelector,
        dashboard: DashboardId,
        id: EmbedId,
    ) -> ServiceResult<EmbedInfo> {
        let all = self.list(selector, dashboard).await?;
        all.into_iter()
            .find(|embed| embed.id == id)
            .ok_or_else(|| AppError::not_found("embed").into())
    }

    /// Ends a frame at once and for good.
    ///
    /// # Errors
    /// 404 as `get`.
    pub async fn delete(&self, selector: &WorkspaceSelector, dashboard: DashboardId, id: EmbedId) -> ServiceResult<()> {
        let access = self
            .context
            .object_access(selector, dashboard, Capability::Share)
            .await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let row = embed::Entity::find_by_id(id.as_uuid())
            .filter(embed::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(embed::Column::DashboardId.eq(dashboard.as_uuid()))
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::not_found("embed"))?;
        let event = about_embed(&transaction, AuditAction::EmbedDelete, &row).await?;
        row.delete(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        tracing::info!(embed.id = %id, workspace.id = %access.workspace_id, "embed deleted");
        Ok(())
    }
}

/// A frame is remembered with its dashboard.
async fn about_embed(
    connection: &impl ConnectionTrait,
    action: AuditAction,
    embed: &embed::Model,
) -> ServiceResult<Event> {
    let (workspace, dashboard) = (embed.workspace_id.into(), DashboardId::from(embed.dashboard_id));
    let title = published::title(connection, workspace, dashboard).await?;
    Ok(Event::in_workspace(workspace, action)
        .about(AuditObjectKind::Dashboard, dashboard, title)
        .with("embed", embed.id.to_string()))
}
