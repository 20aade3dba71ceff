//! A key that encrypts, and is kept encrypted itself, by the master key.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "data_keys")]
pub struct Model {
    /// `Model::INSTANCE`, or the id of a workspace.
    #[sea_orm(primary_key, auto_increment = false)]
    pub scope: String,
    /// `None`: the instance's own.
    pub workspace_id: Option<Uuid>,
    /// Nonce and ciphertext, base64.
    pub wrapped: String,
    /// Fingerprint of the master key it is wrapped under.
    pub master: String,
    pub created_at: DateTimeUtc,
}

impl Model {
    pub const INSTANCE: &'static str = "instance";
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
