//! A right of a person or a group on one dashboard or dataset.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::access::{ObjectRole, Subject};

use crate::{EntityError, read};

const TABLE: &str = "object_grants";

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "object_grants")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    /// Either this or `dataset_id`.
    pub dashboard_id: Option<Uuid>,
    pub dataset_id: Option<Uuid>,
    /// Either this or `group_id`.
    pub user_id: Option<Uuid>,
    pub group_id: Option<Uuid>,
    pub role: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When the stored role is not one of this version.
    pub fn role(&self) -> Result<ObjectRole, EntityError> {
        read::text(TABLE, "role", ObjectRole::parse(&self.role))
    }

    /// # Errors
    /// When nobody holds it.
    pub fn subject(&self) -> Result<Subject, EntityError> {
        let subject = match (self.user_id, self.group_id) {
            (Some(user), _) => Some(Subject::User(user.into())),
            (None, Some(group)) => Some(Subject::Group(group.into())),
            (None, None) => None,
        };
        read::text(TABLE, "user_id", subject)
    }
}
