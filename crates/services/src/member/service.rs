use std::collections::BTreeMap;

use entity::{EntityError, member, object_grant, share, user, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, ModelTrait,
    QueryFilter, QuerySelect, prelude::Uuid, sea_query::Expr,
};
use shared::{
    AppError,
    account::{MemberAdd, MemberInfo, MemberUpdate},
    audit::{AuditAction, AuditObjectKind},
    ids::{RequestId, UserId, WorkspaceId},
    names::Email,
    permission::{Capability, Principal, WorkspaceRole},
};

use crate::{
    Context, ServiceError, ServiceResult, Services, WorkspaceAccess, WorkspaceSelector, audit::Event,
    authorization::roles_by_groups,
};

/// The people of a workspace. There is always at least one owner.
#[derive(Clone, Debug)]
pub struct MemberService {
    pub(super) context: Context,
}

impl MemberService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Sorted by name.
    ///
    /// # Errors
    /// 404 when the caller is no member.
    pub async fn list(&self, selector: &WorkspaceSelector) -> ServiceResult<Vec<MemberInfo>> {
        let access = self.context.settings_access(selector, Capability::Read).await?;
        let rows = member::Entity::find()
            .filter(member::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .find_also_related(user::Entity)
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let by_groups =
            roles_by_groups(&self.context.reader(access.workspace_id), access.workspace_id.as_uuid()).await?;
        let mut members = rows
            .iter()
            .filter_map(|(member, user)| Some(info(member, user.as_ref()?, &by_groups, &access)))
            .collect::<Result<Vec<_>, _>>()?;
        members.sort_by(|left, right| (&left.name, left.user).cmp(&(&right.name, right.user)));
        Ok(members)
    }

    /// # Errors
    /// 404 when the caller or `user` is no member.
    pub async fn get(&self, selector: &WorkspaceSelector, user: UserId) -> ServiceResult<MemberInfo> {
        let access = self.context.settings_access(selector, Capability::Read).await?;
        let key = (access.workspace_id.as_uuid(), user.as_uuid());
        let found = member::Entity::find_by_id(key)
            .find_also_related(user::Entity)
            .one(&self.context.reader(access.workspace_id))
            .await?;
        match found {
            Some((member, Some(user))) => self.info(&member, &user, &access).await,
            Some((_, None)) | None => Err(no_member()),
        }
    }

    async fn info(
        &self,
        member: &member::Model,
        user: &user::Model,
        access: &WorkspaceAccess,
    ) -> ServiceResult<MemberInfo> {
        let by_groups =
            roles_by_groups(&self.context.reader(access.workspace_id), access.workspace_id.as_uuid()).await?;
        Ok(info(member, user, &by_groups, access)?)
    }

    /// Makes an existing account a member.
    ///
    /// # Errors
    /// 403 for others than owners and as `Context::require_recent_proof`; 422 when there is no account with this address; 409 when it is a member already.
    pub async fn add(&self, selector: &WorkspaceSelector, add: MemberAdd) -> ServiceResult<MemberInfo> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        self.context.require_recent_proof()?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let found = user::Entity::find()
            .filter(user::Column::Email.eq(add.email.as_str()))
            .one(&transaction)
            .await?;
        let user = found.ok_or_else(|| {
            AppError::invalid("email", "There is no account with this e-mail address.")
                .with_hint("Send an invitation instead.")
        })?;
        let update = MemberUpdate {
            role: add.role,
            roles: Some(add.roles),
            attributes: Some(add.attributes),
        };
        check_rules(&update)?;
        let row = new_member(access.workspace_id, user.id(), &update, self.context.now())?;
        let row = row
            .insert(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, already_member))?;
        let event = about_member(access.workspace_id, AuditAction::MemberAdd, &user).with("role", add.role.as_str());
        self.context.commit(transaction, [event]).await?;
        tracing::info!(workspace.id = %access.workspace_id, user.id = %user.id(), member.role = add.role.as_str(), "member added");
        self.info(&row, &user, &access).await
    }

    /// Changes a member's role and, where given, model roles and attributes.
    ///
    /// # Errors
    /// 403 for others than owners and as `Context::require_recent_proof`; 404 when `user` is no member; 409 when the workspace
    /// would be left without an owner; 422 for more, or longer, model roles and attributes than a member has.
    pub async fn update(
        &self,
        selector: &WorkspaceSelector,
        user: UserId,
        update: MemberUpdate,
    ) -> ServiceResult<MemberInfo> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        self.context.require_recent_proof()?;
        check_rules(&update)?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let (member, user) = locked_member(&transaction, access.workspace_id, user).await?;
        if update.role != WorkspaceRole::Owner {
            keep_an_owner(&transaction, &member).await?;
        }
        let old = member.role()?;
        let mut event = about_member(access.workspace_id, AuditAction::MemberUpdate, &user).changed(
            "role",
            old.as_str(),
            update.role.as_str(),
        );
        let mut row = member.into_active_model();
        row.role = Set(update.role.as_str().to_owned());
        if let Some(roles) = &update.roles {
            event = event.with("model_roles", roles.as_slice());
            row.model_roles = Set(serde_json::to_value(roles)?);
        }
        if let Some(attributes) = &update.attributes {
            // Which there are, not what they say: row rules are made of them.
            event = event.with("attributes", attributes.keys().cloned().collect::<Vec<_>>());
            row.attributes = Set(serde_json::to_value(attributes)?);
        }
        let member = row.update(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        tracing::info!(workspace.id = %access.workspace_id, user.id = %user.id(), member.role = update.role.as_str(), "member changed");
        self.info(&member, &user, &access).await
    }

    /// Takes a member out; everyone may take out themselves. Links they made are paused, for those who stay to decide on.
    ///
    /// # Errors
    /// 403 for others than owners; 404 when `user` is no member; 409 when it is the last owner.
    pub async fn remove(&self, selector: &WorkspaceSelector, user: UserId) -> ServiceResult<()> {
        let own = self.context.user()?.user_id == user;
        let needed = if own { Capability::Read } else { Capability::Manage };
        let access = self.context.settings_access(selector, needed).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let (member, person) = locked_member(&transaction, access.workspace_id, user).await?;
        keep_an_owner(&transaction, &member).await?;
        let paused = pause_links(&transaction, &member).await?;
        let event = about_member(access.workspace_id, AuditAction::MemberRemove, &person)
            .with("role", member.role()?.as_str())
            .with("paused_links", paused);
        // Coming back later does not bring these back.
        object_grant::Entity::delete_many()
            .filter(object_grant::Column::WorkspaceId.eq(member.workspace_id))
            .filter(object_grant::Column::UserId.eq(member.user_id))
            .exec(&transaction)
            .await?;
        member.delete(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        tracing::info!(workspace.id = %access.workspace_id, user.id = %user, "member removed");
        Ok(())
    }
}

