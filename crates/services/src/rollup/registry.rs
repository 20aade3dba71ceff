//! The rollups that this server was asked for, and how making them goes.

use std::{
    collections::HashMap,
    hash::{Hash, Hasher},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use engine::Sum;
use moka::sync::Cache;
use plan::query::{RollupPlan, rollup_plan, value_index_plan};
use shared::{
    ids::WorkspaceId,
    semantic::{Model, RefreshInterval, ValueIndex},
};
use tokio::sync::Notify;

/// A rollup that nobody asked for is not made anew after this long; what is kept of it goes later.
const FORGOTTEN: TimeDelta = TimeDelta::days(1);
/// A rollup that could not be made is tried again after this long, or when what it is made from has changed.
const TRIED_AGAIN: TimeDelta = TimeDelta::minutes(10);

/// A rollup as this server knows it.
#[derive(Debug)]
pub(super) struct Planned {
    pub plan: RollupPlan,
    pub refresh: RefreshInterval,
    /// What it is made by.
    pub definition: Sum,
    /// With more rows it is not kept.
    pub most_rows: Option<u64>,
}

/// Fields whose values are kept, as `table.name`.
fn indexes(model: &Model) -> impl Iterator<Item = (String, &ValueIndex)> {
    model.tables.iter().flat_map(|table| {
        let dimensions = table.dimensions.iter();
        dimensions.filter_map(|dimension| {
            let index = dimension.values.as_ref().filter(|values| values.index)?;
            Some((format!("{}.{}", table.name, dimension.name), index))
        })
    })
}

/// A document by which one it is, not by what it says.
#[derive(Debug)]
struct Document(Arc<Model>);

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Document {}

impl Hash for Document {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.0).hash(state);
    }
}

#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub model: Arc<Model>,
    pub planned: Arc<Planned>,
    asked: DateTime<Utc>,
    outcome: Outcome,
}

#[derive(Clone, Debug)]
pub(super) enum Outcome {
    Waiting,
    Building,
    Made {
        state: Sum,
        rows: u64,
    },
    Failed {
        state: Sum,
        at: DateTime<Utc>,
        error: String,
    },
}

type Key = (WorkspaceId, Sum);

#[derive(Debug)]
pub(crate) struct RollupRegistry {
    /// The rollups of a document, planned once.
    plans: Cache<Document, Arc<Vec<Arc<Planned>>>>,
    wanted: Mutex<HashMap<Key, Wanted>>,
    woken: Notify,
}

impl Default for RollupRegistry {
    fn default() -> Self {
        Self {
            plans: Cache::new(200),
            wanted: Mutex::default(),
            woken: Notify::new(),
        }
    }
}

impl RollupRegistry {
    /// The rollups of a document, in its order, then its kept values; those that can no longer be planned are left out.
    pub(super) fn plans(&self, model: &Arc<Model>) -> Arc<Vec<Arc<Planned>>> {
        let mut indexes = indexes(model).peekable();
        if model.rollups.is_empty() && indexes.peek().is_none() {
            return Arc::default();
        }
        self.plans.get_with(Document(Arc::clone(model)), || {
            let rollups = model
                .rollups
                .iter()
                .map(|rollup| (rollup_plan(rollup, model), rollup.refresh, None));
            let indexes = indexes.map(|(field, index)| {
                let plan = value_index_plan(&field, model);
                (plan, RefreshInterval::default(), Some(u64::from(index.max())))
            });
            let planned = rollups.chain(indexes).filter_map(|(plan, refresh, most_rows)| {
                let plan = plan.ok()?;
                let most = most_rows.map(|most| most.to_string()).unwrap_or_default();
                let definition = Sum::of(&[&serde_json::to_string(&plan.build).ok()?, &most]);
                Some(Arc::new(Planned {
                    plan,
                    refresh,
                    definition,
                    most_rows,
                }))
            });
            Arc::new(planned.collect())
        })
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Wanted>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody asked for the rollups of a model. `due`: what one holds is not there.
    pub(super) fn want(
        &self,
        workspace: WorkspaceId,
        model: &Arc<Model>,
        planned: &Arc<Planned>,
        due: bool,
        now: DateTime<Utc>,
    ) {
        let mut wanted = self.lock();
        let entry = wanted.entry((workspace, planned.definition)).or_insert_with(|| Wanted {
            model: Arc::clone(model),
            planned: Arc::clone(planned),
            asked: now,
            outcome: Outcome::Waiting,
        });
        entry.asked = now;
        drop(wanted);
        if due {
            self.woken.notify_one();
        }
    }

    /// A newer version of a model has these alone; those of older ones are made again only when somebody asks for them.
    pub(super) fn keep_only(&self, workspace: WorkspaceId, model: &str, planned: &[Arc<Planned>]) {
        let is_kept = |definition: Sum| planned.iter().any(|planned| planned.definition == definition);
        self.lock().retain(|(of, definition), wanted| {
            *of != workspace || wanted.model.model.as_str() != model || is_kept(*definition)
        });
    }

    /// What rollups are made from may have changed.
    pub(crate) fn wake(&self) {
        if !self.lock().is_empty() {
            self.woken.notify_one();
        }
    }

    pub(super) async fn woken(&self) {
        self.woken.notified().await;
    }

    /// What is still asked for; the rest is forgotten.
    pub(super) fn all(&self, now: DateTime<Utc>) -> Vec<(WorkspaceId, Wanted)> {
        let mut wanted = self.lock();
        wanted.retain(|_, wanted| wanted.asked + FORGOTTEN > now);
        wanted
            .iter()
            .map(|((workspace, _), wanted)| (*workspace, wanted.clone()))
            .collect()
    }

    pub(super) fn outcome(&self, workspace: WorkspaceId, definition: Sum) -> Option<Outcome> {
        self.lock()
            .get(&(workspace, definition))
            .map(|wanted| wanted.outcome.clone())
    }

    pub(super) fn note(&self, workspace: WorkspaceId, definition: Sum, outcome: Outcome) {
        if let Some(wanted) = self.lock().get_mut(&(workspace, definition)) {
            wanted.outcome = outcome;
        }
    }

    /// Are the rollups of a definition looked after here?
    pub(super) fn knows(&self, workspace: WorkspaceId, definition: Sum) -> bool {
        self.lock().contains_key(&(workspace, definition))
    }
}

impl Wanted {
    /// Is it to be made from `state` now?
    pub(super) fn is_due(&self, state: Sum, now: DateTime<Utc>) -> bool {
        match &self.outcome {
            Outcome::Waiting | Outcome::Made { .. } => true,
            Outcome::Building => false,
            Outcome::Failed { state: failed, at, .. } => *failed != state || *at + TRIED_AGAIN <= now,
        }
    }
}
