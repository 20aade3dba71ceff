//! Commands of the keyboard, the toolbar and the panes, on the open designer.

use leptos::prelude::*;
use shared::{
    dashboard::{Content, FilterScope, Rect},
    ids::{ActionId, PageId, TileId},
    visual::{Visual, VisualKind},
};

use super::{
    editor::{Edit, Field, clipboard, commands, commands::NewTile, plan_drop, suggest, swap_kind, visual_title},
    keys::KeyCommand,
    state::{Designer, Typing},
};
use crate::{browser, components::tile::Repair};

impl Designer {
    fn new_tile(self, rect: Option<Rect>) -> Option<NewTile> {
        Some(NewTile {
            id: TileId::from(browser::new_uuid()),
            page: self.page.get_untracked()?,
            rect,
        })
    }

    /// A new visual from fields.
    pub fn insert_fields(self, fields: &[Field], rect: Option<Rect>) {
        self.insert_visual(suggest(fields), rect);
    }

    /// An empty visual of a kind, to be filled.
    pub fn insert_kind(self, kind: VisualKind) {
        self.insert_visual(Visual::new(kind), None);
    }

    /// A new visual; `rect` `None`: at the first free place.
    pub fn insert_visual(self, visual: Visual, rect: Option<Rect>) {
        if let Some(place) = self.new_tile(rect) {
            let (document, catalog) = (self.document.get_untracked(), self.catalog.get_untracked());
            self.run(Some(commands::insert_visual(&document, place, visual, &catalog)));
            self.reveal_selected();
        }
    }

    pub fn insert_text(self) {
        if let Some(place) = self.new_tile(None) {
            let document = self.document.get_untracked();
            self.run(Some(commands::insert_text(&document, place, "## Heading\n\nText")));
            self.reveal_selected();
            self.typing.set(Some(Typing::Tile(place.id)));
        }
    }

    pub fn insert_frame(self) {
        if let Some(place) = self.new_tile(None) {
            let document = self.document.get_untracked();
            self.run(Some(commands::insert_frame(&document, place, None)));
            self.reveal_selected();
        }
    }

    /// What Enter or a click on fields does: into the selected visual, else a new one.
    pub fn add_fields(self, fields: &[Field]) {
        let target = self
            .single_untracked()
            .and_then(|id| self.visual_untracked(id).map(|visual| (id, visual)));
        match target {
            None => self.insert_fields(fields, None),
            Some((id, visual)) => self.add_to_visual(id, &visual, fields),
        }
    }

    pub fn add_to_visual(self, id: TileId, visual: &Visual, fields: &[Field]) {
        let empty = visual
            .kind
            .wells()
            .iter()
            .all(|well| visual.wells.get(*well).is_empty());
        let changed = if empty && fields.len() > 1 {
            swap_kind(&suggest(fields), visual.kind)
        } else {
            fields.iter().fold(visual.clone(), |visual, field| {
                plan_drop(&visual, field).map_or(visual.clone(), |plan| plan.visual)
            })
        };
        let names: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
        let title = self.catalog.with_untracked(|catalog| visual_title(visual, catalog));
        self.change_visual(id, &changed, format!("Add {} to {title}", names.join(", ")));
    }

    pub fn change_visual(self, id: TileId, visual: &Visual, name: String) {
        let document = self.document.get_untracked();
        self.run(commands::change_visual(&document, id, visual, name));
    }

    /// Mends what names something that the model does not have.
    pub fn repair(self, id: TileId, repair: &Repair) {
        let document = self.document.get_untracked();
        self.run(match repair {
            Repair::Use { old, new } => commands::replace_name(&document, old, new),
            Repair::Remove { name } => commands::remove_name(&document, id, name),
        });
    }

    pub fn swap_kind(self, id: TileId, kind: VisualKind) {
        if let Some(visual) = self.visual_untracked(id) {
            let title = self.catalog.with_untracked(|catalog| visual_title(&visual, catalog));
            let name = format!("Show {title} as {}", kind.label().to_lowercase());
            self.change_visual(id, &swap_kind(&visual, kind), name);
        }
    }

