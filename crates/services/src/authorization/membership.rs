//! What somebody is in a workspace, by themselves and through their groups.

use std::collections::BTreeMap;

use entity::{group_member, group_person, member, workspace};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, QueryTrait as _, prelude::Uuid,
    sea_query::SelectStatement,
};
use serde_json::Value;
use shared::permission::WorkspaceRole;

use crate::ServiceResult;

/// Own membership and that of groups as one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Membership {
    /// The highest of all, not yet cut by the platform role.
    pub role: WorkspaceRole,
    /// Each once.
    pub model_roles: Vec<String>,
    /// Only people have these.
    pub attributes: BTreeMap<String, Value>,
    /// The groups that hold a role here.
    pub groups: Vec<Uuid>,
}

impl Membership {
    /// `None`: no member, neither by themselves nor through a group.
    pub async fn of(
        connection: &impl ConnectionTrait,
        workspace_id: Uuid,
        user_id: Uuid,
    ) -> ServiceResult<Option<Self>> {
        let own = member::Entity::find_by_id((workspace_id, user_id))
            .one(connection)
            .await?;
        let groups = group_member::Entity::find()
            .filter(group_member::Column::WorkspaceId.eq(workspace_id))
            .filter(group_member::Column::GroupId.in_subquery(groups_of(user_id)))
            .all(connection)
            .await?;
        let mut found = match own {
            Some(own) => Some(Self {
                role: own.role()?,
                model_roles: own.model_roles()?,
                attributes: own.attributes()?,
                groups: Vec::new(),
            }),
            None => None,
        };
        for group in groups {
            let role = group.role()?;
            let all = found.get_or_insert_with(|| Self {
                role,
                model_roles: Vec::new(),
                attributes: BTreeMap::new(),
                groups: Vec::new(),
            });
            all.role = all.role.max(role);
            all.groups.push(group.group_id);
            for name in group.model_roles()? {
                if !all.model_roles.contains(&name) {
                    all.model_roles.push(name);
                }
            }
        }
        Ok(found)
    }
}

/// Every workspace that somebody belongs to, with the highest of their roles there, not yet cut by the platform role.
pub(crate) async fn places_of(
    connection: &impl ConnectionTrait,
    user_id: Uuid,
) -> ServiceResult<Vec<(workspace::Model, WorkspaceRole)>> {
    let own = member::Entity::find()
        .filter(member::Column::UserId.eq(user_id))
        .find_also_related(workspace::Entity)
        .all(connection)
        .await?;
    let by_groups = group_member::Entity::find()
        .filter(group_member::Column::GroupId.in_subquery(groups_of(user_id)))
        .find_also_related(workspace::Entity)
        .all(connection)
        .await?;
    let own = own.into_iter().map(|(member, workspace)| (workspace, member.role()));
    let by_groups = by_groups
        .into_iter()
        .map(|(group, workspace)| (workspace, group.role()));
    let mut places: BTreeMap<Uuid, (workspace::Model, WorkspaceRole)> = BTreeMap::new();
    for (workspace, role) in own.chain(by_groups) {
        let (Some(workspace), role) = (workspace, role?) else {
            continue;
        };
        let place = places.entry(workspace.id).or_insert((workspace, role));
        place.1 = place.1.max(role);
    }
    Ok(places.into_values().collect())
}

/// The highest role that people hold in a workspace through groups, by person; who is in none is left out.
pub(crate) async fn roles_by_groups(
    connection: &impl ConnectionTrait,
    workspace_id: Uuid,
) -> ServiceResult<BTreeMap<Uuid, WorkspaceRole>> {
    let held = group_member::Entity::find()
        .filter(group_member::Column::WorkspaceId.eq(workspace_id))
        .all(connection)
        .await?;
    let mut roles = BTreeMap::new();
    if held.is_empty() {
        return Ok(roles);
    }
    let people = group_person::Entity::find()
        .filter(group_person::Column::GroupId.is_in(held.iter().map(|held| held.group_id)))
        .all(connection)
        .await?;
    for person in people {
        if let Some(held) = held.iter().find(|held| held.group_id == person.group_id) {
            let role = held.role()?;
            let highest = roles.entry(person.user_id).or_insert(role);
            *highest = role.max(*highest);
        }
    }
    Ok(roles)
}

fn groups_of(user_id: Uuid) -> SelectStatement {
    group_person::Entity::find()
        .select_only()
        .column(group_person::Column::GroupId)
        .filter(group_person::Column::UserId.eq(user_id))
        .into_query()
}
