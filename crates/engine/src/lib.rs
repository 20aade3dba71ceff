//! The engine: turns uploaded files into Parquet and runs logical plans over them, in worker processes with limits.
//! Depends on `plan`, `guard` and `shared`; Polars never runs over user data in the calling process.

mod answer;
mod cache;
mod engine;
mod error;
mod ingest;
mod ingested;
mod lower;
mod pool;
mod protocol;
mod storage;
pub mod worker;

pub use cache::AnswerCache;
pub use engine::{Engine, EngineConfig, TableRows};
pub use error::EngineError;
pub use ingested::{IngestProgress, Ingested};
pub use plan::logical::{PlannedQuery, SourceTable};
pub use storage::{Bindings, ObjectKey, ObjectStorage, StoredObject};
pub use tokio_util::sync::CancellationToken;
