//! One tile on the canvas: what it shows, its handles, and what the pointer does with it.

use chart::visual::Size;
use leptos::prelude::*;
use shared::{
    dashboard::{Content, Rect},
    ids::TileId,
    visual::Visual,
};

use super::{scrollbar::on_scrollbar, tile_editor::TileEditor};
use crate::{
    browser,
    components::{
        Icon, IconView,
        tile::{TileActions, TileView, nominal_size, prose},
    },
    designer::{
        drag::{Gesture, Target},
        editor::{tile_title, well_label},
        geometry::Handle,
        state::{Designer, Typing},
        tile_data::tile_numbers,
    },
};

#[component]
pub fn TileBox(designer: Designer, id: TileId) -> impl IntoView {
    let tile = Memo::new(move |_| designer.document.with(|document| document.tile(id).cloned()));
    let rect = Memo::new(move |_| tile.with(|tile| tile.as_ref().map_or(Rect::new(0, 0, 1, 1), |tile| tile.rect)));
    let depth = Memo::new(move |_| tile.with(|tile| tile.as_ref().map_or(0, |tile| tile.z)));
    let locked = Memo::new(move |_| tile.with(|tile| tile.as_ref().is_some_and(|tile| tile.locked)));
    let content = Memo::new(move |_| tile.with(|tile| tile.as_ref().map(|tile| tile.content.clone())));
    let visual = Memo::new(move |_| match content.get() {
        Some(Content::Visual(visual)) => Some(visual),
        Some(Content::Text(_) | Content::Frame(_)) | None => None,
    });
    let selected = Memo::new(move |_| designer.selection.with(|selection| selection.contains(&id)));
    let alone = Memo::new(move |_| selected.get() && designer.selection.with(|selection| selection.len() == 1));
    let typing = Memo::new(move |_| designer.typing.get() == Some(Typing::Tile(id)));
    let name = Memo::new(move |_| {
        let title = designer
            .catalog
            .with(|catalog| tile.with(|tile| tile.as_ref().map(|tile| tile_title(tile, catalog)).unwrap_or_default()));
        if selected.get() {
            format!("{title}, selected")
        } else {
            title
        }
    });
    let hint = Memo::new(move |_| match designer.drag.target.get() {
        Some(Target::Tile { tile, well }) if tile == id => Some(well.map_or("", |well| {
            visual.with(|visual| visual.as_ref().map_or("", |visual| well_label(visual.kind, well)))
        })),
        Some(_) | None => None,
    });
    view! {
        <div
            id=format!("tile-{id}")
            class="designer-tile"
            class:designer-tile--selected=move || selected.get()
            class:designer-tile--locked=move || locked.get()
            class:designer-tile--target=move || hint.with(Option::is_some)
            data-tile=id.to_string()
            data-testid=format!("tile-{id}")
            tabindex="0"
            role="group"
            aria-roledescription="tile"
            aria-label=move || name.get()
            style:--x=move || rect.get().x.to_string()
            style:--y=move || rect.get().y.to_string()
            style:--w=move || rect.get().w.to_string()
            style:--h=move || rect.get().h.to_string()
            style:--z=move || depth.get().to_string()
            on:pointerdown=move |event| press(designer, id, &event)
            on:click=move |event| click(designer, id, &event)
            on:dblclick=move |event| {
                if !browser::within(&event, browser::CONTROLS) {
                    designer.start_typing(Typing::Tile(id));
                }
            }
            on:focus=move |event| {
                // A selection of several stays: Ctrl+Space changes it.
                if by_keyboard(&event)
                    && !designer.preview.get_untracked()
                    && designer.selection.with_untracked(|selection| selection.len() < 2 && !selection.contains(&id)) {
                    designer.click_tile(id, false);
                }
            }
            on:keydown=move |event| {
                let held = event.ctrl_key() || event.meta_key();
                if event.key() == " " && held && !designer.preview.get_untracked() && !browser::within(&event, browser::CONTROLS) {
                    event.prevent_default();
                    designer.click_tile(id, true);
                }
            }
        >
            <TileContent designer=designer id=id content=content visual=visual rect=rect />
            <Show when=move || typing.get()>
                <TileEditor designer=designer id=id />
            </Show>
            {move || {
                hint.get()
                    .filter(|hint| !hint.is_empty())
                    .map(|hint| view! { <span class="designer-tile__hint">{hint}</span> })
            }}
            <Show when=move || selected.get() && locked.get()>
                <span class="designer-tile__lock">
                    <IconView icon=Icon::Lock />
                </span>
            </Show>
            <Show when=move || alone.get() && !locked.get() && !typing.get()>
                <Handles designer=designer id=id />
            </Show>
        </div>
    }
}

