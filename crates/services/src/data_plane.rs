//! What the services of data share: the engine, the answers that are kept, files on their way in and queries that run.

use std::{path::PathBuf, sync::Arc};

use chrono::TimeDelta;
use engine::{AnswerCache, Engine};

use crate::{
    connection::Connectors,
    dataset::UploadRegistry,
    model::DocumentCache,
    query::{QuerySlots, RunningQueries},
    rollup::RollupRegistry,
};

/// One per running server. A clone is one reference count.
#[derive(Clone, Debug)]
pub struct DataPlane(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    engine: Engine,
    upload_dir: PathBuf,
    limits: DataLimits,
    answers: AnswerCache,
    documents: DocumentCache,
    connectors: Connectors,
    uploads: UploadRegistry,
    running: RunningQueries,
    slots: QuerySlots,
    rollups: RollupRegistry,
}

/// Figures an operator may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataLimits {
    /// Of one uploaded file (`SIGHTLINE_MAX_UPLOAD_BYTES`).
    pub upload_bytes: u64,
    /// Of all versions of a workspace's datasets, as stored, replaced ones until they are swept (`SIGHTLINE_MAX_WORKSPACE_BYTES`).
    pub workspace_bytes: u64,
    /// Datasets of a workspace (`SIGHTLINE_MAX_WORKSPACE_FILES`).
    pub workspace_files: u64,
    /// Queries of one user that run at the same time; more wait (`SIGHTLINE_MAX_USER_QUERIES`).
    pub user_queries: usize,
    /// Memory for answers that are kept (`SIGHTLINE_MAX_CACHE_BYTES`).
    pub cache_bytes: u64,
    /// A received file that nobody loads is forgotten after this long.
    pub uploads_kept: TimeDelta,
    /// The object of a replaced or deleted version is removed after this long; longer than any query runs.
    pub retired_kept: TimeDelta,
    /// A deleted dashboard can be restored for this long.
    pub bin_kept: TimeDelta,
}

impl Default for DataLimits {
    fn default() -> Self {
        Self {
            upload_bytes: 200 << 20,
            workspace_bytes: 5 << 30,
            workspace_files: 1_000,
            user_queries: 4,
            cache_bytes: 128 << 20,
            uploads_kept: TimeDelta::hours(1),
            retired_kept: TimeDelta::minutes(15),
            bin_kept: TimeDelta::days(30),
        }
    }
}

impl DataPlane {
    /// `upload_dir` holds files between receiving and loading; it is made when it is missing, and is this server's alone.
    pub fn new(engine: Engine, upload_dir: PathBuf, limits: DataLimits) -> Self {
        Self(Arc::new(Parts {
            answers: AnswerCache::new(limits.cache_bytes),
            documents: DocumentCache::new(),
            connectors: Connectors::new(),
            uploads: UploadRegistry::default(),
            running: RunningQueries::default(),
            slots: QuerySlots::new(limits.user_queries),
            rollups: RollupRegistry::default(),
            engine,
            upload_dir,
            limits,
        }))
    }

    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub fn limits(&self) -> &DataLimits {
        &self.0.limits
    }

    pub(crate) fn upload_dir(&self) -> &PathBuf {
        &self.0.upload_dir
    }

    pub(crate) fn answers(&self) -> &AnswerCache {
        &self.0.answers
    }

    pub(crate) fn documents(&self) -> &DocumentCache {
        &self.0.documents
    }

    pub(crate) fn connectors(&self) -> &Connectors {
        &self.0.connectors
    }

    pub(crate) fn uploads(&self) -> &UploadRegistry {
        &self.0.uploads
    }

    pub(crate) fn running(&self) -> &RunningQueries {
        &self.0.running
    }

    pub(crate) fn rollups(&self) -> &RollupRegistry {
        &self.0.rollups
    }

    pub(crate) fn slots(&self) -> &QuerySlots {
        &self.0.slots
    }
}
