//! A browser session. The cookie's value is not here, only its SHA-256.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id_hash: String,
    /// Public name of the session in its owner's list.
    pub id: Uuid,
    /// `None` until someone signs in.
    pub user_id: Option<Uuid>,
    /// The user's epoch when the session began; another value on the user ends it.
    pub auth_epoch: Option<i64>,
    /// JSON of the session layer.
    pub data: String,
    pub user_agent: Option<String>,
    pub client_address: Option<String>,
    pub created_at: DateTimeUtc,
    pub last_seen_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
