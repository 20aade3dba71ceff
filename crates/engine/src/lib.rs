//! The engine: turns uploaded files into Parquet and runs logical plans over them, in worker processes with limits.
//! Depends on `plan`, `guard` and `shared`; Polars computes nothing over user data in the calling process, which only packs
//! what databases answer.

mod answer;
mod cache;
mod coding;
mod connector;
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
pub use connector::{Connector, DatabaseError, DatabaseFault, EgressRules, Fetch, Fetched, PartLimits, ServerTarget};
pub use engine::{Engine, EngineConfig, Kept, RemoteQuery, RowStream, TableRows};
pub use error::EngineError;
pub use ingested::{IngestProgress, Ingested};
pub use plan::logical::{Origin, PlannedQuery, SourceTable};
pub use storage::{Bindings, ObjectKey, ObjectStorage, StoredObject, Sum};
pub use tokio_util::sync::CancellationToken;
