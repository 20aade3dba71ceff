//! The rules that decide inside a workspace. Every method of a workspace's service starts here.

mod membership;
mod object;

use std::{collections::BTreeMap, fmt, str::FromStr};

use chrono::{DateTime, Utc};
use entity::{user, workspace};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, prelude::Uuid};
use serde_json::Value;
use shared::{
    AppError, ErrorCode,
    audit::{AuditObject, AuditObjectKind},
    ids::WorkspaceId,
    names::{Slug, Title},
    permission::{Capability, PlatformRole, UserPrincipal, WorkspaceRole},
};

use crate::{Context, ServiceError, ServiceResult, audit::Chain};
use membership::Membership;
pub(crate) use membership::{places_of, roles_by_groups};
pub use object::Object;
pub(crate) use object::role_on_object;

/// How a request names a workspace: by id or by address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum WorkspaceSelector {
    Id(WorkspaceId),
    Slug(Slug),
}

impl FromStr for WorkspaceSelector {
    type Err = AppError;

    /// Text that is neither an id nor an address names nothing: 404.
    fn from_str(text: &str) -> Result<Self, AppError> {
        if let Ok(id) = text.parse() {
            return Ok(Self::Id(id));
        }
        Slug::try_from(text)
            .map(Self::Slug)
            .map_err(|_| AppError::not_found("workspace"))
    }
}

impl From<WorkspaceId> for WorkspaceSelector {
    fn from(id: WorkspaceId) -> Self {
        Self::Id(id)
    }
}

impl From<Slug> for WorkspaceSelector {
    fn from(slug: Slug) -> Self {
        Self::Slug(slug)
    }
}

impl fmt::Display for WorkspaceSelector {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(out),
            Self::Slug(slug) => slug.fmt(out),
        }
    }
}

/// Proof that the caller may do what was asked for, in this workspace. Statements take the workspace's id from here.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkspaceAccess {
    pub workspace_id: WorkspaceId,
    pub slug: Slug,
    pub title: Title,
    pub created_at: DateTime<Utc>,
    pub editors_may_share: bool,
    /// The caller's, never above what the platform role allows. A platform admin without membership who was let in to the
    /// settings counts as owner.
    pub role: WorkspaceRole,
    pub user: UserPrincipal,
    /// For row rules of models.
    pub model_roles: Vec<String>,
    pub attributes: BTreeMap<String, Value>,
    /// Those of the caller's groups that hold a role here.
    pub(crate) groups: Vec<Uuid>,
}

impl Context {
    /// Lets a member in whose role, cut by platform role and token scopes, allows `capability`.
    ///
    /// # Errors
    /// 401 without a user; 404 when there is no such workspace or the caller is no member; 403 when the role is too low, and
    /// for platform admins who are no member.
    pub async fn workspace_access(
        &self,
        selector: &WorkspaceSelector,
        capability: Capability,
    ) -> ServiceResult<WorkspaceAccess> {
        self.access(selector, capability, Door::Data).await
    }

    /// As `workspace_access`, for title, address, members and policy: platform admins are let in too.
    ///
    /// # Errors
    /// As `workspace_access`.
    pub async fn settings_access(
        &self,
        selector: &WorkspaceSelector,
        capability: Capability,
    ) -> ServiceResult<WorkspaceAccess> {
        self.access(selector, capability, Door::Settings).await
    }

    async fn access(
        &self,
        selector: &WorkspaceSelector,
        capability: Capability,
        door: Door,
    ) -> ServiceResult<WorkspaceAccess> {
        let user = self.user()?.clone();
        let found = self.membership(selector, &user).await?;
        let Some((workspace, member)) = found else {
            return Err(AppError::not_found("workspace").into());
        };
        let chain = Chain::Workspace(workspace.id());
        let refuse = |refusal: AppError| {
            let object = AuditObject {
                kind: AuditObjectKind::Workspace,
                id: workspace.id().to_string(),
                title: workspace.title.clone(),
            };
            self.note_refusal(chain, Some(object), &refusal);
            ServiceError::from(refusal)
        };
        let is_admin = user.platform_role == PlatformRole::Admin;
        let (role, member) = match (member, door) {
            (Some(member), _) => (member.role.min(user.platform_role.ceiling()), Some(member)),
            (None, Door::Settings) if is_admin => (WorkspaceRole::Owner, None),
            (None, Door::Data) if is_admin => {
                let refusal = AppError::forbidden("You are no member of this workspace.")
                    .with_hint("An owner, or you as platform admin, can add you.");
                return Err(refuse(refusal));
            }
            (None, Door::Data | Door::Settings) => return Err(refuse(AppError::not_found("workspace"))),
        };
        let (model_roles, attributes, groups) = member.map_or_else(Default::default, |member| {
            (member.model_roles, member.attributes, member.groups)
        });
        let access = WorkspaceAccess {
            workspace_id: workspace.id(),
            slug: workspace.slug()?,
            title: workspace.title()?,
            created_at: workspace.created_at,
            editors_may_share: workspace.editors_may_share,
            role,
            user,
            model_roles,
            attributes,
            groups,
        };
        access.require(capability).map_err(refuse)?;
        Ok(access)
    }

    async fn membership(
        &self,
        selector: &WorkspaceSelector,
        user: &UserPrincipal,
    ) -> ServiceResult<Option<(workspace::Model, Option<Membership>)>> {
        let by_name = match selector {
            WorkspaceSelector::Id(id) => workspace::Column::Id.eq(id.as_uuid()),
            WorkspaceSelector::Slug(slug) => workspace::Column::Slug.eq(slug.as_str()),
        };
        let Some(workspace) = workspace::Entity::find()
            .filter(by_name)
            .one(self.instance_reader())
            .await?
        else {
            return Ok(None);
        };
        let member = Membership::of(&self.reader(workspace.id()), workspace.id, user.user_id.as_uuid()).await?;
        Ok(Some((workspace, member)))
    }

    /// The caller's row, for what concerns the account itself.
    ///
    /// # Errors
    /// 401 when there is no user, or the account is gone or disabled.
    pub(crate) async fn user_row(&self) -> ServiceResult<user::Model> {
        let id = self.person()?.user_id.as_uuid();
        match user::Entity::find_by_id(id).one(self.instance_reader()).await? {
            Some(row) if row.disabled_at.is_none() => Ok(row),
            Some(_) | None => Err(AppError::unauthenticated().into()),
        }
    }
}

/// Behind which a capability lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Data,
    Settings,
}

impl WorkspaceAccess {
    /// Whether the token, where there is one, allows it; sessions allow all.
    pub(crate) fn scopes_allow(&self, capability: Capability) -> bool {
        let scopes = self.user.scopes.as_deref();
        scopes.is_none_or(|scopes| scopes.iter().any(|scope| scope.allows(capability)))
    }

    /// Checks a further capability on the way.
    ///
    /// # Errors
    /// 403 when the role, the token's scopes or the share policy do not allow it.
    pub fn require(&self, capability: Capability) -> Result<(), AppError> {
        if !self.role.allows(capability) {
            let refusal = AppError::forbidden(format!("Your role here ({}) does not allow this.", self.role.as_str()))
                .with_hint("Ask an owner of the workspace for a higher role.");
            return Err(refusal);
        }
        if !self.scopes_allow(capability) {
            return Err(AppError::forbidden("The scopes of this API token do not allow this."));
        }
        if capability == Capability::Share && self.role == WorkspaceRole::Editor && !self.editors_may_share {
            let refusal = AppError::new(ErrorCode::Forbidden, "In this workspace only owners may share.");
            return Err(refusal);
        }
        Ok(())
    }
}
