//! Plans that read what is kept.

use std::sync::Arc;

use engine::{Bindings, ObjectKey, Origin, PlannedQuery, SourceTable, Sum};
use plan::query::{RollupPlan, rollups_read, with_rollups};
use shared::{ids::WorkspaceId, semantic::Model};

use super::registry::Planned;
use crate::{Context, ServiceResult, query::Sources};

/// A plan, and what it reads of rollups.
pub(crate) struct Applied {
    pub planned: PlannedQuery,
    /// By name.
    pub read: Vec<(String, ObjectKey)>,
}

impl Applied {
    /// A plan that reads the rows.
    pub const fn none(planned: PlannedQuery) -> Self {
        Self {
            planned,
            read: Vec::new(),
        }
    }

    pub fn bind(&self, bindings: &mut Bindings) {
        for (name, object) in &self.read {
            let source = SourceTable {
                table: name.clone(),
                origin: Origin::Rollup,
            };
            bindings.bind(source, object.clone());
        }
    }
}

/// Reads the rollups that are there where they answer, and has those made that are not.
///
/// # Errors
/// 503 where no engine runs.
pub(crate) fn apply(
    context: &Context,
    workspace: WorkspaceId,
    model: &Arc<Model>,
    sources: &Sources,
    planned: PlannedQuery,
) -> ServiceResult<Applied> {
    let mut ready: Vec<(RollupPlan, ObjectKey)> = Vec::new();
    let registry = context.data()?.rollups();
    for rollup in registry.plans(model).iter() {
        // Only what would be read is made.
        let would_read = with_rollups(planned.clone(), std::slice::from_ref(&rollup.plan));
        if rollups_read(&would_read).is_empty() {
            continue;
        }
        let states = states(sources, model, rollup);
        let keys = states
            .iter()
            .map(|state| ObjectKey::rollup(workspace, rollup.definition, *state));
        let store = context.data()?.engine().store();
        let found = keys.enumerate().find(|(_, key)| store.has(key));
        let is_newest = found.as_ref().is_some_and(|(place, _)| *place == 0);
        registry.want(workspace, model, rollup, !is_newest, context.now());
        ready.extend(found.map(|(_, key)| (rollup.plan.clone(), key)));
    }
    if ready.is_empty() {
        return Ok(Applied::none(planned));
    }
    let (plans, keys): (Vec<_>, Vec<_>) = ready.into_iter().unzip();
    let planned = with_rollups(planned, &plans);
    let read = rollups_read(&planned);
    let keyed = plans.iter().map(|plan| plan.name.clone()).zip(keys);
    Ok(Applied {
        planned,
        read: keyed.filter(|(name, _)| read.contains(name)).collect(),
    })
}

/// What a rollup is made from: the newest state first. Empty when something of it is gone.
pub(super) fn states(sources: &Sources, model: &Model, rollup: &Planned) -> Vec<Sum> {
    let states = sources.states(model, &rollup.plan.build, rollup.refresh);
    states
        .unwrap_or_default()
        .iter()
        .map(|state| Sum::of(&[state]))
        .collect()
}
