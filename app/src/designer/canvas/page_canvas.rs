//! The scrolling canvas and its grid.

use leptos::prelude::*;
use shared::{dashboard::PageSize, ids::TileId};

use super::{empty::EmptyPage, overlay::DragOverlay, scrollbar::on_scrollbar, tile_box::TileBox};
use crate::{
    browser,
    designer::{drag::Gesture, state::Designer},
};

/// Free rows below the last tile, so that there is always a place to drop.
const SPARE_ROWS: u32 = 30;

#[component]
pub fn PageCanvas(designer: Designer) -> impl IntoView {
    let tiles = Memo::new(move |_| {
        let page = designer.page.get();
        designer.document.with(|document| {
            page.map(|page| {
                document
                    .tiles_of(page)
                    .iter()
                    .map(|tile| tile.id)
                    .collect::<Vec<TileId>>()
            })
            .unwrap_or_default()
        })
    });
    let grid = Memo::new(move |_| designer.document.with(|document| document.grid.clone()));
    let size = Memo::new(move |_| {
        let page = designer.page.get();
        designer.document.with(|document| {
            page.and_then(|page| document.page(page).map(|page| page.size))
                .unwrap_or_default()
        })
    });
    let last_row = Memo::new(move |_| {
        let page = designer.page.get();
        let tiles = designer.document.with(|document| {
            page.and_then(|page| document.tiles_of(page).iter().map(|tile| tile.rect.bottom()).max())
                .unwrap_or(0)
        });
        let ghost = designer.drag.ghost.with(|ghost| {
            ghost
                .as_ref()
                .and_then(|ghost| ghost.rects.iter().map(|rect| rect.bottom()).max())
                .unwrap_or(0)
        });
        tiles.max(ghost)
    });
    let on_empty =
        |event: &web_sys::Event| !browser::within(event, "[data-tile]") && !browser::within(event, browser::CONTROLS);
    let press = move |event: web_sys::PointerEvent| {
        if designer.preview.get_untracked() || !on_empty(&event) || on_scrollbar(&event) {
            return;
        }
        let held = event.shift_key() || event.ctrl_key() || event.meta_key();
        let before = if held {
            designer.selection.get_untracked()
        } else {
            Default::default()
        };
        designer.drag.begin(&event, Gesture::Marquee { before });
    };
    let click = move |event: web_sys::MouseEvent| {
        if on_empty(&event) && !designer.drag.just_ended() {
            designer.select([]);
            if designer.state.with_untracked(|state| !state.selections.is_empty()) {
                designer.state.update(|state| state.selections.clear());
            }
        }
    };
    view! {
        <div
            class="designer-canvas"
            class:designer-canvas--dragging=move || designer.drag.active.get()
            node_ref=designer.drag.scroller
            tabindex="-1"
            on:pointerdown=press
            on:click=click
        >
            <div
                class="designer-canvas__page"
                class:designer-canvas__page--fixed=move || matches!(size.get(), PageSize::Fixed { .. })
                data-canvas=""
                data-testid="canvas"
                role="region"
                aria-label="Page"
                node_ref=designer.drag.canvas
                style:--cols=move || grid.get().cols.to_string()
                style:--row=move || format!("{}px", grid.get().row_px)
                style:--gutter=move || format!("{}px", grid.get().gutter_px)
                style:--rows=move || (last_row.get() + SPARE_ROWS).to_string()
                style:--page-width=move || match size.get() {
                    PageSize::Fluid => "100%".to_owned(),
                    PageSize::Fixed { width_px, .. } => format!("{width_px}px"),
                }
                style:--page-height=move || match size.get() {
                    PageSize::Fluid => "0px".to_owned(),
                    PageSize::Fixed { height_px, .. } => format!("{height_px}px"),
                }
            >
                <For each=move || tiles.get() key=|id| *id children=move |id| view! { <TileBox designer=designer id=id /> } />
                <DragOverlay designer=designer />
                <Show when=move || tiles.with(Vec::is_empty) && designer.drag.ghost.with(Option::is_none) && !designer.preview.get()>
                    <EmptyPage designer=designer />
                </Show>
            </div>
        </div>
    }
}
