//! The reader's state: what is chosen, what is shown, and the address that says so.

use std::{collections::BTreeMap, sync::Arc};

use leptos::{prelude::*, task::spawn_local};
use shared::{
    dashboard::{
        Content, Dashboard, FilterState, InteractionKind, PageData, Selection, SelectionValue, TableWindow, TileData,
        TileRequest,
    },
    ids::{EmbedId, TileId},
    share::EmbedAccess,
};
use wasm_bindgen::JsValue;

use super::{ReaderPage, ReaderSource};
use crate::{WireError, components::tile::MarkClick};

/// Handle of one open dashboard; cheap to copy.
#[derive(Clone, Copy)]
pub struct ReaderState {
    pub document: StoredValue<Arc<Dashboard>>,
    pub state: RwSignal<FilterState>,
    pub tiles: RwSignal<BTreeMap<TileId, Arc<TileData>>>,
    /// Numbers for `state` are on their way.
    pub loading: RwSignal<bool>,
    pub problem: RwSignal<Option<WireError>>,
    /// Tables that show other rows than their first.
    windows: RwSignal<BTreeMap<TileId, TableWindow>>,
    /// Of them, those whose rows have come.
    shown: StoredValue<BTreeMap<TileId, TableWindow>>,
    /// The rows of tiles may be taken away.
    pub downloads: bool,
    /// Marks whose rows somebody wants to see.
    pub records: RwSignal<Option<(TileId, Selection)>>,
    /// The tile whose numbers somebody wants explained.
    pub computed: RwSignal<Option<TileId>>,
    prose: StoredValue<BTreeMap<TileId, String>>,
    source: StoredValue<ReaderSource>,
    path: StoredValue<String>,
}

fn shared_tiles(data: PageData) -> BTreeMap<TileId, Arc<TileData>> {
    data.tiles.into_iter().map(|(id, tile)| (id, Arc::new(tile))).collect()
}

/// Do both show the same? Then the tile stays as it is, with its focus and what was looked at closely.
fn same_numbers(old: &TileData, new: &TileData) -> bool {
    match (old, new) {
        (
            TileData::Answer { visual, answer },
            TileData::Answer {
                visual: new_visual,
                answer: new_answer,
            },
        ) => {
            visual == new_visual
                && answer.rows == new_answer.rows
                && answer.columns == new_answer.columns
                && answer.totals == new_answer.totals
                && answer.others == new_answer.others
                && answer.truncated == new_answer.truncated
                && answer.warnings == new_answer.warnings
        }
        (TileData::Answer { .. } | TileData::Error(_), _) => false,
    }
}

/// `ticket=…` of this page's address: a frame that is reloaded soon after it was opened needs it again.
fn ticket_of_address() -> Option<String> {
    let query = web_sys::window()?.location().search().ok()?;
    let mut pairs = query.trim_start_matches('?').split('&');
    pairs.find(|pair| pair.starts_with("ticket=")).map(str::to_owned)
}

impl ReaderState {
    pub fn new(page: ReaderPage) -> Self {
        Self {
            document: StoredValue::new(Arc::new(page.document)),
            state: RwSignal::new(page.state),
            tiles: RwSignal::new(shared_tiles(page.data)),
            loading: RwSignal::new(false),
            problem: RwSignal::new(None),
            windows: RwSignal::new(BTreeMap::new()),
            shown: StoredValue::new(BTreeMap::new()),
            downloads: page.downloads,
            records: RwSignal::new(None),
            computed: RwSignal::new(None),
            prose: StoredValue::new(page.prose),
            source: StoredValue::new(page.source),
            path: StoredValue::new(page.path),
        }
    }

    pub fn document(self) -> Arc<Dashboard> {
        self.document.get_value()
    }

    pub fn source(self) -> ReaderSource {
        self.source.get_value()
    }

    /// The frame this is and what it holds; `None` outside of frames.
    pub fn embed(self) -> Option<(EmbedId, EmbedAccess)> {
        self.source.with_value(|source| match source {
            ReaderSource::Embed { id, access } => Some((*id, access.clone())),
            ReaderSource::Share { .. } | ReaderSource::Workspace { .. } | ReaderSource::Fixed => None,
        })
    }

