//! The rule that decides on one dashboard or dataset: the role in the workspace, and rights given on the object alone.

use std::collections::BTreeSet;

use entity::{dashboard, dataset, object_grant};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait as _, Select, prelude::Uuid,
    sea_query::SelectStatement,
};
use shared::{
    AppError,
    access::ObjectRole,
    audit::{AuditObject, AuditObjectKind},
    ids::{DashboardId, DatasetId, WorkspaceId},
    permission::{Capability, WorkspaceRole},
    semantic::Model,
};

use super::{WorkspaceAccess, WorkspaceSelector};
use crate::{Context, ServiceError, ServiceResult, audit::Chain};

/// What rights are given on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Object {
    Dashboard(DashboardId),
    Dataset(DatasetId),
}

impl From<DashboardId> for Object {
    fn from(id: DashboardId) -> Self {
        Self::Dashboard(id)
    }
}

impl From<DatasetId> for Object {
    fn from(id: DatasetId) -> Self {
        Self::Dataset(id)
    }
}

/// What the rule reads of an object.
pub(crate) struct ObjectFacts {
    pub title: String,
    pub restricted: bool,
}

impl Object {
    pub(crate) const fn id(self) -> Uuid {
        match self {
            Self::Dashboard(id) => id.as_uuid(),
            Self::Dataset(id) => id.as_uuid(),
        }
    }

    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Dashboard(_) => "dashboard",
            Self::Dataset(_) => "dataset",
        }
    }

    pub(crate) const fn audit_kind(self) -> AuditObjectKind {
        match self {
            Self::Dashboard(_) => AuditObjectKind::Dashboard,
            Self::Dataset(_) => AuditObjectKind::Dataset,
        }
    }

    pub(crate) const fn grant_column(self) -> object_grant::Column {
        match self {
            Self::Dashboard(_) => object_grant::Column::DashboardId,
            Self::Dataset(_) => object_grant::Column::DatasetId,
        }
    }

    /// Also of a dashboard in the bin. `None`: not in this workspace.
    async fn facts(self, context: &Context, workspace_id: WorkspaceId) -> ServiceResult<Option<ObjectFacts>> {
        let found: Option<(String, bool)> = match self {
            Self::Dashboard(id) => {
                dashboard::Entity::find_by_id(id.as_uuid())
                    .select_only()
                    .columns([dashboard::Column::Title, dashboard::Column::Restricted])
                    .filter(dashboard::Column::WorkspaceId.eq(workspace_id.as_uuid()))
                    .into_tuple()
                    .one(&context.reader(workspace_id))
                    .await?
            }
            Self::Dataset(id) => {
                dataset::Entity::find_by_id(id.as_uuid())
                    .select_only()
                    .columns([dataset::Column::Label, dataset::Column::Restricted])
                    .filter(dataset::Column::WorkspaceId.eq(workspace_id.as_uuid()))
                    .into_tuple()
                    .one(&context.reader(workspace_id))
                    .await?
            }
        };
        Ok(found.map(|(title, restricted)| ObjectFacts { title, restricted }))
    }
}

/// The role on one object of somebody with `role` in the workspace; `None`: they do not see it.
pub(crate) fn role_on_object(
    role: WorkspaceRole,
    restricted: bool,
    granted: Option<ObjectRole>,
) -> Option<WorkspaceRole> {
    let granted = granted.map(WorkspaceRole::from);
    match role {
        WorkspaceRole::Owner => Some(role),
        WorkspaceRole::Viewer | WorkspaceRole::Editor if restricted => granted,
        WorkspaceRole::Viewer | WorkspaceRole::Editor => granted.max(Some(role)),
    }
}

impl Context {
    /// As `workspace_access`, with the caller's role on `object` in place of that in the workspace.
    ///
    /// # Errors
    /// As `workspace_access`; 404 when the object is not in this workspace; 403 when it is given to others only.
    pub(crate) async fn object_access(
        &self,
        selector: &WorkspaceSelector,
        object: impl Into<Object> + Send,
        capability: Capability,
    ) -> ServiceResult<WorkspaceAccess> {
        let object = object.into();
        let access = self.workspace_access(selector, Capability::Read).await?;
        let facts = object
            .facts(self, access.workspace_id)
            .await?
            .ok_or_else(|| AppError::not_found(object.noun()))?;
        let granted = self.granted(&access, object).await?;
        let refuse = |refusal: AppError| {
            let about = AuditObject {
                kind: object.audit_kind(),
                id: object.id().to_string(),
                title: facts.title.clone(),
            };
            self.note_refusal(Chain::Workspace(access.workspace_id), Some(about), &refusal);
            ServiceError::from(refusal)
        };
        let ceiling = access.user.platform_role.ceiling();
        match role_on_object(access.role, facts.restricted, granted) {
            Some(role) => {
                let access = WorkspaceAccess {
                    role: role.min(ceiling),
                    ..access.clone()
                };
                access.require(capability).map_err(refuse)?;
                Ok(access)
            }
            None => Err(refuse(not_given(object.noun()))),
        }
    }

    /// The highest right on `object` that the caller, or one of their groups, holds.
    async fn granted(&self, access: &WorkspaceAccess, object: Object) -> ServiceResult<Option<ObjectRole>> {
        if access.role == WorkspaceRole::Owner {
            return Ok(None);
        }
        let grants = access
            .own_grants()
            .filter(object.grant_column().eq(object.id()))
            .all(&self.reader(access.workspace_id))
            .await?;
        let roles = grants.iter().map(object_grant::Model::role);
        Ok(roles.collect::<Result<Vec<_>, _>>()?.into_iter().max())
    }

