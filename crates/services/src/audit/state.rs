use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use sea_orm::prelude::Uuid;
use tokio::sync::Notify;

use super::refusals::Gathered;

/// What the log keeps in this process's memory.
#[derive(Debug, Default)]
pub(crate) struct AuditState {
    gathered: Mutex<Gathered>,
    /// A refusal waits to be written.
    pub(super) refused: Notify,
    checkpoints: Mutex<Checkpoints>,
    /// So many entries are new that a checkpoint is due.
    pub(super) checkpoint_due: Notify,
}

#[derive(Debug, Default)]
pub(super) struct Checkpoints {
    /// Entries added since the last checkpoints.
    pub added: usize,
    /// Number and hash that each chain had at its last checkpoint of this process.
    pub last: HashMap<Uuid, (i64, String)>,
}

/// Entries between two checkpoints.
const CHECKPOINT_EVERY: usize = 64;

impl AuditState {
    /// So many entries are committed.
    pub(super) fn added(&self, count: usize) {
        let mut checkpoints = self.checkpoints();
        checkpoints.added = checkpoints.added.saturating_add(count);
        if checkpoints.added >= CHECKPOINT_EVERY {
            checkpoints.added = 0;
            self.checkpoint_due.notify_one();
        }
    }

    pub(super) fn gathered(&self) -> MutexGuard<'_, Gathered> {
        self.gathered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn checkpoints(&self) -> MutexGuard<'_, Checkpoints> {
        self.checkpoints.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
