//! A link to a published dashboard.

use std::collections::BTreeMap;

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{permission::ShareGrant, semantic::Condition, share::ShareInfo};

use crate::{EntityError, read};

const TABLE: &str = "shares";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "shares")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub dashboard_id: Uuid,
    /// SHA-256 of the token in the link, hex.
    pub token_hash: String,
    pub password_hash: Option<String>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub revoked_at: Option<DateTimeUtc>,
    pub paused: bool,
    /// `None`: no limit.
    pub max_views: Option<i64>,
    pub views: i64,
    pub last_viewed_at: Option<DateTimeUtc>,
    /// What the reader may do and sees, as JSON.
    pub settings: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "crate::user::Entity",
        from = "Column::CreatedBy",
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

/// Column `settings`: what the reader may do and sees.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The owner's note.
    pub name: Option<String>,
    pub downloads: bool,
    pub hide_title: bool,
    /// `None`: all filters that are not locked.
    pub allowed_filters: Option<Vec<String>>,
    pub locked: Vec<Condition>,
    /// Model roles and attributes; none in links made before there were any.
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub attributes: BTreeMap<String, Json>,
}

impl Model {
    /// # Errors
    /// When the column is not of this version.
    pub fn settings(&self) -> Result<Settings, EntityError> {
        read::json(TABLE, "settings", &self.settings)
    }

    /// What its reader may see.
    ///
    /// # Errors
    /// As `settings`.
    pub fn grant(&self) -> Result<ShareGrant, EntityError> {
        let settings = self.settings()?;
        Ok(ShareGrant {
            share_id: self.id.into(),
            workspace_id: self.workspace_id.into(),
            dashboard_id: self.dashboard_id.into(),
            locked: settings.locked,
            allowed_filters: settings.allowed_filters,
            downloads: settings.downloads,
            roles: settings.roles,
            attributes: settings.attributes,
        })
    }

    /// As its owner sees it. `created_by`: name of who made it.
    ///
    /// # Errors
    /// As `settings`.
    pub fn info(&self, created_by: Option<&crate::user::Model>) -> Result<ShareInfo, EntityError> {
        let settings = self.settings()?;
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(ShareInfo {
            id: self.id.into(),
            dashboard: self.dashboard_id.into(),
            name: settings.name,
            created_at: self.created_at,
            created_by: created_by.map_or_else(|| "A former user".to_owned(), |user| user.name.clone()),
            expires_at: self.expires_at,
            has_password: self.password_hash.is_some(),
            downloads: settings.downloads,
            hide_title: settings.hide_title,
            paused: self.paused,
            max_views: self.max_views.map(count),
            views: count(self.views),
            last_viewed_at: self.last_viewed_at,
            allowed_filters: settings.allowed_filters,
            locked: settings.locked,
            roles: settings.roles,
            attrs: settings.attributes,
            revoked_at: self.revoked_at,
        })
    }
}
