//! A published state: a revision with the model version it was published with. Its document is the snapshot.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dashboard_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dashboard_id: Uuid,
    /// 1, 2, 3 … in the order of publishing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i32,
    pub workspace_id: Uuid,
    pub revision: i64,
    /// Name of the model.
    pub model: String,
    pub model_version: i32,
    pub published_by: Option<Uuid>,
    pub published_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
