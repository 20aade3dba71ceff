//! The role a group holds in a workspace.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{ids::GroupId, permission::WorkspaceRole};

use crate::{EntityError, read};

const TABLE: &str = "group_members";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "group_members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub group_id: Uuid,
    pub role: String,
    /// Array of model role names, for row rules.
    pub model_roles: Json,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "crate::group::Entity",
        from = "Column::GroupId",
        to = "crate::group::Column::Id"
    )]
    Group,
    #[sea_orm(
        belongs_to = "crate::workspace::Entity",
        from = "Column::WorkspaceId",
        to = "crate::workspace::Column::Id"
    )]
    Workspace,
}

impl Related<crate::group::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Group.def()
    }
}

impl Related<crate::workspace::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Workspace.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn group_id(&self) -> GroupId {
        self.group_id.into()
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
}
