use std::collections::HashMap;

use entity::{group, group_member, group_person, user, workspace};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait,
    IntoActiveModel, ModelTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid,
    sea_query::OnConflict,
};
use shared::{
    AppError, ErrorCode,
    account::Page,
    audit::{AuditAction, AuditObjectKind},
    group::{GroupDetail, GroupInfo, GroupPerson, GroupPlace},
    ids::{GroupId, RequestId, UserId},
    names::Title,
    permission::Principal,
};

use crate::{Context, PageRequest, ServiceError, ServiceResult, Services, audit::Event, people::locked};

/// Groups of an instance: each request of a member reads which of them they are in.
const MOST_GROUPS: u64 = 5_000;

/// The groups of the instance, for platform admins; the roles they hold in a workspace, for its owners.
#[derive(Clone, Debug)]
pub struct GroupService {
    pub(super) context: Context,
}

impl GroupService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Sorted by name.
    ///
    /// # Errors
    /// 401 and 403 as `Context::admin`.
    pub async fn list(&self, page: &PageRequest) -> ServiceResult<Page<GroupInfo>> {
        self.context.admin()?;
        let mut rows = group::Entity::find()
            .order_by_asc(group::Column::NameKey)
            .limit(page.limit() + 1);
        if let Some(last) = &page.cursor {
            rows = rows.filter(group::Column::NameKey.gt(last.as_str()));
        }
        let reader = self.context.instance_reader();
        let rows = page.page(rows.all(reader).await?, |row| row.name_key.clone());
        let ids: Vec<Uuid> = rows.items.iter().map(|row| row.id).collect();
        let people: Vec<(Uuid, i64)> = group_person::Entity::find()
            .select_only()
            .column(group_person::Column::GroupId)
            .column_as(group_person::Column::UserId.count(), "people")
            .filter(group_person::Column::GroupId.is_in(ids.iter().copied()))
            .group_by(group_person::Column::GroupId)
            .into_tuple()
            .all(reader)
            .await?;
        let places: Vec<(Uuid, i64)> = group_member::Entity::find()
            .select_only()
            .column(group_member::Column::GroupId)
            .column_as(group_member::Column::WorkspaceId.count(), "workspaces")
            .filter(group_member::Column::GroupId.is_in(ids))
            .group_by(group_member::Column::GroupId)
            .into_tuple()
            .all(reader)
            .await?;
        let (people, places): (HashMap<_, _>, HashMap<_, _>) =
            (people.into_iter().collect(), places.into_iter().collect());
        let count = |of: &HashMap<Uuid, i64>, id| of.get(id).and_then(|n| u64::try_from(*n).ok()).unwrap_or_default();
        let items = rows.items.iter().map(|row| {
            Ok(GroupInfo {
                id: row.id(),
                name: row.name()?,
                people: count(&people, &row.id),
                workspaces: count(&places, &row.id),
                created_at: row.created_at,
            })
        });
        Ok(Page {
            items: items.collect::<ServiceResult<_>>()?,
            next: rows.next,
        })
    }

    /// # Errors
    /// 403 as `list`; 404.
    pub async fn get(&self, id: GroupId) -> ServiceResult<GroupDetail> {
        self.context.admin()?;
        let reader = self.context.instance_reader();
        let row = find(reader, id).await?;
        let people = group_person::Entity::find()
            .filter(group_person::Column::GroupId.eq(row.id))
            .find_also_related(user::Entity)
            .all(reader)
            .await?;
        let places = group_member::Entity::find()
            .filter(group_member::Column::GroupId.eq(row.id))
            .find_also_related(workspace::Entity)
            .all(reader)
            .await?;
        let mut people = people
            .into_iter()
            .filter_map(|(person, user)| Some((person, user?)))
            .map(|(person, user)| {
                Ok(GroupPerson {
                    user: user.id(),
                    email: user.info()?.email,
                    name: user.name,
                    added_at: person.added_at,
                })
            })
            .collect::<ServiceResult<Vec<_>>>()?;
        people.sort_by(|left, right| (&left.name, left.user).cmp(&(&right.name, right.user)));
        let mut workspaces = places
            .into_iter()
            .filter_map(|(held, workspace)| Some((held, workspace?)))
            .map(|(held, workspace)| {
                Ok(GroupPlace {
                    workspace: workspace.id(),
                    title: workspace.title()?,
                    role: held.role()?,
                })
            })
            .collect::<ServiceResult<Vec<_>>>()?;
        workspaces.sort_by(|left, right| (&left.title, left.workspace).cmp(&(&right.title, right.workspace)));
        Ok(GroupDetail {
            id: row.id(),
            name: row.name()?,
            people,
            workspaces,
            created_at: row.created_at,
        })
    }

    /// Makes an empty group.
    ///
    /// # Errors
    /// 403 as `list` and `Context::require_recent_proof`; 409 when the name is taken, in either case of letters; 422 `limit`
    /// beyond 5,000 groups.
    pub async fn create(&self, name: Title) -> ServiceResult<GroupDetail> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        if group::Entity::find().count(&transaction).await? >= MOST_GROUPS {
            let message = format!("There are at most {MOST_GROUPS} groups.");
            return Err(AppError::new(ErrorCode::Limit, message).into());
        }
        let row = group::ActiveModel {
            id: Set(self.context.new_id::<GroupId>().as_uuid()),
            name_key: Set(key_of(&name)),
            name: Set(name.into()),
            created_at: Set(self.context.now()),
        };
        let row = row
            .insert(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, name_taken))?;
        let event = about(AuditAction::GroupCreate, &row);
        self.context.commit(transaction, [event]).await?;
        self.get(row.id()).await
    }

    /// # Errors
    /// As `create`; 404.
    pub async fn rename(&self, id: GroupId, name: Title) -> ServiceResult<GroupDetail> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        let row = lock(&transaction, id).await?;
        let event = about(AuditAction::GroupRename, &row).changed("title", row.name.as_str(), name.as_str());
        let mut row = row.into_active_model();
        row.name_key = Set(key_of(&name));
        row.name = Set(name.into());
        row.update(&transaction)
            .await
            .map_err(|error| ServiceError::taken(error, name_taken))?;
        self.context.commit(transaction, [event]).await?;
        self.get(id).await
    }

    /// Deletes a group; its people lose what they had through it.
    ///
    /// # Errors
    /// 403 as `create`; 404.
    pub async fn delete(&self, id: GroupId) -> ServiceResult<()> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        let row = lock(&transaction, id).await?;
        let event = about(AuditAction::GroupDelete, &row);
        row.delete(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        tracing::info!(group.id = %id, "group deleted");
        Ok(())
    }

    /// Adds somebody; twice is the same as once.
    ///
    /// # Errors
    /// 403 as `create`; 404 when group or person is not there.
    pub async fn add_person(&self, id: GroupId, user: UserId) -> ServiceResult<GroupDetail> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        let row = lock(&transaction, id).await?;
        let person = locked(&transaction, user).await?;
        let joined = group_person::ActiveModel {
            group_id: Set(row.id),
            user_id: Set(person.id),
            added_at: Set(self.context.now()),
        };
        let again = OnConflict::columns([group_person::Column::GroupId, group_person::Column::UserId])
            .do_nothing()
            .to_owned();
        let added = group_person::Entity::insert(joined)
            .on_conflict(again)
            .exec_without_returning(&transaction)
            .await?;
        if added > 0 {
            let event = about(AuditAction::GroupPersonAdd, &row).with("person", person.name.as_str());
            self.context
                .commit(transaction, [event.with("person_id", user.to_string())])
                .await?;
            tracing::info!(group.id = %id, user.id = %user, "person added to a group");
        }
        self.get(id).await
    }

    /// # Errors
    /// 403 as `create`; 404 when there is no such group, or the person is not in it.
    pub async fn remove_person(&self, id: GroupId, user: UserId) -> ServiceResult<()> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        let row = lock(&transaction, id).await?;
        let person = locked(&transaction, user).await?;
        let gone = group_person::Entity::delete_by_id((row.id, person.id))
            .exec(&transaction)
            .await?;
        if gone.rows_affected == 0 {
            return Err(AppError::not_found("person in this group").into());
        }
        let event = about(AuditAction::GroupPersonRemove, &row).with("person", person.name.as_str());
        self.context
            .commit(transaction, [event.with("person_id", user.to_string())])
            .await?;
        tracing::info!(group.id = %id, user.id = %user, "person taken out of a group");
        Ok(())
    }
}

async fn find(connection: &impl ConnectionTrait, id: GroupId) -> ServiceResult<group::Model> {
    let found = group::Entity::find_by_id(id.as_uuid()).one(connection).await?;
    Ok(found.ok_or_else(|| AppError::not_found("group"))?)
}

/// The row until the transaction ends, so that nothing is added to a group that is deleted at the same moment.
pub(super) async fn lock(transaction: &DatabaseTransaction, id: GroupId) -> ServiceResult<group::Model> {
    let found = group::Entity::find_by_id(id.as_uuid())
        .lock_exclusive()
        .one(transaction)
        .await?;
    Ok(found.ok_or_else(|| AppError::not_found("group"))?)
}

fn about(action: AuditAction, row: &group::Model) -> Event {
    Event::of_instance(action).about(AuditObjectKind::Group, row.id, row.name.as_str())
}

fn key_of(name: &Title) -> String {
    name.as_str().to_lowercase()
}

fn name_taken() -> AppError {
    AppError::conflict("There is a group of this name already.").with_field("name")
}
