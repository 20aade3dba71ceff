//! The log of one dashboard inside a transaction: actions go in, the document follows, snapshots are taken.

use chrono::{DateTime, Utc};
use entity::{dashboard, dashboard_action, dashboard_snapshot};
use sea_orm::{
    ActiveModelTrait, ActiveValue::NotSet, ConnectionTrait, EntityTrait, IntoActiveModel, Set, sea_query::OnConflict,
};
use shared::{
    AppError, ErrorCode,
    dashboard::{Action, ApplyError, Dashboard, Missing, Operation, apply_action},
    ids::ActionId,
};

use crate::ServiceResult;

/// Actions between two snapshots.
const SNAPSHOT_EVERY: i64 = 100;
/// Bytes of a document as JSON; beyond, opening and every action on it would take seconds.
const MAX_DOCUMENT_BYTES: usize = 4 << 20;
/// Characters of an action's name that are kept.
const NAME_LENGTH: usize = 200;

/// A locked dashboard while actions are added to it.
pub(super) struct Log {
    row: dashboard::Model,
    document: Dashboard,
    stored: u64,
}

impl Log {
    pub fn open(row: dashboard::Model) -> ServiceResult<Self> {
        let document = row.document()?;
        Ok(Self {
            row,
            document,
            stored: 0,
        })
    }

    pub fn revision(&self) -> ServiceResult<u64> {
        Ok(self.row.revision()?)
    }

    /// Applies an action and stores it with its inverse. `missing` says what to do about objects that are gone.
    pub async fn add(
        &mut self,
        connection: &impl ConnectionTrait,
        action: &Action,
        undoes: Option<ActionId>,
        missing: Missing,
    ) -> ServiceResult<Result<(), ApplyError>> {
        let inverse = match apply_action(&mut self.document, action, missing) {
            Ok(inverse) => inverse,
            Err(error) => return Ok(Err(error)),
        };
        self.row.revision = self.row.revision.saturating_add(1);
        let stored = action_row(&self.row, action, &inverse, undoes)?;
        stored.into_active_model().insert(connection).await?;
        self.stored += 1;
        if self.row.revision % SNAPSHOT_EVERY == 0 {
            self.follow_document()?;
            store_snapshot(connection, &self.row, action.at).await?;
        }
        Ok(Ok(()))
    }

    /// Writes the row. Call it once, before the commit.
    ///
    /// # Errors
    /// 422 `limit` when the document has grown too large.
    pub async fn close(
        mut self,
        connection: &impl ConnectionTrait,
        now: DateTime<Utc>,
    ) -> ServiceResult<dashboard::Model> {
        if self.stored > 0 {
            self.follow_document()?;
            self.row.updated_at = now;
            let changed = dashboard::ActiveModel {
                id: sea_orm::Unchanged(self.row.id),
                revision: Set(self.row.revision),
                document: Set(self.row.document.clone()),
                title: Set(self.row.title.clone()),
                model: Set(self.row.model.clone()),
                updated_at: Set(now),
                workspace_id: NotSet,
                folder_id: NotSet,
                published_number: NotSet,
                published_revision: NotSet,
                created_by: NotSet,
                created_at: NotSet,
                deleted_at: NotSet,
                restricted: NotSet,
            };
            changed.update(connection).await?;
        }
        Ok(self.row)
    }

    fn follow_document(&mut self) -> ServiceResult<()> {
        let document = serde_json::to_string(&self.document)?;
        if document.len() > MAX_DOCUMENT_BYTES {
            let message = format!("A dashboard may take at most {} MiB.", MAX_DOCUMENT_BYTES >> 20);
            return Err(AppError::new(ErrorCode::Limit, message)
                .with_hint("Split it into several dashboards.")
                .into());
        }
        self.row.document = document;
        self.row.title.clone_from(&self.document.title);
        self.row.model.clone_from(&self.document.model.name);
        Ok(())
    }
}

fn action_row(
    row: &dashboard::Model,
    action: &Action,
    inverse: &[Operation],
    undoes: Option<ActionId>,
) -> ServiceResult<dashboard_action::Model> {
    let name: String = action
        .name
        .chars()
        .filter(|letter| !letter.is_control())
        .take(NAME_LENGTH)
        .collect();
    Ok(dashboard_action::Model {
        dashboard_id: row.id,
        revision: row.revision,
        workspace_id: row.workspace_id,
        action_id: action.id.as_uuid(),
        actor_id: action.actor.as_uuid(),
        at: action.at,
        name,
        operations: serde_json::to_string(&action.ops)?,
        inverse: serde_json::to_string(inverse)?,
        undoes: undoes.map(ActionId::as_uuid),
    })
}

/// Keeps the row's document under its revision; one that is kept already stays.
pub(super) async fn store_snapshot(
    connection: &impl ConnectionTrait,
    row: &dashboard::Model,
    now: DateTime<Utc>,
) -> ServiceResult<()> {
    let snapshot = dashboard_snapshot::Model {
        dashboard_id: row.id,
        revision: row.revision,
        workspace_id: row.workspace_id,
        document: row.document.clone(),
        created_at: now,
    };
    let kept = OnConflict::columns([
        dashboard_snapshot::Column::DashboardId,
        dashboard_snapshot::Column::Revision,
    ])
    .do_nothing()
    .to_owned();
    dashboard_snapshot::Entity::insert(snapshot.into_active_model())
        .on_conflict(kept)
        .exec_without_returning(connection)
        .await?;
    Ok(())
}

/// Lists in the order of their ids, as operations keep them, so that the same objects are the same bytes.
pub(super) fn in_canonical_order(document: &mut Dashboard) {
    document.pages.sort_by_key(|page| page.id);
    document.tiles.sort_by_key(|tile| tile.id);
    document.filters.sort_by_key(|filter| filter.id);
    document.interactions.sort_by_key(|pair| pair.id);
    document.parameters.sort_by_key(|parameter| parameter.id);
    document.bookmarks.sort_by_key(|bookmark| bookmark.id);
}

/// What a caller is told about an operation that does not apply.
pub(super) fn refusal(error: ApplyError) -> AppError {
    match error {
        ApplyError::Invalid { path, reason } => AppError::invalid(path.clone(), format!("{path}: {reason}.")),
        ApplyError::Missing { .. } | ApplyError::Exists { .. } => {
            AppError::conflict(format!("This change does not fit the dashboard: {error}."))
        }
    }
}
