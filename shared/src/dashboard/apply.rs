//! Applying operations: one pure function from a document and an action to the new document and the inverse action.
//! The server and every client run the same code, so all end with the same bytes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Action, Content, Dashboard, FilterScope, Grid, ModelPin, Object, ObjectKind, Operation};
use crate::sort::sort_by_key;

/// Caps that keep a document readable and every operation cheap.
const MAX_PAGES: usize = 100;
const MAX_TILES: usize = 500;
const MAX_OTHERS: usize = 1_000;
const MAX_TEXT_BYTES: usize = 100_000;
const MAX_OPERATIONS: usize = 2_000;

/// What to do with `remove` and `set` of an object that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// An error: the caller meant something that never was.
    Refuse,
    /// Nothing happens: somebody else removed it, and remove beats set.
    Skip,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    #[error("the {kind:?} {id} is not in this dashboard")]
    Missing { kind: ObjectKind, id: Uuid },
    #[error("the {kind:?} {id} is in this dashboard already")]
    Exists { kind: ObjectKind, id: Uuid },
    #[error("{path}: {reason}")]
    Invalid { path: String, reason: String },
}

fn invalid(path: impl Into<String>, reason: impl ToString) -> ApplyError {
    ApplyError::Invalid {
        path: path.into(),
        reason: reason.to_string(),
    }
}

/// Applies an action to `document` and returns the operations that undo it, in the order to apply them.
/// On error the document is unchanged.
///
/// # Errors
/// When an operation names what is not there (see `missing`), inserts what is, or would make the document illegal.
pub fn apply_action(document: &mut Dashboard, action: &Action, missing: Missing) -> Result<Vec<Operation>, ApplyError> {
    apply_operations(document, &action.ops, missing)
}

/// See [`apply_action`].
///
/// # Errors
/// As [`apply_action`].
pub fn apply_operations(
    document: &mut Dashboard,
    operations: &[Operation],
    missing: Missing,
) -> Result<Vec<Operation>, ApplyError> {
    if operations.len() > MAX_OPERATIONS {
        return Err(invalid(
            "ops",
            format!("an action has at most {MAX_OPERATIONS} operations"),
        ));
    }
    let mut changed = document.clone();
    let mut inverse: Vec<Operation> = Vec::new();
    for operation in operations {
        let undone = match apply(&mut changed, operation) {
            Err(ApplyError::Missing { .. }) if missing == Missing::Skip => continue,
            other => other?,
        };
        inverse.splice(0..0, undone);
    }
    validate(&changed)?;
    *document = changed;
    Ok(inverse)
}

fn apply(document: &mut Dashboard, operation: &Operation) -> Result<Vec<Operation>, ApplyError> {
    match operation {
        Operation::Insert { kind, object } => insert(document, *kind, object),
        Operation::Remove { kind, id } => remove(document, *kind, *id),
        Operation::Set { kind, id, path, value } => set(document, *kind, *id, path, value),
    }
}

fn insert(document: &mut Dashboard, kind: ObjectKind, object: &Value) -> Result<Vec<Operation>, ApplyError> {
    let object = Object::read(kind, object.clone())
        .map_err(|error| invalid("object", error))?
        .ok_or_else(|| invalid("kind", "the document itself cannot be inserted"))?;
    let id = object.id();
    if find(document, kind, id).is_some() {
        return Err(ApplyError::Exists { kind, id });
    }
    put(document, object);
    Ok(vec![Operation::Remove { kind, id }])
}

fn remove(document: &mut Dashboard, kind: ObjectKind, id: Uuid) -> Result<Vec<Operation>, ApplyError> {
    let object = find(document, kind, id).ok_or(ApplyError::Missing { kind, id })?;
    // What hangs on it goes with it, and comes back after it when this is undone.
    let mut undo = Vec::new();
    for (kind, id) in dependents(document, kind, id) {
        if find(document, kind, id).is_some() {
            let mut inner = remove(document, kind, id)?;
            inner.append(&mut undo);
            undo = inner;
        }
    }
    take(document, kind, id);
    undo.insert(0, object.insert().map_err(|error| invalid("object", error))?);
    Ok(undo)
}

