//! What is being dragged.

use std::collections::BTreeSet;

use shared::{
    dashboard::Rect,
    ids::{PageId, TileId},
    visual::WellName,
};
use web_sys::HtmlElement;

use crate::designer::{editor::Field, geometry::Handle};

#[derive(Clone, Debug)]
pub enum Gesture {
    /// Fields from the pane; `size` is that of the visual they would make.
    Fields { fields: Vec<Field>, size: (u32, u32) },
    /// An item of a well.
    Pill {
        tile: TileId,
        well: WellName,
        index: usize,
        label: String,
    },
    /// Tiles by their bodies.
    Move {
        /// Where they stood.
        tiles: Vec<(TileId, Rect)>,
        /// Where they would go.
        places: Vec<Rect>,
        /// Other tiles of the page, whose edges pull.
        others: Vec<Rect>,
        elements: Vec<HtmlElement>,
    },
    Resize {
        tile: TileId,
        handle: Handle,
        from: Rect,
        to: Rect,
        others: Vec<Rect>,
        element: Option<HtmlElement>,
    },
    /// A frame over empty canvas; `before` was selected already.
    Marquee { before: BTreeSet<TileId> },
    /// A page tab.
    Page { page: PageId, position: Option<usize> },
}

impl Gesture {
    /// Does the canvas scroll when the pointer comes near its edge?
    pub const fn scrolls(&self) -> bool {
        match self {
            Self::Fields { .. } | Self::Move { .. } | Self::Resize { .. } | Self::Marquee { .. } => true,
            Self::Pill { .. } | Self::Page { .. } => false,
        }
    }
}

/// One press of the pointer, from down to up.
#[derive(Clone, Debug)]
pub struct Drag {
    pub gesture: Gesture,
    pub pointer: i32,
    /// Where it went down, px of the window.
    pub start: (f64, f64),
    /// The same in px of the canvas, which scrolls.
    pub start_on_canvas: (f64, f64),
    /// Where it is, px of the window.
    pub at: (f64, f64),
    pub alt: bool,
    /// It has moved far enough to be no click.
    pub active: bool,
    /// A frame was asked for and has not come.
    pub waiting: bool,
    /// Catches the pointer while it drags.
    pub origin: Option<web_sys::Element>,
}
