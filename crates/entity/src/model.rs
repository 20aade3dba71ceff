//! A semantic model by name; its documents are in the versions.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::ModelId;

use crate::{EntityError, read};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "models")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    /// Machine name; unique in the workspace.
    pub name: String,
    pub current_version: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> ModelId {
        self.id.into()
    }

    /// # Errors
    /// When the stored number is negative.
    pub fn current_version(&self) -> Result<u32, EntityError> {
        read::count("models", "current_version", self.current_version.into())
    }
}
