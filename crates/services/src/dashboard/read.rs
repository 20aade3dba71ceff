//! Looking at dashboards: lists, the draft, the actions since a revision.

use std::collections::HashSet;

use entity::{dashboard, dashboard_action, object_grant};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, prelude::Uuid,
};
use shared::{
    AppError,
    access::ObjectRole,
    account::Page,
    dashboard::{Dashboard, DashboardDetail, DashboardSummary, RecordedAction},
    ids::{DashboardId, FolderId, WorkspaceId},
    permission::{Capability, WorkspaceRole},
};

use super::{
    DashboardService,
    publish::{published_documents, published_state},
};
use crate::{PageRequest, ServiceResult, WorkspaceAccess, WorkspaceSelector, authorization::role_on_object, convert};

/// Which dashboards a list holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DashboardFilter {
    /// All that are not in the bin.
    #[default]
    All,
    /// Of one folder; `None`: those in no folder.
    Folder(Option<FolderId>),
    /// Deleted, but still to be restored.
    Bin,
}

/// Actions in one answer; a client that is further behind asks again.
const MAX_ACTIONS: u64 = 1_000;

impl DashboardService {
    /// The newest first, without documents. Readers see published ones only, as they were published, and nothing in the bin.
    ///
    /// # Errors
    /// 400 for a cursor no list gave.
    pub async fn list(
        &self,
        workspace: &WorkspaceSelector,
        filter: DashboardFilter,
        page: &PageRequest,
    ) -> ServiceResult<Page<DashboardSummary>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let mut rows = dashboard::Entity::find()
            .filter(dashboard::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(visible(&access))
            .order_by_desc(dashboard::Column::Id)
            .limit(page.limit().saturating_add(1));
        rows = match filter {
            DashboardFilter::All => rows.filter(dashboard::Column::DeletedAt.is_null()),
            DashboardFilter::Bin => rows.filter(dashboard::Column::DeletedAt.is_not_null()),
            DashboardFilter::Folder(None) => rows
                .filter(dashboard::Column::DeletedAt.is_null())
                .filter(dashboard::Column::FolderId.is_null()),
            DashboardFilter::Folder(Some(folder)) => rows
                .filter(dashboard::Column::DeletedAt.is_null())
                .filter(dashboard::Column::FolderId.eq(folder.as_uuid())),
        };
        if let Some(after) = page.after_id()? {
            rows = rows.filter(dashboard::Column::Id.lt(after));
        }
        let rows: Vec<dashboard::Facts> = rows
            .into_partial_model()
            .all(&self.context.reader(access.workspace_id))
            .await?;
        let rows = page.page(rows, |row| DashboardId::from(row.id).to_string());
        let items = rows
            .items
            .iter()
            .map(dashboard::Facts::summary)
            .collect::<Result<Vec<_>, _>>()?;
        let editable = self.editable(&access, &items).await?;
        let read_only: Vec<_> = items
            .iter()
            .filter(|one| !editable.contains(&one.id))
            .cloned()
            .collect();
        let published = published_documents(&self.context, access.workspace_id, &read_only).await?;
        let items = items.into_iter().filter_map(|draft| {
            if editable.contains(&draft.id) {
                return Some(draft);
            }
            // One that was taken away in between is left out.
            let revision = draft.published_revision?;
            let document = published.get(&(draft.id, revision))?;
            Some(as_published(draft, revision, document))
        });
        Ok(Page {
            items: items.collect(),
            next: rows.next,
        })
    }

    /// The draft, for those who may change it; for readers the published state.
    ///
    /// # Errors
    /// 404, also in the bin, and for readers when it is not published.
    pub async fn get(&self, workspace: &WorkspaceSelector, id: DashboardId) -> ServiceResult<DashboardDetail> {
        let access = self.context.object_access(workspace, id, Capability::Read).await?;
        let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let draft = row.detail()?;
        if access.require(Capability::Edit).is_ok() {
            return Ok(draft);
        }
        let published = published_state(&self.context, access.workspace_id, &row).await?;
        let published = published.ok_or_else(|| AppError::not_found("dashboard"))?;
        Ok(DashboardDetail {
            summary: as_published(draft.summary, published.revision, &published.document),
            document: (*published.document).clone(),
        })
    }

