//! A group of people.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{ids::GroupId, names::Title};

use crate::{EntityError, read};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "groups")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    /// The name in small letters; unique.
    pub name_key: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> GroupId {
        self.id.into()
    }

    /// # Errors
    /// When the column is no title.
    pub fn name(&self) -> Result<Title, EntityError> {
        read::text("groups", "name", Title::try_from(self.name.as_str()).ok())
    }
}
