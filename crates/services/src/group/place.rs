//! Groups in a workspace.

use std::collections::{BTreeSet, HashMap};

use entity::{group, group_member, group_person, object_grant, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    prelude::Uuid,
};
use shared::{
    AppError,
    account::MemberUpdate,
    audit::{AuditAction, AuditObjectKind},
    group::{GroupMember, GroupMemberUpdate, GroupName, WorkspaceGroups},
    ids::{GroupId, WorkspaceId},
    permission::Capability,
};

use super::{GroupService, service::lock};
use crate::{ServiceResult, WorkspaceAccess, WorkspaceSelector, audit::Event, member::check_rules};

impl GroupService {
    /// # Errors
    /// 404 when the caller is no member.
    pub async fn of_workspace(&self, selector: &WorkspaceSelector) -> ServiceResult<WorkspaceGroups> {
        let access = self.context.settings_access(selector, Capability::Read).await?;
        let items = self.with_roles(&access).await?;
        let others = if access.require(Capability::Manage).is_ok() {
            let held: BTreeSet<GroupId> = items.iter().map(|item| item.group).collect();
            let all = group::Entity::find()
                .order_by_asc(group::Column::NameKey)
                .all(&self.context.reader(access.workspace_id))
                .await?;
            let free = all.iter().filter(|group| !held.contains(&group.id()));
            free.map(|group| {
                Ok(GroupName {
                    group: group.id(),
                    name: group.name()?,
                })
            })
            .collect::<ServiceResult<_>>()?
        } else {
            Vec::new()
        };
        Ok(WorkspaceGroups { items, others })
    }

    /// Gives a group a role in the workspace, or another one.
    ///
    /// # Errors
    /// 403 for others than owners and as `Context::require_recent_proof`; 404 when there is no such group; 422 for more, or
    /// longer, model roles than a member has.
    pub async fn set_role(
        &self,
        selector: &WorkspaceSelector,
        id: GroupId,
        update: GroupMemberUpdate,
    ) -> ServiceResult<GroupMember> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        self.context.require_recent_proof()?;
        check_rules(&MemberUpdate {
            role: update.role,
            roles: update.roles.clone(),
            attributes: None,
        })?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let group = lock(&transaction, id).await?;
        let key = (access.workspace_id.as_uuid(), group.id);
        let mut event =
            about(access.workspace_id, AuditAction::MemberGroupSet, &group).with("role", update.role.as_str());
        if let Some(roles) = &update.roles {
            event = event.with("model_roles", roles.as_slice());
        }
        match group_member::Entity::find_by_id(key).one(&transaction).await? {
            Some(row) => {
                let mut row = row.into_active_model();
                row.role = Set(update.role.as_str().to_owned());
                if let Some(roles) = &update.roles {
                    row.model_roles = Set(serde_json::to_value(roles)?);
                }
                row.update(&transaction).await?;
            }
            None => {
                let row = group_member::ActiveModel {
                    workspace_id: Set(access.workspace_id.as_uuid()),
                    group_id: Set(group.id),
                    role: Set(update.role.as_str().to_owned()),
                    model_roles: Set(serde_json::to_value(update.roles.unwrap_or_default())?),
                    created_at: Set(self.context.now()),
                };
                row.insert(&transaction).await?;
            }
        }
        self.context.commit(transaction, [event]).await?;
        tracing::info!(workspace.id = %access.workspace_id, group.id = %id, member.role = update.role.as_str(), "group given a role");
        let held = self
            .with_roles(&access)
            .await?
            .into_iter()
            .find(|item| item.group == id);
        Ok(held.ok_or_else(|| AppError::not_found("group"))?)
    }

    /// Takes the role from a group, with the rights it holds on single objects here.
    ///
    /// # Errors
    /// 403 for others than owners; 404 when the group has no role here.
    pub async fn take_role(&self, selector: &WorkspaceSelector, id: GroupId) -> ServiceResult<()> {
        let access = self.context.settings_access(selector, Capability::Manage).await?;
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        let group = lock(&transaction, id).await?;
        let workspace = access.workspace_id.as_uuid();
        let gone = group_member::Entity::delete_by_id((workspace, group.id))
            .exec(&transaction)
            .await?;
        if gone.rows_affected == 0 {
            return Err(AppError::not_found("group in this workspace").into());
        }
        object_grant::Entity::delete_many()
            .filter(object_grant::Column::WorkspaceId.eq(workspace))
            .filter(object_grant::Column::GroupId.eq(group.id))
            .exec(&transaction)
            .await?;
        let event = about(access.workspace_id, AuditAction::MemberGroupRemove, &group);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(workspace.id = %access.workspace_id, group.id = %id, "group removed");
        Ok(())
    }

    async fn with_roles(&self, access: &WorkspaceAccess) -> ServiceResult<Vec<GroupMember>> {
        let reader = &self.context.reader(access.workspace_id);
        let held = group_member::Entity::find()
            .filter(group_member::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .find_also_related(group::Entity)
            .all(reader)
            .await?;
        let people = group_person::Entity::find()
            .filter(group_person::Column::GroupId.is_in(held.iter().map(|(held, _)| held.group_id)))
            .find_also_related(user::Entity)
            .all(reader)
            .await?;
        let mut names: HashMap<Uuid, Vec<String>> = HashMap::new();
        for (person, user) in people {
            if let Some(user) = user.filter(|user| user.disabled_at.is_none()) {
                names.entry(person.group_id).or_default().push(user.name);
            }
        }
        let sees_rules = access.require(Capability::Manage).is_ok();
        let mut items = Vec::with_capacity(held.len());
        for (held, group) in held {
            let Some(group) = group else { continue };
            let mut people = names.remove(&group.id).unwrap_or_default();
            people.sort();
            items.push(GroupMember {
                group: group.id(),
                name: group.name()?,
                role: held.role()?,
                people,
                roles: sees_rules.then(|| held.model_roles()).transpose()?,
                since: held.created_at,
            });
        }
        items.sort_by(|left, right| left.name.cmp(&right.name));
        Ok(items)
    }
}

fn about(workspace: WorkspaceId, action: AuditAction, group: &group::Model) -> Event {
    Event::in_workspace(workspace, action).about(AuditObjectKind::Group, group.id, group.name.as_str())
}
