//! What admins decided for the whole instance, one row a decision.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::people::SignInRules;

use crate::{EntityError, read};

const TABLE: &str = "instance_settings";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "instance_settings")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub name: String,
    pub value: Json,
    pub changed_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Name of the row that holds `SignInRules`.
    pub const SIGN_IN: &'static str = "sign_in";

    /// # Errors
    /// When the stored rules are not of this version.
    pub fn sign_in_rules(&self) -> Result<SignInRules, EntityError> {
        read::json(TABLE, "value", &self.value)
    }
}
