//! Which leaves the metrics of a relation need, and what of them.

use std::collections::{BTreeMap, BTreeSet};

use shared::semantic::Empty;

use crate::query::resolved::{Leaf, MetricValue, Resolved};

/// Which leaves a relation computes, and of which the number of rows matters.
pub(super) struct Needs {
    pub(super) leaves: Vec<usize>,
    /// Leaves of earlier periods, by offset.
    pub(super) earlier: BTreeMap<usize, Vec<usize>>,
    pub(super) counted: BTreeSet<usize>,
    /// Shown as 0 where there is no row.
    pub(super) zero: BTreeSet<usize>,
}

impl Needs {
    pub(super) fn of(resolved: &Resolved<'_>, metrics: &[usize]) -> Self {
        let mut needs = Self {
            leaves: Vec::new(),
            earlier: BTreeMap::new(),
            counted: BTreeSet::new(),
            zero: BTreeSet::new(),
        };
        for metric in metrics.iter().filter_map(|index| resolved.metrics.get(*index)) {
            let mut found = Vec::new();
            metric.value.leaves(&mut found);
            for (offset, leaf) in found {
                let of_period = match offset {
                    None => &mut needs.leaves,
                    Some(offset) => needs.earlier.entry(offset).or_default(),
                };
                if !of_period.contains(&leaf) {
                    of_period.push(leaf);
                }
            }
            needs.visit(&metric.value, resolved);
        }
        needs.leaves.sort_unstable();
        needs.earlier.values_mut().for_each(|leaves| leaves.sort_unstable());
        needs
    }

    fn visit(&mut self, value: &MetricValue, resolved: &Resolved<'_>) {
        match value {
            MetricValue::Leaf { leaf, empty, .. } => {
                let is_count = resolved.leaves.get(*leaf).is_some_and(Leaf::is_count);
                if *empty == Empty::Zero {
                    self.zero.insert(*leaf);
                }
                if is_count != (*empty == Empty::Zero) {
                    self.counted.insert(*leaf);
                }
            }
            // It is worked out by itself.
            MetricValue::Within { .. } => {}
            MetricValue::Formula { inputs, empty, .. } => {
                inputs.values().for_each(|input| self.visit(input, resolved));
                if *empty == Empty::Zero {
                    let mut leaves = Vec::new();
                    value.leaves(&mut leaves);
                    self.counted.extend(leaves.into_iter().map(|(_, leaf)| leaf));
                }
            }
        }
    }
}
