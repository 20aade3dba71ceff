//! The open designer: the editor core behind signals, one handle that is cheap to copy.

use std::{collections::BTreeSet, sync::Arc};

use leptos::prelude::*;
use plan::catalog::fields;
use shared::{
    AppError,
    dashboard::{ApplyError, Dashboard, FilterState, Tile},
    ids::{ActionId, DashboardId, PageId, TileId},
    semantic::Model,
    visual::{Visual, WellName},
};

use wasm_bindgen::JsCast;

use super::{
    autosave::Autosave,
    drag::DragState,
    editor::{Edit, Editor, FieldCatalog, Stamp, Undone, tile_title},
    questions::Questions,
};
use crate::{
    browser,
    contexts::{Toasts, use_toasts},
};

/// Tabs of the properties pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PropertiesTab {
    Build,
    Format,
}

/// What is being typed in place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Typing {
    Dashboard,
    Page(PageId),
    /// A visual's title or a text tile's words.
    Tile(TileId),
    /// The name of an item in a well.
    Pill(TileId, WellName, usize),
}

#[derive(Clone, Copy)]
pub struct Designer {
    pub workspace: StoredValue<String>,
    pub dashboard: DashboardId,
    editor: StoredValue<Editor>,
    pub document: RwSignal<Arc<Dashboard>>,
    pub selection: RwSignal<BTreeSet<TileId>>,
    pub page: RwSignal<Option<PageId>>,
    pub undo_name: RwSignal<Option<String>>,
    pub redo_name: RwSignal<Option<String>>,
    pub autosave: Autosave,
    pub catalog: RwSignal<Arc<FieldCatalog>>,
    /// The version the tiles ask.
    pub model: StoredValue<Arc<Model>>,
    /// What the builder chose in the filter bar and by clicking marks; never saved with the document.
    pub state: RwSignal<FilterState>,
    pub questions: Questions,
    pub drag: DragState,
    pub tab: RwSignal<PropertiesTab>,
    /// Of the newest action that the server has.
    pub revision: RwSignal<u64>,
    /// Revision that readers see.
    pub published: RwSignal<Option<u64>>,
    pub typing: RwSignal<Option<Typing>>,
    pub shortcuts_open: RwSignal<bool>,
    /// As readers will see it: nothing can be edited.
    pub preview: RwSignal<bool>,
    /// Read aloud by the live region.
    pub spoken: RwSignal<String>,
    pub toasts: Toasts,
}

/// Sets a signal only when that changes something.
fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

/// The tile on the canvas.
pub fn tile_element(tile: TileId) -> Option<web_sys::HtmlElement> {
    let element = web_sys::window()?
        .document()?
        .get_element_by_id(&format!("tile-{tile}"))?;
    element.dyn_into().ok()
}

impl Designer {
    pub fn new(workspace: String, dashboard: DashboardId, editor: Editor, model: Model) -> Result<Self, AppError> {
        let catalog = FieldCatalog::from(fields(&model, &[])?);
        let designer = Self {
            workspace: StoredValue::new(workspace),
            dashboard,
            document: RwSignal::new(Arc::clone(editor.document())),
            selection: RwSignal::new(BTreeSet::new()),
            page: RwSignal::new(editor.page()),
            undo_name: RwSignal::new(None),
            redo_name: RwSignal::new(None),
            autosave: Autosave::new(),
            catalog: RwSignal::new(Arc::new(catalog)),
            model: StoredValue::new(Arc::new(model)),
            state: RwSignal::new(FilterState::default()),
            questions: Questions::new(),
            drag: DragState::new(),
            tab: RwSignal::new(PropertiesTab::Build),
            revision: RwSignal::new(editor.revision()),
            published: RwSignal::new(None),
            typing: RwSignal::new(None),
            shortcuts_open: RwSignal::new(false),
            preview: RwSignal::new(false),
            spoken: RwSignal::new(String::new()),
            toasts: use_toasts(),
            editor: StoredValue::new(editor),
        };
        designer.publish();
        Ok(designer)
    }

    /// Identity and time of a new action, by this device's clock.
    fn stamp() -> Stamp {
        let now = browser::now_ms() as i64;
        Stamp {
            id: ActionId::from(browser::new_uuid()),
            at: chrono::DateTime::from_timestamp_millis(now).unwrap_or_default(),
        }
    }

    /// Changes the editor and shows what came of it; `None` when the designer was left.
    pub fn with_editor<T>(self, change: impl FnOnce(&mut Editor) -> T) -> Option<T> {
        let out = self.editor.try_update_value(change)?;
        self.publish();
        Some(out)
    }

    pub fn read<T>(self, read: impl FnOnce(&Editor) -> T) -> T {
        self.editor.with_value(read)
    }

    fn publish(self) {
        self.editor.with_value(|editor| {
            if self
                .document
                .with_untracked(|known| !Arc::ptr_eq(known, editor.document()))
            {
                self.document.set(Arc::clone(editor.document()));
            }
            put(self.selection, editor.selection().clone());
            put(self.page, editor.page());
            put(self.revision, editor.revision());
            put(self.undo_name, editor.undo_name().map(str::to_owned));
            put(self.redo_name, editor.redo_name().map(str::to_owned));
        });
        let page = self.page.get_untracked();
        let document = self.document.get_untracked();
        let chosen = self.state.with_untracked(|state| {
            let mut state = state.clone();
            state.page = page;
            state.selections.retain(|tile, _| document.tile(*tile).is_some());
            state.filters.retain(|filter, _| document.filter(*filter).is_some());
            state
        });
        put(self.state, chosen);
    }

