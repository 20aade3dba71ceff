//! Making rollups, and saying how far they are.

use std::{future::Future, sync::Arc, time::Duration};

use chrono::TimeDelta;
use engine::{CancellationToken, Kept, ObjectKey, Sum};
use shared::{
    AppError, ErrorCode,
    ids::WorkspaceId,
    permission::Capability,
    semantic::{Model, RollupBuilt, RollupState, RollupStatus},
};

use super::{
    RollupService,
    apply::states,
    registry::{Outcome, Planned, Wanted},
};
use crate::{
    Context, ServiceResult, Services, WorkspaceSelector,
    model::{load_model, model_for},
    query::{Sources, to_minute},
};

/// How often rollups over databases are looked at; all others are made when somebody says that something changed.
const EVERY: Duration = Duration::from_secs(20);
/// What a newer state has replaced is removed after this long; longer than any query runs.
const REPLACED: TimeDelta = TimeDelta::minutes(15);
/// What nobody has asked for is removed this long after it was made.
const UNUSED: TimeDelta = TimeDelta::days(7);

impl RollupService {
    /// Makes what is due, until `stopped`. A rollup that fails is logged and tried again.
    pub async fn keep(services: &Services, stopped: impl Future<Output = ()>) {
        let Ok(data) = services.data() else { return };
        tokio::pin!(stopped);
        loop {
            tokio::select! {
                () = data.rollups().woken() => {}
                () = tokio::time::sleep(EVERY) => {}
                () = &mut stopped => return,
            }
            tokio::select! {
                made = Self::make_due(services) => match made {
                    Ok(made) => tracing::debug!(made, "kept rollups"),
                    Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "could not look after rollups"),
                },
                // A worker that is left alone stores nothing.
                () = &mut stopped => return,
            }
        }
    }

    /// Makes every rollup that somebody asks for and that is not there in its newest state. Gives their number.
    ///
    /// # Errors
    /// When the metadata database or the object store fails; what is wrong with a rollup stays with it.
    pub async fn make_due(services: &Services) -> ServiceResult<usize> {
        let context = Context::system(services);
        let data = context.data()?;
        let mut made = 0;
        for (workspace, wanted) in data.rollups().all(context.now()) {
            let model = &wanted.model;
            let sources = Sources::load(&context, workspace, &[model], to_minute(context.now())).await?;
            let states = states(&sources, model, &wanted.planned);
            let Some(newest) = states.first().copied() else {
                continue;
            };
            let definition = wanted.planned.definition;
            let key = ObjectKey::rollup(workspace, definition, newest);
            if data.engine().store().has(&key) || !wanted.is_due(newest, context.now()) {
                continue;
            }
            data.rollups().note(workspace, definition, Outcome::Building);
            let outcome = match build(&context, &sources, &wanted, &key).await {
                Ok(kept) => {
                    made += 1;
                    Outcome::Made {
                        state: newest,
                        rows: kept.rows,
                    }
                }
                Err(error) => {
                    let name = wanted.planned.plan.name.as_str();
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        name,
                        "a rollup could not be made"
                    );
                    Outcome::Failed {
                        state: newest,
                        at: context.now(),
                        error: error.app_error(context.request_id()).message,
                    }
                }
            };
            data.rollups().note(workspace, definition, outcome);
            remove_replaced(&context, workspace, definition, &states).await?;
        }
        Ok(made)
    }

    /// Removes what nobody has asked for in a long time. Call it as often as other sweeps. Gives the number of objects.
    ///
    /// # Errors
    /// When the object store fails.
    pub async fn sweep(services: &Services) -> ServiceResult<usize> {
        let data = services.data()?;
        let before = services.clock().now() - UNUSED;
        let store = data.engine().store();
        let mut removed = 0;
        for object in store.list().await? {
            let (Some(workspace), Some(definition)) = (object.key.workspace(), object.key.rollup_definition()) else {
                continue;
            };
            if object.stored_at < before && !data.rollups().knows(workspace, definition) {
                store.delete(&object.key).await?;
                removed += 1;
            }
        }
        Ok(removed)
    }

    /// How far the rollups of a model's newest version are, in its order. Those that are not there are made.
    ///
    /// # Errors
    /// 404 for the model; 403 for people who may not change it.
    pub async fn list(&self, workspace: &WorkspaceSelector, model: &str) -> ServiceResult<Vec<RollupStatus>> {
        let access = self.context.workspace_access(workspace, Capability::Edit).await?;
        let model = model_for(&self.context, &access, model, None).await?;
        let now = to_minute(self.context.now());
        let sources = Sources::load(&self.context, access.workspace_id, &[&model], now).await?;
        let mut found = Vec::new();
        for rollup in self.context.data()?.rollups().plans(&model).iter() {
            found.push(self.status(access.workspace_id, &model, &sources, rollup).await?);
        }
        Ok(found)
    }

    async fn status(
        &self,
        workspace: WorkspaceId,
        model: &Arc<Model>,
        sources: &Sources,
        rollup: &Arc<Planned>,
    ) -> ServiceResult<RollupStatus> {
        let data = self.context.data()?;
        let states = states(sources, model, rollup);
        let key = |state: &Sum| ObjectKey::rollup(workspace, rollup.definition, *state);
        let objects = data.engine().store().rollups(workspace, rollup.definition).await?;
        let there = |state: &Sum| objects.iter().find(|object| object.key == key(state));
        let is_newest = states.first().is_some_and(|state| there(state).is_some());
        data.rollups()
            .want(workspace, model, rollup, !is_newest, self.context.now());
        let outcome = data.rollups().outcome(workspace, rollup.definition);
        let rows_of = |state: &Sum| match &outcome {
            Some(Outcome::Made { state: made, rows }) if made == state => Some(*rows),
            _ => None,
        };
        let built = states.iter().find_map(|state| {
            there(state).map(|object| RollupBuilt {
                rows: rows_of(state),
                bytes: object.bytes,
                at: object.stored_at,
            })
        });
        let (state, error) = match &outcome {
            Some(Outcome::Building) => (RollupState::Building, None),
            Some(Outcome::Failed { state, error, .. }) if states.first() == Some(state) && !is_newest => {
                (RollupState::Failed, Some(error.clone()))
            }
            _ if built.is_some() => (RollupState::Ready, None),
            _ => (RollupState::Due, None),
        };
        Ok(RollupStatus {
            name: rollup.plan.name.clone(),
            state,
            built,
            error,
        })
    }
}

