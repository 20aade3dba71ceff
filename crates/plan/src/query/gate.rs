//! Conditions on a metric per group: the groups that pass, to be joined with the rows.

use chrono::DateTime;
use shared::{
    AppError,
    semantic::{DimensionRef, DimensionType, DimensionWithOptions, MetricCondition, MetricSelection, Query},
};

use super::{
    PlanContext, Policy,
    lower::{metric_comparison, scalar},
    measure::{Options, measured},
    names::{find_field, in_fact},
    naming::{key_name, metric_name},
    resolve::resolve,
    resolved::{Fact, Resolved},
};
use crate::logical::{Expression, Literal, Named, Node, UnaryOperator};

/// A metric's filter may hold such a condition itself; deeper than this it goes in circles.
const DEEPEST: usize = 6;

/// `groups` has the columns of `keys` and `name` (true), one row per group that passes; rows are joined on the keys.
pub struct Gate {
    pub name: String,
    /// Name of the key column, and its value in the rows.
    pub keys: Vec<(String, Expression)>,
    pub groups: Node,
}

/// The metric is computed over all rows that the policy lets through, whatever the query's own conditions and range.
///
/// # Errors
/// `invalid` without `per` or when the metric refers to itself; else as for a query of that metric.
pub fn metric_gate(
    outer: &Resolved<'_>,
    fact: &Fact<'_>,
    condition: &MetricCondition,
    index: usize,
) -> Result<Gate, AppError> {
    let name = condition.metric.as_str();
    if condition.per.is_empty() {
        return Err(AppError::invalid(
            name,
            format!("A condition on {name} in where needs per: the fields to group by."),
        )
        .with_hint("Compare the answer's own values in having."));
    }
    if outer.depth >= DEEPEST {
        return Err(AppError::invalid(
            name,
            format!("The condition on {name} refers to itself."),
        ));
    }
    let column = |position: usize| format!("__gate{index}_{position}");
    let mut keys = Vec::new();
    for (position, field) in condition.per.iter().enumerate() {
        let target = find_field(outer.model, &Policy::default(), field)?;
        let dimension = in_fact(&target, fact)?;
        if dimension.kind == DimensionType::Time {
            return Err(AppError::invalid(
                field.clone(),
                format!("{field} is a time; it cannot be used in per."),
            ));
        }
        keys.push((column(position), scalar(dimension)));
    }
    let query = Query {
        model: outer.query.model.clone(),
        metrics: vec![MetricSelection::Name(condition.metric.clone())],
        dimensions: condition
            .per
            .iter()
            .enumerate()
            .map(|(position, field)| {
                let alias = Some(column(position));
                DimensionRef::With(DimensionWithOptions {
                    field: field.clone(),
                    grain: None,
                    part: None,
                    bin: None,
                    alias,
                })
            })
            .collect(),
        time_zone: Some(outer.clock.zone.name()),
        ..Query::default()
    };
    let context = PlanContext::new(DateTime::from_timestamp_micros(outer.clock.as_of.instant).unwrap_or_default());
    let inner = resolve(&query, outer.model, outer.policy, &context, outer.depth + 1)?;
    let all_keys: Vec<usize> = (0..inner.keys.len()).collect();
    let kind = inner
        .metrics
        .first()
        .map(|metric| metric.kind)
        .unwrap_or(shared::table::ColumnType::Number);
    let passes = metric_comparison(condition, kind, Expression::column(metric_name(0)))?;
    let known = all_keys
        .iter()
        .map(|key| Expression::unary(UnaryOperator::IsNotNull, Expression::column(key_name(*key))));
    let predicate = Expression::all(known.chain([passes]));
    let gate = format!("__gate{index}");
    let columns = all_keys
        .iter()
        .map(|key| Named::new(column(*key), Expression::column(key_name(*key))))
        .chain([Named::new(gate.clone(), Expression::literal(Literal::Bool(true)))])
        .collect();
    let groups = measured(&inner, &all_keys, &[0], &Options::default())?
        .filter(predicate)
        .project(columns);
    Ok(Gate {
        name: gate,
        keys,
        groups,
    })
}
