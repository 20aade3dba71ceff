//! How often a dashboard was read in a day, by whom.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "usage_days")]
pub struct Model {
    /// A date of UTC.
    #[sea_orm(primary_key, auto_increment = false)]
    pub day: Date,
    #[sea_orm(primary_key, auto_increment = false)]
    pub dashboard_id: Uuid,
    /// Id of a person, of a share link or of an embed.
    #[sea_orm(primary_key, auto_increment = false)]
    pub reader_id: Uuid,
    /// `person`, `link` or `frame`.
    pub reader_kind: String,
    pub workspace_id: Uuid,
    pub views: i64,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
