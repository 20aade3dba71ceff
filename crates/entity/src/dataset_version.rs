//! One complete Parquet object of a dataset. The row is written after the object, and goes after it.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    dataset::{ColumnProfile, DatasetColumn, DatasetVersionInfo, FileKind, Rejects, Renamed},
    ids::{DatasetId, DatasetVersionId, WorkspaceId},
};

use crate::{EntityError, read};

const TABLE: &str = "dataset_versions";

#[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
#[sea_orm(table_name = "dataset_versions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    pub dataset_id: Uuid,
    /// 1 for the first file.
    pub number: i32,
    /// As it was sent.
    pub file_name: String,
    /// `csv`, `xlsx` …, as `FileKind` is written.
    pub file_kind: String,
    pub row_count: i64,
    pub column_count: i32,
    /// Of the Parquet object.
    pub bytes: i64,
    /// JSON: list of `DatasetColumn` without profiles.
    pub columns: String,
    /// JSON: list of `ColumnProfile`, in the order of the columns; null where there is none.
    pub profiles: String,
    /// JSON: `Rejects`.
    pub rejects: String,
    /// JSON: list of `Renamed`.
    pub renamed: String,
    /// JSON: the `ReadOptions` the file was read with.
    pub options: String,
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    /// Set when a newer version took its place, or its dataset was deleted; the object is swept a while later.
    pub retired_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    pub fn id(&self) -> DatasetVersionId {
        self.id.into()
    }

    pub fn dataset_id(&self) -> DatasetId {
        self.dataset_id.into()
    }

    pub fn workspace_id(&self) -> WorkspaceId {
        self.workspace_id.into()
    }

    /// # Errors
    /// When the stored kind is not one of this version.
    pub fn file_kind(&self) -> Result<FileKind, EntityError> {
        read::text(TABLE, "file_kind", FileKind::parse(&self.file_kind))
    }

    /// Without profiles.
    ///
    /// # Errors
    /// When the column is not a list of columns.
    pub fn columns(&self) -> Result<Vec<DatasetColumn>, EntityError> {
        read::json_text(TABLE, "columns", &self.columns)
    }

    /// With profiles.
    ///
    /// # Errors
    /// When a column is not what it should be.
    pub fn profiled_columns(&self) -> Result<Vec<DatasetColumn>, EntityError> {
        let profiles: Vec<Option<ColumnProfile>> = read::json_text(TABLE, "profiles", &self.profiles)?;
        let columns = self.columns()?.into_iter().zip(profiles);
        Ok(columns
            .map(|(column, profile)| DatasetColumn { profile, ..column })
            .collect())
    }

    /// # Errors
    /// When the column is not a report of rejects.
    pub fn rejects(&self) -> Result<Rejects, EntityError> {
        read::json_text(TABLE, "rejects", &self.rejects)
    }

    /// # Errors
    /// When the column is not a list of renamed headers.
    pub fn renamed(&self) -> Result<Vec<Renamed>, EntityError> {
        read::json_text(TABLE, "renamed", &self.renamed)
    }

    /// # Errors
    /// When a stored figure is out of range.
    pub fn info(&self, current: DatasetVersionId) -> Result<DatasetVersionInfo, EntityError> {
        Ok(DatasetVersionInfo {
            id: self.id(),
            version: read::count(TABLE, "number", self.number.into())?,
            file_name: self.file_name.clone(),
            kind: self.file_kind()?,
            rows: read::count(TABLE, "row_count", self.row_count)?,
            bytes: read::count(TABLE, "bytes", self.bytes)?,
            created_at: self.created_at,
            current: self.id() == current,
        })
    }
}
