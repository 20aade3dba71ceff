//! Metrics of groups: the metric at the query's keys and those of its own, then aggregated again at the query's alone.

use shared::{AppError, semantic::Aggregation};

use super::{Builder, Options, call, measured};
use crate::{
    logical::{AggregateCall, Expression, Named, Node},
    query::{
        naming::{argument_name, metric_name, rows_name, value_name},
        resolve::resolve_key,
        resolved::{Leaf, Metric, Nested, Resolved},
        shift::Shifting,
    },
};

impl Builder<'_, '_> {
    /// Keys, the leaf's value over the groups, and how many groups there are.
    ///
    /// # Errors
    /// As for a query of the inner metric by all these keys.
    pub(super) fn nested_branch(
        &self,
        (period, index): (&str, usize),
        leaf: &Leaf,
        nested: &Nested,
        shifting: Option<&Shifting>,
    ) -> Result<Node, AppError> {
        let resolved = self.resolved;
        let mut inner = Resolved {
            metrics: vec![Metric::unnamed(nested.value.clone())],
            ..resolved.clone()
        };
        for key in &nested.per {
            let mut key = resolve_key(key, resolved.model, resolved.policy)?;
            key.inner = true;
            inner.keys.push(key);
        }
        let keys: Vec<usize> = self
            .keys
            .iter()
            .copied()
            .chain(resolved.keys.len()..inner.keys.len())
            .collect();
        let options = Options {
            others: self.options.others,
            keep: self.options.keep,
            shifting,
            ..Options::default()
        };
        let mut columns = self.same_keys();
        columns.push(Named::new(argument_name(index), Expression::column(metric_name(0))));
        let value = match leaf.agg {
            Aggregation::Count => AggregateCall::Count(Expression::column(argument_name(index))),
            Aggregation::Sum
            | Aggregation::CountDistinct
            | Aggregation::Avg
            | Aggregation::Min
            | Aggregation::Max
            | Aggregation::Median
            | Aggregation::Percentile
            | Aggregation::Stddev
            | Aggregation::First
            | Aggregation::Last => call(index, leaf, false),
        };
        Ok(measured(&inner, &keys, &[0], &options)?.project(columns).aggregate(
            self.same_keys(),
            vec![
                Named::new(value_name(period, index), value),
                Named::new(rows_name(period, index), AggregateCall::CountRows),
            ],
        ))
    }
}
