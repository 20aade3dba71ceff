//! What a command makes: operations under one name, and what is selected and shown afterwards.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use shared::{
    dashboard::{Object, ObjectKind, Operation},
    ids::{PageId, TileId},
};
use uuid::Uuid;

/// A change that is not applied yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Edit {
    /// For the history and the undo button: "Move Revenue by month".
    pub name: String,
    pub ops: Vec<Operation>,
    /// Edits with the same key that follow each other, before the first was sent, become one action (held arrow keys).
    pub merge: Option<String>,
    /// The selection after it; `None`: as it was.
    pub select: Option<BTreeSet<TileId>>,
    /// The page shown after it; `None`: as it was.
    pub page: Option<PageId>,
}

impl Edit {
    pub fn new(name: impl Into<String>, ops: Vec<Operation>) -> Self {
        Self {
            name: name.into(),
            ops,
            merge: None,
            select: None,
            page: None,
        }
    }

    #[must_use]
    pub fn merging(mut self, key: impl Into<String>) -> Self {
        self.merge = Some(key.into());
        self
    }

    #[must_use]
    pub fn selecting(mut self, tiles: impl IntoIterator<Item = TileId>) -> Self {
        self.select = Some(tiles.into_iter().collect());
        self
    }

    #[must_use]
    pub fn showing(mut self, page: PageId) -> Self {
        self.page = Some(page);
        self
    }
}

/// Every type that is set in a document can be written as JSON; should one not, NULL is refused when it is applied.
fn json(value: impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

pub fn set(kind: ObjectKind, id: Uuid, path: &[&str], value: impl Serialize) -> Operation {
    Operation::Set {
        kind,
        id,
        path: path.iter().map(|key| (*key).to_owned()).collect(),
        value: json(value),
    }
}

pub fn set_tile(id: TileId, path: &[&str], value: impl Serialize) -> Operation {
    set(ObjectKind::Tile, id.as_uuid(), path, value)
}

pub fn set_document(path: &[&str], value: impl Serialize) -> Operation {
    set(ObjectKind::Document, Uuid::nil(), path, value)
}

pub fn insert(object: &Object) -> Operation {
    Operation::Insert {
        kind: object.kind(),
        object: json(object),
    }
}

pub const fn remove(kind: ObjectKind, id: Uuid) -> Operation {
    Operation::Remove { kind, id }
}
