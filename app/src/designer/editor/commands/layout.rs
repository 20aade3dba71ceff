//! Moving, resizing and stacking tiles.

use std::collections::BTreeSet;

use shared::{
    dashboard::{Dashboard, Operation, Rect, Tile, resolve_collisions},
    ids::{PageId, TileId},
};

use crate::designer::editor::{Edit, FieldCatalog, set_tile, tile_title};

/// Tiles never become smaller than this many columns and rows by hand.
pub const MIN_SIZE: (u32, u32) = (2, 4);

/// Puts tiles at these places; what is in the way goes by the page's rule. `verb` is "Move" or "Resize".
pub fn place_tiles(
    document: &Dashboard,
    places: &[(TileId, Rect)],
    verb: &str,
    catalog: &FieldCatalog,
) -> Option<Edit> {
    let cols = document.grid.cols;
    let places: Vec<(TileId, Rect)> = places
        .iter()
        .filter(|(id, _)| document.tile(*id).is_some_and(|tile| !tile.locked))
        .map(|(id, rect)| (*id, rect.clamped(cols)))
        .collect();
    let (first, _) = places.first()?;
    let page = document.tile(*first)?.page;
    let mut ops: Vec<Operation> = places
        .iter()
        .filter(|(id, rect)| document.tile(*id).is_some_and(|tile| tile.rect != *rect))
        .map(|(id, rect)| set_tile(*id, &["rect"], rect))
        .collect();
    if ops.is_empty() {
        return None;
    }
    ops.extend(with_collisions(document, page, &places));
    Some(Edit::new(format!("{verb} {}", named(document, &places, catalog)), ops))
}

fn named(document: &Dashboard, places: &[(TileId, Rect)], catalog: &FieldCatalog) -> String {
    match places {
        [(only, _)] => document
            .tile(*only)
            .map_or_else(|| "tile".to_owned(), |tile| tile_title(tile, catalog)),
        many => format!("{} tiles", many.len()),
    }
}

/// The operations of [`cleared`].
pub fn with_collisions(document: &Dashboard, page: PageId, places: &[(TileId, Rect)]) -> Vec<Operation> {
    cleared(document, page, places)
        .into_iter()
        .map(|(id, rect)| set_tile(id, &["rect"], rect))
        .collect()
}

/// Where other tiles of a page go to clear the way for `places` (of known tiles or new ones). Frames stay behind other
/// tiles and push nothing.
pub fn cleared(document: &Dashboard, page: PageId, places: &[(TileId, Rect)]) -> Vec<(TileId, Rect)> {
    let Some(collision) = document.page(page).map(|page| page.collision) else {
        return Vec::new();
    };
    let solid = |tile: &&Tile| !matches!(tile.content, shared::dashboard::Content::Frame(_));
    let fixed: Vec<TileId> = places.iter().map(|(id, _)| *id).collect();
    if fixed
        .iter()
        .all(|id| document.tile(*id).is_some_and(|tile| !solid(&tile)))
    {
        return Vec::new();
    }
    let tiles: Vec<(TileId, Rect)> = document
        .tiles_of(page)
        .into_iter()
        .filter(solid)
        .filter(|tile| !fixed.contains(&tile.id))
        .map(|tile| (tile.id, tile.rect))
        .chain(places.iter().copied())
        .collect();
    let held: Vec<TileId> = document
        .tiles_of(page)
        .into_iter()
        .filter(|tile| tile.locked && !fixed.contains(&tile.id))
        .map(|tile| tile.id)
        .chain(fixed.iter().copied())
        .collect();
    resolve_collisions(&tiles, &held, collision)
}

/// Moves the selected tiles together by columns and rows; at the edge all stop.
pub fn move_by(
    document: &Dashboard,
    tiles: &BTreeSet<TileId>,
    columns: i64,
    rows: i64,
    catalog: &FieldCatalog,
) -> Option<Edit> {
    let chosen: Vec<&Tile> = movable(document, tiles);
    let left = chosen.iter().map(|tile| tile.rect.x).min()?;
    let top = chosen.iter().map(|tile| tile.rect.y).min()?;
    let right = chosen.iter().map(|tile| tile.rect.right()).max()?;
    let columns = columns.clamp(-i64::from(left), i64::from(document.grid.cols.saturating_sub(right)));
    let rows = rows.max(-i64::from(top));
    let places: Vec<(TileId, Rect)> = chosen
        .iter()
        .map(|tile| {
            let rect = Rect {
                x: shifted(tile.rect.x, columns),
                y: shifted(tile.rect.y, rows),
                ..tile.rect
            };
            (tile.id, rect)
        })
        .collect();
    place_tiles(document, &places, "Move", catalog).map(|edit| edit.merging(key("move", tiles)))
}

/// Makes the selected tiles wider and taller by columns and rows (negative: smaller).
pub fn resize_by(
    document: &Dashboard,
    tiles: &BTreeSet<TileId>,
    columns: i64,
    rows: i64,
    catalog: &FieldCatalog,
) -> Option<Edit> {
    let places: Vec<(TileId, Rect)> = movable(document, tiles)
        .iter()
        .map(|tile| {
            let widest = document.grid.cols.saturating_sub(tile.rect.x).max(1);
            let rect = Rect {
                w: shifted(tile.rect.w, columns).clamp(MIN_SIZE.0.min(widest), widest),
                h: shifted(tile.rect.h, rows).max(MIN_SIZE.1),
                ..tile.rect
            };
            (tile.id, rect)
        })
        .collect();
    place_tiles(document, &places, "Resize", catalog).map(|edit| edit.merging(key("resize", tiles)))
}

fn movable<'a>(document: &'a Dashboard, tiles: &BTreeSet<TileId>) -> Vec<&'a Tile> {
    document
        .tiles
        .iter()
        .filter(|tile| tiles.contains(&tile.id) && !tile.locked)
        .collect()
}

fn shifted(position: u32, by: i64) -> u32 {
    u32::try_from((i64::from(position) + by).max(0)).unwrap_or(u32::MAX)
}

fn key(verb: &str, tiles: &BTreeSet<TileId>) -> String {
    let ids: Vec<String> = tiles.iter().map(ToString::to_string).collect();
    format!("{verb}:{}", ids.join(","))
}

/// One layer forward or backward over the next tile that lies there.
pub fn change_order(
    document: &Dashboard,
    tiles: &BTreeSet<TileId>,
    forward: bool,
    catalog: &FieldCatalog,
) -> Option<Edit> {
    let mut ops = Vec::new();
    let mut name = None;
    for tile in document.tiles.iter().filter(|tile| tiles.contains(&tile.id)) {
        let others = document
            .tiles
            .iter()
            .filter(|other| other.page == tile.page && !tiles.contains(&other.id))
            .map(|other| other.z);
        let z = if forward {
            others.filter(|z| *z >= tile.z).min().map(|z| z.saturating_add(1))
        } else {
            others.filter(|z| *z <= tile.z).max().map(|z| z.saturating_sub(1))
        };
        if let Some(z) = z.filter(|z| *z != tile.z) {
            ops.push(set_tile(tile.id, &["z"], z));
            name.get_or_insert_with(|| tile_title(tile, catalog));
        }
    }
    let title = name?;
    let what = if tiles.len() == 1 {
        title
    } else {
        format!("{} tiles", tiles.len())
    };
    let verb = if forward { "Bring forward" } else { "Send backward" };
    Some(Edit::new(format!("{verb} {what}"), ops))
}
