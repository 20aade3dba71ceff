//! An uploaded database file; one that no connection has is removed after a while.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::{DatabaseFileId, WorkspaceId};

use crate::{EntityError, read};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "database_files")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    /// What it was called where it came from.
    pub file_name: String,
    pub bytes: i64,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> DatabaseFileId {
        self.id.into()
    }

    pub fn workspace_id(&self) -> WorkspaceId {
        self.workspace_id.into()
    }

    /// # Errors
    /// When the stored number is negative.
    pub fn bytes(&self) -> Result<u64, EntityError> {
        read::count("database_files", "bytes", self.bytes)
    }
}
