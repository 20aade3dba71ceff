//! Who did what, newest first.

use entity::{dashboard_action, user};
use sea_orm::{ColumnTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationDef, prelude::Uuid};
use shared::{
    account::Page,
    dashboard::HistoryEntry,
    ids::{ActionId, DashboardId, UserId},
    permission::Capability,
};

use super::{DashboardService, read::find_dashboard};
use crate::{PageRequest, ServiceResult, WorkspaceSelector, convert};

type Line = (
    i64,
    Uuid,
    String,
    Uuid,
    Option<String>,
    chrono::DateTime<chrono::Utc>,
    Option<Uuid>,
);

impl DashboardService {
    /// The log without its operations.
    ///
    /// # Errors
    /// 404; 403 for readers; 400 for a cursor no list gave.
    pub async fn history(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        page: &PageRequest,
    ) -> ServiceResult<Page<HistoryEntry>> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let mut rows = dashboard_action::Entity::find()
            .select_only()
            .column(dashboard_action::Column::Revision)
            .column(dashboard_action::Column::ActionId)
            .column(dashboard_action::Column::Name)
            .column(dashboard_action::Column::ActorId)
            .column_as(user::Column::Name, "actor_name")
            .column(dashboard_action::Column::At)
            .column(dashboard_action::Column::Undoes)
            .join(JoinType::LeftJoin, actor())
            .filter(dashboard_action::Column::WorkspaceId.eq(access.workspace_id.as_uuid()))
            .filter(dashboard_action::Column::DashboardId.eq(id.as_uuid()))
            .order_by_desc(dashboard_action::Column::Revision)
            .limit(page.limit().saturating_add(1));
        if let Some(after) = page.after_number()? {
            rows = rows.filter(dashboard_action::Column::Revision.lt(convert::to_stored(after)));
        }
        let lines: Vec<Line> = rows.into_tuple().all(&self.context.reader(access.workspace_id)).await?;
        Ok(page.page(lines.into_iter().map(entry).collect(), |entry| {
            entry.revision.to_string()
        }))
    }
}

fn actor() -> RelationDef {
    dashboard_action::Entity::belongs_to(user::Entity)
        .from(dashboard_action::Column::ActorId)
        .to(user::Column::Id)
        .into()
}

fn entry((revision, action, name, actor, actor_name, at, undoes): Line) -> HistoryEntry {
    HistoryEntry {
        revision: u64::try_from(revision).unwrap_or(0),
        action: ActionId::from(action),
        name,
        actor: UserId::from(actor),
        actor_name: actor_name.unwrap_or_default(),
        at,
        undoes: undoes.map(ActionId::from),
    }
}
