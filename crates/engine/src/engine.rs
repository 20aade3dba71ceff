//! The engine as services see it.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use plan::{
    logical::{Node, PlannedQuery, SourceTable},
    sql::Remote,
};
use shared::{
    dataset::{Preview, ReadOptions},
    semantic::Answer,
    table::{Cell, ColumnType},
};
use tokio_util::sync::CancellationToken;

use crate::{
    answer,
    connector::{self, Connector, EgressRules, Fetch, Fetched, PartLimits, ServerTarget, sqlite::Sqlite},
    error::EngineError,
    ingested::{IngestProgress, Ingested},
    pool::{JobOutcome, PoolLimits, WorkerPool},
    protocol::{Job, JobResult, PreviewJob, QueryDone},
    storage::{Bindings, ObjectKey, ObjectStorage},
    worker::WorkerLimits,
};

/// Figures of an engine. `EngineConfig::new` fills in the defaults.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// The program that runs `worker::run` when called with `worker_arguments`.
    pub worker_program: PathBuf,
    pub worker_arguments: Vec<String>,
    /// Queries at the same time; the rest wait. Loads have as many workers of their own, at most two.
    pub workers: usize,
    /// Address space of one query worker.
    pub query_memory_bytes: u64,
    /// Address space of one load.
    pub ingest_memory_bytes: u64,
    pub query_timeout: Duration,
    pub ingest_timeout: Duration,
    /// A warm worker ends after this long without a job.
    pub worker_idle: Duration,
    /// Of one answer, as Arrow.
    pub answer_limit_bytes: u64,
    /// Of what one query fetches from a database.
    pub fetch_limits: PartLimits,
    /// Which databases may be reached.
    pub database_egress: EgressRules,
    /// Where Parquet files are written before they move into `store`; best on the same file system.
    pub temp_dir: PathBuf,
    pub store: ObjectStorage,
}

const GIB: u64 = 1 << 30;

impl EngineConfig {
    pub fn new(
        worker_program: PathBuf,
        worker_arguments: Vec<String>,
        temp_dir: PathBuf,
        store: ObjectStorage,
    ) -> Self {
        Self {
            worker_program,
            worker_arguments,
            workers: std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
            query_memory_bytes: 4 * GIB,
            ingest_memory_bytes: GIB,
            query_timeout: Duration::from_secs(30),
            ingest_timeout: Duration::from_secs(600),
            worker_idle: Duration::from_secs(60),
            answer_limit_bytes: 256 * 1024 * 1024,
            fetch_limits: PartLimits {
                rows: 10_000_000,
                bytes: 2 * GIB,
            },
            database_egress: EgressRules::default(),
            temp_dir,
            store,
        }
    }
}

/// A window of a stored table, in file order.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRows {
    /// Name and stored type, in file order. JSON and geo columns are stored as text.
    pub columns: Vec<(String, ColumnType)>,
    pub rows: Vec<Vec<Cell>>,
    /// Of the whole table.
    pub total: u64,
}

/// Rows that were kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    pub rows: u64,
    /// Of the stored object.
    pub bytes: u64,
}

/// A part of a plan that a database computes.
#[derive(Clone, Debug)]
pub struct RemoteQuery {
    pub query: Remote,
    pub connector: Arc<dyn Connector>,
}

/// Cheap to clone; needs a running Tokio runtime to be used.
#[derive(Clone, Debug)]
pub struct Engine {
    config: Arc<EngineConfig>,
    queries: WorkerPool,
    loads: WorkerPool,
    /// Make what is kept, one at a time, so that questions come first.
    keeps: WorkerPool,
    /// Read the database files of strangers.
    files: WorkerPool,
}

/// Rows of a query, kept until they are read; the file goes with it.
#[derive(Debug)]
pub struct RowStream {
    engine: Engine,
    planned: PlannedQuery,
    parquet: tempfile::TempPath,
    rows: u64,
    is_truncated: bool,
    read: u64,
    cancel: CancellationToken,
}

/// Rows of a stream that are in memory at the same time.
const PIECE: u64 = 20_000;

impl RowStream {
    /// Of all pieces together.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Are there more rows than the query's limit lets through?
    pub const fn is_truncated(&self) -> bool {
        self.is_truncated
    }

