//! Asking: one query, a batch, cancelling.

use std::{collections::HashMap, sync::Arc};

use engine::CancellationToken;
use plan::{
    query::{Identity, PlanContext},
    visual::TILE_ROWS,
};
use shared::{
    AppError, ErrorCode,
    ids::QueryId,
    permission::Capability,
    semantic::{Answer, Model, Query},
};

use super::{Asker, QueryService, Question, Runner, to_minute};
use crate::{ServiceResult, WorkspaceAccess, WorkspaceSelector, model::model_for};

/// Queries of one batch.
const MAX_BATCH: usize = 200;

impl QueryService {
    /// Runs a query document. `id`, made by the caller, is what `cancel` takes.
    ///
    /// # Errors
    /// What is wrong with the query, with field and candidates; 410 `source_gone`; limits; 499 when it was cancelled.
    pub async fn run(&self, workspace: &WorkspaceSelector, query: Query, id: Option<QueryId>) -> ServiceResult<Answer> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        let model = model_for(&self.context, &access, &query.model, query.version).await?;
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        let running = self.context.data()?.running();
        let _running = match id {
            Some(id) => Some(running.start(id, access.workspace_id, access.user.user_id, cancel.clone())?),
            None => None,
        };
        self.runner(&access, cancel).run(Question { model, query }).await
    }

    /// Answers in order, all as of the same minute and over the same rows; equal queries run once. A query that fails has its
    /// error in its place.
    ///
    /// # Errors
    /// 422 `limit` for more than 200 queries.
    pub async fn batch(
        &self,
        workspace: &WorkspaceSelector,
        queries: Vec<Query>,
        id: Option<QueryId>,
    ) -> ServiceResult<Vec<Result<Answer, AppError>>> {
        self.batch_with(workspace, queries, id, None).await
    }

    /// As `batch`, with as many rows as tiles show.
    ///
    /// # Errors
    /// As `batch`.
    pub async fn tiles(
        &self,
        workspace: &WorkspaceSelector,
        queries: Vec<Query>,
    ) -> ServiceResult<Vec<Result<Answer, AppError>>> {
        self.batch_with(workspace, queries, None, Some(TILE_ROWS)).await
    }

    async fn batch_with(
        &self,
        workspace: &WorkspaceSelector,
        queries: Vec<Query>,
        id: Option<QueryId>,
        limit_cap: Option<u64>,
    ) -> ServiceResult<Vec<Result<Answer, AppError>>> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        if queries.len() > MAX_BATCH {
            return Err(AppError::new(ErrorCode::Limit, format!("A batch has at most {MAX_BATCH} queries.")).into());
        }
        let cancel = CancellationToken::new();
        let _dropped = cancel.clone().drop_guard();
        let running = self.context.data()?.running();
        let _running = match id {
            Some(id) => Some(running.start(id, access.workspace_id, access.user.user_id, cancel.clone())?),
            None => None,
        };
        let request_id = self.context.request_id();
        let mut models: HashMap<(String, Option<u32>), Result<Arc<Model>, AppError>> = HashMap::new();
        let mut questions = Vec::new();
        let mut places: Vec<Result<usize, AppError>> = Vec::new();
        for query in queries {
            let name = (query.model.clone(), query.version);
            let model = match models.get(&name) {
                Some(model) => model.clone(),
                None => {
                    let loaded = model_for(&self.context, &access, &query.model, query.version).await;
                    let loaded = loaded.map_err(|error| error.app_error(request_id));
                    models.insert(name, loaded.clone());
                    loaded
                }
            };
            places.push(model.map(|model| {
                questions.push(Question { model, query });
                questions.len() - 1
            }));
        }
        let mut runner = self.runner(&access, cancel);
        runner.limit_cap = limit_cap.unwrap_or(runner.limit_cap);
        let mut answers: Vec<Option<ServiceResult<Answer>>> =
            runner.run_all(&questions).await?.into_iter().map(Some).collect();
        let mut take = |place: usize| {
            let answer = answers.get_mut(place).and_then(Option::take);
            answer
                .unwrap_or_else(|| Err(AppError::internal().into()))
                .map_err(|error| error.app_error(request_id))
        };
        Ok(places.into_iter().map(|place| place.and_then(&mut take)).collect())
    }

    /// Stops a running query of the caller's own.
    ///
    /// # Errors
    /// 404 when no query of the caller runs under this id.
    pub async fn cancel(&self, workspace: &WorkspaceSelector, id: QueryId) -> ServiceResult<()> {
        let access = self.context.workspace_access(workspace, Capability::Read).await?;
        if self
            .context
            .data()?
            .running()
            .cancel(id, access.workspace_id, access.user.user_id)
        {
            Ok(())
        } else {
            Err(AppError::not_found("running query").into())
        }
    }

    pub(super) fn runner(&self, access: &WorkspaceAccess, cancel: CancellationToken) -> Runner<'_> {
        let as_of = to_minute(self.context.now());
        Runner {
            context: &self.context,
            workspace_id: access.workspace_id,
            asker: Asker::User(access.user.user_id),
            identity: identity_of(access),
            as_of,
            limit_cap: PlanContext::new(as_of).limit_cap,
            cancel,
        }
    }
}

/// A member, as the access rules of models see them.
pub(crate) fn identity_of(access: &WorkspaceAccess) -> Identity {
    Identity {
        roles: access.model_roles.clone(),
        attributes: access.attributes.clone(),
        locked: Vec::new(),
    }
}