fn about_member(workspace: WorkspaceId, action: AuditAction, user: &user::Model) -> Event {
    Event::in_workspace(workspace, action).about(AuditObjectKind::User, user.id(), user.name.as_str())
}

/// Model roles of one member, and attributes.
const MOST_RULES: usize = 100;
/// Bytes of a model role, and of an attribute with its name. They are read with every request of the member.
const LONGEST_RULE: usize = 1_000;

/// Refuses what no model asks for in such numbers.
pub(crate) fn check_rules(update: &MemberUpdate) -> ServiceResult<()> {
    let refuse = |field, of: &str| {
        let words = format!("A member has at most {MOST_RULES} {of} of {LONGEST_RULE} bytes each.");
        Err(AppError::invalid(field, words).into())
    };
    if let Some(roles) = &update.roles
        && (roles.len() > MOST_RULES || roles.iter().any(|role| role.len() > LONGEST_RULE))
    {
        return refuse("roles", "model roles");
    }
    if let Some(attributes) = &update.attributes {
        for (name, value) in attributes {
            if name.len() + serde_json::to_string(value)?.len() > LONGEST_RULE {
                return refuse("attributes", "attributes");
            }
        }
        if attributes.len() > MOST_RULES {
            return refuse("attributes", "attributes");
        }
    }
    Ok(())
}