    /// Applies an edit, if there is one, and says its name. Returns the action it became.
    pub fn run(self, edit: Option<Edit>) -> Option<ActionId> {
        let edit = edit?;
        let name = edit.name.clone();
        match self.with_editor(|editor| editor.commit(edit, Self::stamp()))? {
            Ok(action) => {
                self.say(name);
                self.autosave.changed(self);
                action
            }
            Err(error) => {
                self.refused(&name, &error);
                None
            }
        }
    }

    fn refused(self, name: &str, error: &ApplyError) {
        let text = format!("“{name}” was not done: {error}.");
        self.say(text.clone());
        self.toasts.say(text);
    }

    pub fn undo(self) {
        if let Some(undone) = self.with_editor(|editor| editor.undo(Self::stamp())) {
            self.tell("Undone", undone);
        }
    }

    /// Takes back one action, whatever came after it.
    pub fn undo_action(self, action: ActionId) {
        match self.with_editor(|editor| editor.undo_action(action, Self::stamp())) {
            Some(None) => self.toasts.say("It was undone already."),
            Some(undone) => self.tell("Undone", undone),
            None => {}
        }
    }

    pub fn redo(self) {
        if let Some(redone) = self.with_editor(|editor| editor.redo(Self::stamp())) {
            self.tell("Done again", redone);
        }
    }

    fn tell(self, what: &str, outcome: Option<Undone>) {
        match outcome {
            None => self.say("Nothing left"),
            Some(Undone::Whole { name }) => self.say(format!("{what}: {name}")),
            Some(Undone::Partly { name }) => {
                self.toasts.say(format!(
                    "{what}: {name}. Part of it no longer applies, because somebody changed it since."
                ));
            }
            Some(Undone::Nothing { name }) => {
                self.toasts.say(format!(
                    "“{name}” no longer applies: what it changed is gone. Nothing was changed."
                ));
            }
        }
        self.autosave.changed(self);
    }

    /// Reads a text aloud to those who listen.
    pub fn say(self, text: impl Into<String>) {
        self.spoken.set(text.into());
    }

    pub fn select(self, tiles: impl IntoIterator<Item = TileId>) {
        self.with_editor(|editor| editor.select(tiles));
    }

    /// A click on a tile; `add` joins it to the selection or takes it out.
    pub fn click_tile(self, tile: TileId, add: bool) {
        let mut selection = self.selection.get_untracked();
        if add {
            if !selection.remove(&tile) {
                selection.insert(tile);
            }
        } else {
            selection = [tile].into();
        }
        let name = self.tile_title(tile);
        let count = selection.len();
        self.select(selection);
        self.say(if count == 1 {
            format!("{name} selected")
        } else {
            format!("{count} tiles selected")
        });
    }

    /// The keys go to the selected tile from now on.
    pub fn focus_selected(self) {
        let Some(tile) = self.single_untracked() else { return };
        request_animation_frame(move || {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            if tile_element(tile).is_some_and(|element| element.focus_with_options(&options).is_err()) {
                leptos::logging::warn!("the tile could not be focused");
            }
        });
    }

    /// Scrolls the canvas, if it must be, until the first selected tile can be seen.
    pub fn reveal_selected(self) {
        let Some(tile) = self.selection.with_untracked(|selection| selection.first().copied()) else {
            return;
        };
        request_animation_frame(move || {
            if let Some(element) = tile_element(tile) {
                let options = web_sys::ScrollIntoViewOptions::new();
                options.set_block(web_sys::ScrollLogicalPosition::Nearest);
                options.set_inline(web_sys::ScrollLogicalPosition::Nearest);
                element.scroll_into_view_with_scroll_into_view_options(&options);
            }
        });
    }

    pub fn show(self, page: PageId) {
        self.with_editor(|editor| editor.show(page));
    }

    /// Shows the page as readers will see it, or goes back to building.
    pub fn set_preview(self, on: bool) {
        self.drag.cancel(self);
        self.typing.set(None);
        self.select([]);
        self.preview.set(on);
        self.say(if on { "Preview" } else { "Building" });
    }

    /// Lets a text be typed in place; in preview nothing can be.
    pub fn start_typing(self, target: Typing) {
        if !self.preview.get_untracked() {
            self.typing.set(Some(target));
        }
    }

    /// The only selected tile.
    pub fn single(self) -> Option<TileId> {
        self.selection.with(|selection| {
            if selection.len() == 1 {
                selection.first().copied()
            } else {
                None
            }
        })
    }

    /// [`Self::single`] of now.
    pub fn single_untracked(self) -> Option<TileId> {
        untrack(|| self.single())
    }

    pub fn tile_untracked(self, id: TileId) -> Option<Tile> {
        self.document.with_untracked(|document| document.tile(id).cloned())
    }

    pub fn visual_untracked(self, id: TileId) -> Option<Visual> {
        self.tile_untracked(id).and_then(|tile| tile.visual().cloned())
    }

    pub fn tile_title(self, id: TileId) -> String {
        self.tile_untracked(id).map_or_else(
            || "tile".to_owned(),
            |tile| self.catalog.with_untracked(|catalog| tile_title(&tile, catalog)),
        )
    }
}
