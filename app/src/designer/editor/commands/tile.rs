//! Inserting, copying and removing tiles.

use std::collections::{BTreeMap, BTreeSet};

use shared::{
    dashboard::{Content, Dashboard, Frame, Object, ObjectKind, Rect, TextContent, Tile, place_tile},
    ids::{PageId, TileId},
    visual::Visual,
};
use uuid::Uuid;

use super::layout::with_collisions;
use crate::designer::editor::{Edit, FieldCatalog, default_size, insert, remove, set_tile, tile_title, visual_title};

/// Where a new tile goes. `rect` `None`: the first free place of its default size.
#[derive(Clone, Copy, Debug)]
pub struct NewTile {
    pub id: TileId,
    pub page: PageId,
    pub rect: Option<Rect>,
}

pub fn insert_visual(document: &Dashboard, place: NewTile, visual: Visual, catalog: &FieldCatalog) -> Edit {
    let size = default_size(visual.kind);
    let name = format!("Add {}", visual_title(&visual, catalog));
    insert_content(document, place, size, Content::Visual(visual), name)
}

pub fn insert_text(document: &Dashboard, place: NewTile, markdown: &str) -> Edit {
    let content = Content::Text(TextContent {
        markdown: markdown.to_owned(),
    });
    insert_content(document, place, (12, 8), content, "Add text".to_owned())
}

/// A titled box behind other tiles.
pub fn insert_frame(document: &Dashboard, place: NewTile, title: Option<String>) -> Edit {
    insert_content(
        document,
        place,
        (12, 40),
        Content::Frame(Frame { title }),
        "Add frame".to_owned(),
    )
}

fn insert_content(document: &Dashboard, place: NewTile, size: (u32, u32), content: Content, name: String) -> Edit {
    let rect = place
        .rect
        .unwrap_or_else(|| first_free(document, place.page, size))
        .clamped(document.grid.cols);
    let tile = Tile {
        id: place.id,
        page: place.page,
        rect,
        z: if matches!(content, Content::Frame(_)) {
            lowest(document, place.page)
        } else {
            highest(document, place.page)
        },
        locked: false,
        group: None,
        content,
    };
    let mut ops = Vec::new();
    if !matches!(tile.content, Content::Frame(_)) {
        ops = with_collisions(document, place.page, &[(place.id, rect)]);
    }
    ops.insert(0, insert(&Object::Tile(Box::new(tile))));
    Edit::new(name, ops).selecting([place.id])
}

fn first_free(document: &Dashboard, page: PageId, (w, h): (u32, u32)) -> Rect {
    let taken: Vec<Rect> = document.tiles_of(page).iter().map(|tile| tile.rect).collect();
    place_tile(&taken, w, h, document.grid.cols)
}

fn highest(document: &Dashboard, page: PageId) -> i32 {
    let top = document
        .tiles
        .iter()
        .filter(|tile| tile.page == page)
        .map(|tile| tile.z)
        .max();
    top.map_or(0, |z| z.saturating_add(1))
}

fn lowest(document: &Dashboard, page: PageId) -> i32 {
    let bottom = document
        .tiles
        .iter()
        .filter(|tile| tile.page == page)
        .map(|tile| tile.z)
        .min();
    bottom.map_or(0, |z| z.saturating_sub(1))
}

fn named(document: &Dashboard, tiles: &BTreeSet<TileId>, catalog: &FieldCatalog) -> String {
    let mut found = document.tiles.iter().filter(|tile| tiles.contains(&tile.id));
    match (found.next(), found.next()) {
        (Some(only), None) => tile_title(only, catalog),
        _ => format!("{} tiles", tiles.len()),
    }
}

/// Locked tiles stay.
pub fn remove_tiles(
    document: &Dashboard,
    tiles: &BTreeSet<TileId>,
    verb: &str,
    catalog: &FieldCatalog,
) -> Option<Edit> {
    let chosen = document.tiles.iter().filter(|tile| tiles.contains(&tile.id));
    let gone: BTreeSet<TileId> = chosen.filter(|tile| !tile.locked).map(|tile| tile.id).collect();
    let in_order = document.tiles.iter().filter(|tile| gone.contains(&tile.id));
    let ops: Vec<_> = in_order
        .map(|tile| remove(ObjectKind::Tile, tile.id.as_uuid()))
        .collect();
    (!ops.is_empty()).then(|| Edit::new(format!("{verb} {}", named(document, &gone, catalog)), ops).selecting([]))
}