fn dependents(document: &Dashboard, kind: ObjectKind, id: Uuid) -> Vec<(ObjectKind, Uuid)> {
    match kind {
        ObjectKind::Page => {
            let tiles = document
                .tiles
                .iter()
                .filter(|tile| tile.page.as_uuid() == id)
                .map(|tile| (ObjectKind::Tile, tile.id.as_uuid()));
            let filters = document
                .filters
                .iter()
                .filter(|filter| matches!(filter.scope, FilterScope::Page(page) if page.as_uuid() == id))
                .map(|filter| (ObjectKind::Filter, filter.id.as_uuid()));
            tiles.chain(filters).collect()
        }
        ObjectKind::Tile => {
            let filters = document
                .filters
                .iter()
                .filter(|filter| matches!(filter.scope, FilterScope::Tile(tile) if tile.as_uuid() == id))
                .map(|filter| (ObjectKind::Filter, filter.id.as_uuid()));
            let pairs = document
                .interactions
                .iter()
                .filter(|pair| pair.from.as_uuid() == id || pair.to.as_uuid() == id)
                .map(|pair| (ObjectKind::Interaction, pair.id.as_uuid()));
            filters.chain(pairs).collect()
        }
        ObjectKind::Filter
        | ObjectKind::Interaction
        | ObjectKind::Parameter
        | ObjectKind::Bookmark
        | ObjectKind::Document => Vec::new(),
    }
}

fn set(
    document: &mut Dashboard,
    kind: ObjectKind,
    id: Uuid,
    path: &[String],
    value: &Value,
) -> Result<Vec<Operation>, ApplyError> {
    let shown = path.join(".");
    if kind == ObjectKind::Document {
        return set_document(document, path, value);
    }
    let object = find(document, kind, id).ok_or(ApplyError::Missing { kind, id })?;
    let before = serde_json::to_value(&object).map_err(|error| invalid(&shown, error))?;
    let (after, undo_path, undo_value) = replaced(&before, path, value)?;
    let changed = Object::read(kind, after)
        .map_err(|error| invalid(&shown, error))?
        .ok_or(ApplyError::Missing { kind, id })?;
    if changed.id() != id {
        return Err(invalid(shown, "an object keeps its id"));
    }
    take(document, kind, id);
    put(document, changed);
    Ok(vec![Operation::Set {
        kind,
        id,
        path: undo_path,
        value: undo_value,
    }])
}

/// Fields of the document that are no lists of objects.
const DOCUMENT_FIELDS: [&str; 5] = ["title", "model", "time_zone", "theme", "grid"];

/// The document without its lists, so that setting a title does not cost more the more tiles there are.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    title: String,
    model: ModelPin,
    time_zone: Option<String>,
    theme: String,
    grid: Grid,
}

impl Header {
    fn of(document: &Dashboard) -> Self {
        Self {
            title: document.title.clone(),
            model: document.model.clone(),
            time_zone: document.time_zone.clone(),
            theme: document.theme.clone(),
            grid: document.grid.clone(),
        }
    }

    fn write(self, document: &mut Dashboard) {
        let Self {
            title,
            model,
            time_zone,
            theme,
            grid,
        } = self;
        document.title = title;
        document.model = model;
        document.time_zone = time_zone;
        document.theme = theme;
        document.grid = grid;
    }
}

fn set_document(document: &mut Dashboard, path: &[String], value: &Value) -> Result<Vec<Operation>, ApplyError> {
    let shown = path.join(".");
    if !path
        .first()
        .is_some_and(|field| DOCUMENT_FIELDS.contains(&field.as_str()))
    {
        return Err(invalid(
            shown,
            format!("of the document itself only {} can be set", DOCUMENT_FIELDS.join(", ")),
        ));
    }
    let before = serde_json::to_value(Header::of(document)).map_err(|error| invalid(&shown, error))?;
    let (after, undo_path, undo_value) = replaced(&before, path, value)?;
    let changed: Header = crate::json::from_value(after).map_err(|error| invalid(&shown, error))?;
    changed.write(document);
    Ok(vec![Operation::Set {
        kind: ObjectKind::Document,
        id: Uuid::nil(),
        path: undo_path,
        value: undo_value,
    }])
}