    /// Lets those in who see every dataset that the model reads.
    ///
    /// # Errors
    /// 403 when one of them is given to others only.
    pub(crate) async fn require_sources(&self, access: &WorkspaceAccess, model: &Model) -> ServiceResult<()> {
        let hidden = self.hidden_datasets(access).await?;
        if model_reads(model, &hidden) {
            let refusal = not_given("data behind this");
            let about = AuditObject {
                kind: AuditObjectKind::Model,
                id: model.model.to_string(),
                title: model.model.to_string(),
            };
            self.note_refusal(Chain::Workspace(access.workspace_id), Some(about), &refusal);
            return Err(refusal.into());
        }
        Ok(())
    }

    /// Machine names of the datasets here that the caller does not see.
    pub(crate) async fn hidden_datasets(&self, access: &WorkspaceAccess) -> ServiceResult<BTreeSet<String>> {
        if access.role == WorkspaceRole::Owner {
            return Ok(BTreeSet::new());
        }
        let names: Vec<String> = dataset::Entity::find()
            .select_only()
            .column(dataset::Column::Name)
            .filter(dataset::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dataset::Column::Restricted.eq(true))
            .filter(dataset::Column::Id.not_in_subquery(access.granted_ids(object_grant::Column::DatasetId, None)))
            .into_tuple()
            .all(&self.reader(access.workspace_id))
            .await?;
        Ok(names.into_iter().collect())
    }

    /// For bringing files: editors, and whoever may change at least one dataset.
    ///
    /// # Errors
    /// As `workspace_access`.
    pub(crate) async fn upload_access(&self, selector: &WorkspaceSelector) -> ServiceResult<WorkspaceAccess> {
        let access = self.workspace_access(selector, Capability::Read).await?;
        if access.role >= WorkspaceRole::Editor {
            access.require(Capability::Edit)?;
            return Ok(access);
        }
        let editor = access
            .own_grants()
            .filter(object_grant::Column::DatasetId.is_not_null())
            .filter(object_grant::Column::Role.eq(ObjectRole::Editor.as_str()))
            .one(&self.reader(access.workspace_id))
            .await?;
        if editor.is_none() {
            // Says what is missing, and notes the refusal.
            return self.workspace_access(selector, Capability::Edit).await;
        }
        let access = WorkspaceAccess {
            role: WorkspaceRole::Editor.min(access.user.platform_role.ceiling()),
            ..access
        };
        access.require(Capability::Edit)?;
        Ok(access)
    }
}

/// Whether a table of the model reads one of `datasets`, named as models name them.
fn model_reads(model: &Model, datasets: &BTreeSet<String>) -> bool {
    let mut read = model.tables.iter().filter_map(|table| table.source.dataset());
    read.any(|name| datasets.contains(name))
}

fn not_given(what: &str) -> AppError {
    AppError::forbidden(format!("This {what} is given to chosen people only."))
        .with_hint("Ask an owner of the workspace, or whoever sent you here, to let you see it.")
}

impl WorkspaceAccess {
    /// Rights that the caller holds in this workspace, by themselves or through a group.
    fn own_grants(&self) -> Select<object_grant::Entity> {
        let holder = Condition::any()
            .add(object_grant::Column::UserId.eq(self.user.user_id.as_uuid()))
            .add(object_grant::Column::GroupId.is_in(self.groups.iter().copied()));
        object_grant::Entity::find()
            .filter(object_grant::Column::WorkspaceId.eq(self.workspace_id.as_uuid()))
            .filter(holder)
    }

    /// Ids in `column` of what the caller holds a right on: at least `role`, or any.
    pub(crate) fn granted_ids(&self, column: object_grant::Column, role: Option<ObjectRole>) -> SelectStatement {
        let mut grants = self
            .own_grants()
            .select_only()
            .column(column)
            .filter(column.is_not_null());
        if let Some(ObjectRole::Editor) = role {
            grants = grants.filter(object_grant::Column::Role.eq(ObjectRole::Editor.as_str()));
        }
        grants.into_query()
    }
}

#[cfg(test)]
mod tests {
    use shared::{
        access::ObjectRole::{Editor, Viewer},
        permission::WorkspaceRole as Role,
    };

    use super::role_on_object;

    #[test]
    fn rights_add_to_the_role_and_stand_alone_where_restricted() {
        let open = |role, granted| role_on_object(role, false, granted);
        assert_eq!(open(Role::Viewer, None), Some(Role::Viewer));
        assert_eq!(open(Role::Viewer, Some(Editor)), Some(Role::Editor));
        assert_eq!(open(Role::Editor, Some(Viewer)), Some(Role::Editor));
        let restricted = |role, granted| role_on_object(role, true, granted);
        assert_eq!(restricted(Role::Viewer, None), None);
        assert_eq!(restricted(Role::Editor, None), None);
        assert_eq!(restricted(Role::Editor, Some(Viewer)), Some(Role::Viewer));
        assert_eq!(restricted(Role::Viewer, Some(Editor)), Some(Role::Editor));
        assert_eq!(restricted(Role::Owner, Some(Viewer)), Some(Role::Owner));
    }
}