/// Copies below the originals, in the same arrangement; the copies are selected.
pub fn duplicate_tiles(
    document: &Dashboard,
    tiles: &BTreeSet<TileId>,
    catalog: &FieldCatalog,
    new_id: &mut impl FnMut() -> Uuid,
) -> Option<Edit> {
    let chosen: Vec<Tile> = document
        .tiles
        .iter()
        .filter(|tile| tiles.contains(&tile.id))
        .cloned()
        .collect();
    let page = chosen.first()?.page;
    let name = format!("Duplicate {}", named(document, tiles, catalog));
    paste(document, page, &chosen, name, new_id)
}

/// Puts copies of `tiles` on `page`, in the same arrangement, in the first free place that holds them all.
pub fn paste(
    document: &Dashboard,
    page: PageId,
    tiles: &[Tile],
    name: String,
    new_id: &mut impl FnMut() -> Uuid,
) -> Option<Edit> {
    let left = tiles.iter().map(|tile| tile.rect.x).min()?;
    let top = tiles.iter().map(|tile| tile.rect.y).min()?;
    let right = tiles.iter().map(|tile| tile.rect.right()).max()?;
    let bottom = tiles.iter().map(|tile| tile.rect.bottom()).max()?;
    let place = first_free(document, page, (right - left, bottom - top));
    let base = highest(document, page);
    let lowest = tiles.iter().map(|tile| tile.z).min().unwrap_or(0);
    let mut ids: BTreeMap<TileId, TileId> = BTreeMap::new();
    let mut ops = Vec::new();
    for tile in tiles {
        let mut copy = tile.clone();
        copy.id = TileId::from(new_id());
        ids.insert(tile.id, copy.id);
        copy.page = page;
        copy.locked = false;
        copy.z = base.saturating_add(tile.z.saturating_sub(lowest));
        copy.rect = Rect {
            x: tile.rect.x - left + place.x,
            y: tile.rect.y - top + place.y,
            ..tile.rect
        }
        .clamped(document.grid.cols);
        ops.push(insert(&Object::Tile(Box::new(copy))));
    }
    Some(Edit::new(name, ops).selecting(ids.into_values()))
}

/// The title of a visual or frame; empty text goes back to the made one.
pub fn rename_tile(document: &Dashboard, id: TileId, title: &str, catalog: &FieldCatalog) -> Option<Edit> {
    let tile = document.tile(id)?;
    let title = Some(title.trim().to_owned()).filter(|title| !title.is_empty());
    let (known, path) = match &tile.content {
        Content::Visual(visual) => (&visual.title, ["content", "visual", "title"]),
        Content::Frame(frame) => (&frame.title, ["content", "frame", "title"]),
        Content::Text(_) => return None,
    };
    if *known == title || (known.is_none() && title.as_ref() == Some(&tile_title(tile, catalog))) {
        return None;
    }
    Some(Edit::new(
        format!("Rename {}", tile_title(tile, catalog)),
        vec![set_tile(id, &path, title)],
    ))
}

pub fn set_text(document: &Dashboard, id: TileId, markdown: &str) -> Option<Edit> {
    match &document.tile(id)?.content {
        Content::Text(text) if text.markdown != markdown => Some(Edit::new(
            "Edit text",
            vec![set_tile(id, &["content", "text", "markdown"], markdown)],
        )),
        Content::Text(_) | Content::Visual(_) | Content::Frame(_) => None,
    }
}

pub fn lock_tiles(
    document: &Dashboard,
    tiles: &BTreeSet<TileId>,
    locked: bool,
    catalog: &FieldCatalog,
) -> Option<Edit> {
    let ops: Vec<_> = document
        .tiles
        .iter()
        .filter(|tile| tiles.contains(&tile.id) && tile.locked != locked)
        .map(|tile| set_tile(tile.id, &["locked"], locked))
        .collect();
    let verb = if locked { "Lock" } else { "Unlock" };
    (!ops.is_empty()).then(|| Edit::new(format!("{verb} {}", named(document, tiles, catalog)), ops))
}
