use std::{io, path::PathBuf};

use sea_orm::DbErr;

use crate::ServiceError;

/// Why a backup is not taken or not restored; `Display` is one line for the operator. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{} is there already; a backup never overwrites another", .0.display())]
    Exists(PathBuf),
    #[error("the database is of another version of Sightline ({0}); use that version, or start this one on it first")]
    OtherSchema(String),
    #[error("the file of data set version {0} is missing, so the backup would not be whole")]
    MissingObject(String),
    #[error("this is no backup, or it is damaged: {0}")]
    Damaged(String),
    #[error(
        "the backup was made by another version of Sightline ({0}); restore it with that version, then start this one"
    )]
    OtherVersion(String),
    #[error(
        "the backup was made under another secret key: set SIGHTLINE_SECRET_KEY_FILE to that key, or give --other-key to go on without it (signing keys of frames then change)"
    )]
    OtherKey,
    #[error("this instance was used already; a backup is restored into an empty one")]
    NotEmpty,
    #[error("the database: {0}")]
    Database(#[from] DbErr),
    #[error(transparent)]
    Service(#[from] ServiceError),
}

impl BackupError {
    /// For `map_err` on what is done to a file.
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }
}
