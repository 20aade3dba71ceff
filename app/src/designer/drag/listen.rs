//! The window's pointer, while something is dragged.

use leptos::{ev, prelude::*};

use super::{drop::finish, frame};
use crate::designer::state::Designer;

/// Moves shorter than this (px) are a shaky click.
const CLICK_PX: f64 = 4.0;

/// Follows the pointer for as long as the designer is shown.
pub fn listen(designer: Designer) {
    let down = window_event_listener(ev::pointerdown, move |_| designer.drag.pressed());
    let key = window_event_listener(ev::keydown, move |_| designer.drag.pressed());
    let moved = window_event_listener(ev::pointermove, move |event| follow(designer, &event));
    let up = window_event_listener(ev::pointerup, move |event| {
        if !is_its_pointer(designer, &event) {
            return;
        }
        follow(designer, &event);
        // The last move may still wait for its frame.
        if designer.drag.active.get_untracked() {
            frame::draw(designer);
        }
        if let Some(drag) = designer.drag.take() {
            finish(designer, drag);
        }
    });
    let lost = window_event_listener(ev::pointercancel, move |event| {
        if is_its_pointer(designer, &event) {
            designer.drag.cancel(designer);
        }
    });
    let left = window_event_listener(ev::blur, move |_| {
        designer.drag.cancel(designer);
    });
    on_cleanup(move || {
        down.remove();
        key.remove();
        moved.remove();
        up.remove();
        lost.remove();
        left.remove();
    });
}

fn is_its_pointer(designer: Designer, event: &web_sys::PointerEvent) -> bool {
    designer.drag.read(|drag| drag.pointer) == Some(event.pointer_id())
}

fn follow(designer: Designer, event: &web_sys::PointerEvent) {
    if !is_its_pointer(designer, event) {
        return;
    }
    let at = (f64::from(event.client_x()), f64::from(event.client_y()));
    let alt = event.alt_key();
    designer.drag.update(|drag| {
        drag.at = at;
        drag.alt = alt;
    });
    let (active, far) = designer
        .drag
        .read(|drag| {
            (
                drag.active,
                (drag.start.0 - at.0).hypot(drag.start.1 - at.1) >= CLICK_PX,
            )
        })
        .unwrap_or_default();
    if !active && far {
        frame::start(designer);
    }
    if active || far {
        event.prevent_default();
        frame::ask(designer);
    }
}
