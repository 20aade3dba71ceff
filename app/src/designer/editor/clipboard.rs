//! Tiles as text, so that they can be copied between pages, dashboards and browser tabs.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use shared::{
    dashboard::{Dashboard, Tile},
    ids::TileId,
};

use crate::wire;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Clipping {
    sightline_tiles: Vec<Tile>,
}

/// `None` when nothing is selected.
pub fn write(document: &Dashboard, tiles: &BTreeSet<TileId>) -> Option<String> {
    let sightline_tiles: Vec<Tile> = document
        .tiles
        .iter()
        .filter(|tile| tiles.contains(&tile.id))
        .cloned()
        .collect();
    if sightline_tiles.is_empty() {
        return None;
    }
    wire::write(&Clipping { sightline_tiles }).ok()
}

/// `None` when the text is no tiles of ours.
pub fn read(text: &str) -> Option<Vec<Tile>> {
    if !text.trim_start().starts_with("{\"sightline_tiles\"") {
        return None;
    }
    wire::read::<Clipping>(text)
        .ok()
        .map(|clipping| clipping.sightline_tiles)
}
