//! Uploaded SQLite databases. The file is a stranger's, so SQLite reads it in a worker process that ends afterwards, without a
//! network and within limits; this side only asks.

mod file;
mod schema;

use std::{path::PathBuf, time::Instant};

use futures::future::BoxFuture;
use plan::sql::SqlDialect;
use serde::{Deserialize, Serialize};
use shared::connection::{ConnectionFound, DatabaseColumn, DatabaseSchema};
use tokio_util::sync::CancellationToken;

use super::{Connector, Fetch, Fetched};
use crate::{
    error::EngineError,
    pool::WorkerPool,
    protocol::{Job, JobResult, WorkerFailure},
    storage::{ObjectKey, ObjectStorage},
};

/// What a worker is asked about a database file.
#[derive(Debug, Serialize, Deserialize)]
pub struct SqliteJob {
    pub file: PathBuf,
    pub request: SqliteRequest,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqliteRequest {
    Look,
    Schema,
    Describe(String),
    Fetch(Box<Fetch>),
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SqliteAnswer {
    Found { tables: u64, version: String },
    Schema(DatabaseSchema),
    Columns(Vec<DatabaseColumn>),
    Fetched(Fetched),
}

/// Does the job; within a worker.
pub fn perform(job: &SqliteJob) -> Result<SqliteAnswer, WorkerFailure> {
    let answer = match &job.request {
        SqliteRequest::Look => schema::look(&job.file),
        SqliteRequest::Schema => schema::read(&job.file).map(SqliteAnswer::Schema),
        SqliteRequest::Describe(query) => schema::describe(&job.file, query).map(SqliteAnswer::Columns),
        SqliteRequest::Fetch(fetch) => file::fetch(&job.file, fetch).map(SqliteAnswer::Fetched),
    };
    answer.map_err(|error| WorkerFailure {
        public: error.app_error(),
        detail: Some(error.to_string()),
    })
}

/// A stored file.
#[derive(Debug)]
pub struct Sqlite {
    key: ObjectKey,
    store: ObjectStorage,
    workers: WorkerPool,
}

impl Sqlite {
    pub const fn new(key: ObjectKey, store: ObjectStorage, workers: WorkerPool) -> Self {
        Self { key, store, workers }
    }

    async fn ask(&self, request: SqliteRequest, cancel: &CancellationToken) -> Result<SqliteAnswer, EngineError> {
        let file = self.store.whole(&self.key).await?;
        let job = Job::Sqlite(SqliteJob { file, request });
        match self.workers.run(&job, cancel, &mut |_| ()).await?.result {
            Some(JobResult::Sqlite(answer)) => Ok(*answer),
            Some(JobResult::Query(_) | JobResult::Keep(_) | JobResult::Preview(_) | JobResult::Ingest(_)) | None => {
                Err(another())
            }
        }
    }
}

fn another() -> EngineError {
    EngineError::Protocol("the worker answered another question".to_owned())
}

impl Connector for Sqlite {
    fn dialect<'a>(&'a self, _: &'a CancellationToken) -> BoxFuture<'a, Result<SqlDialect, EngineError>> {
        Box::pin(async { Ok(SqlDialect::Sqlite) })
    }

    fn look<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<ConnectionFound, EngineError>> {
        Box::pin(async move {
            let start = Instant::now();
            match self.ask(SqliteRequest::Look, cancel).await? {
                SqliteAnswer::Found { tables, version } => Ok(ConnectionFound {
                    server: format!("SQLite {version}"),
                    can_write: false,
                    tables,
                    millis: u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
                }),
                SqliteAnswer::Schema(_) | SqliteAnswer::Columns(_) | SqliteAnswer::Fetched(_) => Err(another()),
            }
        })
    }

    fn schema<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<DatabaseSchema, EngineError>> {
        Box::pin(async move {
            match self.ask(SqliteRequest::Schema, cancel).await? {
                SqliteAnswer::Schema(schema) => Ok(schema),
                SqliteAnswer::Found { .. } | SqliteAnswer::Columns(_) | SqliteAnswer::Fetched(_) => Err(another()),
            }
        })
    }

    fn describe<'a>(
        &'a self,
        query: &'a str,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Vec<DatabaseColumn>, EngineError>> {
        Box::pin(async move {
            match self.ask(SqliteRequest::Describe(query.to_owned()), cancel).await? {
                SqliteAnswer::Columns(columns) => Ok(columns),
                SqliteAnswer::Found { .. } | SqliteAnswer::Schema(_) | SqliteAnswer::Fetched(_) => Err(another()),
            }
        })
    }

    fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Fetched, EngineError>> {
        Box::pin(async move {
            match self.ask(SqliteRequest::Fetch(Box::new(fetch.clone())), cancel).await? {
                SqliteAnswer::Fetched(fetched) => Ok(fetched),
                SqliteAnswer::Found { .. } | SqliteAnswer::Schema(_) | SqliteAnswer::Columns(_) => Err(another()),
            }
        })
    }
}
