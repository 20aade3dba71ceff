//! A connection to a database. What is secret is sealed; the options hold nothing that is.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use shared::{
    connection::{Connection, ConnectionFound, ConnectionOptions},
    ids::{ConnectionId, DatabaseFileId, WorkspaceId},
};

use crate::{EntityError, read};

const TABLE: &str = "connections";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "connections")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub name: String,
    pub options: Json,
    /// SQLite: the uploaded file.
    pub file_id: Option<Uuid>,
    /// The password, sealed under the workspace's data key.
    pub sealed: Option<String>,
    pub found: Option<Json>,
    /// Counts changes.
    pub revision: i32,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> ConnectionId {
        self.id.into()
    }

    pub fn workspace_id(&self) -> WorkspaceId {
        self.workspace_id.into()
    }

    pub fn file_id(&self) -> Option<DatabaseFileId> {
        self.file_id.map(Into::into)
    }

    /// # Errors
    /// When what is stored is not of this version.
    pub fn options(&self) -> Result<ConnectionOptions, EntityError> {
        read::json(TABLE, "options", &self.options)
    }

    fn found(&self) -> Result<Option<ConnectionFound>, EntityError> {
        let found = self.found.as_ref().filter(|found| **found != Value::Null);
        found.map(|found| read::json(TABLE, "found", found)).transpose()
    }

    /// # Errors
    /// As `options`.
    pub fn info(&self) -> Result<Connection, EntityError> {
        Ok(Connection {
            id: self.id(),
            name: self.name.clone(),
            options: self.options()?,
            has_password: self.sealed.is_some(),
            found: self.found()?,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}
