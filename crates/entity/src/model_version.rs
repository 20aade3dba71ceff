//! One immutable version of a model's document.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{ids::ModelId, semantic};

use crate::{EntityError, read};

const TABLE: &str = "model_versions";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "model_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub model_id: Uuid,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i32,
    pub workspace_id: Uuid,
    /// JSON.
    pub document: String,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn model_id(&self) -> ModelId {
        self.model_id.into()
    }

    /// # Errors
    /// When the stored number is negative.
    pub fn version(&self) -> Result<u32, EntityError> {
        read::count(TABLE, "version", self.version.into())
    }

    /// # Errors
    /// When the column is not a model document of this version.
    pub fn document(&self) -> Result<semantic::Model, EntityError> {
        read::json_text(TABLE, "document", &self.document)
    }
}