    /// The actions after `since`, in order; at most 1,000.
    ///
    /// # Errors
    /// 404; 403 for readers.
    pub async fn actions(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        since: u64,
    ) -> ServiceResult<Vec<RecordedAction>> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        actions_after(
            &self.context.reader(access.workspace_id),
            access.workspace_id,
            id,
            since,
            MAX_ACTIONS,
        )
        .await
    }

    /// Which of these the caller may change, and so sees as drafts.
    async fn editable(
        &self,
        access: &WorkspaceAccess,
        dashboards: &[DashboardSummary],
    ) -> ServiceResult<HashSet<DashboardId>> {
        if !access.scopes_allow(Capability::Edit) {
            return Ok(HashSet::new());
        }
        let given: Vec<Uuid> = match access.role {
            WorkspaceRole::Owner => Vec::new(),
            WorkspaceRole::Viewer | WorkspaceRole::Editor => {
                let given = access.granted_ids(object_grant::Column::DashboardId, Some(ObjectRole::Editor));
                dashboard::Entity::find()
                    .select_only()
                    .column(dashboard::Column::Id)
                    .filter(dashboard::Column::Id.is_in(dashboards.iter().map(|one| one.id.as_uuid())))
                    .filter(dashboard::Column::Id.in_subquery(given))
                    .into_tuple()
                    .all(&self.context.reader(access.workspace_id))
                    .await?
            }
        };
        let ceiling = access.user.platform_role.ceiling();
        let editable = dashboards.iter().filter(|one| {
            let granted = given.contains(&one.id.as_uuid()).then_some(ObjectRole::Editor);
            let role = role_on_object(access.role, one.restricted, granted);
            role.is_some_and(|role| role.min(ceiling).allows(Capability::Edit))
        });
        Ok(editable.map(|one| one.id).collect())
    }
}

/// Those the caller sees: drafts and what is in the bin where they may change it, else what is published.
fn visible(access: &WorkspaceAccess) -> Condition {
    let granted = |role| {
        let ids = access.granted_ids(object_grant::Column::DashboardId, role);
        dashboard::Column::Id.in_subquery(ids)
    };
    let open = || dashboard::Column::Restricted.eq(false);
    let ceiling = access.user.platform_role.ceiling();
    let mut drafts = Condition::any();
    if access.scopes_allow(Capability::Edit) && ceiling.allows(Capability::Edit) {
        drafts = match access.role {
            WorkspaceRole::Owner => return Condition::all(),
            WorkspaceRole::Editor => drafts.add(open()).add(granted(Some(ObjectRole::Editor))),
            WorkspaceRole::Viewer => drafts.add(granted(Some(ObjectRole::Editor))),
        };
    }
    let mut seen = Condition::any();
    seen = match access.role {
        WorkspaceRole::Owner => seen.add(dashboard::Column::Id.is_not_null()),
        WorkspaceRole::Viewer | WorkspaceRole::Editor => seen.add(open()).add(granted(None)),
    };
    let published = Condition::all()
        .add(dashboard::Column::PublishedNumber.is_not_null())
        .add(dashboard::Column::DeletedAt.is_null())
        .add(seen);
    drafts.add(published)
}

/// What readers are told of a dashboard whose draft may have moved on.
fn as_published(draft: DashboardSummary, revision: u64, document: &Dashboard) -> DashboardSummary {
    DashboardSummary {
        title: document.title.clone(),
        model: document.model.name.clone(),
        revision,
        ..draft
    }
}

/// The row, unless it is in the bin.
pub(crate) async fn find_dashboard(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: DashboardId,
) -> ServiceResult<dashboard::Model> {
    let row = dashboard::Entity::find_by_id(id.as_uuid())
        .filter(dashboard::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dashboard::Column::DeletedAt.is_null())
        .one(connection)
        .await?;
    Ok(row.ok_or_else(|| AppError::not_found("dashboard"))?)
}

/// The row, locked until the transaction ends, so that revisions have no gap and no twin.
pub(super) async fn lock_dashboard(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: DashboardId,
) -> ServiceResult<dashboard::Model> {
    let row = dashboard::Entity::find_by_id(id.as_uuid())
        .filter(dashboard::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dashboard::Column::DeletedAt.is_null())
        .lock_exclusive()
        .one(connection)
        .await?;
    Ok(row.ok_or_else(|| AppError::not_found("dashboard"))?)
}

pub(super) async fn actions_after(
    connection: &impl ConnectionTrait,
    workspace_id: WorkspaceId,
    id: DashboardId,
    since: u64,
    limit: u64,
) -> ServiceResult<Vec<RecordedAction>> {
    let rows = dashboard_action::Entity::find()
        .filter(dashboard_action::Column::WorkspaceId.eq(workspace_id.as_uuid()))
        .filter(dashboard_action::Column::DashboardId.eq(id.as_uuid()))
        .filter(dashboard_action::Column::Revision.gt(convert::to_stored(since)))
        .order_by_asc(dashboard_action::Column::Revision)
        .limit(limit)
        .all(connection)
        .await?;
    Ok(rows
        .iter()
        .map(dashboard_action::Model::recorded)
        .collect::<Result<_, _>>()?)
}
