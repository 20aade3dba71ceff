//! What a load reports while it runs and when it is done.

use shared::{
    dataset::{DatasetColumn, FileKind, ReadOptions, Rejects, Renamed, SaveStep},
    semantic::Warning,
};
use tempfile::TempPath;

/// Where a load is; sent about ten times a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IngestProgress {
    pub step: SaveStep,
    /// Of the file that is read.
    pub bytes_done: u64,
    pub bytes_total: u64,
    pub rows_done: u64,
}

/// A finished load. Every row of the file is in `rows` or in `rejects.count`.
#[derive(Debug)]
pub struct Ingested {
    /// Written and synced to disk; removed when dropped, so move it with `ObjectStorage::put_file`.
    pub parquet: TempPath,
    pub kind: FileKind,
    pub rows: u64,
    /// Of the Parquet file.
    pub bytes: u64,
    /// With `profile`.
    pub columns: Vec<DatasetColumn>,
    pub rejects: Rejects,
    pub renamed: Vec<Renamed>,
    /// Everything detected or given, written out.
    pub options: ReadOptions,
    /// Decisions that had alternatives, such as the order of day and month.
    pub notes: Vec<Warning>,
}
