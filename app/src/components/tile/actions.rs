//! What a reader can do with a tile's marks, by where the tile stands.

use leptos::prelude::*;
use shared::dashboard::{Selection, SelectionValue};

use super::MarkClick;

/// `None`: it cannot be done here.
#[derive(Clone, Copy, Default)]
pub struct TileActions {
    /// Chooses a mark, so that other tiles are filtered by it.
    pub select: Option<Callback<MarkClick>>,
    /// Chooses exactly these marks.
    pub choose: Option<Callback<Selection>>,
    /// Goes one step finer within a value.
    pub drill: Option<Callback<SelectionValue>>,
    /// Shows the rows behind marks; all of the tile's for none.
    pub records: Option<Callback<Selection>>,
    /// Says how the tile's numbers are computed.
    pub computed: Option<Callback<()>>,
    /// Mends what names something that the model does not have.
    pub repair: Option<Callback<Repair>>,
}

/// What to do about a name that the model does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Another one means the same.
    Use { old: String, new: String },
    /// Nothing does.
    Remove { name: String },
}
