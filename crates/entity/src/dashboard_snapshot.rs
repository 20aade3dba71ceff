//! A dashboard's document as it was after one revision.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::dashboard::Dashboard;

use crate::{EntityError, read};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dashboard_snapshots")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dashboard_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub workspace_id: Uuid,
    /// JSON.
    pub document: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When the column is not a document of this version.
    pub fn document(&self) -> Result<Dashboard, EntityError> {
        read::json_text("dashboard_snapshots", "document", &self.document)
    }
}
