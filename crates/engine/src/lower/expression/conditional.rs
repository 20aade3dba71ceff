//! Case and coalesce.

use plan::logical::Expression;
use polars::prelude::*;

use super::{Typed, lower};
use crate::{
    lower::{Kind, failure::mismatched, table::Columns},
    protocol::WorkerFailure,
};

pub fn case(
    branches: &[(Expression, Expression)],
    otherwise: &Expression,
    columns: &Columns,
) -> Result<Typed, WorkerFailure> {
    let mut values = Vec::with_capacity(branches.len());
    for (condition, value) in branches {
        values.push((lower(condition, columns)?.into_boolean()?, lower(value, columns)?));
    }
    let otherwise = lower(otherwise, columns)?;
    let kind = meet_all(values.iter().map(|(_, value)| value.kind).chain([otherwise.kind]))?;
    let otherwise = otherwise.into_kind(kind);
    // From the last branch to the first, so that the first true condition wins.
    let chosen = values.into_iter().rev().fold(otherwise, |rest, (condition, value)| {
        when(condition).then(value.into_kind(kind)).otherwise(rest)
    });
    Ok(Typed::new(chosen, kind))
}

pub fn coalesce_all(arguments: &[Expression], columns: &Columns) -> Result<Typed, WorkerFailure> {
    let values = arguments
        .iter()
        .map(|argument| lower(argument, columns))
        .collect::<Result<Vec<_>, _>>()?;
    let kind = meet_all(values.iter().map(|value| value.kind))?;
    let values: Vec<Expr> = values.into_iter().map(|value| value.into_kind(kind)).collect();
    Ok(Typed::new(coalesce(&values), kind))
}

pub fn meet_all(kinds: impl Iterator<Item = Kind>) -> Result<Kind, WorkerFailure> {
    let mut met = Kind::Null;
    for kind in kinds {
        met = met
            .meet(kind)
            .ok_or_else(|| mismatched(format!("{} and {} cannot stand in one column", met.noun(), kind.noun())))?;
    }
    Ok(met)
}
