use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{share, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder,
};
use shared::{
    AppError,
    account::MemberUpdate,
    audit::{AuditAction, AuditObjectKind},
    ids::{DashboardId, RequestId, ShareId, WorkspaceId},
    permission::{Capability, Principal, WorkspaceRole},
    share::{DEFAULT_SHARE_SECONDS, Lifetime, MAX_SHARE_SECONDS, ShareCreate, ShareCreated, ShareInfo, ShareUpdate},
};

use crate::{
    Context, ServiceError, ServiceResult, Services, WorkspaceAccess, WorkspaceSelector,
    audit::Event,
    dashboard::find_dashboard,
    member::check_rules,
    published,
    secrets::{Digest, NewPassword, random_token},
};

/// The links of a dashboard, for the people who make them; and their doors, for readers (`open`, `unlock`).
#[derive(Clone, Debug)]
pub struct ShareService {
    pub(super) context: Context,
}

impl ShareService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Makes a link to the published dashboard. The answer is the only one with the address.
    ///
    /// # Errors
    /// 403 for viewers, for editors where only owners may share, and for other model roles and attributes than an editor's own;
    /// 404 when the dashboard is not here; 409 when it was never published; 422 for a lifetime over 365 days, a short
    /// password, a lock on a field the model does not have, or more, or longer, model roles and attributes than a member has.
    pub async fn create(
        &self,
        selector: &WorkspaceSelector,
        dashboard: DashboardId,
        request: ShareCreate,
    ) -> ServiceResult<ShareCreated> {
        let access = self
            .context
            .object_access(selector, dashboard, Capability::Share)
            .await?;
        let now = self.context.now();
        let lifetime = request.expires_in.unwrap_or(Lifetime(DEFAULT_SHARE_SECONDS));
        let expires_at = end_of(lifetime, now)?;
        if request.max_views == Some(0) {
            return Err(AppError::invalid("max_views", "A link needs at least one view.").into());
        }
        let fields = published::lockable_fields(
            &self.context.reader(access.workspace_id),
            access.workspace_id,
            dashboard,
        )
        .await?;
        published::require_bound(&request.locked, &fields)?;
        check_guest_rules(&access, &request)?;
        let password_hash = match &request.password {
            Some(password) if !password.is_empty() => Some(self.hash(password).await?),
            Some(_) | None => None,
        };
        let (id, token) = (self.context.new_id::<ShareId>(), random_token()?);
        let settings = share::Settings {
            name: request.name,
            downloads: request.downloads,
            hide_title: request.hide_title,
            allowed_filters: request.allowed_filters,
            locked: request.locked,
            roles: request.roles,
            attributes: request.attrs,
        };
        let row = share::ActiveModel {
            id: Set(id.as_uuid()),
            workspace_id: Set(access.workspace_id.as_uuid()),
            dashboard_id: Set(dashboard.as_uuid()),
            token_hash: Set(Digest::of(&token).to_hex()),
            password_hash: Set(password_hash),
            created_by: Set(Some(access.user.user_id.as_uuid())),
            created_at: Set(now),
            expires_at: Set(expires_at),
            revoked_at: Set(None),
            paused: Set(false),
            max_views: Set(request.max_views.map(i64::from)),
            views: Set(0),
            last_viewed_at: Set(None),
            settings: Set(serde_json::to_value(&settings)?),
        };
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        published::require_published(&transaction, access.workspace_id, dashboard).await?;
        let row = row.insert(&transaction).await?;
        let creator = user::Entity::find_by_id(access.user.user_id.as_uuid())
            .one(&transaction)
            .await?;
        let event = about_share(&transaction, AuditAction::ShareCreate, &row).await?;
        let event = event
            .with("expires_at", row.expires_at.to_rfc3339())
            .with("password", row.password_hash.is_some())
            .with("downloads", settings.downloads)
            .with("locks", settings.locked.len())
            .with("model_roles", settings.roles.as_slice())
            .with("attributes", settings.attributes.keys().cloned().collect::<Vec<_>>())
            .with("max_views", row.max_views);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(share.id = %id, workspace.id = %access.workspace_id, dashboard.id = %dashboard, "share link made");
        let url = format!("{}/s/{token}", self.context.services().config().public_url);
        Ok(ShareCreated {
            id,
            url,
            share: row.info(creator.as_ref())?,
        })
    }

    /// The links of a dashboard, newest first, revoked ones included.
    ///
    /// # Errors
    /// 403 and 404 as `create`.
    pub async fn list(&self, selector: &WorkspaceSelector, dashboard: DashboardId) -> ServiceResult<Vec<ShareInfo>> {
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
        self.flush_views().await?;
        let rows = share::Entity::find()
            .filter(share::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(share::Column::DashboardId.eq(dashboard.as_uuid()))
            .order_by_desc(share::Column::CreatedAt)
            .find_also_related(user::Entity)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        Ok(rows
            .iter()
            .map(|(share, creator)| share.info(creator.as_ref()))
            .collect::<Result<_, _>>()?)
    }

    /// # Errors
    /// 404 when it is not a link of this dashboard.
    pub async fn get(
        &self,
        selector: &WorkspaceSelector,
        dashboard: DashboardId,
        id: ShareId,
    ) -> ServiceResult<ShareInfo> {
        let access = self
            .context
            .object_access(selector, dashboard, Capability::Share)
            .await?;
        self.flush_views().await?;
        let (row, creator) = find(
            &self.context.reader(access.workspace_id),
            access.workspace_id,
            dashboard,
            id,
        )
        .await?;
        Ok(row.info(creator.as_ref())?)
    }

    /// Changes what is given; a new lifetime counts from now. `password: ""` removes the password.
    ///
    /// # Errors
    /// 404 as `get`; 410 when it was revoked; 422 as `create`.
    pub async fn update(
        &self,
        selector: &WorkspaceSelector,
        dashboard: DashboardId,
        id: ShareId,
        update: ShareUpdate,
    ) -> ServiceResult<ShareInfo> {
        let access = self
            .context
            .object_access(selector, dashboard, Capability::Share)
            .await?;
        let expires_at = update
            .expires_in
            .map(|lifetime| end_of(lifetime, self.context.now()))
            .transpose()?;
        let password = match update.password.as_deref() {
            Some("") => Some(None),
            Some(password) => Some(Some(self.hash(password).await?)),
            None => None,
        };
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let (share, creator) = find(&transaction, access.workspace_id, dashboard, id).await?;
        if share.revoked_at.is_some() {
            return Err(gone("This link was revoked and cannot come back. Make a new one."));
        }
        let mut event = about_share(&transaction, AuditAction::ShareUpdate, &share).await?;
        let mut settings = share.settings()?;
        let downloads = update.downloads.unwrap_or(settings.downloads);
        event = event.changed("downloads", settings.downloads, downloads);
        settings.downloads = update.downloads.unwrap_or(settings.downloads);
        settings.hide_title = update.hide_title.unwrap_or(settings.hide_title);
        settings.name = update.name.or(settings.name);
        let mut row = share.into_active_model();
        row.settings = Set(serde_json::to_value(&settings)?);
        if let Some(expires_at) = expires_at {
            event = event.with("expires_at", expires_at.to_rfc3339());
            row.expires_at = Set(expires_at);
        }
        if let Some(password) = password {
            event = event.with("password", if password.is_some() { "set" } else { "removed" });
            row.password_hash = Set(password);
        }
        if let Some(paused) = update.paused {
            event = event.with("paused", paused);
            row.paused = Set(paused);
        }
        let row = row.update(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        Ok(row.info(creator.as_ref())?)
    }

    /// Ends a link at once and for good; revoking twice is the same as once.
    ///
    /// # Errors
    /// 404 as `get`.
    pub async fn revoke(&self, selector: &WorkspaceSelector, dashboard: DashboardId, id: ShareId) -> ServiceResult<()> {
        let access = self
            .context
            .object_access(selector, dashboard, Capability::Share)
            .await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let (share, _) = find(&transaction, access.workspace_id, dashboard, id).await?;
        if share.revoked_at.is_none() {
            let event = about_share(&transaction, AuditAction::ShareRevoke, &share).await?;
            let mut row = share.into_active_model();
            row.revoked_at = Set(Some(self.context.now()));
            row.update(&transaction).await?;
            self.context.commit(transaction, [event]).await?;
            tracing::info!(share.id = %id, workspace.id = %access.workspace_id, "share link revoked");
        }
        Ok(())
    }

    async fn hash(&self, password: &str) -> ServiceResult<String> {
        self.context
            .services()
            .passwords()
            .hash(NewPassword::for_link(password)?)
            .await
    }
}

/// Owners decide who sees which rows. An editor's link shows no more than the editor sees: without one of the roles it would
/// show columns that this one masks, so it is all of them or none.
fn check_guest_rules(access: &WorkspaceAccess, request: &ShareCreate) -> ServiceResult<()> {
    check_rules(&MemberUpdate {
        role: WorkspaceRole::Viewer,
        roles: Some(request.roles.clone()),
        attributes: Some(request.attrs.clone()),
    })?;
    if access.role == WorkspaceRole::Owner {
        return Ok(());
    }
    let set = |roles: &[String]| roles.iter().cloned().collect::<BTreeSet<_>>();
    if !request.roles.is_empty() && set(&request.roles) != set(&access.model_roles) {
        let message = "A link of yours holds all of your model roles or none.";
        let hint = "A role may hide columns that another shows. Owners choose roles freely.";
        return Err(AppError::forbidden(message).with_field("roles").with_hint(hint).into());
    }
    let other = request
        .attrs
        .iter()
        .find(|(name, value)| access.attributes.get(*name) != Some(*value));
    if let Some((name, _)) = other {
        let message = format!("Your attribute {name} is another, so a link of yours cannot have this one.");
        return Err(AppError::forbidden(message).with_field("attrs").into());
    }
    Ok(())
}

/// A link is remembered with its dashboard, by the name its owner gave it.
async fn about_share(
    connection: &impl ConnectionTrait,
    action: AuditAction,
    share: &share::Model,
) -> ServiceResult<Event> {
    let (workspace, dashboard) = (share.workspace_id.into(), DashboardId::from(share.dashboard_id));
    let title = published::title(connection, workspace, dashboard).await?;
    let event = Event::in_workspace(workspace, action)
        .about(AuditObjectKind::Dashboard, dashboard, title)
        .with("share", share.id.to_string());
    Ok(match share.settings()?.name {
        Some(name) => event.with("name", name),
        None => event,
    })
}

async fn find(
    connection: &impl ConnectionTrait,
    workspace: WorkspaceId,
    dashboard: DashboardId,
    id: ShareId,
) -> ServiceResult<(share::Model, Option<user::Model>)> {
    share::Entity::find_by_id(id.as_uuid())
        .filter(share::Column::WorkspaceId.eq(workspace.as_uuid()))
        .filter(share::Column::DashboardId.eq(dashboard.as_uuid()))
        .find_also_related(user::Entity)
        .one(connection)
        .await?
        .ok_or_else(|| AppError::not_found("share link").into())
}

fn end_of(lifetime: Lifetime, now: DateTime<Utc>) -> Result<DateTime<Utc>, AppError> {
    let seconds = i64::try_from(lifetime.0).unwrap_or(i64::MAX);
    if lifetime.0 == 0 || lifetime.0 > MAX_SHARE_SECONDS {
        return Err(AppError::invalid(
            "expires_in",
            "A link lives at least a second and at most 365 days.",
        ));
    }
    TimeDelta::try_seconds(seconds)
        .and_then(|life| now.checked_add_signed(life))
        .ok_or_else(|| AppError::invalid("expires_in", "A link lives at most 365 days."))
}

pub(super) fn gone(message: &str) -> ServiceError {
    AppError::new(shared::ErrorCode::Gone, message).into()
}
