//! Everybody who can see an object, and why.

use std::collections::HashMap;

use entity::{group, group_member, group_person, member, object_grant, user};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, prelude::Uuid};
use shared::{
    access::{AccessReason, NamedGrant, ObjectRole, PersonAccess, Subject},
    ids::WorkspaceId,
    permission::WorkspaceRole,
};

use crate::{Object, ServiceResult, authorization::role_on_object};

/// The people of a workspace, by themselves and by groups, and the rights on one object.
pub(super) struct Audience {
    members: Vec<(member::Model, user::Model)>,
    groups: Vec<GroupHere>,
    grants: Vec<object_grant::Model>,
}

/// A group with a role in the workspace.
struct GroupHere {
    id: Uuid,
    name: String,
    role: WorkspaceRole,
    people: Vec<user::Model>,
}

/// What one person has, and by what.
#[derive(Default)]
struct Reasons {
    role: Option<(WorkspaceRole, AccessReason)>,
    grant: Option<(ObjectRole, AccessReason)>,
}

impl Audience {
    pub async fn load(
        connection: &impl ConnectionTrait,
        workspace_id: WorkspaceId,
        object: Object,
    ) -> ServiceResult<Self> {
        let members = member::Entity::find()
            .filter(member::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .find_also_related(user::Entity)
            .all(connection)
            .await?;
        let here = group_member::Entity::find()
            .filter(group_member::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .find_also_related(group::Entity)
            .all(connection)
            .await?;
        let people = group_person::Entity::find()
            .filter(group_person::Column::GroupId.is_in(here.iter().map(|(group, _)| group.group_id)))
            .find_also_related(user::Entity)
            .all(connection)
            .await?;
        let mut groups = Vec::with_capacity(here.len());
        for (held, group) in here {
            let Some(group) = group else { continue };
            let people = people.iter().filter(|(person, _)| person.group_id == group.id);
            groups.push(GroupHere {
                id: group.id,
                name: group.name,
                role: held.role()?,
                people: people.filter_map(|(_, user)| user.clone()).collect(),
            });
        }
        groups.sort_by(|left, right| left.name.cmp(&right.name));
        let grants = object_grant::Entity::find()
            .filter(object_grant::Column::WorkspaceId.eq(workspace_id.as_uuid()))
            .filter(object.grant_column().eq(object.id()))
            .all(connection)
            .await?;
        let members = members
            .into_iter()
            .filter_map(|(member, user)| Some((member, user?)))
            .collect();
        Ok(Self {
            members,
            groups,
            grants,
        })
    }

    /// The name of whoever can hold a right here; `None`: no member, and no group with a role.
    pub fn name_of(&self, subject: Subject) -> Option<&str> {
        match subject {
            Subject::User(id) => {
                let by_themselves = self.members.iter().map(|(_, user)| user);
                let by_groups = self.groups.iter().flat_map(|group| &group.people);
                by_themselves
                    .chain(by_groups)
                    .find(|user| user.id() == id)
                    .map(|user| user.name.as_str())
            }
            Subject::Group(id) => self
                .groups
                .iter()
                .find(|group| group.id == id.as_uuid())
                .map(|group| group.name.as_str()),
        }
    }

    /// Groups first, each kind by name. Rights of somebody who lost their last role here are left out: they give nothing.
    pub fn grants(&self) -> ServiceResult<Vec<NamedGrant>> {
        let mut grants = Vec::new();
        for grant in &self.grants {
            let to = grant.subject()?;
            if let Some(name) = self.name_of(to) {
                grants.push(NamedGrant {
                    to,
                    name: name.to_owned(),
                    role: grant.role()?,
                });
            }
        }
        grants.sort_by(|left, right| {
            let key = |grant: &NamedGrant| (matches!(grant.to, Subject::User(_)), grant.name.clone(), grant.to);
            key(left).cmp(&key(right))
        });
        Ok(grants)
    }

    pub fn people(&self, restricted: bool) -> ServiceResult<Vec<PersonAccess>> {
        let mut found: HashMap<Uuid, (&user::Model, Reasons)> = HashMap::new();
        for (member, user) in &self.members {
            let (_, reasons) = found.entry(user.id).or_insert((user, Reasons::default()));
            reasons.add_role(member.role()?, || AccessReason::Role);
        }
        for group in &self.groups {
            for user in &group.people {
                let (_, reasons) = found.entry(user.id).or_insert((user, Reasons::default()));
                reasons.add_role(group.role, || AccessReason::RoleOfGroup(group.name.clone()));
            }
        }
        for grant in &self.grants {
            let role = grant.role()?;
            match grant.subject()? {
                Subject::User(id) => {
                    if let Some((_, reasons)) = found.get_mut(&id.as_uuid()) {
                        reasons.add_grant(role, || AccessReason::Grant);
                    }
                }
                Subject::Group(id) => {
                    let group = self.groups.iter().find(|group| group.id == id.as_uuid());
                    for (group, user) in group
                        .iter()
                        .flat_map(|group| group.people.iter().map(move |user| (group, user)))
                    {
                        if let Some((_, reasons)) = found.get_mut(&user.id) {
                            reasons.add_grant(role, || AccessReason::GrantOfGroup(group.name.clone()));
                        }
                    }
                }
            }
        }
        let mut people = Vec::new();
        for (user, reasons) in found.into_values() {
            if user.disabled_at.is_none()
                && let Some((role, by)) = reasons.strongest(restricted)
            {
                people.push(PersonAccess {
                    user: user.id(),
                    name: user.name.clone(),
                    role: role.min(user.platform_role()?.ceiling()),
                    by,
                });
            }
        }
        people.sort_by(|left, right| (&left.name, left.user).cmp(&(&right.name, right.user)));
        Ok(people)
    }
}

impl Reasons {
    fn add_role(&mut self, role: WorkspaceRole, by: impl FnOnce() -> AccessReason) {
        if self.role.as_ref().is_none_or(|(known, _)| *known < role) {
            self.role = Some((role, by()));
        }
    }

    fn add_grant(&mut self, role: ObjectRole, by: impl FnOnce() -> AccessReason) {
        if self.grant.as_ref().is_none_or(|(known, _)| *known < role) {
            self.grant = Some((role, by()));
        }
    }

    /// The role by the one rule, and which of the two it came from.
    fn strongest(self, restricted: bool) -> Option<(WorkspaceRole, AccessReason)> {
        let (own, by_role) = self.role?;
        let granted = self.grant.as_ref().map(|(role, _)| *role);
        let role = role_on_object(own, restricted, granted)?;
        let by = match self.grant {
            Some((granted, by))
                if own != WorkspaceRole::Owner && (restricted || WorkspaceRole::from(granted) > own) =>
            {
                by
            }
            Some(_) | None => by_role,
        };
        Some((role, by))
    }
}
