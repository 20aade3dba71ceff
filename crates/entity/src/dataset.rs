//! An uploaded file under its name; its rows are in the current version.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::ids::{DatasetId, DatasetVersionId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "datasets")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    /// Machine name; unique in the workspace.
    pub name: String,
    pub label: String,
    pub current_version_id: Uuid,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// Seen only by those it is given to, and owners. Backups from before there were rights have no such column.
    #[serde(default)]
    pub restricted: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> DatasetId {
        self.id.into()
    }

    pub fn current_version_id(&self) -> DatasetVersionId {
        self.current_version_id.into()
    }
}