    /// The next rows in order; `None` after the last.
    ///
    /// # Errors
    /// As `Engine::rows`.
    pub async fn next(&mut self) -> Result<Option<Vec<Vec<Cell>>>, EngineError> {
        let limit = PIECE.min(self.rows - self.read);
        if limit == 0 {
            return Ok(None);
        }
        let job = Job::Rows {
            parquet: absolute(&self.parquet)?,
            offset: self.read,
            limit,
            table_limit_bytes: self.engine.config.answer_limit_bytes,
        };
        let (tables, _) = query_result(self.engine.queries.run(&job, &self.cancel, &mut |_| ()).await?)?;
        let table = tables.into_iter().next().ok_or_else(unexpected)?;
        self.read += limit;
        answer::rows_of(&self.planned, table)
            .map(Some)
            .map_err(EngineError::Protocol)
    }
}

/// CPU time of one load; twice its wall clock on two cores.
const LOAD_CPU_SECONDS: u64 = 60;

impl Engine {
    pub fn new(config: EngineConfig) -> Self {
        let threads = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let queries = PoolLimits {
            worker: WorkerLimits {
                memory_bytes: config.query_memory_bytes,
                cpu_seconds: None,
                idle: config.worker_idle,
                threads,
            },
            workers: config.workers,
            run_timeout: config.query_timeout,
            queue_timeout: config.query_timeout,
            single_use: false,
            answer_bytes: config.answer_limit_bytes,
        };
        let loads = PoolLimits {
            worker: WorkerLimits {
                memory_bytes: config.ingest_memory_bytes,
                cpu_seconds: Some(LOAD_CPU_SECONDS),
                idle: config.worker_idle,
                threads: threads.min(4),
            },
            workers: config.workers.min(2),
            run_timeout: config.ingest_timeout,
            queue_timeout: config.ingest_timeout,
            single_use: true,
            answer_bytes: config.answer_limit_bytes,
        };
        let files = PoolLimits {
            single_use: true,
            ..queries.clone()
        };
        let keeps = PoolLimits {
            workers: 1,
            run_timeout: config.ingest_timeout,
            queue_timeout: config.ingest_timeout,
            ..files.clone()
        };
        let pool = |limits| WorkerPool::new(config.worker_program.clone(), config.worker_arguments.clone(), limits);
        Self {
            queries: pool(queries),
            loads: pool(loads),
            keeps: pool(keeps),
            files: pool(files),
            config: Arc::new(config),
        }
    }

    pub fn store(&self) -> &ObjectStorage {
        &self.config.store
    }

    /// The first rows of a file as they would be loaded. `file_name` is the name it was sent with.
    ///
    /// # Errors
    /// `unreadable_file` with the reason and the line; limits; cancel.
    pub async fn preview(
        &self,
        file: &Path,
        file_name: &str,
        options: &ReadOptions,
        cancel: &CancellationToken,
    ) -> Result<Preview, EngineError> {
        let job = Job::Preview(source(file, file_name, options)?);
        match self.loads.run(&job, cancel, &mut |_| ()).await?.result {
            Some(JobResult::Preview(preview)) => Ok(*preview),
            Some(JobResult::Query(_) | JobResult::Keep(_) | JobResult::Ingest(_) | JobResult::Sqlite(_)) | None => {
                Err(unexpected())
            }
        }
    }

    /// Turns a file into Parquet. Every row is loaded or counted in `rejects`.
    ///
    /// # Errors
    /// `unreadable_file` with the reason and the line; limits; cancel. The temporary file is removed then.
    pub async fn ingest(
        &self,
        file: &Path,
        file_name: &str,
        options: &ReadOptions,
        mut progress: impl FnMut(IngestProgress) + Send,
        cancel: &CancellationToken,
    ) -> Result<Ingested, EngineError> {
        let parquet = self.temporary("load-")?;
        let job = Job::Ingest {
            source: source(file, file_name, options)?,
            parquet: absolute(&parquet)?,
        };
        let done = match self.loads.run(&job, cancel, &mut progress).await?.result {
            Some(JobResult::Ingest(done)) => *done,
            Some(JobResult::Query(_) | JobResult::Keep(_) | JobResult::Preview(_) | JobResult::Sqlite(_)) | None => {
                return Err(unexpected());
            }
        };
        let bytes = std::fs::metadata(&parquet)
            .map_err(EngineError::storage("measuring a file"))?
            .len();
        Ok(Ingested {
            parquet,
            kind: done.kind,
            rows: done.rows,
            bytes,
            columns: done.columns,
            rejects: done.rejects,
            renamed: done.renamed,
            options: done.options,
            notes: done.notes,
        })
    }

