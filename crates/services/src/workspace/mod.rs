//! Workspaces: the tenants.

use entity::{member, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter,
};
use serde_json::json;
use shared::{
    AppError,
    account::{WorkspaceCreate, WorkspaceInfo, WorkspaceUpdate},
    audit::{AuditAction, AuditObjectKind},
    ids::{RequestId, WorkspaceId},
    names::Slug,
    permission::{Capability, Principal, WorkspaceRole},
};

use crate::{
    AccountService, Context, DatasetService, ServiceError, ServiceResult, Services, WorkspaceSelector, audit::Event,
};

/// Addresses tried when the title's own is taken: `sales-2` to `sales-50`.
const SLUG_TRIES: u32 = 50;

#[derive(Clone, Debug)]
pub struct WorkspaceService {
    context: Context,
}

impl WorkspaceService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// The caller's, sorted by title.
    ///
    /// # Errors
    /// 401 without a user.
    pub async fn list(&self) -> ServiceResult<Vec<WorkspaceInfo>> {
        let services = self.context.services();
        Ok(
            AccountService::new(services, self.context.principal().clone(), self.context.request_id())
                .me()
                .await?
                .workspaces,
        )
    }

    /// Makes a workspace and its caller the owner.
    ///
    /// # Errors
    /// 403 when the platform role may not, or for a token without the scope `manage`; 409 when a given address is taken.
    pub async fn create(&self, request: WorkspaceCreate) -> ServiceResult<WorkspaceInfo> {
        let user = self.context.user()?;
        if !user.platform_role.may_create_workspaces() {
            return Err(AppError::forbidden("Your role does not allow to create workspaces.").into());
        }
        if user
            .scopes
            .as_ref()
            .is_some_and(|scopes| !scopes.iter().any(|scope| scope.allows(Capability::Manage)))
        {
            return Err(AppError::forbidden("The scopes of this API token do not allow this.").into());
        }
        let now = self.context.now();
        let transaction = self.context.instance_transaction().await?;
        let slug = match request.slug {
            Some(slug) => usable(slug)?,
            None => free_slug(&transaction, request.title.as_str()).await?,
        };
        let row = workspace::ActiveModel {
            id: Set(self.context.new_id::<WorkspaceId>().as_uuid()),
            slug: Set(slug.into()),
            title: Set(request.title.into()),
            editors_may_share: Set(true),
            created_at: Set(now),
        };
        let workspace = row
            .insert(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, slug_taken))?;
        let owner = member::ActiveModel {
            workspace_id: Set(workspace.id),
            user_id: Set(user.user_id.as_uuid()),
            role: Set(WorkspaceRole::Owner.as_str().to_owned()),
            model_roles: Set(json!([])),
            attributes: Set(json!({})),
            created_at: Set(now),
        };
        owner.insert(&transaction).await?;
        let events = of_life(AuditAction::WorkspaceCreate, workspace.id(), &workspace.title);
        self.context.commit(transaction, events).await?;
        tracing::info!(workspace.id = %workspace.id(), user.id = %user.user_id, "workspace created");
        Ok(workspace.info(WorkspaceRole::Owner)?)
    }

    /// # Errors
    /// 404 when the caller is no member.
    pub async fn get(&self, selector: &WorkspaceSelector) -> ServiceResult<WorkspaceInfo> {
        let access = self.context.settings_access(selector, Capability::Read).await?;
        Ok(WorkspaceInfo {
            id: access.workspace_id,
            slug: access.slug,
            title: access.title,
            role: access.role,
            created_at: access.created_at,
        })
    }

    /// Whether the caller may do this in the workspace, before it is known to what.
    ///
    /// # Errors
    /// 404 when the caller is no member; 403 when the role, or the token, does not allow it.
    pub async fn admit(&self, selector: &WorkspaceSelector, capability: Capability) -> ServiceResult<()> {
        self.context.settings_access(selector, capability).await.map(|_| ())
    }

    /// Changes title, address and share policy.
    ///
    /// # Errors
    /// 403 for others than owners; 409 when the address is taken.
    pub async fn update(&self, selector: &WorkspaceSelector, update: WorkspaceUpdate) -> ServiceResult<WorkspaceInfo> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let found = workspace::Entity::find_by_id(access.workspace_id.as_uuid())
            .one(&transaction)
            .await?;
        let old = found.ok_or_else(|| AppError::not_found("workspace"))?;
        let mut row = old.clone().into_active_model();
        if let Some(title) = update.title {
            row.title = Set(title.into());
        }
        if let Some(slug) = update.slug {
            row.slug = Set(usable(slug)?.into());
        }
        if let Some(policy) = update.editors_may_share {
            row.editors_may_share = Set(policy);
        }
        if !row.is_changed() {
            return Ok(old.info(access.role)?);
        }
        let workspace = row
            .update(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, slug_taken))?;
        let event = Event::in_workspace(workspace.id(), AuditAction::WorkspaceUpdate)
            .about(AuditObjectKind::Workspace, workspace.id(), workspace.title.as_str())
            .changed("title", old.title, workspace.title.as_str())
            .changed("slug", old.slug, workspace.slug.as_str())
            .changed("editors_may_share", old.editors_may_share, workspace.editors_may_share);
        self.context.commit(transaction, [event]).await?;
        Ok(workspace.info(access.role)?)
    }

    /// Removes the workspace, every row in it and what is stored of its datasets.
    ///
    /// # Errors
    /// 403 for others than owners.
    pub async fn delete(&self, selector: &WorkspaceSelector) -> ServiceResult<()> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        workspace::Entity::delete_by_id(access.workspace_id.as_uuid())
            .exec(&transaction)
            .await?;
        let events = of_life(AuditAction::WorkspaceDelete, access.workspace_id, access.title.as_str());
        self.context.commit(transaction, events).await?;
        tracing::info!(workspace.id = %access.workspace_id, user.id = %access.user.user_id, "workspace deleted");
        // The rows decide what is there: a file that stays behind is swept at the next start.
        if let Err(error) = DatasetService::forget_workspace(self.context.services(), access.workspace_id).await {
            tracing::warn!(workspace.id = %access.workspace_id, error = &error as &dyn std::error::Error, "files of a deleted workspace stay behind");
        }
        Ok(())
    }
}

/// That there is a workspace belongs to the instance too, where it can be read when the workspace is gone.
fn of_life(action: AuditAction, id: WorkspaceId, title: &str) -> [Event; 2] {
    [Event::of_instance(action), Event::in_workspace(id, action)]
        .map(|event| event.about(AuditObjectKind::Workspace, id, title))
}

/// An address in the form of an id would be read as one.
fn usable(slug: Slug) -> Result<Slug, AppError> {
    if slug.as_str().parse::<WorkspaceId>().is_ok() {
        return Err(AppError::invalid("slug", "An address must not look like an id."));
    }
    Ok(slug)
}

fn slug_taken() -> AppError {
    AppError::conflict("Another workspace has this address.").with_field("slug")
}

async fn free_slug(connection: &impl ConnectionTrait, title: &str) -> ServiceResult<Slug> {
    let wanted = Slug::from_title(title);
    for number in 1..=SLUG_TRIES {
        let slug = match number {
            1 => wanted.clone(),
            _ => Slug::from_title(&format!("{:.40}-{number}", wanted.as_str())),
        };
        let taken = workspace::Entity::find()
            .filter(workspace::Column::Slug.eq(slug.as_str()))
            .one(connection)
            .await?;
        if taken.is_none() && usable(slug.clone()).is_ok() {
            return Ok(slug);
        }
    }
    Err(slug_taken().with_hint("Choose an address yourself.").into())
}
