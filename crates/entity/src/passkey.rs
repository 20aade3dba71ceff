//! The public half of a key that a person's device or password manager holds.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{factor::PasskeyInfo, names::Title};

use crate::{EntityError, read};

const TABLE: &str = "passkeys";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "passkeys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    /// The authenticator's name for it, base64url; unique.
    pub credential_id: String,
    pub name: String,
    /// Public key and counter, as the library writes them.
    pub credential: Json,
    pub created_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When the stored name is none.
    pub fn info(&self) -> Result<PasskeyInfo, EntityError> {
        Ok(PasskeyInfo {
            id: self.id.into(),
            name: read::text(TABLE, "name", Title::try_from(self.name.as_str()).ok())?,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        })
    }
}