    /// A server that speaks PostgreSQL's protocol; nothing is dialled yet.
    ///
    /// # Errors
    /// A certificate that is none.
    pub fn postgres(&self, target: ServerTarget) -> Result<Arc<dyn Connector>, EngineError> {
        let (rules, timeout) = (self.config.database_egress.clone(), self.config.query_timeout);
        connector::postgres::connector(target, rules, timeout)
    }

    /// A server that speaks MySQL's protocol; nothing is dialled yet.
    ///
    /// # Errors
    /// A certificate that is none.
    pub fn mysql(&self, target: ServerTarget) -> Result<Arc<dyn Connector>, EngineError> {
        let (rules, timeout) = (self.config.database_egress.clone(), self.config.query_timeout);
        connector::mysql::connector(target, rules, timeout)
    }

    /// A stored SQLite file.
    pub fn sqlite(&self, file: ObjectKey) -> Arc<dyn Connector> {
        Arc::new(Sqlite::new(file, self.store().clone(), self.files.clone()))
    }

    /// Runs a planned query: its rows and totals in one batch, sharing scans. What `remote` asks of databases is fetched before,
    /// at the same time.
    ///
    /// # Errors
    /// `source_gone` when a table is bound to nothing or its object is damaged, `limit` for an answer beyond the byte limit, time-out, memory, cancel.
    pub async fn execute(
        &self,
        planned: &PlannedQuery,
        bindings: &Bindings,
        remote: &[RemoteQuery],
        cancel: &CancellationToken,
    ) -> Result<Answer, EngineError> {
        // Removed with all parts when the answer is there, or is not wanted any more.
        let (fetched, _folder) = self.fetch(remote, cancel).await?;
        let job = Job::Query {
            planned: Box::new(planned.clone()),
            tables: self.bound_tables(planned.plans(), bindings).await?,
            fetched,
            table_limit_bytes: self.config.answer_limit_bytes,
        };
        let (tables, done) = query_result(self.queries.run(&job, cancel, &mut |_| ()).await?)?;
        answer::assemble(planned, tables, done.rows_read).map_err(EngineError::Protocol)
    }

    /// Runs a planned query and keeps its rows in a file, to be read piece by piece: as many as its limit says. This process
    /// holds one piece at a time, the worker that makes the file all of them. Totals are left out.
    ///
    /// # Errors
    /// As `execute`; a full disk.
    pub async fn stream(
        &self,
        planned: PlannedQuery,
        bindings: &Bindings,
        remote: &[RemoteQuery],
        cancel: CancellationToken,
    ) -> Result<RowStream, EngineError> {
        let (fetched, _folder) = self.fetch(remote, &cancel).await?;
        let parquet = self.temporary("rows-")?;
        let job = Job::Keep {
            plan: Box::new(planned.rows.clone()),
            tables: self.bound_tables(std::iter::once(&planned.rows), bindings).await?,
            fetched,
            parquet: absolute(&parquet)?,
        };
        let Some(JobResult::Keep(rows)) = self.queries.run(&job, &cancel, &mut |_| ()).await?.result else {
            return Err(unexpected());
        };
        Ok(RowStream {
            engine: self.clone(),
            rows: rows.min(planned.limit),
            is_truncated: rows > planned.limit,
            planned,
            parquet,
            read: 0,
            cancel,
        })
    }

    /// Runs a plan and stores its rows under `key`, for others to read.
    ///
    /// # Errors
    /// As `execute`; a full disk. Nothing is stored then.
    pub async fn keep(
        &self,
        plan: &Node,
        bindings: &Bindings,
        remote: &[RemoteQuery],
        key: &ObjectKey,
        cancel: &CancellationToken,
    ) -> Result<Kept, EngineError> {
        let (fetched, _folder) = self.fetch(remote, cancel).await?;
        let parquet = self.temporary("keep-")?;
        let job = Job::Keep {
            plan: Box::new(plan.clone()),
            tables: self.bound_tables(std::iter::once(plan), bindings).await?,
            fetched,
            parquet: absolute(&parquet)?,
        };
        let Some(JobResult::Keep(rows)) = self.keeps.run(&job, cancel, &mut |_| ()).await?.result else {
            return Err(unexpected());
        };
        let bytes = std::fs::metadata(&parquet)
            .map_err(EngineError::storage("measuring a file"))?
            .len();
        self.store().put_file(key, &parquet).await?;
        Ok(Kept { rows, bytes })
    }

