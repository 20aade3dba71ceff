//! A dashboard that listed sites may frame.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{semantic::Condition, share::EmbedInfo};

use crate::{EntityError, read};

const TABLE: &str = "embeds";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "embeds")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub dashboard_id: Uuid,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    /// Origins, locks and editable filters, as JSON.
    pub settings: Json,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// Column `settings`: who may frame it and what its readers may do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// The owner's note.
    pub name: Option<String>,
    /// Exact origins, `scheme://host[:port]`.
    pub origins: Vec<String>,
    pub locked: Vec<Condition>,
    /// `None`: all filters that are not locked.
    pub editable: Option<Vec<String>>,
    pub downloads: bool,
}

impl Model {
    /// # Errors
    /// When the column is not of this version.
    pub fn settings(&self) -> Result<Settings, EntityError> {
        read::json(TABLE, "settings", &self.settings)
    }

    /// As its owner sees it. `public_url`: of the instance, without a slash at the end.
    ///
    /// # Errors
    /// As `settings`.
    pub fn info(&self, public_url: &str) -> Result<EmbedInfo, EntityError> {
        let settings = self.settings()?;
        Ok(EmbedInfo {
            id: self.id.into(),
            url: format!("{public_url}/embed/d/{}", self.id),
            dashboard: self.dashboard_id.into(),
            name: settings.name,
            origins: settings.origins,
            locked: settings.locked,
            editable: settings.editable,
            downloads: settings.downloads,
            created_at: self.created_at,
        })
    }
}
