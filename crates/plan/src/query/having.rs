//! `having`: conditions on the answer's own values.

use shared::{
    AppError,
    semantic::{Condition, MetricCondition},
};

use super::{
    columns::{computed_value, find_metric},
    lower::metric_comparison,
    naming::metric_name,
    resolved::Resolved,
};
use crate::logical::Expression;

/// Over the columns of a measured relation with comparisons and calculations.
///
/// # Errors
/// `unknown_field` for names that are not in the answer, `invalid` for values of another type.
pub fn having_predicate(resolved: &Resolved<'_>, condition: &Condition) -> Result<Expression, AppError> {
    let list = |conditions: &[Condition]| {
        conditions
            .iter()
            .map(|inner| having_predicate(resolved, inner))
            .collect::<Result<Vec<_>, _>>()
    };
    match condition {
        Condition::And { and } => Ok(Expression::all(list(and)?)),
        Condition::Or { or } => Ok(Expression::any(list(or)?)),
        Condition::Not { not } => Ok(having_predicate(resolved, not)?.negated()),
        Condition::Metric(metric) => compare(resolved, metric),
        Condition::Field(_) | Condition::Segment { .. } | Condition::Row(_) => Err(AppError::invalid(
            "having",
            "having compares metrics; put conditions on fields into where.",
        )),
    }
}

fn compare(resolved: &Resolved<'_>, condition: &MetricCondition) -> Result<Expression, AppError> {
    if !condition.per.is_empty() {
        return Err(AppError::invalid(
            "having",
            "having compares the answer's own values; per belongs in where.",
        ));
    }
    if condition.missing.is_some() {
        let message = "missing is about groups of per, which belong in where.";
        return Err(AppError::invalid("having", message));
    }
    if let Some((value, kind)) = computed_value(resolved, &condition.metric) {
        return metric_comparison(condition, kind, value);
    }
    let index = find_metric(resolved, &condition.metric, "having")?;
    let kind = resolved
        .metrics
        .get(index)
        .map_or(shared::table::ColumnType::Number, |metric| metric.kind);
    metric_comparison(condition, kind, Expression::column(metric_name(index)))
}

/// Names of the metrics that a `having` compares.
pub fn names_in(condition: &Condition, found: &mut Vec<String>) {
    match condition {
        Condition::And { and: list } | Condition::Or { or: list } => {
            list.iter().for_each(|inner| names_in(inner, found))
        }
        Condition::Not { not } => names_in(not, found),
        Condition::Metric(metric) => found.push(metric.metric.clone()),
        Condition::Field(_) | Condition::Segment { .. } | Condition::Row(_) => {}
    }
}
