//! A dashboard with its draft: the result of all its actions.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    dashboard::{Dashboard, DashboardDetail, DashboardSummary},
    ids::{DashboardId, FolderId, WorkspaceId},
};

use crate::{EntityError, read};

const TABLE: &str = "dashboards";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dashboards")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub folder_id: Option<Uuid>,
    /// The draft document's, for lists.
    pub title: String,
    /// Name of the draft document's model, for lists.
    pub model: String,
    /// Number of the last action; 0 before the first.
    pub revision: i64,
    /// JSON of the draft.
    pub document: String,
    /// The version readers see; `None`: not published.
    pub published_number: Option<i32>,
    pub published_revision: Option<i64>,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    /// In the bin since.
    pub deleted_at: Option<DateTimeUtc>,
    /// Seen only by those it is given to, and owners. Backups from before there were rights have no such column.
    #[serde(default)]
    pub restricted: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> DashboardId {
        self.id.into()
    }

    pub fn workspace_id(&self) -> WorkspaceId {
        self.workspace_id.into()
    }

    /// # Errors
    /// When the stored number is negative.
    pub fn revision(&self) -> Result<u64, EntityError> {
        read::count(TABLE, "revision", self.revision)
    }

    /// The draft.
    ///
    /// # Errors
    /// When the column is not a document of this version.
    pub fn document(&self) -> Result<Dashboard, EntityError> {
        read::json_text(TABLE, "document", &self.document)
    }

    /// # Errors
    /// When a column cannot be read.
    pub fn detail(&self) -> Result<DashboardDetail, EntityError> {
        let facts = Facts {
            id: self.id,
            folder_id: self.folder_id,
            title: self.title.clone(),
            model: self.model.clone(),
            revision: self.revision,
            published_revision: self.published_revision,
            created_at: self.created_at,
            updated_at: self.updated_at,
            deleted_at: self.deleted_at,
            restricted: self.restricted,
        };
        Ok(DashboardDetail {
            summary: facts.summary()?,
            document: self.document()?,
        })
    }
}

/// What lists show: everything but the document.
#[derive(Clone, Debug, PartialEq, DerivePartialModel)]
#[sea_orm(entity = "Entity")]
pub struct Facts {
    pub id: Uuid,
    pub folder_id: Option<Uuid>,
    pub title: String,
    pub model: String,
    pub revision: i64,
    pub published_revision: Option<i64>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    pub restricted: bool,
}

impl Facts {
    /// # Errors
    /// When a stored number is negative.
    pub fn summary(&self) -> Result<DashboardSummary, EntityError> {
        let published = self
            .published_revision
            .map(|number| read::count(TABLE, "published_revision", number));
        Ok(DashboardSummary {
            id: self.id.into(),
            title: self.title.clone(),
            folder: self.folder_id.map(FolderId::from),
            model: self.model.clone(),
            revision: read::count(TABLE, "revision", self.revision)?,
            published_revision: published.transpose()?,
            created_at: self.created_at,
            updated_at: self.updated_at,
            deleted_at: self.deleted_at,
            restricted: self.restricted,
        })
    }
}
