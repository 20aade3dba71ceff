//! Why the engine could not answer, and what the caller is told.

use std::{io, time::Duration};

use shared::{AppError, ErrorCode};

use crate::connector::DatabaseError;

/// What failed inside the engine. `app_error` is the public form; `Display` and the source belong in the log.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The worker understood the job and refused it: an unreadable file, a cap, an unsupported request.
    #[error("refused: {public}")]
    Refused { public: AppError, detail: Option<String> },
    /// A connected database did not answer.
    #[error("a database failed: {0}")]
    Database(#[from] DatabaseError),
    #[error("cancelled by the caller")]
    Cancelled,
    #[error("stopped after {limit:?}")]
    TimedOut { limit: Duration },
    #[error("more than {limit_bytes} bytes of memory were needed")]
    OutOfMemory { limit_bytes: u64 },
    /// The worker ended by itself; `detail` is the end of what it wrote to its error output.
    #[error("the worker ended unexpectedly ({status}): {detail}")]
    Crashed { status: String, detail: String },
    #[error("all workers stayed busy for {waited:?}")]
    Busy { waited: Duration },
    #[error("starting a worker")]
    StartWorker(#[source] io::Error),
    #[error("talking to a worker")]
    Channel(#[source] io::Error),
    /// A frame or table of a worker made no sense.
    #[error("reading a worker's answer: {0}")]
    Protocol(String),
    /// A table of the plan is bound to no object.
    #[error("table {table} is bound to no stored object")]
    Unbound { table: String },
    #[error("the stored object {key} is gone")]
    ObjectGone { key: String },
    #[error("the stored object {key} is not what was stored")]
    ObjectDamaged { key: String },
    #[error("no storage space is left")]
    StorageFull(#[source] io::Error),
    #[error("{action} in the object store")]
    Storage {
        action: &'static str,
        #[source]
        source: io::Error,
    },
}

impl EngineError {
    /// The sentence and code for the caller; no paths, no cell values.
    pub fn app_error(&self) -> AppError {
        match self {
            Self::Refused { public, .. } => public.clone(),
            Self::Database(error) => error.app_error(),
            Self::Cancelled => AppError::new(ErrorCode::Cancelled, "The request was cancelled."),
            Self::TimedOut { limit } => AppError::new(
                ErrorCode::Timeout,
                format!(
                    "This took longer than the limit of {} seconds and was stopped.",
                    limit.as_secs()
                ),
            )
            .with_hint("Ask for less: a shorter time range, fewer groups or a filter."),
            Self::OutOfMemory { limit_bytes } => AppError::new(
                ErrorCode::OutOfMemory,
                format!(
                    "This needs more than the memory limit of {} MiB and was stopped.",
                    limit_bytes / (1024 * 1024)
                ),
            )
            .with_hint("Ask for less: fewer groups, a filter, or a smaller file."),
            Self::Busy { waited } => {
                let mut error = AppError::new(
                    ErrorCode::Unavailable,
                    format!(
                        "All workers were busy for {} seconds. Try again in a moment.",
                        waited.as_secs()
                    ),
                );
                error.retry_after_s = Some(2);
                error
            }
            Self::Unbound { .. } | Self::ObjectGone { .. } => {
                AppError::new(ErrorCode::SourceGone, "The data behind this was deleted.")
                    .with_hint("Pick another dataset, or upload the file again.")
            }
            Self::ObjectDamaged { .. } => AppError::new(
                ErrorCode::SourceGone,
                "The stored data behind this is damaged, so nothing is shown of it.",
            )
            .with_hint("Load the file again, or ask your administrator to restore a backup."),
            Self::StorageFull(_) => AppError::new(
                ErrorCode::StorageFull,
                "There is no storage space left. Nothing was changed.",
            ),
            Self::Crashed { .. }
            | Self::StartWorker(_)
            | Self::Channel(_)
            | Self::Protocol(_)
            | Self::Storage { .. } => AppError::internal(),
        }
    }

    pub(crate) fn storage(action: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::StorageFull(source),
            _ => Self::Storage { action, source },
        }
    }
}
