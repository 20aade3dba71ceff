//! The log: every action on a dashboard with its inverse. Rows are never changed.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    dashboard::{Action, Operation, RecordedAction},
    ids::{ActionId, UserId},
};

use crate::{EntityError, read};

const TABLE: &str = "dashboard_actions";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dashboard_actions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub dashboard_id: Uuid,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub revision: i64,
    pub workspace_id: Uuid,
    /// Made by the client; unique in the dashboard.
    pub action_id: Uuid,
    pub actor_id: Uuid,
    pub at: DateTimeUtc,
    pub name: String,
    /// JSON: the operations that were applied.
    pub operations: String,
    /// JSON: the operations that undo them, in the order to apply.
    pub inverse: String,
    /// The action this one undoes or does again.
    pub undoes: Option<Uuid>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When a column cannot be read.
    pub fn recorded(&self) -> Result<RecordedAction, EntityError> {
        let action = |ops: Vec<Operation>| Action {
            id: self.action_id.into(),
            actor: UserId::from(self.actor_id),
            at: self.at,
            name: self.name.clone(),
            ops,
        };
        Ok(RecordedAction {
            revision: read::count(TABLE, "revision", self.revision)?,
            action: action(read::json_text(TABLE, "operations", &self.operations)?),
            inverse: action(read::json_text(TABLE, "inverse", &self.inverse)?),
            undoes: self.undoes.map(ActionId::from),
        })
    }
}
