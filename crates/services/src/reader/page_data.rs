//! Numbers for the tiles of a page: one batch, equal queries once, an error only in the tile it belongs to.

use std::{collections::BTreeMap, sync::Arc};

use chrono::SecondsFormat;
use engine::CancellationToken;
use plan::visual::{shown_visual, tile_query};
use shared::{
    AppError,
    dashboard::{Dashboard, PageData, Tile, TileData, TileRequest, validate},
    ids::{DashboardId, PageId, TileId},
    permission::Capability,
    semantic::Model,
    visual::Visual,
};

use super::{ReaderService, access::Reading, guest_view::tile_for_guests, state::check_state};
use crate::{
    ServiceResult, WorkspaceAccess, WorkspaceSelector,
    dashboard::{find_dashboard, pinned},
    model::model_for,
    query::Question,
};

/// Tiles of one request.
const MAX_TILES: usize = 500;

impl ReaderService {
    /// The tiles of the published dashboard in a reader's state. Tiles that ask nothing (text, empty visuals) are left out.
    ///
    /// # Errors
    /// As `published`; 403 and 422 for a state that says more than the page offers. What fails in one tile stands there.
    pub async fn tiles(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        request: &TileRequest,
    ) -> ServiceResult<PageData> {
        let reading = self.reading(workspace, id).await?;
        let state = self.published_for(&reading, id).await?;
        self.page_data(&reading, &state.document, &state.model, request).await
    }

    /// The same of the draft, for editors.
    ///
    /// # Errors
    /// 404; 403 for readers.
    pub async fn draft_tiles(
        &self,
        workspace: &WorkspaceSelector,
        id: DashboardId,
        request: &TileRequest,
    ) -> ServiceResult<PageData> {
        let access = self.context.object_access(workspace, id, Capability::Edit).await?;
        let row = find_dashboard(&self.context.reader(access.workspace_id), access.workspace_id, id).await?;
        let document = row.document()?;
        let model = self.model_of(&access, &document).await?;
        self.page_data(&Reading::of_member(&access), &document, &model, request)
            .await
    }

    /// The same of a document that is not stored, as the designer holds it between two saves; for editors.
    ///
    /// # Errors
    /// 403 for readers, and for data that is given to others only; 404 for the model; 422 when the document is not legal.
    pub async fn preview_tiles(
        &self,
        workspace: &WorkspaceSelector,
        document: &Dashboard,
        request: &TileRequest,
    ) -> ServiceResult<PageData> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        validate(document).map_err(|error| AppError::invalid("document", error.to_string()))?;
        let model = self.model_of(&access, document).await?;
        self.page_data(&Reading::of_member(&access), document, &model, request)
            .await
    }

    pub(super) async fn model_of(&self, access: &WorkspaceAccess, document: &Dashboard) -> ServiceResult<Arc<Model>> {
        let pin = &document.model;
        model_for(&self.context, access, &pin.name, pinned(pin.version)).await
    }

    async fn page_data(
        &self,
        reading: &Reading,
        document: &Dashboard,
        model: &Arc<Model>,
        request: &TileRequest,
    ) -> ServiceResult<PageData> {
        check_state(reading, document, model, &request.state)?;
        let page = request
            .state
            .current_page(document)
            .ok_or_else(|| AppError::not_found("page"))?;
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        let runner = self.runner(reading, cancel);
        let mut tiles: BTreeMap<TileId, TileData> = BTreeMap::new();
        let mut asked: Vec<(TileId, Visual)> = Vec::new();
        let mut questions = Vec::new();
        for (id, tile) in wanted(document, page, &request.tiles)? {
            let shown = tile.and_then(|tile| Some((tile, shown_visual(tile, &request.state)?)));
            let Some((tile, visual)) = shown else {
                tiles.insert(id, TileData::Error(AppError::not_found("tile")));
                continue;
            };
            let window = request.windows.get(&id).cloned().unwrap_or_default();
            match tile_query(tile, document, &request.state, model, &window) {
                Ok(Some(query)) => {
                    asked.push((id, visual.into_owned()));
                    questions.push(Question {
                        model: model.clone(),
                        query,
                    });
                }
                Ok(None) => {}
                Err(error) => {
                    tiles.insert(id, TileData::Error(error));
                }
            }
        }
        let answers = runner.run_all(&questions).await?;
        for ((id, visual), answer) in asked.into_iter().zip(answers) {
            let data = match answer {
                Ok(answer) => TileData::Answer {
                    visual: Box::new(visual),
                    answer: Box::new(answer),
                },
                Err(error) => TileData::Error(error.app_error(self.context.request_id())),
            };
            tiles.insert(id, data);
        }
        if reading.is_guest {
            tiles = tiles
                .into_iter()
                .map(|(id, data)| (id, tile_for_guests(data)))
                .collect();
        }
        Ok(PageData {
            page,
            digest: request.state.digest(document),
            as_of: runner.as_of.to_rfc3339_opts(SecondsFormat::Secs, true),
            tiles,
        })
    }
}

/// The visuals of the page, or what was listed; a listed tile that is no visual of the document has `None`.
fn wanted<'a>(
    document: &'a Dashboard,
    page: PageId,
    listed: &[TileId],
) -> Result<Vec<(TileId, Option<&'a Tile>)>, AppError> {
    if listed.len() > MAX_TILES {
        return Err(AppError::invalid(
            "tiles",
            format!("Ask for at most {MAX_TILES} tiles."),
        ));
    }
    if listed.is_empty() {
        let visuals = document
            .tiles_of(page)
            .into_iter()
            .filter(|tile| tile.visual().is_some());
        return Ok(visuals.map(|tile| (tile.id, Some(tile))).collect());
    }
    Ok(listed.iter().map(|id| (*id, document.tile(*id))).collect())
}