    /// An empty Parquet file on its way; removed when dropped.
    fn temporary(&self, prefix: &str) -> Result<tempfile::TempPath, EngineError> {
        std::fs::create_dir_all(&self.config.temp_dir).map_err(EngineError::storage("making the temporary folder"))?;
        let file = tempfile::Builder::new()
            .prefix(prefix)
            .suffix(".parquet")
            .tempfile_in(&self.config.temp_dir)
            .map_err(EngineError::storage("making a temporary file"))?;
        Ok(file.into_temp_path())
    }

    async fn fetch(
        &self,
        remote: &[RemoteQuery],
        cancel: &CancellationToken,
    ) -> Result<(Vec<(String, Fetched)>, Option<tempfile::TempDir>), EngineError> {
        if remote.is_empty() {
            return Ok((Vec::new(), None));
        }
        std::fs::create_dir_all(&self.config.temp_dir).map_err(EngineError::storage("making the temporary folder"))?;
        let folder = tempfile::Builder::new()
            .prefix("fetch-")
            .tempdir_in(&self.config.temp_dir)
            .map_err(EngineError::storage("making a temporary folder"))?;
        let place = absolute(folder.path())?;
        let fetch = |query: &RemoteQuery| {
            let fetch = Fetch {
                sql: query.query.sql.clone(),
                columns: query.query.columns.clone(),
                folder: place.clone(),
                stem: query.query.name.clone(),
                limits: self.config.fetch_limits,
            };
            let (name, connector) = (query.query.name.clone(), Arc::clone(&query.connector));
            async move { connector.fetch(&fetch, cancel).await.map(|fetched| (name, fetched)) }
        };
        let fetched = futures::future::try_join_all(remote.iter().map(fetch)).await?;
        Ok((fetched, Some(folder)))
    }

    /// Rows `offset` up to `offset + limit` of a stored object; reads only the row groups they lie in.
    ///
    /// # Errors
    /// `source_gone`, limits, cancel.
    pub async fn rows(
        &self,
        object: &ObjectKey,
        offset: u64,
        limit: u64,
        cancel: &CancellationToken,
    ) -> Result<TableRows, EngineError> {
        let parquet = self.store().whole(object).await?;
        let job = Job::Rows {
            parquet,
            offset,
            limit,
            table_limit_bytes: self.config.answer_limit_bytes,
        };
        let (tables, done) = query_result(self.queries.run(&job, cancel, &mut |_| ()).await?)?;
        let table = tables.into_iter().next().ok_or_else(unexpected)?;
        let (columns, rows) = answer::stored_rows(table).map_err(EngineError::Protocol)?;
        Ok(TableRows {
            columns,
            rows,
            total: done.rows_read,
        })
    }

    async fn bound_tables(
        &self,
        plans: impl Iterator<Item = &Node>,
        bindings: &Bindings,
    ) -> Result<Vec<(SourceTable, PathBuf)>, EngineError> {
        let mut tables: Vec<(SourceTable, PathBuf)> = Vec::new();
        for plan in plans {
            for source in plan.sources() {
                if !tables.iter().any(|(known, _)| known == source) {
                    let object = bindings.object(source).ok_or_else(|| EngineError::Unbound {
                        table: source.table.clone(),
                    })?;
                    tables.push((source.clone(), self.store().whole(object).await?));
                }
            }
        }
        Ok(tables)
    }
}

fn source(file: &Path, file_name: &str, options: &ReadOptions) -> Result<PreviewJob, EngineError> {
    Ok(PreviewJob {
        file: absolute(file)?,
        file_name: file_name.to_owned(),
        options: options.clone(),
    })
}

fn absolute(path: &Path) -> Result<PathBuf, EngineError> {
    std::path::absolute(path).map_err(EngineError::storage("finding a file"))
}

fn query_result(outcome: JobOutcome) -> Result<(Vec<Vec<u8>>, QueryDone), EngineError> {
    match outcome.result {
        Some(JobResult::Query(done)) => Ok((outcome.tables, done)),
        Some(JobResult::Keep(_) | JobResult::Preview(_) | JobResult::Ingest(_) | JobResult::Sqlite(_)) | None => {
            Err(unexpected())
        }
    }
}

fn unexpected() -> EngineError {
    EngineError::Protocol("the worker answered another question".to_owned())
}
