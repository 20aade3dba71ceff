//! The drag of the moment, and what the views show of it.

use leptos::{html, prelude::*};
use shared::dashboard::Rect;
use wasm_bindgen::JsCast;

use super::{Gesture, Target, gesture::Drag};
use crate::designer::{
    geometry::{GridMetrics, PxBox},
    state::Designer,
};

/// Where something would land on the grid.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ghost {
    pub rects: Vec<Rect>,
    /// Where others would make way to.
    pub cleared: Vec<Rect>,
    /// "12 × 36".
    pub label: String,
}

/// What hangs at the pointer.
#[derive(Clone, Debug, PartialEq)]
pub struct Badge {
    /// px of the window.
    pub at: (f64, f64),
    /// What is dragged.
    pub text: String,
    /// What dropping it here does; `None`: nothing.
    pub says: Option<String>,
}

#[derive(Clone, Copy)]
pub struct DragState {
    now: StoredValue<Option<Drag>, LocalStorage>,
    /// The last press of the pointer was a drag.
    dragged: StoredValue<bool>,
    pub ghost: RwSignal<Option<Ghost>>,
    pub badge: RwSignal<Option<Badge>>,
    pub target: RwSignal<Option<Target>>,
    pub marquee: RwSignal<Option<PxBox>>,
    /// Something is being dragged.
    pub active: RwSignal<bool>,
    /// The grid that tiles stand on.
    pub canvas: NodeRef<html::Div>,
    /// What scrolls it.
    pub scroller: NodeRef<html::Div>,
}

impl DragState {
    pub fn new() -> Self {
        Self {
            now: StoredValue::new_local(None),
            dragged: StoredValue::new(false),
            ghost: RwSignal::new(None),
            badge: RwSignal::new(None),
            target: RwSignal::new(None),
            marquee: RwSignal::new(None),
            active: RwSignal::new(false),
            canvas: NodeRef::new(),
            scroller: NodeRef::new(),
        }
    }

    /// The pointer went down on something that can be dragged.
    pub fn begin(self, event: &web_sys::PointerEvent, gesture: Gesture) {
        self.pressed();
        if event.button() != 0 || !event.is_primary() {
            return;
        }
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let origin = event
            .current_target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        self.now.set_value(Some(Drag {
            gesture,
            pointer: event.pointer_id(),
            start: at,
            start_on_canvas: self.on_canvas(at),
            at,
            alt: event.alt_key(),
            active: false,
            waiting: false,
            origin,
        }));
    }

    /// A point of the window in px of the canvas.
    pub fn on_canvas(self, (x, y): (f64, f64)) -> (f64, f64) {
        self.canvas.get_untracked().map_or((x, y), |canvas| {
            let bounds = canvas.get_bounding_client_rect();
            (x - bounds.left(), y - bounds.top())
        })
    }

    pub fn metrics(self, designer: Designer) -> Option<GridMetrics> {
        let width = self.canvas.get_untracked()?.get_bounding_client_rect().width();
        Some(
            designer
                .document
                .with_untracked(|document| GridMetrics::new(&document.grid, width)),
        )
    }

    pub(super) fn take(self) -> Option<Drag> {
        self.now.try_update_value(Option::take).flatten()
    }

    pub(super) fn keep(self, drag: Drag) {
        self.now.set_value(Some(drag));
    }

    pub(super) fn update(self, change: impl FnOnce(&mut Drag)) {
        self.now.update_value(|drag| {
            if let Some(drag) = drag {
                change(drag);
            }
        });
    }

    pub(super) fn read<T>(self, read: impl FnOnce(&Drag) -> T) -> Option<T> {
        self.now.with_value(|drag| drag.as_ref().map(read))
    }

    /// Takes everything off the screen that a drag shows.
    pub(super) fn clear(self, drag: &Drag) {
        match &drag.gesture {
            Gesture::Move { elements, .. } => elements.iter().for_each(|element| forget(element, &["--dx", "--dy"])),
            Gesture::Resize { element, from, .. } => {
                if let Some(element) = element {
                    place(element, *from);
                }
            }
            Gesture::Fields { .. } | Gesture::Pill { .. } | Gesture::Marquee { .. } | Gesture::Page { .. } => {}
        }
        if let Some(origin) = drag.origin.as_ref().filter(|_| drag.active)
            && origin.has_pointer_capture(drag.pointer)
            && origin.release_pointer_capture(drag.pointer).is_err()
        {
            leptos::logging::warn!("the pointer was not caught");
        }
        self.ghost.set(None);
        self.badge.set(None);
        self.target.set(None);
        self.marquee.set(None);
        self.active.set(false);
        if drag.active {
            self.dragged.set_value(true);
        }
    }

    /// Gives up the drag of the moment; says whether there was one.
    pub fn cancel(self, designer: Designer) -> bool {
        match self.take() {
            Some(drag) => {
                self.clear(&drag);
                if let Gesture::Marquee { before } = drag.gesture {
                    designer.select(before);
                }
                drag.active
            }
            None => false,
        }
    }

    /// Is this click the end of a drag?
    pub fn just_ended(self) -> bool {
        self.dragged.get_value()
    }

    /// A press of the pointer or a key begins something new: the clicks that follow are clicks.
    pub(super) fn pressed(self) {
        self.dragged.set_value(false);
    }
}

pub(super) fn vary(element: &web_sys::HtmlElement, name: &str, value: &str) {
    if element.style().set_property(name, value).is_err() {
        leptos::logging::warn!("{name} could not be set");
    }
}

fn forget(element: &web_sys::HtmlElement, names: &[&str]) {
    for name in names {
        if element.style().remove_property(name).is_err() {
            leptos::logging::warn!("{name} could not be removed");
        }
    }
}

/// Puts a tile's element at a place of the grid without going through the document.
pub(super) fn place(element: &web_sys::HtmlElement, rect: Rect) {
    for (name, cells) in [("--x", rect.x), ("--y", rect.y), ("--w", rect.w), ("--h", rect.h)] {
        vary(element, name, &cells.to_string());
    }
}