    /// Goes on with what a new ticket bought, and shows what that allows.
    pub fn renew(self, renewed: EmbedAccess) {
        self.source.update_value(|source| {
            if let ReaderSource::Embed { access, .. } = source {
                *access = renewed;
            }
        });
        self.load();
    }

    /// Says why nothing new can be shown; what is shown stays.
    pub fn fail(self, error: WireError) {
        self.problem.set(Some(error));
    }

    /// Address of this dashboard in a state.
    pub fn address(self, state: &FilterState) -> String {
        let query = state.to_query(&self.document());
        let path = self.path.get_value();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
        }
    }

    /// Goes to a state: the address changes, the numbers follow.
    pub fn go(self, state: FilterState) {
        if state == self.state.get_untracked() {
            return;
        }
        let mut address = self.address(&state);
        if let Some(ticket) = self.embed().and_then(|_| ticket_of_address()) {
            let joint = if address.contains('?') { '&' } else { '?' };
            address = format!("{address}{joint}{ticket}");
        }
        self.state.set(state);
        self.back_to_first_rows();
        if let Some(history) = web_sys::window().and_then(|window| window.history().ok())
            && history.push_state_with_url(&JsValue::NULL, "", Some(&address)).is_err()
        {
            leptos::logging::warn!("the address could not follow the filters");
        }
        self.load();
    }

    pub fn change(self, change: impl FnOnce(&mut FilterState)) {
        let mut state = self.state.get_untracked();
        change(&mut state);
        self.go(state);
    }

    /// The address changed under us (Back, Forward).
    pub fn follow_address(self, query: &str) {
        let (state, _unknown) = FilterState::from_query(query, &self.document());
        if state != self.state.get_untracked() {
            self.state.set(state);
            self.back_to_first_rows();
            self.load();
        }
    }

    /// Other numbers have other rows; the order that was chosen stays.
    fn back_to_first_rows(self) {
        self.windows
            .update(|windows| windows.values_mut().for_each(|window| window.offset = 0));
    }

    pub fn window(self, tile: TileId) -> TableWindow {
        self.windows
            .with(|windows| windows.get(&tile).cloned().unwrap_or_default())
    }

    /// Shows other rows of a table, or the same in another order.
    pub fn turn(self, tile: TileId, window: TableWindow) {
        self.windows.update(|windows| {
            windows.insert(tile, window);
        });
        // What has failed before is asked for again: this answer must not hide it.
        let failed = self.problem.with_untracked(Option::is_some);
        self.ask(if failed { Vec::new() } else { vec![tile] });
    }

    /// Asks for all tiles of the page.
    pub fn load(self) {
        self.ask(Vec::new());
    }

    /// Asks for these tiles, or for all of the page. What comes after the state has moved on is dropped.
    fn ask(self, tiles: Vec<TileId>) {
        let document = self.document();
        let state = self.state.get_untracked();
        let digest = state.digest(&document);
        self.loading.set(true);
        let source = self.source();
        let windows = self.windows.get_untracked();
        let asked = windows.clone();
        let whole = tiles.is_empty();
        spawn_local(async move {
            let answer = source.tiles(TileRequest { tiles, state, windows }).await;
            let current = self.state.try_get_untracked().map(|state| state.digest(&document));
            let Some(now) = self.windows.try_get_untracked() else {
                return;
            };
            if current.as_deref() != Some(digest.as_str()) {
                return;
            }
            // A table that was turned meanwhile gets an answer of its own.
            let turned = |tile: &TileId| now.get(tile) != asked.get(tile);
            match answer {
                Ok(data) => {
                    let came: BTreeMap<TileId, Arc<TileData>> = shared_tiles(data)
                        .into_iter()
                        .filter(|(tile, _)| !turned(tile))
                        .collect();
                    self.shown.update_value(|shown| {
                        shown.extend(came.keys().filter_map(|tile| Some((*tile, asked.get(tile)?.clone()))));
                    });
                    self.tiles.update(|tiles| {
                        let came: Vec<_> = came
                            .into_iter()
                            .map(|(id, new)| {
                                let old = tiles.get(&id).filter(|old| same_numbers(old, &new)).cloned();
                                (id, old.unwrap_or(new))
                            })
                            .collect();
                        tiles.retain(|tile, _| !whole || turned(tile));
                        tiles.extend(came);
                    });
                    self.problem.set(None);
                }
                Err(error) => {
                    // The rows are still those of before, and so is what is said of them.
                    self.windows.update(|windows| {
                        for (tile, window) in windows.iter_mut().filter(|(tile, _)| !turned(tile)) {
                            *window = self
                                .shown
                                .with_value(|shown| shown.get(tile).cloned().unwrap_or_default());
                        }
                    });
                    self.problem.set(Some(error));
                }
            }
            self.loading.set(false);
        });
    }

    /// A click on a mark: chooses it, joins it to what is chosen, or lets go of it when it was the only one.
    pub fn select(self, tile: TileId, click: &MarkClick) {
        self.change(|state| {
            let before = state.selections.get(&tile).cloned().unwrap_or_default();
            let chosen = before.rows.contains(&click.row);
            let rows = match (click.add, chosen) {
                (true, true) => before.rows.iter().filter(|row| **row != click.row).cloned().collect(),
                (true, false) => before.rows.iter().cloned().chain([click.row.clone()]).collect(),
                (false, true) if before.rows.len() == 1 => Vec::new(),
                (false, _) => vec![click.row.clone()],
            };
            if !click.add {
                state.selections.clear();
            }
            if rows.is_empty() {
                state.selections.remove(&tile);
            } else {
                state.selections.insert(tile, Selection { rows });
            }
        });
    }

    /// Chooses exactly these marks of a tile.
    pub fn choose(self, tile: TileId, selection: Selection) {
        self.change(|state| {
            state.selections.clear();
            if !selection.rows.is_empty() {
                state.selections.insert(tile, selection);
            }
        });
    }

    /// Goes one step finer within a value of a tile. What was chosen there is of the coarser step.
    pub fn drill(self, tile: TileId, value: SelectionValue) {
        self.change(|state| {
            state.selections.remove(&tile);
            state.drills.entry(tile).or_default().push(value);
        });
    }

    /// Back to before the step at `position`.
    pub fn back_to(self, tile: TileId, position: usize) {
        self.change(|state| {
            state.selections.remove(&tile);
            if let Some(steps) = state.drills.get_mut(&tile) {
                steps.truncate(position);
                if steps.is_empty() {
                    state.drills.remove(&tile);
                }
            }
        });
    }

    /// Single rows, and how numbers are computed, are for members of the workspace.
    pub fn is_for_members(self) -> bool {
        self.source
            .with_value(|source| matches!(source, ReaderSource::Workspace { .. }))
    }

    /// What is chosen in other tiles of the page that highlight this one.
    pub fn highlight(self, tile: TileId) -> Option<Selection> {
        let document = self.document();
        let page = document.tile(tile)?.page;
        self.state.with(|state| {
            let highlights = |source: &TileId| {
                *source != tile
                    && document.tile(*source).is_some_and(|source| source.page == page)
                    && document.interaction(*source, tile) == InteractionKind::Highlight
            };
            let rows: Vec<_> = state
                .selections
                .iter()
                .filter(|(source, _)| highlights(source))
                .flat_map(|(_, selection)| selection.rows.clone())
                .collect();
            (!rows.is_empty()).then_some(Selection { rows })
        })
    }

    /// A text tile's HTML.
    pub fn prose(self, tile: TileId) -> String {
        self.prose
            .with_value(|prose| prose.get(&tile).cloned().unwrap_or_default())
    }

    /// A tile's name for chips: its title, or its kind.
    pub fn tile_name(self, tile: TileId) -> String {
        let shown = self
            .tiles
            .with_untracked(|tiles| match tiles.get(&tile).map(Arc::as_ref) {
                Some(TileData::Answer { visual, answer }) => Some(chart::visual::title(visual, answer)),
                Some(TileData::Error(_)) | None => None,
            });
        shown.unwrap_or_else(|| match self.document().tile(tile).map(|tile| &tile.content) {
            Some(Content::Visual(visual)) => visual.title.clone().unwrap_or_else(|| visual.kind.label().to_owned()),
            Some(Content::Text(_) | Content::Frame(_)) | None => "tile".to_owned(),
        })
    }
}