/// `before` with `value` at `path`, and the path and value that put it back. Where the last key was absent, the nearest
/// object above it is what is put back, since "absent" has no value of its own.
fn replaced(before: &Value, path: &[String], value: &Value) -> Result<(Value, Vec<String>, Value), ApplyError> {
    let mut after = before.clone();
    let Some((last, parents)) = path.split_last() else {
        return Ok((value.clone(), Vec::new(), before.clone()));
    };
    let mut place = &mut after;
    for key in parents {
        place = step(place, key).ok_or_else(|| invalid(path.join("."), "there is no such place"))?;
    }
    match place {
        Value::Object(object) => match object.insert(last.clone(), value.clone()) {
            Some(old) => Ok((after, path.to_vec(), old)),
            None => {
                let mut old = before;
                for key in parents {
                    old = match old {
                        Value::Object(object) => object.get(key).unwrap_or(&Value::Null),
                        Value::Array(items) => key
                            .parse::<usize>()
                            .ok()
                            .and_then(|index| items.get(index))
                            .unwrap_or(&Value::Null),
                        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => &Value::Null,
                    };
                }
                Ok((after, parents.to_vec(), old.clone()))
            }
        },
        Value::Array(items) => {
            let index: usize = last
                .parse()
                .map_err(|_| invalid(path.join("."), "a list position is a number"))?;
            let slot = items
                .get_mut(index)
                .ok_or_else(|| invalid(path.join("."), "the list is shorter"))?;
            let old = std::mem::replace(slot, value.clone());
            Ok((after, path.to_vec(), old))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            Err(invalid(path.join("."), "there is no such place"))
        }
    }
}