    pub fn add_filter(self, field: &Field, whole_dashboard: bool) {
        let scope = match self.page.get_untracked() {
            Some(page) if !whole_dashboard => FilterScope::Page(page),
            _ => FilterScope::Dashboard,
        };
        let document = self.document.get_untracked();
        match commands::add_filter(&document, field, scope, browser::new_uuid()) {
            Some(edit) => {
                self.run(Some(edit));
            }
            None if field.kind == super::editor::FieldKind::Metric => {
                self.toasts.say(format!(
                    "{} is a metric: it is the result of filters, not one.",
                    field.label
                ));
            }
            None => self
                .toasts
                .say(format!("There is a filter on {} already.", field.label)),
        }
    }

    /// Applies a command that speaks of the selection; returns the action it became.
    fn on_selection(
        self,
        command: impl FnOnce(
            &shared::dashboard::Dashboard,
            &std::collections::BTreeSet<TileId>,
            &super::editor::FieldCatalog,
        ) -> Option<Edit>,
    ) -> Option<ActionId> {
        let (document, catalog) = (self.document.get_untracked(), self.catalog.get_untracked());
        let selection = self.selection.get_untracked();
        self.run(command(&document, &selection, &catalog))
    }

    pub fn delete(self) {
        let selection = self.selection.get_untracked();
        let locked = self.document.with_untracked(|document| {
            let chosen = document.tiles.iter().filter(|tile| selection.contains(&tile.id));
            chosen.filter(|tile| tile.locked).count()
        });
        let deleted =
            self.on_selection(|document, tiles, catalog| commands::remove_tiles(document, tiles, "Delete", catalog));
        let done = match selection.len() - locked {
            1 => "Tile deleted.".to_owned(),
            count => format!("{count} tiles deleted."),
        };
        let kept = if locked == 0 {
            ""
        } else {
            " Locked tiles stay. Unlock them in the properties first."
        };
        match deleted {
            Some(action) => self
                .toasts
                .say_with(format!("{done}{kept}"), "Undo", move || self.undo_action(action)),
            None if locked > 0 => self.toasts.say(kept.trim_start()),
            None => {}
        }
    }

    pub fn duplicate(self) {
        self.on_selection(|document, tiles, catalog| {
            commands::duplicate_tiles(document, tiles, catalog, &mut browser::new_uuid)
        });
        self.reveal_selected();
    }

    pub fn lock(self, locked: bool) {
        self.on_selection(|document, tiles, catalog| commands::lock_tiles(document, tiles, locked, catalog));
    }

    pub fn change_order(self, forward: bool) {
        self.on_selection(|document, tiles, catalog| commands::change_order(document, tiles, forward, catalog));
    }

    /// The selection as text for the clipboard.
    pub fn clipping(self) -> Option<String> {
        let selection = self.selection.get_untracked();
        self.document
            .with_untracked(|document| clipboard::write(document, &selection))
    }

    pub fn cut(self) {
        self.on_selection(|document, tiles, catalog| commands::remove_tiles(document, tiles, "Cut", catalog));
    }

    /// Says whether the text was tiles.
    pub fn paste(self, text: &str) -> bool {
        let (Some(tiles), Some(page)) = (clipboard::read(text), self.page.get_untracked()) else {
            return false;
        };
        let name = if tiles.len() == 1 {
            "Paste tile".to_owned()
        } else {
            format!("Paste {} tiles", tiles.len())
        };
        let document = self.document.get_untracked();
        self.run(commands::paste(&document, page, &tiles, name, &mut browser::new_uuid));
        self.reveal_selected();
        true
    }

    pub fn add_page(self) {
        let document = self.document.get_untracked();
        self.run(Some(commands::add_page(&document, browser::new_uuid())));
    }

    pub fn duplicate_page(self, page: PageId) {
        let document = self.document.get_untracked();
        self.run(commands::duplicate_page(&document, page, &mut browser::new_uuid));
    }

    pub fn remove_page(self, page: PageId) {
        let document = self.document.get_untracked();
        match commands::remove_page(&document, page) {
            Some(edit) => {
                if let Some(action) = self.run(Some(edit)) {
                    self.toasts
                        .say_with("Page deleted.", "Undo", move || self.undo_action(action));
                }
            }
            None => self.toasts.say("A dashboard keeps at least one page."),
        }
    }