/// Has the rollups of a model's newest version made. What hinders it is no reason to fail: questions ask for them again.
pub(crate) async fn want_all(context: &Context, workspace: WorkspaceId, model: &str) {
    let (Ok(model), Ok(data)) = (load_model(context, workspace, model, None).await, context.data()) else {
        return;
    };
    let plans = data.rollups().plans(&model);
    data.rollups().keep_only(workspace, model.model.as_str(), &plans);
    for rollup in plans.iter() {
        data.rollups().want(workspace, &model, rollup, true, context.now());
    }
}

async fn build(context: &Context, sources: &Sources, wanted: &Wanted, key: &ObjectKey) -> ServiceResult<Kept> {
    let plan = &wanted.planned.plan.build;
    let bindings = sources.bind(context, std::iter::once(plan)).await?;
    let (remote, local) = sources.split_plan(context, &wanted.model, plan).await?;
    let cancel = CancellationToken::new();
    let _dropped = cancel.clone().drop_guard();
    let engine = context.data()?.engine();
    let kept = engine.keep(&local, &bindings, &remote, key, &cancel).await?;
    if let Some(most) = wanted.planned.most_rows.filter(|most| kept.rows > *most) {
        engine.store().delete(key).await?;
        let message = format!("There are {} values; at most {most} are kept.", kept.rows);
        return Err(AppError::new(ErrorCode::Limit, message).into());
    }
    Ok(kept)
}

/// What is kept of states that nobody reads any more.
async fn remove_replaced(
    context: &Context,
    workspace: WorkspaceId,
    definition: Sum,
    states: &[Sum],
) -> ServiceResult<()> {
    let store = context.data()?.engine().store();
    let read: Vec<ObjectKey> = states
        .iter()
        .map(|state| ObjectKey::rollup(workspace, definition, *state))
        .collect();
    for object in store.rollups(workspace, definition).await? {
        if !read.contains(&object.key) && object.stored_at + REPLACED < context.now() {
            store.delete(&object.key).await?;
        }
    }
    Ok(())
}
