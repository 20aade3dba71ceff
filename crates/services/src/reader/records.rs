//! The rows behind a mark, for a reader who asks where a number comes from.

use engine::CancellationToken;
use plan::visual::records_query;
use shared::{
    AppError,
    audit::{AuditAction, AuditObjectKind},
    dashboard::{FilterState, Selection},
    ids::{DashboardId, TileId},
    permission::Capability,
    semantic::Answer,
};

use super::{
    ReaderService,
    state::{check_selection, check_state},
};
use crate::{ServiceResult, WorkspaceSelector, audit::Event, query::Question};

impl ReaderService {
    /// The rows that the marks `selection` of a tile are made of, at most 200, in the tile's state. They show more than
    /// the dashboard does: only members to whom the data itself is given see them, and each look is in the audit log.
    ///
    /// # Errors
    /// As `tiles`; 403 for readers of links and frames, and for data that is given to others only; 404 for a tile without
    /// rows.
    pub async fn records(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        tile: TileId,
        state: &FilterState,
        selection: &Selection,
    ) -> ServiceResult<Answer> {
        let reading = self.reading(workspace, id).await?;
        if reading.is_guest {
            return Err(AppError::forbidden("Single rows are shown to members of the workspace only.").into());
        }
        let published = self.published_for(&reading, id).await?;
        let document = &published.document;
        check_state(&reading, document, &published.model, state)?;
        let tile = document.tile(tile).ok_or_else(|| AppError::not_found("tile"))?;
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        self.context.require_sources(&access, &published.model).await?;
        check_selection(tile, selection, state)?;
        let mut query = records_query(tile, document, state, &published.model, selection)?
            .ok_or_else(|| AppError::not_found("table"))?;
        // What is hidden from this person is left out of the rows that they may see.
        let masked = reading.identity.policy(&published.model).masked;
        query.dimensions.retain(|dimension| !masked.contains(dimension.field()));
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        let model = published.model.clone();
        let answer = self.runner(&reading, cancel).run(Question { model, query }).await?;
        let event = Event::in_workspace(reading.workspace_id, AuditAction::DataExport)
            .about(AuditObjectKind::Dashboard, id, document.title.as_str())
            .with("tile", tile.id.to_string())
            .with("rows", answer.rows.len())
            .with("format", "records");
        self.context.record(event).await?;
        Ok(answer)
    }
}
