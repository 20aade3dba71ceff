//! The audit log. Rows are only ever added; triggers refuse everything else.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::audit::{AuditAction, AuditActor, AuditActorKind, AuditEntry, AuditObject, AuditObjectKind, AuditOutcome};

use crate::{EntityError, read};

const TABLE: &str = "audit_entries";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    /// The workspace; nil for what belongs to none. No foreign key: the log of a deleted workspace stays.
    #[sea_orm(primary_key, auto_increment = false)]
    pub chain_id: Uuid,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub at: DateTimeUtc,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub actor_name: String,
    pub action: String,
    /// The three of the object are there together or not at all.
    pub object_kind: Option<String>,
    pub object_id: Option<String>,
    pub object_title: Option<String>,
    pub outcome: String,
    /// JSON object; text, so that its bytes stay as they were hashed.
    pub detail: String,
    pub request_id: Option<Uuid>,
    pub client: Option<String>,
    /// For searching: actor, object, action and client in lower case. Follows from the other columns and is not hashed.
    pub words: String,
    /// SHA-256 over the columns above and the hash of the entry before, hex.
    pub hash: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// # Errors
    /// When a column cannot be read.
    pub fn entry(&self) -> Result<AuditEntry, EntityError> {
        Ok(AuditEntry {
            number: read::count(TABLE, "number", self.number)?,
            at: self.at,
            actor: AuditActor {
                kind: read::text(TABLE, "actor_kind", AuditActorKind::parse(&self.actor_kind))?,
                id: self.actor_id,
                name: self.actor_name.clone(),
            },
            action: read::text(TABLE, "action", AuditAction::parse(&self.action))?,
            object: self.object()?,
            outcome: read::text(TABLE, "outcome", AuditOutcome::parse(&self.outcome))?,
            detail: read::json_text(TABLE, "detail", &self.detail)?,
            request_id: self.request_id.map(Into::into),
            client: self.client.clone(),
            hash: self.hash.clone(),
        })
    }

    fn object(&self) -> Result<Option<AuditObject>, EntityError> {
        let Some(kind) = &self.object_kind else {
            return Ok(None);
        };
        Ok(Some(AuditObject {
            kind: read::text(TABLE, "object_kind", AuditObjectKind::parse(kind))?,
            id: self.object_id.clone().unwrap_or_default(),
            title: self.object_title.clone().unwrap_or_default(),
        }))
    }
}
