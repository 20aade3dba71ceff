//! What a worker is asked, and what it says when it is done.

use std::path::PathBuf;

use plan::logical::{Node, PlannedQuery, SourceTable};
use serde::{Deserialize, Serialize};
use shared::{
    AppError,
    dataset::{DatasetColumn, FileKind, Preview, ReadOptions, Rejects, Renamed},
    semantic::Warning,
};

use crate::connector::{
    Fetched,
    sqlite::{SqliteAnswer, SqliteJob},
};

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Answers with one table per plan: rows, then totals in order.
    Query {
        planned: Box<PlannedQuery>,
        tables: Vec<(SourceTable, PathBuf)>,
        /// What databases answered before, by the name of the query.
        fetched: Vec<(String, Fetched)>,
        table_limit_bytes: u64,
    },
    /// Writes the rows of a plan to `parquet`, which exists and is empty.
    Keep {
        plan: Box<Node>,
        tables: Vec<(SourceTable, PathBuf)>,
        fetched: Vec<(String, Fetched)>,
        parquet: PathBuf,
    },
    /// Answers with one table: rows `offset` up to `offset + limit` in file order.
    Rows {
        parquet: PathBuf,
        offset: u64,
        limit: u64,
        table_limit_bytes: u64,
    },
    Preview(PreviewJob),
    /// Writes the table to `parquet`, which exists and is empty.
    Ingest {
        source: PreviewJob,
        parquet: PathBuf,
    },
    Sqlite(SqliteJob),
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreviewJob {
    pub file: PathBuf,
    pub file_name: String,
    pub options: ReadOptions,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Done {
    pub result: JobResult,
    /// The worker holds on to much memory and would rather be replaced.
    pub worn_out: bool,
    /// Why the worker could not give up the network.
    pub network: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobResult {
    Query(QueryDone),
    /// Rows that were kept.
    Keep(u64),
    Preview(Box<Preview>),
    Ingest(Box<IngestDone>),
    Sqlite(Box<SqliteAnswer>),
}

#[derive(Debug, Serialize, Deserialize)]
pub struct QueryDone {
    /// Rows of all scanned files.
    pub rows_read: u64,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct IngestDone {
    pub kind: FileKind,
    pub rows: u64,
    pub columns: Vec<DatasetColumn>,
    pub rejects: Rejects,
    pub renamed: Vec<Renamed>,
    pub options: ReadOptions,
    pub notes: Vec<Warning>,
}

/// A job that was refused or failed; the worker goes on.
#[derive(Debug, Serialize, Deserialize)]
pub struct WorkerFailure {
    pub public: AppError,
    /// For the log.
    pub detail: Option<String>,
}

impl WorkerFailure {
    pub fn refuse(public: AppError) -> Self {
        Self { public, detail: None }
    }

    pub fn internal(detail: impl Into<String>) -> Self {
        Self {
            public: AppError::internal(),
            detail: Some(detail.into()),
        }
    }
}
