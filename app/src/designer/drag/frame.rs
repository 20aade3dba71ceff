//! One frame of a drag: only what is dragged changes, the rest of the page stays as it is.

use leptos::prelude::*;
use shared::{dashboard::Rect, ids::TileId};

use super::{
    Badge, Gesture, Ghost, Target,
    gesture::Drag,
    state::{place, vary},
    target,
};
use crate::designer::{
    editor::commands::{MIN_SIZE, cleared},
    geometry::{magnet, moved, scroll_step, spanned},
    state::{Designer, tile_element},
};

/// Rows within which the edges of other tiles pull.
const MAGNET_ROWS: u32 = 2;

fn put<T: PartialEq + Send + Sync + 'static>(signal: RwSignal<T>, value: T) {
    if signal.with_untracked(|known| *known != value) {
        signal.set(value);
    }
}

fn size_label(rect: Rect) -> String {
    format!("{} × {}", rect.w, rect.h)
}

/// Stands for the tile that a drop would make.
fn new_tile() -> TileId {
    TileId::from(uuid::Uuid::nil())
}

/// Shows where tiles would land and where others would make way to.
fn show_ghost(designer: Designer, landing: &[(TileId, Rect)]) {
    let rects: Vec<Rect> = landing.iter().map(|(_, rect)| *rect).collect();
    let ghost = designer.drag.ghost;
    if ghost.with_untracked(|ghost| ghost.as_ref().is_some_and(|ghost| ghost.rects == rects)) {
        return;
    }
    let cleared = designer.page.get_untracked().map(|page| {
        designer
            .document
            .with_untracked(|document| cleared(document, page, landing))
    });
    let label = rects.first().map(|rect| size_label(*rect)).unwrap_or_default();
    ghost.set(Some(Ghost {
        rects,
        cleared: cleared.into_iter().flatten().map(|(_, rect)| rect).collect(),
        label,
    }));
}

/// Brings the screen up to date with the pointer. Asks for the next frame itself while the canvas scrolls.
pub fn draw(designer: Designer) {
    let Some(mut drag) = designer.drag.take() else { return };
    drag.waiting = false;
    let scrolled = drag.gesture.scrolls() && scroll(designer, drag.at);
    show(designer, &mut drag);
    designer.drag.keep(drag);
    if scrolled {
        ask(designer);
    }
}

/// Asks for one frame; more moves before it comes cost nothing.
pub fn ask(designer: Designer) {
    let waiting = designer.drag.read(|drag| drag.waiting);
    if waiting == Some(false) {
        designer.drag.update(|drag| drag.waiting = true);
        request_animation_frame(move || draw(designer));
    }
}

fn scroll(designer: Designer, (x, y): (f64, f64)) -> bool {
    let Some(scroller) = designer.drag.scroller.get_untracked() else {
        return false;
    };
    let bounds = scroller.get_bounding_client_rect();
    if x < bounds.left() || x > bounds.right() {
        return false;
    }
    let across = scroll_step(x, bounds.left(), bounds.right());
    let down = scroll_step(y, bounds.top(), bounds.bottom());
    let before = (scroller.scroll_left(), scroller.scroll_top());
    scroller.set_scroll_left(before.0 + across.round() as i32);
    scroller.set_scroll_top(before.1 + down.round() as i32);
    (scroller.scroll_left(), scroller.scroll_top()) != before
}

