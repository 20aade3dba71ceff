//! A key that signs embed tickets.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::share::{EmbedKeyAlgorithm, EmbedKeyInfo};

use crate::{EntityError, read};

const TABLE: &str = "embed_keys";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "embed_keys")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub name: String,
    /// `HS256` or `EdDSA`.
    pub algorithm: String,
    /// EdDSA: base64url of the 32 bytes of the host's public key.
    pub public_key: Option<String>,
    /// HS256: the secret, sealed under the workspace's data key; `None` in rows from before data keys were, whose secret is
    /// derived from the instance's.
    pub sealed: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When the stored name is not one of this version.
    pub fn algorithm(&self) -> Result<EmbedKeyAlgorithm, EntityError> {
        read::json(TABLE, "algorithm", &Value::String(self.algorithm.clone()))
    }

    /// # Errors
    /// As `algorithm`.
    pub fn info(&self) -> Result<EmbedKeyInfo, EntityError> {
        Ok(EmbedKeyInfo {
            kid: self.id.into(),
            name: self.name.clone(),
            alg: self.algorithm()?,
            created_at: self.created_at,
            last_used_at: self.last_used_at,
        })
    }
}

/// As stored in `algorithm`.
pub const fn algorithm_text(algorithm: EmbedKeyAlgorithm) -> &'static str {
    match algorithm {
        EmbedKeyAlgorithm::Hs256 => "HS256",
        EmbedKeyAlgorithm::EdDsa => "EdDSA",
    }
}
