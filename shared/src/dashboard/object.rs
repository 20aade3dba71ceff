//! An object of the document, of any kind.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::{Bookmark, Filter, Interaction, ObjectKind, Operation, Page, Parameter, Tile};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
#[expect(
    clippy::large_enum_variant,
    reason = "few of them exist at a time; a box would cost every reader a step"
)]
pub enum Object {
    Page(Page),
    Tile(Box<Tile>),
    Filter(Filter),
    Interaction(Interaction),
    Parameter(Parameter),
    Bookmark(Bookmark),
}

impl Object {
    pub const fn kind(&self) -> ObjectKind {
        match self {
            Self::Page(_) => ObjectKind::Page,
            Self::Tile(_) => ObjectKind::Tile,
            Self::Filter(_) => ObjectKind::Filter,
            Self::Interaction(_) => ObjectKind::Interaction,
            Self::Parameter(_) => ObjectKind::Parameter,
            Self::Bookmark(_) => ObjectKind::Bookmark,
        }
    }

    pub const fn id(&self) -> Uuid {
        match self {
            Self::Page(page) => page.id.as_uuid(),
            Self::Tile(tile) => tile.id.as_uuid(),
            Self::Filter(filter) => filter.id.as_uuid(),
            Self::Interaction(interaction) => interaction.id.as_uuid(),
            Self::Parameter(parameter) => parameter.id.as_uuid(),
            Self::Bookmark(bookmark) => bookmark.id.as_uuid(),
        }
    }

    /// Reads the JSON of an object of `kind`; `None` for `Document`, which is no list member.
    ///
    /// # Errors
    /// What serde says is wrong with it.
    pub fn read(kind: ObjectKind, value: Value) -> Result<Option<Self>, serde_json::Error> {
        Ok(Some(match kind {
            ObjectKind::Page => Self::Page(crate::json::from_value(value)?),
            ObjectKind::Tile => Self::Tile(Box::new(crate::json::from_value(value)?)),
            ObjectKind::Filter => Self::Filter(crate::json::from_value(value)?),
            ObjectKind::Interaction => Self::Interaction(crate::json::from_value(value)?),
            ObjectKind::Parameter => Self::Parameter(crate::json::from_value(value)?),
            ObjectKind::Bookmark => Self::Bookmark(crate::json::from_value(value)?),
            ObjectKind::Document => return Ok(None),
        }))
    }

    /// The operation that puts it into a document.
    ///
    /// # Errors
    /// Never for objects that serde can write, which all of these are.
    pub fn insert(&self) -> Result<Operation, serde_json::Error> {
        Ok(Operation::Insert {
            kind: self.kind(),
            object: serde_json::to_value(self)?,
        })
    }
}
