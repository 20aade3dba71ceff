//! What the leaves aggregate.

use shared::{AppError, semantic::Aggregation};

use super::{RowsOf, axis_value};
use crate::{
    logical::{Expression, Literal, Named},
    query::{
        definition::Reading,
        lower::Lowering,
        naming::{ORDER, argument_name, first_name, flag_name},
        resolved::Leaf,
    },
};

/// What the leaves aggregate, masked by their own filters.
pub(super) struct Arguments {
    pub(super) columns: Vec<Named<Expression>>,
    /// Rows that no leaf counts can be left out.
    pub(super) filter: Option<Expression>,
}

impl Arguments {
    pub(super) fn of(lowering: &mut Lowering<'_, '_>, spec: &RowsOf<'_>) -> Result<Self, AppError> {
        let resolved = lowering.resolved;
        let leaves: Vec<(usize, &Leaf)> = spec
            .leaves
            .iter()
            .filter_map(|index| resolved.leaves.get(*index).map(|leaf| (*index, leaf)))
            .filter(|(_, leaf)| leaf.fact == spec.fact)
            .collect();
        let mut filters = Vec::new();
        for (_, leaf) in &leaves {
            let all = leaf
                .filters
                .iter()
                .map(|filter| lowering.condition(filter))
                .collect::<Result<Vec<_>, _>>()?;
            filters.push((!all.is_empty()).then(|| Expression::all(all)));
        }
        let shared_by_all = match filters.split_first() {
            Some((first, rest)) => rest.iter().all(|filter| filter == first),
            None => true,
        };
        let filter = if filters.iter().all(Option::is_some) && !filters.is_empty() {
            if shared_by_all {
                filters.first().cloned().flatten()
            } else {
                Some(Expression::any(filters.iter().flatten().cloned()))
            }
        } else {
            None
        };
        let mut columns = Vec::new();
        for ((index, leaf), filter) in leaves.iter().zip(filters) {
            let mask = filter.filter(|_| !shared_by_all);
            match spec.first_times {
                Some(comparison) => columns.push(Named::new(
                    first_name(comparison, *index),
                    masked(first_time(lowering)?, &mask),
                )),
                None => push_argument(lowering, &mut columns, (*index, leaf), &mask)?,
            }
        }
        let ordered = |leaf: &Leaf| matches!(leaf.agg, Aggregation::First | Aggregation::Last);
        if spec.first_times.is_none() && leaves.iter().any(|(_, leaf)| ordered(leaf)) {
            let time = lowering.fact.time.ok_or_else(AppError::internal)?;
            let order = Reading::of(resolved, lowering.fact.place(), &[]).value(&time.expr)?;
            columns.push(Named::new(ORDER, order));
        }
        Ok(Self { columns, filter })
    }
}

/// As it is stored: the bucket is taken of the earliest alone.
fn first_time(lowering: &Lowering<'_, '_>) -> Result<Expression, AppError> {
    Ok(axis_value(lowering.resolved, &lowering.fact)?
        .ok_or_else(AppError::internal)?
        .plain())
}

fn push_argument(
    lowering: &Lowering<'_, '_>,
    columns: &mut Vec<Named<Expression>>,
    (index, leaf): (usize, &Leaf),
    mask: &Option<Expression>,
) -> Result<(), AppError> {
    let one = || Expression::literal(Literal::Int(1));
    if leaf.conversion.is_some() {
        return Ok(());
    }
    if let Some(value) = &leaf.value {
        let value = Reading::of(lowering.resolved, lowering.fact.place(), &[]).value(value)?;
        columns.push(Named::new(argument_name(index), masked(value, mask)));
    } else if mask.is_some() {
        columns.push(Named::new(argument_name(index), masked(one(), mask)));
    }
    if mask.is_some() {
        columns.push(Named::new(flag_name(index), masked(one(), mask)));
    }
    Ok(())
}

fn masked(value: Expression, mask: &Option<Expression>) -> Expression {
    match mask {
        Some(mask) => Expression::only_if(mask.clone(), value),
        None => value,
    }
}