fn show(designer: Designer, drag: &mut Drag) {
    let state = designer.drag;
    let (at, alt) = (drag.at, drag.alt);
    let (x, y) = state.on_canvas(at);
    let by = (x - drag.start_on_canvas.0, y - drag.start_on_canvas.1);
    match &mut drag.gesture {
        Gesture::Fields { fields, size } => {
            let (target, says) = target::of_fields(designer, fields, *size, at, alt);
            match target {
                Some(Target::Canvas(rect)) => show_ghost(designer, &[(new_tile(), rect)]),
                Some(_) | None => put(state.ghost, None),
            }
            put(state.target, target);
            let names: Vec<&str> = fields.iter().map(|field| field.label.as_str()).collect();
            state.badge.set(Some(Badge {
                at,
                text: names.join(", "),
                says,
            }));
        }
        Gesture::Pill {
            tile,
            well,
            index,
            label,
        } => {
            let (target, says) = target::of_pill(designer, *tile, (*well, *index), at);
            put(state.target, target);
            state.badge.set(Some(Badge {
                at,
                text: label.clone(),
                says,
            }));
        }
        Gesture::Move {
            tiles,
            places,
            others,
            elements,
        } => {
            let Some(metrics) = state.metrics(designer) else { return };
            for element in elements.iter() {
                vary(element, "--dx", &format!("{:.1}px", by.0));
                vary(element, "--dy", &format!("{:.1}px", by.1));
            }
            let from: Vec<Rect> = tiles.iter().map(|(_, rect)| *rect).collect();
            let (columns, rows) = metrics.cells(by.0, by.1);
            let mut to = moved(&from, (columns, rows), metrics.cols);
            if let ([only], false) = (to.as_slice(), alt) {
                let pull = magnet(*only, others, MAGNET_ROWS);
                to = moved(&from, (columns, rows + pull), metrics.cols);
            }
            let landing: Vec<(TileId, Rect)> = tiles.iter().map(|(tile, _)| *tile).zip(to.iter().copied()).collect();
            show_ghost(designer, &landing);
            *places = to;
        }
        Gesture::Resize {
            tile,
            handle,
            from,
            to,
            others,
            element,
        } => {
            let Some(metrics) = state.metrics(designer) else { return };
            let mut now = handle.resized(*from, metrics.cells(by.0, by.1), MIN_SIZE, metrics.cols);
            if !alt {
                now = pulled(*from, now, others);
            }
            if now != *to {
                *to = now;
                if let Some(element) = element {
                    place(element, now);
                }
            }
            show_ghost(designer, &[(*tile, now)]);
        }
        Gesture::Marquee { before } => {
            let area = spanned(drag.start_on_canvas, (x, y));
            state.marquee.set(Some(area));
            let Some(metrics) = state.metrics(designer) else { return };
            let page = designer.page.get_untracked();
            let touched: Vec<TileId> = designer.document.with_untracked(|document| {
                document
                    .tiles
                    .iter()
                    .filter(|tile| Some(tile.page) == page && metrics.px(tile.rect).touches(area))
                    .map(|tile| tile.id)
                    .collect()
            });
            let selection: Vec<TileId> = before.iter().copied().chain(touched).collect();
            designer.select(selection);
        }
        Gesture::Page { page, position } => {
            *position = target::page_position(at);
            let text = designer
                .document
                .with_untracked(|document| document.page(*page).map(|page| page.title.clone()));
            let says = position.map(|position| format!("Move to place {}", position + 1));
            state.badge.set(Some(Badge {
                at,
                text: text.unwrap_or_default(),
                says,
            }));
        }
    }
}

/// The moved bottom edge of a resized tile meets that of a neighbour near it.
fn pulled(from: Rect, now: Rect, others: &[Rect]) -> Rect {
    if now.y != from.y || now.bottom() == from.bottom() {
        return now;
    }
    let near = others
        .iter()
        .flat_map(|other| [other.y, other.bottom()])
        .filter(|edge| edge.abs_diff(now.bottom()) <= MAGNET_ROWS && *edge > now.y + MIN_SIZE.1)
        .min_by_key(|edge| edge.abs_diff(now.bottom()));
    near.map_or(now, |edge| Rect { h: edge - now.y, ..now })
}

/// The drag has moved far enough: catches the pointer and finds the elements that will follow it.
pub fn start(designer: Designer) {
    designer.drag.update(|drag| {
        drag.active = true;
        if let Some(origin) = &drag.origin
            && origin.set_pointer_capture(drag.pointer).is_err()
        {
            leptos::logging::warn!("the pointer was gone");
        }
        match &mut drag.gesture {
            Gesture::Move { tiles, elements, .. } => {
                *elements = tiles.iter().filter_map(|(tile, _)| tile_element(*tile)).collect();
            }
            Gesture::Resize { tile, element, .. } => *element = tile_element(*tile),
            Gesture::Fields { .. } | Gesture::Pill { .. } | Gesture::Marquee { .. } | Gesture::Page { .. } => {}
        }
    });
    designer.drag.active.set(true);
}
