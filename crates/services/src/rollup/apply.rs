//! Plans that read what is kept.

use std::sync::Arc;

use engine::{Bindings, ObjectKey, Origin, PlannedQuery, SourceTable, Sum};
use plan::query::with_rollup;
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
    let data = context.data()?;
    let mut applied = Applied::none(planned);
    for rollup in data.rollups().plans(model).iter() {
        // Only what would be read is made.
        let Some(planned) = with_rollup(&applied.planned, &rollup.plan) else {
            continue;
        };
        let mut states = states(sources, model, rollup).into_iter().enumerate();
        let found = states.find_map(|(place, state)| {
            let key = ObjectKey::rollup(workspace, rollup.definition, state);
            data.engine().store().has(&key).then_some((place, key))
        });
        let is_newest = matches!(found, Some((0, _)));
        data.rollups().want(workspace, model, rollup, !is_newest, context.now());
        if let Some((_, key)) = found {
            applied.planned = planned;
            applied.read.push((rollup.plan.name.clone(), key));
        }
    }
    Ok(applied)
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
