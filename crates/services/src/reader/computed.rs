//! Where a tile's numbers come from, for a member who asks.

use std::{collections::BTreeSet, sync::Arc};

use engine::CancellationToken;
use plan::{
    query::{widths_query, with_widths},
    visual::tile_query,
};
use shared::{
    AppError,
    dashboard::{FilterState, TableWindow},
    ids::{DashboardId, TileId},
    permission::Capability,
    semantic::{Model, Query},
};

use super::{ReaderService, state::check_state};
use crate::{
    ServiceResult, WorkspaceSelector,
    query::{Question, explain_for},
};

/// What a tile asks, of which model, and what becomes of it.
#[derive(Clone, Debug)]
pub struct ComputedTile {
    pub query: Query,
    pub model: Arc<Model>,
    /// Names of the model's tables that are read.
    pub tables: BTreeSet<String>,
    /// Every stage of the plan.
    pub plan: String,
    /// What databases are asked; nothing for files.
    pub sql: Vec<String>,
    /// Names of the rollups that are read.
    pub rollups: Vec<String>,
}

impl ReaderService {
    /// The question of a tile in a state, as it is planned for this member.
    ///
    /// # Errors
    /// As `tiles`; 403 for readers of links and frames; 404 for a tile without numbers.
    pub async fn computed(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        tile: TileId,
        state: &FilterState,
    ) -> ServiceResult<ComputedTile> {
        let reading = self.reading(workspace, id).await?;
        if reading.is_guest {
            return Err(
                AppError::forbidden("How numbers are computed is shown to members of the workspace only.").into(),
            );
        }
        let published = self.published_for(&reading, id).await?;
        let document = &published.document;
        check_state(&reading, document, &published.model, state)?;
        let tile = document.tile(tile).ok_or_else(|| AppError::not_found("tile"))?;
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        self.context.require_sources(&access, &published.model).await?;
        let mut query = tile_query(tile, document, state, &published.model, &TableWindow::default())?
            .ok_or_else(|| AppError::not_found("table"))?;
        // Ranges without a width take it from the data.
        if let Some(widths) = widths_query(&query) {
            let cancel = CancellationToken::new();
            let _dropped = cancel.clone().drop_guard();
            let model = published.model.clone();
            let extremes = self
                .runner(&reading, cancel)
                .run(Question { model, query: widths })
                .await?;
            query = with_widths(&query, &extremes);
        }
        let policy = reading.identity.policy(&published.model);
        let explained = explain_for(&self.context, reading.workspace_id, &published.model, &query, &policy).await?;
        Ok(ComputedTile {
            model: published.model.clone(),
            tables: explained.tables,
            plan: explained.plan,
            sql: explained.sql,
            rollups: explained.rollups,
            query,
        })
    }
}
