//! The secret an authenticator app shares with us. Sealed: the database alone makes no codes.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "totp_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub sealed: String,
    /// The 30-second step (since 1970) of the last code that was taken; codes of it and before are used up.
    pub last_step: i64,
    pub created_at: DateTimeUtc,
    /// `None`: shown, but no code came back yet; it protects nothing.
    pub confirmed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