    /// Says whether the key did something.
    pub fn press(self, command: KeyCommand) -> bool {
        if self.preview.get_untracked() {
            let leave = command == KeyCommand::Out;
            if leave {
                self.set_preview(false);
            }
            return leave;
        }
        let chosen = self.selection.with_untracked(|selection| !selection.is_empty());
        match command {
            KeyCommand::Move(columns, rows) if chosen => {
                self.on_selection(|document, tiles, catalog| {
                    commands::move_by(document, tiles, columns, rows, catalog)
                });
                self.reveal_selected();
                self.say_place();
            }
            KeyCommand::Resize(columns, rows) if chosen => {
                self.on_selection(|document, tiles, catalog| {
                    commands::resize_by(document, tiles, columns, rows, catalog)
                });
                self.reveal_selected();
                self.say_place();
            }
            KeyCommand::Delete if chosen => self.delete(),
            KeyCommand::Duplicate if chosen => self.duplicate(),
            KeyCommand::Forward if chosen => self.change_order(true),
            KeyCommand::Backward if chosen => self.change_order(false),
            KeyCommand::Move(..)
            | KeyCommand::Resize(..)
            | KeyCommand::Delete
            | KeyCommand::Duplicate
            | KeyCommand::Forward
            | KeyCommand::Backward => return false,
            KeyCommand::SelectAll => self.select_all(),
            KeyCommand::Undo => self.undo(),
            KeyCommand::Redo => self.redo(),
            KeyCommand::Rename => self.rename(),
            KeyCommand::Shortcuts => self.shortcuts_open.set(true),
            KeyCommand::Out => return self.step_out(),
        }
        true
    }

    /// Where the selection stands now, for those who do not see it.
    fn say_place(self) {
        let first = self.selection.with_untracked(|selection| selection.first().copied());
        let Some(tile) = first.and_then(|first| self.tile_untracked(first)) else {
            return;
        };
        let rect = tile.rect;
        self.say(format!(
            "{}: column {}, row {}, {} columns wide, {} rows high",
            self.tile_title(tile.id),
            rect.x + 1,
            rect.y + 1,
            rect.w,
            rect.h
        ));
    }

    fn select_all(self) {
        let Some(page) = self.page.get_untracked() else { return };
        let tiles: Vec<TileId> = self
            .document
            .with_untracked(|document| document.tiles_of(page).iter().map(|tile| tile.id).collect());
        self.say(format!("{} tiles selected", tiles.len()));
        self.select(tiles);
    }

    fn rename(self) {
        let selection = self.selection.get_untracked();
        let only = selection.first().copied().filter(|_| selection.len() == 1);
        self.typing.set(Some(only.map_or(Typing::Dashboard, Typing::Tile)));
    }

    fn step_out(self) -> bool {
        if self.drag.cancel(self) {
            self.say("Drag cancelled");
        } else if self.state.with_untracked(|state| !state.selections.is_empty()) {
            self.state.update(|state| state.selections.clear());
            self.say("Filter by marks removed");
        } else if self.selection.with_untracked(|selection| !selection.is_empty()) {
            self.select([]);
            self.say("Nothing selected");
        } else {
            return false;
        }
        true
    }

    /// Ends typing in place: a new title, or the words of a text tile.
    pub fn typed(self, target: Typing, text: &str) {
        self.typing.set(None);
        let (document, catalog) = (self.document.get_untracked(), self.catalog.get_untracked());
        self.run(match target {
            Typing::Dashboard => commands::rename_dashboard(&document, text),
            Typing::Page(page) => commands::rename_page(&document, page, text),
            // A pill's own editor makes its action.
            Typing::Pill(..) => None,
            Typing::Tile(tile) => match document.tile(tile).map(|tile| &tile.content) {
                Some(Content::Text(_)) => commands::set_text(&document, tile, text),
                Some(Content::Visual(_) | Content::Frame(_)) => commands::rename_tile(&document, tile, text, &catalog),
                None => None,
            },
        });
    }
}
