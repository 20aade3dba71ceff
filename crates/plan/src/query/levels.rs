//! What a member of a hierarchy's level can be looked into by.

use shared::semantic::{DimensionType, FinerLevel};

use super::{
    names::find_field,
    resolved::{Field, Key, Resolved},
};
use crate::graph::Reach;

/// The next levels of the hierarchies that a key stands in, as far as whoever asks may see them and every fact reaches them.
pub(super) fn finer_levels(resolved: &Resolved<'_>, key: &Key<'_>) -> Vec<FinerLevel> {
    if key.has_bucket() || key.part.is_some() || key.bin.is_some() {
        return Vec::new();
    }
    let below = resolved.model.levels_below(&key.field.name());
    below.iter().filter_map(|level| offered(resolved, level)).collect()
}

fn offered(resolved: &Resolved<'_>, level: &str) -> Option<FinerLevel> {
    let Field::Of { node, dimension, .. } = find_field(resolved.model, resolved.policy, level).ok()? else {
        return None;
    };
    let is_reached = resolved.facts.iter().all(|fact| {
        let reach = resolved.scope.graph.reach_node(fact.place(), node);
        matches!(reach, Ok(Reach::One(_)))
    });
    (is_reached && dimension.kind != DimensionType::Time).then(|| FinerLevel {
        field: level.to_owned(),
        label: dimension.display_label(),
    })
}
