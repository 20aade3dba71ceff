//! An invitation into a workspace, for whoever holds the link; works once.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{ids::InviteId, permission::WorkspaceRole};

use crate::{EntityError, read};

const TABLE: &str = "invites";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "invites")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: String,
    pub workspace_id: Uuid,
    pub role: String,
    pub model_roles: Json,
    pub attributes: Json,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "crate::workspace::Entity",
        from = "Column::WorkspaceId",
        to = "crate::workspace::Column::Id"
    )]
    Workspace,
}

impl Related<crate::workspace::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Workspace.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When the stored hash is none.
    pub fn id(&self) -> Result<InviteId, EntityError> {
        let start = self.token_hash.get(..32).and_then(|start| Uuid::try_parse(start).ok());
        read::text(TABLE, "token_hash", start.map(InviteId::from))
    }

    /// # Errors
    /// When the stored role is not one of this version.
    pub fn role(&self) -> Result<WorkspaceRole, EntityError> {
        read::text(TABLE, "role", WorkspaceRole::parse(&self.role))
    }

    /// # Errors
    /// When the column is not a list of names.
    pub fn model_roles(&self) -> Result<Vec<String>, EntityError> {
        read::json(TABLE, "model_roles", &self.model_roles)
    }

    /// # Errors
    /// When the column is not an object.
    pub fn attributes(&self) -> Result<BTreeMap<String, Value>, EntityError> {
        read::json(TABLE, "attributes", &self.attributes)
    }
}
