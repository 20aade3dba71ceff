//! Metrics that are made of themselves.

use std::collections::{BTreeMap, BTreeSet};

use shared::semantic::Model;

/// Names of the metrics that cannot be worked out, because they are made of themselves, or of such a metric. Takes metrics
/// whose inputs are all known away until nothing moves, so that the work grows with the model, not with its formulas.
pub(super) fn circular(model: &Model) -> BTreeSet<&str> {
    let mut waits_for: BTreeMap<&str, usize> = model.metrics.iter().map(|metric| (metric.name.as_str(), 0)).collect();
    let mut users: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for metric in &model.metrics {
        let name = metric.name.as_str();
        for input in metric.kind.inputs() {
            let input = input.metric().as_str();
            if waits_for.contains_key(input) {
                users.entry(input).or_default().push(name);
                *waits_for.entry(name).or_default() += 1;
            }
        }
    }
    let mut known: Vec<&str> = waits_for
        .iter()
        .filter(|(_, count)| **count == 0)
        .map(|(name, _)| *name)
        .collect();
    while let Some(name) = known.pop() {
        waits_for.remove(name);
        for user in users.remove(name).unwrap_or_default() {
            if let Some(count) = waits_for.get_mut(user) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    known.push(user);
                }
            }
        }
    }
    waits_for.into_keys().collect()
}
