use std::collections::BTreeSet;

use entity::{dashboard, dataset, embed, group, object_grant, share};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryFilter, QueryOrder, QuerySelect,
};
use shared::{
    AppError, ErrorCode,
    access::{AccessUpdate, Grant, ObjectAccess, ObjectRole, Subject},
    audit::AuditAction,
    ids::{RequestId, WorkspaceId},
    permission::{Capability, Principal, WorkspaceRole},
};

use super::{audience::Audience, give};
use crate::{
    Context, Object, ServiceResult, Services, WorkspaceAccess, WorkspaceSelector, audit::Event,
    dashboard::find_dashboard, dataset::find_dataset,
};

/// Rights on one object.
const MOST_GRANTS: usize = 200;

/// Who can see one dashboard or dataset, and change it.
#[derive(Clone, Debug)]
pub struct AccessService {
    context: Context,
}

/// The object as it is before a change.
struct Before {
    title: String,
    restricted: bool,
}

impl AccessService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// # Errors
    /// 404 when the object is not here, or for readers not published; 403 when it is given to others only.
    pub async fn get(
        &self,
        selector: &WorkspaceSelector,
        object: impl Into<Object> + Send,
    ) -> ServiceResult<ObjectAccess> {
        let object = object.into();
        let access = self.context.object_access(selector, object, Capability::Read).await?;
        let restricted = match object {
            Object::Dashboard(id) => {
                let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
                if row.published_number.is_none() {
                    access
                        .require(Capability::Edit)
                        .map_err(|_| AppError::not_found("dashboard"))?;
                }
                row.restricted
            }
            Object::Dataset(id) => {
                find_dataset(&self.context.reader(access.workspace_id), access.workspace_id, id)
                    .await?
                    .restricted
            }
        };
        self.describe(&access, object, restricted).await
    }

    /// Whether the caller may do this with the object, before it is known what.
    ///
    /// # Errors
    /// As `get`; 403 when the role on the object, or the token, does not allow it.
    pub async fn admit(
        &self,
        selector: &WorkspaceSelector,
        object: Object,
        capability: Capability,
    ) -> ServiceResult<()> {
        self.context
            .object_access(selector, object, capability)
            .await
            .map(|_| ())
    }

    /// Sets who can see an object, and change it, as a whole. An editor who restricts it keeps their own right to edit.
    ///
    /// # Errors
    /// As `get`; 403 for viewers, and for editors where only owners may share; 404 for somebody who is no member; 422 for
    /// somebody named twice, or more than 200 rights.
    pub async fn set(
        &self,
        selector: &WorkspaceSelector,
        object: impl Into<Object> + Send,
        update: AccessUpdate,
    ) -> ServiceResult<ObjectAccess> {
        let object = object.into();
        let access = self.context.object_access(selector, object, Capability::Share).await?;
        let AccessUpdate { restricted, mut grants } = update;
        let caller = Subject::User(access.user.user_id);
        if restricted && access.role != WorkspaceRole::Owner && !grants.iter().any(|grant| grant.to == caller) {
            grants.push(Grant {
                to: caller,
                role: ObjectRole::Editor,
            });
        }
        let transaction = self.context.write_transaction(access.workspace_id).await?;
        lock_groups(&transaction, &grants).await?;
        let before = set_restricted(&transaction, access.workspace_id, object, restricted).await?;
        let audience = Audience::load(&transaction, access.workspace_id, object).await?;
        let names = checked(&audience, &grants)?;
        object_grant::Entity::delete_many()
            .filter(object_grant::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(object.grant_column().eq(object.id()))
            .exec(&transaction)
            .await?;
        give(&transaction, access.workspace_id, object, &grants, &self.context).await?;
        let event = Event::in_workspace(access.workspace_id, AuditAction::AccessUpdate)
            .about(object.audit_kind(), object.id(), before.title)
            .changed("restricted", before.restricted, restricted)
            .with("rights", names);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(workspace.id = %access.workspace_id, object.kind = object.noun(), object.id = %object.id(), restricted, grants = grants.len(), "rights changed");
        self.describe(&access, object, restricted).await
    }

    async fn describe(
        &self,
        access: &WorkspaceAccess,
        object: Object,
        restricted: bool,
    ) -> ServiceResult<ObjectAccess> {
        let audience = Audience::load(&self.context.reader(access.workspace_id), access.workspace_id, object).await?;
        let (links, frames) = match object {
            Object::Dashboard(id) => {
                let links = share::Entity::find()
                    .filter(share::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
                    .filter(share::Column::DashboardId.eq(id.as_uuid()))
                    .filter(share::Column::RevokedAt.is_null())
                    .filter(share::Column::Paused.eq(false))
                    .filter(share::Column::ExpiresAt.gt(self.context.now()));
                let frames = embed::Entity::find()
                    .filter(embed::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
                    .filter(embed::Column::DashboardId.eq(id.as_uuid()));
                let reader = &self.context.reader(access.workspace_id);
                (links.count(reader).await?, frames.count(reader).await?)
            }
            Object::Dataset(_) => (0, 0),
        };
        Ok(ObjectAccess {
            restricted,
            grants: audience.grants()?,
            people: audience.people(restricted)?,
            links,
            frames,
            may_change: access.require(Capability::Share).is_ok(),
        })
    }
}

/// Keeps the groups that are named from being deleted, or from losing their role here, until the transaction ends.
async fn lock_groups(transaction: &DatabaseTransaction, grants: &[Grant]) -> ServiceResult<()> {
    let named = grants.iter().filter_map(|grant| match grant.to {
        Subject::Group(id) => Some(id.as_uuid()),
        Subject::User(_) => None,
    });
    group::Entity::find()
        .filter(group::Column::Id.is_in(named))
        .order_by_asc(group::Column::Id)
        .lock_shared()
        .all(transaction)
        .await?;
    Ok(())
}

/// Changes the row under its lock and gives what it was.
async fn set_restricted(
    transaction: &DatabaseTransaction,
    workspace_id: WorkspaceId,
    object: Object,
    restricted: bool,
) -> ServiceResult<Before> {
    match object {
        Object::Dashboard(id) => {
            let row = dashboard::Entity::find_by_id(id.as_uuid())
                .filter(dashboard::Column::WorkspaceId.eq(workspace_id.as_uuid()))
                .filter(dashboard::Column::DeletedAt.is_null())
                .lock_exclusive()
                .one(transaction)
                .await?
                .ok_or_else(|| AppError::not_found("dashboard"))?;
            let before = Before {
                title: row.title.clone(),
                restricted: row.restricted,
            };
            let mut row = row.into_active_model();
            row.restricted = Set(restricted);
            row.update(transaction).await?;
            Ok(before)
        }
        Object::Dataset(id) => {
            let row = dataset::Entity::find_by_id(id.as_uuid())
                .filter(dataset::Column::WorkspaceId.eq(workspace_id.as_uuid()))
                .lock_exclusive()
                .one(transaction)
                .await?
                .ok_or_else(|| AppError::not_found("dataset"))?;
            let before = Before {
                title: row.label.clone(),
                restricted: row.restricted,
            };
            let mut row = row.into_active_model();
            row.restricted = Set(restricted);
            row.update(transaction).await?;
            Ok(before)
        }
    }
}

/// The rights in words, for the audit log.
fn checked(audience: &Audience, grants: &[Grant]) -> Result<Vec<String>, AppError> {
    if grants.len() > MOST_GRANTS {
        let message = format!("An object has at most {MOST_GRANTS} rights.");
        return Err(AppError::new(ErrorCode::Limit, message)
            .with_field("grants")
            .with_hint("Put people into a group and give the right to the group."));
    }
    let mut named = BTreeSet::new();
    let mut words = Vec::with_capacity(grants.len());
    for grant in grants {
        let Some(name) = audience.name_of(grant.to) else {
            let noun = match grant.to {
                Subject::User(_) => "member",
                Subject::Group(_) => "group in this workspace",
            };
            let hint = "Rights are given to members of the workspace, and to groups with a role in it.";
            return Err(AppError::not_found(noun).with_field("grants").with_hint(hint));
        };
        if !named.insert(grant.to) {
            return Err(AppError::invalid("grants", format!("{name} is named twice.")));
        }
        let kind = match grant.to {
            Subject::User(_) => "",
            Subject::Group(_) => "group ",
        };
        words.push(format!("{kind}{name}: {}", grant.role.as_str()));
    }
    Ok(words)
}
