//! A folder of dashboards.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{dashboard, ids::FolderId};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "folders")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub title: String,
    /// `None`: at the top.
    pub parent_id: Option<Uuid>,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> FolderId {
        self.id.into()
    }

    pub fn folder(&self) -> dashboard::Folder {
        dashboard::Folder {
            id: self.id(),
            title: self.title.clone(),
            parent: self.parent_id.map(FolderId::from),
        }
    }
}
