//! What of all the actions is worth an entry in the audit log. Each of them stands in the dashboard's own history.

use chrono::TimeDelta;
use entity::{audit_entry, dashboard};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder};
use shared::{
    audit::{AuditAction, AuditObjectKind},
    dashboard::{Action, ObjectKind, Operation},
    ids::UserId,
};

use super::{DashboardService, about};
use crate::{ServiceResult, audit::Event};

/// Between two entries that say the same person edits the same dashboard.
const QUIET: TimeDelta = TimeDelta::minutes(15);

/// What of a dashboard is compared with after its actions.
pub(super) struct Before {
    title: String,
    revision: i64,
}

impl Before {
    pub fn of(row: &dashboard::Model) -> Self {
        Self {
            title: row.title.clone(),
            revision: row.revision,
        }
    }
}

impl DashboardService {
    /// A new title always; an edit when it is the person's first since the last publishing, or for a quarter of an hour.
    pub(super) async fn events_of_edit(
        &self,
        connection: &impl ConnectionTrait,
        old: &Before,
        new: &dashboard::Model,
        actor: UserId,
        only_titles: bool,
    ) -> ServiceResult<Vec<Event>> {
        let mut events = Vec::new();
        if new.revision == old.revision {
            return Ok(events);
        }
        if new.title != old.title {
            let renamed = about(AuditAction::DashboardRename, new)
                .about(AuditObjectKind::Dashboard, new.id, old.title.as_str())
                .changed("title", old.title.as_str(), new.title.as_str());
            events.push(renamed);
        }
        if !(only_titles || self.was_told(connection, new, actor).await?) {
            events.push(about(AuditAction::DashboardEdit, new).with("revision", new.revision));
        }
        Ok(events)
    }

    async fn was_told(
        &self,
        connection: &impl ConnectionTrait,
        row: &dashboard::Model,
        actor: UserId,
    ) -> ServiceResult<bool> {
        let action = audit_entry::Column::Action;
        let own_edit = action
            .eq(AuditAction::DashboardEdit.as_str())
            .and(audit_entry::Column::ActorId.eq(actor.as_uuid()));
        let last = audit_entry::Entity::find()
            .filter(audit_entry::Column::ChainId.eq(row.workspace_id))
            .filter(audit_entry::Column::ObjectId.eq(row.id.to_string()))
            .filter(
                Condition::any()
                    .add(own_edit)
                    .add(action.eq(AuditAction::DashboardPublish.as_str())),
            )
            .order_by_desc(audit_entry::Column::Number)
            .one(connection)
            .await?;
        Ok(last.is_some_and(|last| {
            last.action == AuditAction::DashboardEdit.as_str() && self.context.now() - last.at < QUIET
        }))
    }
}

/// Whether nothing but the dashboard's title is changed.
pub(super) fn sets_only_the_title(action: &Action) -> bool {
    action.ops.iter().all(|operation| match operation {
        Operation::Set { kind, path, .. } => *kind == ObjectKind::Document && path.as_slice() == ["title"],
        Operation::Insert { .. } | Operation::Remove { .. } => false,
    })
}