/// Reads a member under the workspace's lock, so that two owners cannot demote each other at once.
async fn locked_member(
    transaction: &DatabaseTransaction,
    workspace: WorkspaceId,
    user: UserId,
) -> ServiceResult<(member::Model, user::Model)> {
    workspace::Entity::find_by_id(workspace.as_uuid())
        .lock_exclusive()
        .one(transaction)
        .await?;
    let key = (workspace.as_uuid(), user.as_uuid());
    match member::Entity::find_by_id(key)
        .find_also_related(user::Entity)
        .one(transaction)
        .await?
    {
        Some((member, Some(user))) => Ok((member, user)),
        Some((_, None)) | None => Err(no_member()),
    }
}

/// Stops the links that `leaving` made; answers how many that were.
async fn pause_links(transaction: &DatabaseTransaction, leaving: &member::Model) -> ServiceResult<u64> {
    let paused = share::Entity::update_many()
        .col_expr(share::Column::Paused, Expr::value(true))
        .filter(share::Column::WorkspaceId.eq(leaving.workspace_id))
        .filter(share::Column::CreatedBy.eq(leaving.user_id))
        .filter(share::Column::RevokedAt.is_null())
        .filter(share::Column::Paused.eq(false))
        .exec(transaction)
        .await?;
    Ok(paused.rows_affected)
}

/// Refuses when `leaving` is the only owner.
async fn keep_an_owner(transaction: &DatabaseTransaction, leaving: &member::Model) -> ServiceResult<()> {
    if leaving.role()? != WorkspaceRole::Owner {
        return Ok(());
    }
    let other = member::Entity::find()
        .filter(member::Column::WorkspaceId.eq(leaving.workspace_id))
        .filter(member::Column::UserId.ne(leaving.user_id))
        .filter(member::Column::Role.eq(WorkspaceRole::Owner.as_str()))
        .one(transaction)
        .await?;
    match other {
        Some(_) => Ok(()),
        None => Err(AppError::conflict("A workspace needs an owner.")
            .with_hint("Make someone else an owner first.")
            .into()),
    }
}

pub(super) fn new_member(
    workspace: WorkspaceId,
    user: UserId,
    update: &MemberUpdate,
    now: chrono::DateTime<chrono::Utc>,
) -> ServiceResult<member::ActiveModel> {
    Ok(member::ActiveModel {
        workspace_id: Set(workspace.as_uuid()),
        user_id: Set(user.as_uuid()),
        role: Set(update.role.as_str().to_owned()),
        model_roles: Set(serde_json::to_value(update.roles.clone().unwrap_or_default())?),
        attributes: Set(serde_json::to_value(update.attributes.clone().unwrap_or_default())?),
        created_at: Set(now),
    })
}

/// As the caller with this access may see it.
fn info(
    member: &member::Model,
    user: &user::Model,
    by_groups: &BTreeMap<Uuid, WorkspaceRole>,
    access: &WorkspaceAccess,
) -> Result<MemberInfo, EntityError> {
    let email: Email = user.info()?.email;
    let role = member.role()?;
    let sees_rules = access.role.allows(Capability::Manage) || access.user.user_id == user.id();
    Ok(MemberInfo {
        user: user.id(),
        name: user.name.clone(),
        email,
        role,
        effective_role: by_groups
            .get(&user.id)
            .map_or(role, |by_group| role.max(*by_group))
            .min(user.platform_role()?.ceiling()),
        roles: sees_rules.then(|| member.model_roles()).transpose()?,
        attributes: sees_rules.then(|| member.attributes()).transpose()?,
        joined_at: member.created_at,
    })
}

fn no_member() -> ServiceError {
    AppError::not_found("member").into()
}

pub(super) fn already_member() -> AppError {
    AppError::conflict("This person is a member already.").with_field("email")
}
