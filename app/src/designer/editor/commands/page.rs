//! Pages of a dashboard.

use std::collections::BTreeMap;

use shared::{
    dashboard::{
        Collision, Dashboard, FilterScope, Interaction, Object, ObjectKind, OrderKey, Page, PageSize, order_between,
    },
    ids::{FilterId, InteractionId, PageId, TileId},
};
use uuid::Uuid;

use crate::designer::editor::{Edit, insert, remove, set};

/// An empty page at the end.
pub fn add_page(document: &Dashboard, id: Uuid) -> Edit {
    let pages = document.ordered_pages();
    let number = (1..)
        .map(|number: usize| number + pages.len())
        .map(|number| format!("Page {number}"))
        .find(|title| pages.iter().all(|page| page.title != *title))
        .unwrap_or_else(|| "Page".to_owned());
    let page = Page {
        id: PageId::from(id),
        order: order_between(pages.last().map(|page| &page.order), None),
        title: number,
        size: PageSize::Fluid,
        collision: pages.last().map(|page| page.collision).unwrap_or_default(),
        phone: None,
    };
    Edit::new("Add page", vec![insert(&Object::Page(page))]).showing(PageId::from(id))
}

pub fn rename_page(document: &Dashboard, id: PageId, title: &str) -> Option<Edit> {
    let title = title.trim();
    let page = document.page(id)?;
    (!title.is_empty() && page.title != title).then(|| {
        Edit::new(
            format!("Rename page to “{title}”"),
            vec![set(ObjectKind::Page, id.as_uuid(), &["title"], title)],
        )
    })
}

/// `None` for the last page: a dashboard keeps one.
pub fn remove_page(document: &Dashboard, id: PageId) -> Option<Edit> {
    let page = document.page(id)?;
    let pages = document.ordered_pages();
    let position = pages.iter().position(|page| page.id == id)?;
    let next = pages
        .get(position + 1)
        .or_else(|| pages.get(position.checked_sub(1)?))?;
    Some(
        Edit::new(
            format!("Delete page “{}”", page.title),
            vec![remove(ObjectKind::Page, id.as_uuid())],
        )
        .showing(next.id)
        .selecting([]),
    )
}

/// To stand at `position` among the other pages.
pub fn move_page(document: &Dashboard, id: PageId, position: usize) -> Option<Edit> {
    let page = document.page(id)?;
    let pages = document.ordered_pages();
    let from = pages.iter().position(|page| page.id == id)?;
    let others: Vec<&Page> = pages.into_iter().filter(|page| page.id != id).collect();
    let position = position.min(others.len());
    if position == from {
        return None;
    }
    let order = between(&others, position);
    Some(Edit::new(
        format!("Move page “{}”", page.title),
        vec![set(ObjectKind::Page, id.as_uuid(), &["order"], order)],
    ))
}

fn between(pages: &[&Page], position: usize) -> OrderKey {
    let before = position.checked_sub(1).and_then(|index| pages.get(index));
    order_between(
        before.map(|page| &page.order),
        pages.get(position).map(|page| &page.order),
    )
}

/// A copy right behind it, with copies of its tiles, their filters and interactions.
pub fn duplicate_page(document: &Dashboard, id: PageId, new_id: &mut impl FnMut() -> Uuid) -> Option<Edit> {
    let page = document.page(id)?;
    let pages = document.ordered_pages();
    let position = pages.iter().position(|page| page.id == id)?;
    let copy = PageId::from(new_id());
    let mut ops = vec![insert(&Object::Page(Page {
        id: copy,
        order: between(&pages, position + 1),
        title: format!("{} (copy)", page.title).chars().take(200).collect(),
        ..page.clone()
    }))];
    let mut copies: BTreeMap<TileId, TileId> = BTreeMap::new();
    for tile in document.tiles_of(id) {
        let mut tile = tile.clone();
        let tile_copy = TileId::from(new_id());
        copies.insert(tile.id, tile_copy);
        tile.id = tile_copy;
        tile.page = copy;
        ops.push(insert(&Object::Tile(Box::new(tile))));
    }
    for filter in &document.filters {
        let scope = match filter.scope {
            FilterScope::Page(page) if page == id => Some(FilterScope::Page(copy)),
            FilterScope::Tile(tile) => copies.get(&tile).copied().map(FilterScope::Tile),
            FilterScope::Page(_) | FilterScope::Dashboard => None,
        };
        if let Some(scope) = scope {
            let mut filter = filter.clone();
            filter.id = FilterId::from(new_id());
            filter.scope = scope;
            ops.push(insert(&Object::Filter(filter)));
        }
    }
    for pair in &document.interactions {
        if let (Some(from), Some(to)) = (copies.get(&pair.from), copies.get(&pair.to)) {
            ops.push(insert(&Object::Interaction(Interaction {
                id: InteractionId::from(new_id()),
                from: *from,
                to: *to,
                kind: pair.kind,
            })));
        }
    }
    Some(
        Edit::new(format!("Duplicate page “{}”", page.title), ops)
            .showing(copy)
            .selecting([]),
    )
}

pub fn set_collision(document: &Dashboard, id: PageId, collision: Collision) -> Option<Edit> {
    let page = document.page(id)?;
    (page.collision != collision).then(|| {
        Edit::new(
            "Change what happens to tiles in the way",
            vec![set(ObjectKind::Page, id.as_uuid(), &["collision"], collision)],
        )
    })
}

pub fn set_page_size(document: &Dashboard, id: PageId, size: PageSize) -> Option<Edit> {
    let page = document.page(id)?;
    (page.size != size).then(|| {
        Edit::new(
            "Change page size",
            vec![set(ObjectKind::Page, id.as_uuid(), &["size"], size)],
        )
    })
}
