//! A dataset as pages and programs see it.

use chrono::{DateTime, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ColumnProfile, FileKind};
use crate::{
    ids::{DatasetId, DatasetVersionId},
    semantic::Warning,
    table::{Cell, ColumnType},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetSummary {
    pub id: DatasetId,
    /// Machine name, unique in the workspace; also the name of the model made beside it.
    pub name: String,
    pub label: String,
    pub kind: FileKind,
    pub rows: u64,
    pub column_count: u32,
    /// Of the stored Parquet.
    pub bytes: u64,
    /// 1 for the first upload, one more for each new file.
    pub version: u32,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Only those it is given to see it, and the owners of the workspace.
    #[serde(default)]
    pub restricted: bool,
}

/// The answer of an upload and of `GET …/datasets/{id}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetDetail {
    #[serde(flatten)]
    pub summary: DatasetSummary,
    pub version_id: DatasetVersionId,
    pub columns: Vec<DatasetColumn>,
    pub rejects: Rejects,
    pub renamed: Vec<Renamed>,
    /// Name of the one-table model made beside it.
    pub model: String,
    /// Name of the file as it was sent.
    pub file_name: String,
    /// Decisions that had alternatives, and what a new file changed for the model; in the answer of a load only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// One file of a dataset's past; the newest is what queries read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetVersionInfo {
    pub id: DatasetVersionId,
    /// 1 for the first upload.
    pub version: u32,
    pub file_name: String,
    pub kind: FileKind,
    pub rows: u64,
    /// Of the stored Parquet.
    pub bytes: u64,
    pub created_at: DateTime<Utc>,
    pub current: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DatasetColumn {
    pub name: String,
    /// As in the header.
    pub label: String,
    #[serde(rename = "type")]
    pub kind: ColumnType,
    pub nulls: u64,
    pub distinct: u64,
    pub min: Cell,
    pub max: Cell,
    /// Left out of list answers and of the upload's own answer; there in `…/profile`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<ColumnProfile>,
}

/// Rows of the file that were not loaded. Every input row is either loaded or counted here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Rejects {
    pub count: u64,
    /// The first 100.
    pub first: Vec<Reject>,
}

/// `line` is 1-based in the file (for XLSX and Parquet the row). `value` is cut at 200 characters.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reject {
    pub line: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    pub reason: String,
}

/// A header that was empty, taken or no legal name. `column` is 1-based.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Renamed {
    pub column: u32,
    pub from: String,
    pub to: String,
}

/// A window of a dataset's rows, in file order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RowsPage {
    pub columns: Vec<DatasetColumn>,
    pub rows: Vec<Vec<Cell>>,
    /// 0-based number of the first row.
    pub offset: u64,
    /// Of the whole dataset.
    pub total: u64,
    /// Cursor of the next window; `None` at the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Where a load is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SaveStep {
    Receiving,
    Reading,
    Writing,
    Profiling,
    Done,
}