fn step<'a>(place: &'a mut Value, key: &str) -> Option<&'a mut Value> {
    match place {
        Value::Object(object) => object.get_mut(key),
        Value::Array(items) => key.parse::<usize>().ok().and_then(|index| items.get_mut(index)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

fn find(document: &Dashboard, kind: ObjectKind, id: Uuid) -> Option<Object> {
    match kind {
        ObjectKind::Page => document
            .pages
            .iter()
            .find(|page| page.id.as_uuid() == id)
            .cloned()
            .map(Object::Page),
        ObjectKind::Tile => document
            .tiles
            .iter()
            .find(|tile| tile.id.as_uuid() == id)
            .cloned()
            .map(|tile| Object::Tile(Box::new(tile))),
        ObjectKind::Filter => document
            .filters
            .iter()
            .find(|filter| filter.id.as_uuid() == id)
            .cloned()
            .map(Object::Filter),
        ObjectKind::Interaction => document
            .interactions
            .iter()
            .find(|pair| pair.id.as_uuid() == id)
            .cloned()
            .map(Object::Interaction),
        ObjectKind::Parameter => document
            .parameters
            .iter()
            .find(|parameter| parameter.id.as_uuid() == id)
            .cloned()
            .map(Object::Parameter),
        ObjectKind::Bookmark => document
            .bookmarks
            .iter()
            .find(|bookmark| bookmark.id.as_uuid() == id)
            .cloned()
            .map(Object::Bookmark),
        ObjectKind::Document => None,
    }
}

/// Lists are kept in the order of their ids, so that the bytes do not tell in which order objects came.
fn put(document: &mut Dashboard, object: Object) {
    match object {
        Object::Page(page) => keep_in_order(&mut document.pages, page, |page| page.id),
        Object::Tile(tile) => keep_in_order(&mut document.tiles, *tile, |tile| tile.id),
        Object::Filter(filter) => keep_in_order(&mut document.filters, filter, |filter| filter.id),
        Object::Interaction(pair) => keep_in_order(&mut document.interactions, pair, |pair| pair.id),
        Object::Parameter(parameter) => keep_in_order(&mut document.parameters, parameter, |parameter| parameter.id),
        Object::Bookmark(bookmark) => keep_in_order(&mut document.bookmarks, bookmark, |bookmark| bookmark.id),
    }
}

fn keep_in_order<T, Id: Ord>(list: &mut Vec<T>, object: T, id: impl Fn(&T) -> Id) {
    list.push(object);
    sort_by_key(list, id);
}

fn take(document: &mut Dashboard, kind: ObjectKind, id: Uuid) {
    match kind {
        ObjectKind::Page => document.pages.retain(|page| page.id.as_uuid() != id),
        ObjectKind::Tile => document.tiles.retain(|tile| tile.id.as_uuid() != id),
        ObjectKind::Filter => document.filters.retain(|filter| filter.id.as_uuid() != id),
        ObjectKind::Interaction => document.interactions.retain(|pair| pair.id.as_uuid() != id),
        ObjectKind::Parameter => document.parameters.retain(|parameter| parameter.id.as_uuid() != id),
        ObjectKind::Bookmark => document.bookmarks.retain(|bookmark| bookmark.id.as_uuid() != id),
        ObjectKind::Document => {}
    }
}

/// What must hold in every document that is stored.
///
/// # Errors
/// Names the first thing that does not hold.
pub fn validate(document: &Dashboard) -> Result<(), ApplyError> {
    if document.format != 1 {
        return Err(invalid("format", "is 1"));
    }
    if document.title.trim().is_empty() || document.title.chars().count() > 200 {
        return Err(invalid("title", "has 1 to 200 characters"));
    }
    if document.grid.cols == 0
        || document.grid.cols > 96
        || document.grid.row_px == 0
        || document.grid.row_px > 200
        || document.grid.gutter_px > 100
    {
        return Err(invalid(
            "grid",
            "has 1 to 96 columns, rows of 1 to 200 px and gutters of at most 100 px",
        ));
    }
    if document.pages.is_empty() {
        return Err(invalid("pages", "a dashboard keeps at least one page"));
    }
    if document.pages.len() > MAX_PAGES || document.tiles.len() > MAX_TILES {
        return Err(invalid(
            "tiles",
            format!("a dashboard has at most {MAX_PAGES} pages and {MAX_TILES} tiles"),
        ));
    }
    if document.filters.len() > MAX_OTHERS
        || document.interactions.len() > MAX_OTHERS
        || document.parameters.len() > MAX_OTHERS
        || document.bookmarks.len() > MAX_OTHERS
    {
        return Err(invalid(
            "filters",
            format!("a dashboard has at most {MAX_OTHERS} filters, interactions, parameters and bookmarks each"),
        ));
    }
    unique("pages", document.pages.iter().map(|page| page.id))?;
    unique("tiles", document.tiles.iter().map(|tile| tile.id))?;
    unique("filters", document.filters.iter().map(|filter| filter.id))?;
    unique("interactions", document.interactions.iter().map(|pair| pair.id))?;
    unique("parameters", document.parameters.iter().map(|parameter| parameter.id))?;
    unique("bookmarks", document.bookmarks.iter().map(|bookmark| bookmark.id))?;
    for tile in &document.tiles {
        if document.page(tile.page).is_none() {
            return Err(invalid(
                format!("tiles.{}", tile.id),
                "its page is not in this dashboard",
            ));
        }
        if !tile.rect.is_legal(document.grid.cols) {
            return Err(invalid(
                format!("tiles.{}.rect", tile.id),
                format!("does not stand on the {} columns of the grid", document.grid.cols),
            ));
        }
        if let Content::Text(text) = &tile.content
            && text.markdown.len() > MAX_TEXT_BYTES
        {
            return Err(invalid(
                format!("tiles.{}.content", tile.id),
                format!("a text has at most {MAX_TEXT_BYTES} bytes"),
            ));
        }
    }
    for filter in &document.filters {
        let known = match filter.scope {
            FilterScope::Dashboard => true,
            FilterScope::Page(page) => document.page(page).is_some(),
            FilterScope::Tile(tile) => document.tile(tile).is_some(),
        };
        if !known {
            return Err(invalid(
                format!("filters.{}", filter.id),
                "its page or tile is not in this dashboard",
            ));
        }
    }
    for pair in &document.interactions {
        if document.tile(pair.from).is_none() || document.tile(pair.to).is_none() {
            return Err(invalid(
                format!("interactions.{}", pair.id),
                "one of its tiles is not in this dashboard",
            ));
        }
    }
    Ok(())
}

fn unique<Id: Ord>(list: &str, mut ids: impl Iterator<Item = Id>) -> Result<(), ApplyError> {
    let mut seen = BTreeSet::new();
    if ids.all(|id| seen.insert(id)) {
        Ok(())
    } else {
        Err(invalid(list, "two objects have one id"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        dashboard::{Collision, OrderKey, Page, PageSize, Parameter, Rect, TextContent, Tile},
        ids::{PageId, ParameterId, TileId},
        visual::{Visual, VisualKind},
    };

    fn uuid(number: u128) -> Uuid {
        Uuid::from_u128(number)
    }

    fn tile(number: u128, page: u128) -> Tile {
        Tile {
            id: TileId::from(uuid(number)),
            page: PageId::from(uuid(page)),
            rect: Rect::new(0, 0, 8, 10),
            z: 0,
            locked: false,
            group: None,
            content: Content::Visual(Visual::new(VisualKind::Column)),
        }
    }

    fn start() -> Dashboard {
        Dashboard::new("Sales", "orders", PageId::from(uuid(1)))
    }

    fn add(object: Object) -> Operation {
        object.insert().unwrap()
    }

    fn set_op(kind: ObjectKind, id: u128, path: &[&str], value: Value) -> Operation {
        Operation::Set {
            kind,
            id: uuid(id),
            path: path.iter().map(|key| (*key).to_owned()).collect(),
            value,
        }
    }

    #[test]
    fn every_operation_is_undone_to_the_byte() {
        let mut document = start();
        let before = serde_json::to_string(&document).unwrap();
        let page = Page {
            id: PageId::from(uuid(2)),
            order: OrderKey::first(),
            title: "Two".to_owned(),
            size: PageSize::Fluid,
            collision: Collision::Push,
            phone: None,
        };
        let mut text = tile(11, 2);
        text.content = Content::Text(TextContent {
            markdown: "Hello".to_owned(),
        });
        let steps = vec![
            vec![
                add(Object::Page(page)),
                add(Object::Tile(Box::new(tile(10, 1)))),
                add(Object::Tile(Box::new(text))),
            ],
            vec![set_op(
                ObjectKind::Tile,
                10,
                &["content", "visual", "title"],
                json!("Revenue"),
            )],
            vec![set_op(
                ObjectKind::Tile,
                10,
                &["content", "visual", "format", "smooth"],
                json!(true),
            )],
            vec![set_op(
                ObjectKind::Tile,
                10,
                &["rect"],
                json!({"x":16,"y":4,"w":8,"h":20}),
            )],
            vec![set_op(ObjectKind::Document, 0, &["title"], json!("Better sales"))],
            vec![Operation::Remove {
                kind: ObjectKind::Page,
                id: uuid(2),
            }],
            vec![Operation::Remove {
                kind: ObjectKind::Tile,
                id: uuid(10),
            }],
        ];
        let mut states = vec![before];
        let mut inverses = Vec::new();
        for step in &steps {
            inverses.push(apply_operations(&mut document, step, Missing::Refuse).unwrap());
            states.push(serde_json::to_string(&document).unwrap());
        }
        for (inverse, expected) in inverses.iter().zip(states.iter()).rev() {
            apply_operations(&mut document, inverse, Missing::Refuse).unwrap();
            assert_eq!(&serde_json::to_string(&document).unwrap(), expected);
        }
    }

    #[test]
    fn illegal_changes_leave_the_document_alone() {
        let mut document = start();
        let before = document.clone();
        let wrong = [
            vec![set_op(ObjectKind::Tile, 99, &["z"], json!(1))],
            vec![add(Object::Tile(Box::new(tile(10, 7))))],
            vec![
                add(Object::Tile(Box::new(tile(10, 1)))),
                set_op(ObjectKind::Tile, 10, &["rect", "x"], json!(20)),
            ],
            vec![
                add(Object::Tile(Box::new(tile(10, 1)))),
                add(Object::Tile(Box::new(tile(10, 1)))),
            ],
            vec![
                add(Object::Tile(Box::new(tile(10, 1)))),
                set_op(ObjectKind::Tile, 10, &["content", "visual", "colour"], json!(1)),
            ],
            vec![
                add(Object::Tile(Box::new(tile(10, 1)))),
                set_op(ObjectKind::Tile, 10, &["id"], json!(uuid(11))),
            ],
            vec![Operation::Remove {
                kind: ObjectKind::Page,
                id: uuid(1),
            }],
            vec![set_op(ObjectKind::Document, 0, &["tiles"], json!([]))],
        ];
        for operations in wrong {
            assert!(
                apply_operations(&mut document, &operations, Missing::Refuse).is_err(),
                "{operations:?}"
            );
            assert_eq!(document, before);
        }
    }

    #[test]
    fn every_field_of_the_document_itself_is_set_and_undone() {
        let mut document = start();
        document.tiles.push(tile(10, 1));
        let before = document.clone();
        let inverse = apply_operations(
            &mut document,
            &[
                set_op(ObjectKind::Document, 0, &["title"], json!("Sold")),
                set_op(ObjectKind::Document, 0, &["model", "version"], json!(3)),
                set_op(ObjectKind::Document, 0, &["time_zone"], json!("Europe/Berlin")),
                set_op(ObjectKind::Document, 0, &["theme"], json!("dark")),
                set_op(ObjectKind::Document, 0, &["grid", "cols"], json!(48)),
            ],
            Missing::Refuse,
        )
        .unwrap();
        let title = (
            document.title.as_str(),
            document.theme.as_str(),
            document.time_zone.as_deref(),
        );
        assert_eq!(title, ("Sold", "dark", Some("Europe/Berlin")));
        assert_eq!((document.grid.cols, &document.tiles), (48, &before.tiles));
        apply_operations(&mut document, &inverse, Missing::Refuse).unwrap();
        assert_eq!(document, before);
        let odd = [set_op(ObjectKind::Document, 0, &["grid", "colour"], json!(1))];
        assert!(apply_operations(&mut document, &odd, Missing::Refuse).is_err());
    }

    #[test]
    fn no_two_objects_of_a_list_have_one_id() {
        let mut document = start();
        document.tiles = vec![tile(10, 1), tile(11, 1)];
        assert_eq!(validate(&document), Ok(()));
        document.tiles.push(tile(10, 1));
        assert_eq!(validate(&document), Err(invalid("tiles", "two objects have one id")));
        document.tiles.pop();
        document.pages.push(document.pages[0].clone());
        assert_eq!(validate(&document), Err(invalid("pages", "two objects have one id")));
    }

    #[test]
    fn parameters_are_counted_too() {
        let mut document = start();
        document.parameters = (0..=MAX_OTHERS)
            .map(|number| Parameter {
                id: ParameterId::from(uuid(number as u128)),
                name: "p".to_owned(),
            })
            .collect();
        assert!(validate(&document).is_err());
    }

    #[test]
    fn remove_beats_set_when_told_to_skip() {
        let mut document = start();
        let inverse = apply_operations(
            &mut document,
            &[set_op(ObjectKind::Tile, 99, &["z"], json!(1))],
            Missing::Skip,
        )
        .unwrap();
        assert!(inverse.is_empty());
    }
}
