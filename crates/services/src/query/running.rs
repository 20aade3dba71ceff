//! Queries that run under a name their asker gave them, so that they can be cancelled.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use engine::CancellationToken;
use shared::{
    AppError,
    ids::{QueryId, UserId, WorkspaceId},
};

#[derive(Debug)]
struct Running {
    workspace_id: WorkspaceId,
    user_id: UserId,
    cancel: CancellationToken,
}

#[derive(Debug, Default)]
pub(crate) struct RunningQueries {
    queries: Mutex<HashMap<QueryId, Running>>,
}

impl RunningQueries {
    fn queries(&self) -> MutexGuard<'_, HashMap<QueryId, Running>> {
        self.queries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes `cancel` reachable under `id` until the guard is dropped.
    pub fn start(
        &self,
        id: QueryId,
        workspace_id: WorkspaceId,
        user_id: UserId,
        cancel: CancellationToken,
    ) -> Result<RunningGuard<'_>, AppError> {
        let mut queries = self.queries();
        if queries.contains_key(&id) {
            return Err(AppError::conflict("A query with this id is running already.").with_field("query"));
        }
        queries.insert(
            id,
            Running {
                workspace_id,
                user_id,
                cancel,
            },
        );
        Ok(RunningGuard { queries: self, id })
    }

    /// Whether there was such a query of this user.
    pub fn cancel(&self, id: QueryId, workspace_id: WorkspaceId, user_id: UserId) -> bool {
        let queries = self.queries();
        let own = queries
            .get(&id)
            .filter(|running| running.workspace_id == workspace_id && running.user_id == user_id);
        own.inspect(|running| running.cancel.cancel()).is_some()
    }
}

pub(crate) struct RunningGuard<'a> {
    queries: &'a RunningQueries,
    id: QueryId,
}

impl Drop for RunningGuard<'_> {
    fn drop(&mut self) {
        self.queries.queries().remove(&self.id);
    }
}
