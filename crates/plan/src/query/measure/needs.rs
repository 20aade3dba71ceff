//! Which leaves the metrics of a relation need, and what of them.

use std::collections::BTreeSet;

use shared::semantic::Empty;

use crate::query::resolved::{Leaf, MetricValue, Resolved};

/// Which leaves a relation computes, and of which the number of rows matters.
pub(super) struct Needs {
    pub(super) leaves: Vec<usize>,
    pub(super) counted: BTreeSet<usize>,
    /// Shown as 0 where there is no row.
    pub(super) zero: BTreeSet<usize>,
}

impl Needs {
    pub(super) fn of(resolved: &Resolved<'_>, metrics: &[usize]) -> Self {
        let mut needs = Self {
            leaves: Vec::new(),
            counted: BTreeSet::new(),
            zero: BTreeSet::new(),
        };
        for metric in metrics.iter().filter_map(|index| resolved.metrics.get(*index)) {
            metric.value.leaves(&mut needs.leaves);
            needs.visit(&metric.value, resolved);
        }
        needs.leaves.sort_unstable();
        needs
    }

    fn visit(&mut self, value: &MetricValue, resolved: &Resolved<'_>) {
        match value {
            MetricValue::Leaf { leaf, empty } => {
                let is_count = resolved.leaves.get(*leaf).is_some_and(Leaf::is_count);
                if *empty == Empty::Zero {
                    self.zero.insert(*leaf);
                }
                if is_count != (*empty == Empty::Zero) {
                    self.counted.insert(*leaf);
                }
            }
            MetricValue::Formula { inputs, empty, .. } => {
                inputs.values().for_each(|input| self.visit(input, resolved));
                if *empty == Empty::Zero {
                    let mut leaves = Vec::new();
                    value.leaves(&mut leaves);
                    self.counted.extend(leaves);
                }
            }
        }
    }
}
