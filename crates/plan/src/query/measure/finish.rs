//! From leaves to metrics: `empty`, formulas, and the values of earlier periods.

use std::collections::BTreeMap;

use shared::{AppError, semantic::Empty};

use super::{Builder, formula::calculated};
use crate::{
    logical::{AggregateCall, BinaryOperator, Expression, Literal, Named, Node},
    query::{
        interval::Interval,
        moments::{TimeKind, TimeValue, shift_bucket},
        names::dimension_in,
        naming::{
            first_name, key_name, metric_name, offset_name, period_name, previous_name, rows_name, value_name,
            within_name,
        },
        resolved::{Leaf, MetricValue},
        rows::{RowsOf, rows},
        shift::{Method, Shifting},
    },
};

impl Builder<'_, '_> {
    /// When the leaves that show 0 begin: one row per branch. Before that there is no previous value.
    pub(super) fn first_times(&self, comparison: usize, shifting: Option<&Shifting>) -> Result<Vec<Node>, AppError> {
        let Some(shifting) = shifting else {
            return Ok(Vec::new());
        };
        if !has_beginning(shifting.method) {
            return Ok(Vec::new());
        }
        let mut relations = Vec::new();
        for (fact, leaves) in self.branches_of(&self.needs.leaves) {
            let leaves: Vec<usize> = leaves
                .into_iter()
                .filter(|leaf| self.needs.zero.contains(leaf))
                .collect();
            if leaves.is_empty() {
                continue;
            }
            let spec = RowsOf {
                keys: &[],
                others: None,
                keep: None,
                first_times: Some(comparison),
                ..self.rows_of(fact, &leaves, Some(shifting))
            };
            let first = |leaf: &usize| {
                let name = first_name(comparison, *leaf);
                Named::new(name.clone(), AggregateCall::Min(Expression::column(name)))
            };
            relations.push(rows(self.resolved, &spec)?.aggregate(Vec::new(), leaves.iter().map(first).collect()));
        }
        Ok(relations)
    }

    pub(super) fn finished(
        &self,
        metrics: &[usize],
        shiftings: &[Option<Shifting>],
    ) -> Result<Vec<Named<Expression>>, AppError> {
        let mut columns = self.same_keys();
        for index in metrics {
            let Some(metric) = self.resolved.metrics.get(*index) else {
                continue;
            };
            columns.push(Named::new(metric_name(*index), self.value(&metric.value, "", None)?));
        }
        for (comparison, shifting) in shiftings.iter().enumerate() {
            for index in metrics {
                let Some(metric) = self.resolved.metrics.get(*index) else {
                    continue;
                };
                let value = match shifting {
                    Some(shifting) => {
                        self.value(&metric.value, &period_name(comparison), Some((comparison, shifting)))?
                    }
                    None => Expression::null(),
                };
                columns.push(Named::new(previous_name(comparison, *index), value));
            }
        }
        Ok(columns)
    }

    fn value(
        &self,
        value: &MetricValue,
        period: &str,
        shifted: Option<(usize, &Shifting)>,
    ) -> Result<Expression, AppError> {
        match value {
            MetricValue::Leaf { leaf, empty, offset } => {
                let earlier = offset.map(offset_name);
                let period = earlier.as_deref().unwrap_or(period);
                let is_count = self.resolved.leaves.get(*leaf).is_some_and(Leaf::is_count);
                let column = Expression::column(value_name(period, *leaf));
                let shown = match (is_count, empty) {
                    (true, Empty::Zero) => column.or_literal(Literal::Int(0)),
                    (false, Empty::Null) => column,
                    (true, Empty::Null) => {
                        Expression::only_if(self.no_rows(period, &[(None, *leaf)]).negated(), column)
                    }
                    (false, Empty::Zero) => zero_if(self.no_rows(period, &[(None, *leaf)]), column),
                };
                match shifted.filter(|_| *empty == Empty::Zero) {
                    Some((comparison, shifting)) => self.after_beginning(shown, *leaf, comparison, shifting),
                    None => Ok(shown),
                }
            }
            MetricValue::Within { .. } => {
                let place = self.withins.iter().position(|within| *within == value);
                place
                    .map(|place| Expression::column(within_name(place)))
                    .ok_or_else(AppError::internal)
            }
            MetricValue::Formula { term, inputs, empty } => {
                let inputs = inputs
                    .iter()
                    .map(|(name, input)| Ok((name, self.value(input, period, shifted)?)))
                    .collect::<Result<BTreeMap<_, _>, AppError>>()?;
                let computed = calculated(term, &inputs)?;
                Ok(match empty {
                    Empty::Null => computed,
                    Empty::Zero => {
                        let mut leaves = Vec::new();
                        value.leaves(&mut leaves);
                        zero_if(self.no_rows(period, &leaves), computed)
                    }
                })
            }
        }
    }

    fn no_rows(&self, period: &str, leaves: &[(Option<usize>, usize)]) -> Expression {
        Expression::all(leaves.iter().map(|(offset, leaf)| {
            let earlier = offset.map(offset_name);
            let rows = rows_name(earlier.as_deref().unwrap_or(period), *leaf);
            let rows = Expression::column(rows).or_literal(Literal::Int(0));
            Expression::binary(BinaryOperator::Eq, rows, Expression::literal(Literal::Int(0)))
        }))
    }

    /// NULL where the earlier period lies before the first row of the leaf.
    fn after_beginning(
        &self,
        shown: Expression,
        leaf: usize,
        comparison: usize,
        shifting: &Shifting,
    ) -> Result<Expression, AppError> {
        let clock = &self.resolved.clock;
        let fact = self
            .resolved
            .leaves
            .get(leaf)
            .and_then(|leaf| self.resolved.facts.get(leaf.fact));
        let dimension = dimension_in(self.resolved, &self.resolved.axis, fact.ok_or_else(AppError::internal)?)?;
        let kind = TimeKind::of(dimension, &self.resolved.model.time_zone, clock)?.plain();
        let first = TimeValue {
            value: Expression::column(first_name(comparison, leaf)),
            kind,
        };
        let begun = match shifting.method {
            Method::Buckets { grain } | Method::SpineOfBuckets { grain } => {
                let axis = self.resolved.axis_keys();
                let Some(key) = axis.first() else { return Ok(shown) };
                let displayed = TimeValue {
                    value: Expression::column(key_name(*key)),
                    kind: first.bucket_kind(grain),
                };
                let earlier = shift_bucket(&displayed, shifting.by.back(), grain, clock);
                Expression::binary(BinaryOperator::Lte, first.bucket(grain, clock), earlier)
            }
            Method::Range => {
                let until = Interval {
                    from: None,
                    to: shifting.read.to,
                };
                Expression::all(first.within(until, clock))
            }
            Method::Rows | Method::SpineOfDays | Method::Paired { .. } => return Ok(shown),
        };
        Ok(Expression::only_if(begun, shown))
    }
}

const fn has_beginning(method: Method) -> bool {
    match method {
        Method::Range | Method::Buckets { .. } | Method::SpineOfBuckets { .. } => true,
        Method::Rows | Method::SpineOfDays | Method::Paired { .. } => false,
    }
}

fn zero_if(condition: Expression, otherwise: Expression) -> Expression {
    Expression::Case {
        branches: vec![(condition, Expression::literal(Literal::Int(0)))],
        otherwise: Box::new(otherwise),
    }
}