#[component]
fn TileContent(
    designer: Designer,
    id: TileId,
    content: Memo<Option<Content>>,
    visual: Memo<Option<Visual>>,
    rect: Memo<Rect>,
) -> impl IntoView {
    let numbers = tile_numbers(designer, id, visual);
    let selection = Memo::new(move |_| designer.state.with(|state| state.selections.get(&id).cloned()));
    let stale = Signal::from(numbers.stale);
    view! {
        {move || {
            let tile = content.get().and_then(|_| designer.tile_untracked(id))?;
            let nominal = picture_size(designer, rect.get_untracked());
            Some(
                view! {
                    <TileView
                        prose=prose(&tile.content)
                        tile=tile
                        nominal=nominal
                        data=numbers.data
                        stale=stale
                        selection=selection
                        actions=TileActions {
                            select: Some(Callback::new(move |click| designer.click_mark(id, &click))),
                            repair: Some(Callback::new(move |repair| designer.repair(id, &repair))),
                            ..TileActions::default()
                        }
                        retry=numbers.retry
                        paging=numbers.paging
                    />
                },
            )
        }}
        <Show when=move || visual.with(Option::is_some) && numbers.unfinished.get()>
            <p class="designer-tile__start">"Drop fields here, or pick them on the left."</p>
        </Show>
    }
}

/// What frame, title and padding take of a tile, in px.
const AROUND_PX: (f64, f64) = (18.0, 50.0);

/// The picture's size on the canvas as it is, so that nothing is drawn twice; before that is known, the usual one.
fn picture_size(designer: Designer, rect: Rect) -> Size {
    match designer.drag.metrics(designer) {
        Some(metrics) => {
            let px = metrics.px(rect);
            Size {
                width_px: (px.width - AROUND_PX.0).max(40.0).floor(),
                height_px: (px.height - AROUND_PX.1).max(40.0).floor(),
            }
        }
        None => {
            let grid = designer.document.with_untracked(|document| document.grid.clone());
            nominal_size(rect, grid.cols, grid.row_px, grid.gutter_px)
        }
    }
}

/// Did the focus come by Tab? A press of the pointer selects by itself.
fn by_keyboard(event: &web_sys::FocusEvent) -> bool {
    browser::target::<web_sys::Element>(event).is_some_and(|element| element.matches(":focus-visible").unwrap_or(false))
}

fn press(designer: Designer, id: TileId, event: &web_sys::PointerEvent) {
    if designer.preview.get_untracked()
        || browser::within(event, browser::CONTROLS)
        || on_scrollbar(event)
        || event.ctrl_key()
        || event.meta_key()
        || event.shift_key()
        || event.button() != 0
    {
        return;
    }
    if designer.selection.with_untracked(|selection| !selection.contains(&id)) {
        designer.click_tile(id, false);
    }
    let selection = designer.selection.get_untracked();
    let page = designer.page.get_untracked();
    let (tiles, others) = designer.document.with_untracked(|document| {
        let on_page = || document.tiles.iter().filter(|tile| Some(tile.page) == page);
        let mut tiles: Vec<(TileId, Rect)> = on_page()
            .filter(|tile| selection.contains(&tile.id) && !tile.locked)
            .map(|tile| (tile.id, tile.rect))
            .collect();
        // The grabbed one first: its size is the one that is shown.
        shared::sort::sort_by_key(&mut tiles, |(tile, _)| *tile != id);
        let others = on_page()
            .filter(|tile| !selection.contains(&tile.id))
            .map(|tile| tile.rect)
            .collect();
        (tiles, others)
    });
    if !tiles.is_empty() {
        let places = tiles.iter().map(|(_, rect)| *rect).collect();
        designer.drag.begin(
            event,
            Gesture::Move {
                tiles,
                places,
                others,
                elements: Vec::new(),
            },
        );
    }
}

fn click(designer: Designer, id: TileId, event: &web_sys::MouseEvent) {
    if designer.preview.get_untracked() || designer.drag.just_ended() || browser::within(event, browser::CONTROLS) {
        return;
    }
    let add = event.ctrl_key() || event.meta_key() || event.shift_key();
    let several = designer.selection.with_untracked(|selection| selection.len() > 1);
    if add || several {
        designer.click_tile(id, add);
    }
}

#[component]
fn Handles(designer: Designer, id: TileId) -> impl IntoView {
    let press = move |handle: Handle, event: web_sys::PointerEvent| {
        event.stop_propagation();
        let Some(tile) = designer.tile_untracked(id) else {
            return;
        };
        let others = designer.document.with_untracked(|document| {
            let same = document
                .tiles
                .iter()
                .filter(|other| other.page == tile.page && other.id != id);
            same.map(|other| other.rect).collect()
        });
        designer.drag.begin(
            &event,
            Gesture::Resize {
                tile: id,
                handle,
                from: tile.rect,
                to: tile.rect,
                others,
                element: None,
            },
        );
    };
    Handle::ALL
        .into_iter()
        .map(|handle| {
            let name = handle.as_str();
            view! {
                <span
                    class=format!("designer-tile__handle designer-tile__handle--{name}")
                    data-testid=format!("handle-{name}")
                    aria-hidden="true"
                    on:pointerdown=move |event| press(handle, event)
                    on:click=|event| event.stop_propagation()
                ></span>
            }
        })
        .collect_view()
}
