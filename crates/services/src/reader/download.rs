//! The rows behind one tile, to take away.

use engine::CancellationToken;
use plan::visual::{is_paged, shown_visual, tile_query};
use shared::{
    AppError,
    audit::{AuditAction, AuditObject, AuditObjectKind},
    dashboard::{FilterState, TableWindow, Tile},
    ids::{DashboardId, TileId},
    semantic::Answer,
    visual::Visual,
};

use super::{ReaderService, access::Reading, state::check_state};
use crate::{
    ServiceResult, WorkspaceSelector,
    audit::{Chain, Event},
    dashboard::PublishedState,
    published,
    query::Question,
};

/// Rows of a downloaded table; on screen it comes in pages.
const TABLE_ROWS: u64 = 50_000;

/// What a tile shows, with all rows of a table.
#[derive(Clone, Debug)]
pub struct TileRows {
    pub visual: Visual,
    pub answer: Answer,
}

impl ReaderService {
    /// The rows of a tile in a reader's state. `tile` may be left out where the page has one visual.
    ///
    /// # Errors
    /// As `tiles`; 403 where downloads are switched off; 404 for a tile that is not there or shows no numbers; 422 when the page
    /// has several visuals and none is named.
    pub async fn tile_rows(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        tile: Option<TileId>,
        query: &str,
    ) -> ServiceResult<TileRows> {
        let reading = self.reading(workspace, id).await?;
        if !reading.downloads {
            let refusal = AppError::forbidden("Downloads are switched off here.");
            let object = AuditObject {
                kind: AuditObjectKind::Dashboard,
                id: id.to_string(),
                title: published::title(&self.context.reader(reading.workspace_id), reading.workspace_id, id).await?,
            };
            self.context
                .note_refusal(Chain::Workspace(reading.workspace_id), Some(object), &refusal);
            return Err(refusal.into());
        }
        let published = self.published_for(&reading, id).await?;
        let state = offered_state(&reading, &published, query);
        check_state(&reading, &published.document, &published.model, &state)?;
        let tile = chosen(&published, &state, tile)?;
        let visual = shown_visual(tile, &state).ok_or_else(|| AppError::not_found("table"))?;
        let mut query = tile_query(
            tile,
            &published.document,
            &state,
            &published.model,
            &TableWindow::default(),
        )?
        .ok_or_else(|| AppError::not_found("table"))?;
        if is_paged(&visual) {
            query.limit = Some(TABLE_ROWS);
        }
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        let runner = self.runner(&reading, cancel);
        let model = published.model.clone();
        let answer = runner.run(Question { model, query }).await?;
        let event = Event::in_workspace(reading.workspace_id, AuditAction::DataExport)
            .about(AuditObjectKind::Dashboard, id, published.document.title.as_str())
            .with("tile", tile.id.to_string())
            .with("rows", answer.rows.len())
            .with("format", "csv");
        self.context.record(event).await?;
        Ok(TileRows {
            visual: visual.into_owned(),
            answer,
        })
    }
}

/// The state of an address, without what this reader may not change.
fn offered_state(reading: &Reading, published: &PublishedState, query: &str) -> FilterState {
    let (mut state, _) = FilterState::from_query(query, &published.document);
    let changeable = reading.changeable(&published.document);
    state.filters.retain(|id, _| changeable.contains(id));
    state
}

fn chosen<'a>(published: &'a PublishedState, state: &FilterState, tile: Option<TileId>) -> Result<&'a Tile, AppError> {
    let document = &published.document;
    if let Some(id) = tile {
        return document
            .tile(id)
            .filter(|tile| tile.visual().is_some())
            .ok_or_else(|| AppError::not_found("tile"));
    }
    let page = state
        .current_page(document)
        .ok_or_else(|| AppError::not_found("page"))?;
    let tiles = document.tiles_of(page).into_iter();
    let visuals: Vec<_> = tiles.filter(|tile| tile.visual().is_some()).collect();
    match visuals.as_slice() {
        [only] => Ok(only),
        [] => Err(AppError::not_found("table")),
        [_, _, ..] => Err(AppError::invalid(
            "tile",
            "This page has several tables; say which with ?tile=ID.",
        )),
    }
}
