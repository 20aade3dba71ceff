//! A user's place in a workspace.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{ids::UserId, permission::WorkspaceRole};

use crate::{EntityError, read};

const TABLE: &str = "members";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub role: String,
    /// Array of model role names, for row rules.
    pub model_roles: Json,
    /// Object of attribute values, for row rules.
    pub attributes: Json,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "crate::workspace::Entity",
        from = "Column::WorkspaceId",
        to = "crate::workspace::Column::Id"
    )]
    Workspace,
    #[sea_orm(
        belongs_to = "crate::user::Entity",
        from = "Column::UserId",
        to = "crate::user::Column::Id"
    )]
    User,
}

impl Related<crate::workspace::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Workspace.def()
    }
}

impl Related<crate::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn user_id(&self) -> UserId {
        self.user_id.into()
    }

    /// As stored; the platform role may cut it.
    ///
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
