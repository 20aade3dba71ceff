use std::{io, sync::Arc};

use engine::EngineError;
use entity::EntityError;
use sea_orm::{DbErr, RuntimeErr, SqlErr};
use shared::{AppError, ErrorCode, ids::RequestId};

pub type ServiceResult<T> = Result<T, ServiceError>;

/// Why a service did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// A refusal with words for the caller.
    #[error("refused: {0}")]
    Refused(#[from] AppError),
    #[error("the metadata database failed")]
    Database(#[from] DbErr),
    #[error("stored data could not be read")]
    Row(#[from] EntityError),
    #[error("a value could not be written as JSON")]
    Encode(#[from] serde_json::Error),
    /// Shared, because everybody who waited for one answer gets it.
    #[error("the engine failed")]
    Engine(#[source] Arc<EngineError>),
    #[error("an uploaded file could not be written or read")]
    File(#[from] io::Error),
    #[error("a background task ended early")]
    Task(#[from] tokio::task::JoinError),
    #[error("a password could not be hashed")]
    PasswordHash(#[from] argon2::password_hash::Error),
    /// Sealed under another secret key, for another place, or damaged.
    #[error("a sealed secret could not be opened; was the secret key changed?")]
    Unsealed,
    #[error("a QR code could not be drawn")]
    QrCode(#[from] qrcode::types::QrError),
    #[error("the operating system gave no random bytes")]
    Random(#[from] rand::rngs::SysError),
}

impl ServiceError {
    /// The only way from here to the wire. What the caller is not told goes to the log, under the same request id.
    pub fn app_error(&self, request_id: RequestId) -> AppError {
        let mut answer = match self {
            Self::Refused(refusal) => refusal.clone(),
            Self::Database(error) => from_database(error),
            Self::Row(EntityError::Connect(_)) => unavailable(),
            Self::Engine(error) => error.app_error(),
            Self::Unsealed => AppError::new(
                ErrorCode::Unavailable,
                "What this needs is sealed under a key that this server cannot use.",
            )
            .with_hint("Ask whoever runs this Sightline to look with `sightline doctor`."),
            Self::File(error) => from_file(error),
            Self::Row(EntityError::UnreadableRow { .. })
            | Self::Encode(_)
            | Self::Task(_)
            | Self::PasswordHash(_)
            | Self::QrCode(_)
            | Self::Random(_) => AppError::internal(),
        };
        if answer.http_status() >= 500 {
            let error: &dyn std::error::Error = self;
            tracing::error!(request.id = %request_id, error, "request failed");
        }
        answer.request_id = Some(request_id);
        answer
    }

    /// Turns "this value is taken" into `refusal`, and leaves every other failure as it is.
    pub(crate) fn taken(error: DbErr, refusal: impl FnOnce() -> AppError) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Refused(refusal()),
            Some(_) | None => Self::Database(error),
        }
    }
}

fn from_database(error: &DbErr) -> AppError {
    match error.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => {
            return AppError::conflict("Something with this name exists already.");
        }
        Some(SqlErr::ForeignKeyConstraintViolation(_)) => {
            return AppError::conflict("Something this refers to has just been deleted.");
        }
        Some(_) | None => {}
    }
    match error {
        DbErr::Conn(cause) | DbErr::Exec(cause) | DbErr::Query(cause) if is_disk_full(cause) => storage_full(),
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => unavailable(),
        DbErr::Exec(cause) | DbErr::Query(cause) if is_connection_loss(cause) => unavailable(),
        _ => AppError::internal(),
    }
}

fn from_file(error: &io::Error) -> AppError {
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => storage_full(),
        io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied => {
            let mut answer = AppError::new(
                ErrorCode::Unavailable,
                "The server's disk takes no files at the moment. Nothing was changed.",
            );
            answer.retry_after_s = Some(5);
            answer
        }
        _ => AppError::internal(),
    }
}

impl From<EngineError> for ServiceError {
    fn from(error: EngineError) -> Self {
        Self::Engine(Arc::new(error))
    }
}

impl From<Arc<EngineError>> for ServiceError {
    fn from(error: Arc<EngineError>) -> Self {
        Self::Engine(error)
    }
}

fn storage_full() -> AppError {
    AppError::new(
        ErrorCode::StorageFull,
        "The server's disk is full. Nothing was changed.",
    )
}

fn unavailable() -> AppError {
    let mut answer = AppError::new(
        ErrorCode::Unavailable,
        "The database does not answer at the moment. Nothing was changed.",
    );
    answer.retry_after_s = Some(5);
    answer
}

/// SQLite says "database or disk is full" (13), Postgres `disk_full` (53100).
fn is_disk_full(cause: &RuntimeErr) -> bool {
    database_code(cause).is_some_and(|code| code == "13" || code == "53100")
}

/// No answer, a server that is shutting down or starting (57P0x, 08xxx), too many connections (53300), a database that only
/// reads (25006; SQLite 8), a SQLite lock that stayed taken (5, 6), or a disk that fails it (10, 14).
fn is_connection_loss(cause: &RuntimeErr) -> bool {
    use sea_orm::sqlx::Error;
    match cause {
        RuntimeErr::SqlxError(error) => match &**error {
            Error::Io(_) | Error::PoolTimedOut | Error::PoolClosed | Error::WorkerCrashed | Error::Protocol(_) => true,
            _ => database_code(cause).is_some_and(|code| {
                code.starts_with("57P0")
                    || code.starts_with("08")
                    || ["53300", "25006", "5", "6", "8", "10", "14"].contains(&code.as_str())
            }),
        },
        RuntimeErr::Internal(_) => false,
    }
}

/// A code of Postgres, which always has five characters, or the primary one of SQLite, whose extended codes say more in their
/// higher bits.
fn database_code(cause: &RuntimeErr) -> Option<String> {
    let code = match cause {
        RuntimeErr::SqlxError(error) => error.as_database_error()?.code()?.into_owned(),
        RuntimeErr::Internal(_) => return None,
    };
    match code.parse::<u32>() {
        Ok(extended) if code.len() < 5 => Some((extended & 0xff).to_string()),
        Ok(_) | Err(_) => Some(code),
    }
}
