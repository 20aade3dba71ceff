//! One server per data folder: a start sweeps what an earlier run left unfinished, and must not sweep what another is doing.

use std::{
    fs::{self, File, TryLockError},
    path::Path,
};

use crate::instance::InstanceError;

/// Held as long as the server runs; the operating system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct DataLock(#[expect(dead_code, reason = "held, not used")] File);

impl DataLock {
    /// Whether a server holds the lock of this folder; makes nothing.
    ///
    /// # Errors
    /// When the lock cannot be looked at.
    pub fn is_taken(data: &Path) -> Result<bool, InstanceError> {
        let unusable = |error: std::io::Error| InstanceError::DataFolder {
            folder: data.to_owned(),
            kind: error.kind(),
        };
        let file = match File::open(data.join("server.lock")) {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(unusable(error)),
        };
        match file.try_lock() {
            Ok(()) => Ok(false),
            Err(TryLockError::WouldBlock) => Ok(true),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }

    /// Makes the folder when it is missing.
    ///
    /// # Errors
    /// `InUse` when another server holds it.
    pub fn take(data: &Path) -> Result<Self, InstanceError> {
        let unusable = |error: std::io::Error| InstanceError::DataFolder {
            folder: data.to_owned(),
            kind: error.kind(),
        };
        fs::create_dir_all(data).map_err(unusable)?;
        let file = File::create(data.join("server.lock")).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(InstanceError::InUse {
                folder: data.to_owned(),
            }),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}
