//! Files between receiving and loading. They live in this process and its upload folder; a restart forgets them.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};
use engine::{CancellationToken, IngestProgress};
use shared::{
    AppError,
    dataset::{SaveStep, UploadState, UploadStatus},
    ids::{UploadId, UserId, WorkspaceId},
};

/// A received file.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub id: UploadId,
    pub workspace_id: WorkspaceId,
    pub user_id: UserId,
    pub file_name: String,
    pub path: PathBuf,
    pub bytes: u64,
    pub received_at: DateTime<Utc>,
}

#[derive(Debug)]
struct Entry {
    upload: Upload,
    state: UploadState,
    /// Set while a load runs.
    loading: Option<CancellationToken>,
}

#[derive(Debug, Default)]
pub(crate) struct UploadRegistry {
    entries: Mutex<HashMap<UploadId, Entry>>,
    receiving: Mutex<HashMap<UploadId, (WorkspaceId, u64)>>,
}

/// A file on its way in; what has come of it counts until this is dropped.
#[derive(Debug)]
pub(crate) struct Receiving<'a> {
    registry: &'a UploadRegistry,
    id: UploadId,
    workspace_id: WorkspaceId,
}

impl Receiving<'_> {
    /// So many bytes have come.
    pub fn reached(&self, bytes: u64) {
        self.registry.receiving().insert(self.id, (self.workspace_id, bytes));
    }

    /// Bytes of the workspace's other files that wait or are on their way in.
    pub fn others_bytes(&self) -> u64 {
        let receiving = self.registry.receiving();
        let others = receiving
            .iter()
            .filter(|(id, (workspace_id, _))| **id != self.id && *workspace_id == self.workspace_id);
        let receiving: u64 = others.map(|(_, (_, bytes))| *bytes).sum();
        receiving.saturating_add(self.registry.waiting_bytes(self.workspace_id))
    }
}

impl Drop for Receiving<'_> {
    fn drop(&mut self) {
        self.registry.receiving().remove(&self.id);
    }
}

impl UploadRegistry {
    fn entries(&self) -> MutexGuard<'_, HashMap<UploadId, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn receiving(&self) -> MutexGuard<'_, HashMap<UploadId, (WorkspaceId, u64)>> {
        self.receiving.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a file while it is received.
    pub const fn receive(&self, id: UploadId, workspace_id: WorkspaceId) -> Receiving<'_> {
        Receiving {
            registry: self,
            id,
            workspace_id,
        }
    }

    pub fn insert(&self, upload: Upload) {
        let state = UploadState::Running {
            step: SaveStep::Receiving,
            bytes_done: upload.bytes,
            bytes_total: upload.bytes,
            rows_done: 0,
        };
        self.entries().insert(
            upload.id,
            Entry {
                upload,
                state,
                loading: None,
            },
        );
    }

    /// The file, for the person who sent it.
    pub fn find(&self, id: UploadId, workspace_id: WorkspaceId, user_id: UserId) -> Result<Upload, AppError> {
        let entries = self.entries();
        let entry = entries
            .get(&id)
            .filter(|entry| entry.upload.workspace_id == workspace_id && entry.upload.user_id == user_id);
        entry
            .map(|entry| entry.upload.clone())
            .ok_or_else(|| AppError::not_found("upload"))
    }

    pub fn status(&self, id: UploadId) -> Option<UploadStatus> {
        self.entries().get(&id).map(|entry| UploadStatus {
            upload: id,
            state: entry.state.clone(),
        })
    }

    /// Marks the file as being loaded.
    pub fn begin(&self, id: UploadId) -> Result<CancellationToken, AppError> {
        let mut entries = self.entries();
        let entry = entries.get_mut(&id).ok_or_else(|| AppError::not_found("upload"))?;
        match entry.state {
            UploadState::Running { .. } | UploadState::Failed { .. } if entry.loading.is_none() => {}
            UploadState::Running { .. } | UploadState::Failed { .. } | UploadState::Done { .. } => {
                return Err(AppError::conflict("This file is being loaded, or was loaded, already."));
            }
        }
        let token = CancellationToken::new();
        entry.loading = Some(token.clone());
        entry.state = UploadState::Running {
            step: SaveStep::Reading,
            bytes_done: 0,
            bytes_total: entry.upload.bytes,
            rows_done: 0,
        };
        Ok(token)
    }

    pub fn progress(&self, id: UploadId, progress: IngestProgress) {
        if let Some(entry) = self.entries().get_mut(&id) {
            entry.state = UploadState::Running {
                step: progress.step,
                bytes_done: progress.bytes_done,
                bytes_total: progress.bytes_total,
                rows_done: progress.rows_done,
            };
        }
    }

    pub fn finish(&self, id: UploadId, state: UploadState) {
        if let Some(entry) = self.entries().get_mut(&id) {
            entry.state = state;
            entry.loading = None;
        }
    }

    /// Stops a load that runs; a file that waits is forgotten, and its path returned for removal.
    pub fn cancel(&self, id: UploadId) -> Option<PathBuf> {
        let mut entries = self.entries();
        match entries.get(&id)?.loading.clone() {
            Some(token) => {
                token.cancel();
                None
            }
            None => entries.remove(&id).map(|entry| entry.upload.path),
        }
    }

    /// Bytes of a workspace's files that wait.
    fn waiting_bytes(&self, workspace_id: WorkspaceId) -> u64 {
        let entries = self.entries();
        let waiting = entries.values().filter(|entry| {
            entry.upload.workspace_id == workspace_id && !matches!(entry.state, UploadState::Done { .. })
        });
        waiting.map(|entry| entry.upload.bytes).sum()
    }

    /// Forgets what was received before `before` and is not being loaded; gives the paths for removal.
    pub fn forget_older(&self, before: DateTime<Utc>) -> Vec<PathBuf> {
        let mut entries = self.entries();
        let stale = |entry: &Entry| entry.upload.received_at < before && entry.loading.is_none();
        let paths = entries
            .values()
            .filter(|entry| stale(entry))
            .map(|entry| entry.upload.path.clone())
            .collect();
        entries.retain(|_, entry| !stale(entry));
        paths
    }
}
