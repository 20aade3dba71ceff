//! A tenant.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    account::WorkspaceInfo,
    ids::WorkspaceId,
    names::{Slug, Title},
    permission::WorkspaceRole,
};

use crate::{EntityError, read};

const TABLE: &str = "workspaces";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "workspaces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub slug: String,
    pub title: String,
    /// Share policy: false leaves links and embeds to owners.
    pub editors_may_share: bool,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> WorkspaceId {
        self.id.into()
    }

    /// # Errors
    /// When the stored text is no address.
    pub fn slug(&self) -> Result<Slug, EntityError> {
        read::text(TABLE, "slug", Slug::try_from(self.slug.as_str()).ok())
    }

    /// # Errors
    /// When the stored text is no title.
    pub fn title(&self) -> Result<Title, EntityError> {
        read::text(TABLE, "title", Title::try_from(self.title.as_str()).ok())
    }

    /// As a member with `role` sees it.
    ///
    /// # Errors
    /// When a column cannot be read.
    pub fn info(&self, role: WorkspaceRole) -> Result<WorkspaceInfo, EntityError> {
        Ok(WorkspaceInfo {
            id: self.id(),
            slug: self.slug()?,
            title: self.title()?,
            role,
            created_at: self.created_at,
        })
    }
}
