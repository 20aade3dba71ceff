//! The upload dialog: a file is received once, previewed with changing options, then loaded.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FileKind, ReadOptions, Reject, Renamed, SaveStep};
use crate::{
    error::AppError,
    ids::{DatasetId, UploadId},
    table::{Cell, ColumnType},
};

/// The file is on the server's disk and waits to be previewed and loaded; forgotten after an hour.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UploadReceipt {
    pub upload: UploadId,
    pub file_name: String,
    pub bytes: u64,
}

/// The first rows as they would be loaded with `options`. Types of a preview are those of the rows read (at most 10,000);
/// the load decides over the whole file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Preview {
    pub kind: FileKind,
    /// Everything detected or given, written out.
    pub options: ReadOptions,
    /// XLSX: all sheets.
    #[serde(default)]
    pub sheets: Vec<String>,
    pub columns: Vec<PreviewColumn>,
    /// At most 100.
    pub rows: Vec<Vec<Cell>>,
    #[serde(default)]
    pub renamed: Vec<Renamed>,
    #[serde(default)]
    pub rejects: Vec<Reject>,
    /// Suggested title, from the file's name.
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PreviewColumn {
    pub name: String,
    pub label: String,
    #[serde(rename = "type")]
    pub kind: ColumnType,
}

/// Progress of a load; polled or streamed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UploadStatus {
    pub upload: UploadId,
    pub state: UploadState,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UploadState {
    /// `rows_done` counts rows read so far; `bytes_done` of `bytes_total` of the file.
    Running {
        step: SaveStep,
        bytes_done: u64,
        bytes_total: u64,
        rows_done: u64,
    },
    Done {
        dataset: DatasetId,
    },
    Failed {
        error: AppError,
    },
}
