//! The operations that turn one document into another, so that a replaced document stays in the log like any edit.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;
use shared::dashboard::{Dashboard, Object, ObjectKind, Operation};
use uuid::Uuid;

/// Empty when both hold the same. Insertions and changes come parents first, removals children first, so that nothing is
/// taken along that is removed by name later.
pub(super) fn difference(before: &Dashboard, after: &Dashboard) -> Result<Vec<Operation>, serde_json::Error> {
    let mut operations = document_fields(before, after)?;
    let (old, new) = (objects(before), objects(after));
    let mut changes = Vec::new();
    for (key, object) in &new {
        match old.get(key) {
            None => operations.push(object.insert()?),
            Some(same) if same == object => {}
            Some(_) => changes.push(Operation::Set {
                kind: object.kind(),
                id: object.id(),
                path: Vec::new(),
                value: serde_json::to_value(object)?,
            }),
        }
    }
    operations.extend(changes);
    let gone = old.iter().filter(|(key, _)| !new.contains_key(*key)).rev();
    operations.extend(gone.map(|(_, object)| Operation::Remove {
        kind: object.kind(),
        id: object.id(),
    }));
    Ok(operations)
}

fn document_fields(before: &Dashboard, after: &Dashboard) -> Result<Vec<Operation>, serde_json::Error> {
    let mut operations = Vec::new();
    let mut compare = |name: &str, old: Value, new: Value| {
        if old != new {
            let path = vec![name.to_owned()];
            operations.push(Operation::Set {
                kind: ObjectKind::Document,
                id: Uuid::nil(),
                path,
                value: new,
            });
        }
    };
    fn value(of: &impl Serialize) -> Result<Value, serde_json::Error> {
        serde_json::to_value(of)
    }
    compare("title", value(&before.title)?, value(&after.title)?);
    compare("model", value(&before.model)?, value(&after.model)?);
    compare("time_zone", value(&before.time_zone)?, value(&after.time_zone)?);
    compare("theme", value(&before.theme)?, value(&after.theme)?);
    compare("grid", value(&before.grid)?, value(&after.grid)?);
    Ok(operations)
}

/// By kind (pages before tiles before what hangs on tiles), then by id.
fn objects(document: &Dashboard) -> BTreeMap<(ObjectKind, Uuid), Object> {
    let pages = document.pages.iter().cloned().map(Object::Page);
    let tiles = document.tiles.iter().cloned().map(|tile| Object::Tile(Box::new(tile)));
    let filters = document.filters.iter().cloned().map(Object::Filter);
    let interactions = document.interactions.iter().cloned().map(Object::Interaction);
    let parameters = document.parameters.iter().cloned().map(Object::Parameter);
    let bookmarks = document.bookmarks.iter().cloned().map(Object::Bookmark);
    let all = pages
        .chain(tiles)
        .chain(filters)
        .chain(interactions)
        .chain(parameters)
        .chain(bookmarks);
    all.map(|object| ((object.kind(), object.id()), object)).collect()
}

#[cfg(test)]
mod tests {
    use shared::{
        dashboard::{Content, Missing, OrderKey, Page, PageSize, Rect, TextContent, Tile, apply_operations},
        ids::{PageId, TileId},
    };

    use super::*;

    fn page(number: u128) -> Page {
        Page {
            id: PageId::from(Uuid::from_u128(number)),
            order: OrderKey::first(),
            title: format!("Page {number}"),
            size: PageSize::Fluid,
            collision: shared::dashboard::Collision::Push,
            phone: None,
        }
    }

    fn tile(number: u128, page: u128) -> Tile {
        Tile {
            id: TileId::from(Uuid::from_u128(number)),
            page: PageId::from(Uuid::from_u128(page)),
            rect: Rect::new(0, 0, 8, 8),
            z: 0,
            locked: false,
            group: None,
            content: Content::Text(TextContent {
                markdown: "Hello".to_owned(),
            }),
        }
    }

    #[test]
    fn applying_it_gives_the_other_document_and_its_inverse_the_first() {
        let mut before = Dashboard::new("Sales", "orders", PageId::from(Uuid::from_u128(1)));
        before.pages.push(page(2));
        before.tiles = vec![tile(10, 1), tile(11, 2), tile(12, 2)];
        let mut after = before.clone();
        after.title = "Better sales".to_owned();
        after.pages.remove(1);
        after.pages.push(page(3));
        after.tiles = vec![tile(11, 1), tile(13, 3)];

        let operations = difference(&before, &after).unwrap();
        let mut changed = before.clone();
        let inverse = apply_operations(&mut changed, &operations, Missing::Refuse).unwrap();
        assert_eq!(changed, after);
        apply_operations(&mut changed, &inverse, Missing::Refuse).unwrap();
        assert_eq!(changed, before);
        assert!(difference(&after, &after.clone()).unwrap().is_empty());
    }
}
