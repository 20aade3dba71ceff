//! A bearer token of a program, acting as its owner.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{account::TokenInfo, permission::Scope};

use crate::{EntityError, read};

const TABLE: &str = "api_tokens";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_id: Uuid,
    pub name: String,
    /// SHA-256 of the secret part, hex.
    pub secret_hash: String,
    /// Array of scope names.
    pub scopes: Json,
    /// The user's epoch when the token was made; another value on the user ends it.
    pub auth_epoch: i64,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "crate::user::Entity",
        from = "Column::UserId",
        to = "crate::user::Column::Id"
    )]
    User,
}

impl Related<crate::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When the stored scopes are not all of this version.
    pub fn scopes(&self) -> Result<Vec<Scope>, EntityError> {
        read::json(TABLE, "scopes", &self.scopes)
    }

    /// # Errors
    /// As `scopes`.
    pub fn info(&self) -> Result<TokenInfo, EntityError> {
        Ok(TokenInfo {
            id: self.id.into(),
            name: self.name.clone(),
            scopes: self.scopes()?,
            created_at: self.created_at,
            expires_at: self.expires_at,
            last_used_at: self.last_used_at,
        })
    }
}
