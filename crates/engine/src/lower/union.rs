//! Rows of several inputs, columns by name.

use polars::prelude::*;

use super::{
    explain,
    failure::mismatched,
    table::{Columns, Table},
};
use crate::protocol::WorkerFailure;

pub fn lower(inputs: Vec<Table>) -> Result<Table, WorkerFailure> {
    let inputs: Vec<Table> = inputs.into_iter().map(Table::without_codes).collect();
    let columns = meet_columns(&inputs)?;
    let frames = inputs
        .into_iter()
        .map(|input| fit(input, &columns))
        .collect::<Result<Vec<_>, _>>()?;
    let frame = concat(
        frames,
        UnionArgs {
            maintain_order: false,
            ..UnionArgs::default()
        },
    )
    .map_err(explain)?;
    Ok(Table::new(frame, columns))
}

/// Every column of any input, in order of first appearance, of the kind in which all meet.
fn meet_columns(inputs: &[Table]) -> Result<Columns, WorkerFailure> {
    let mut columns = Columns::default();
    for (name, kind) in inputs.iter().flat_map(|input| &input.columns.0) {
        match columns.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => {
                *known = known
                    .meet(*kind)
                    .ok_or_else(|| mismatched(format!("the inputs of a union disagree on the type of {name}")))?;
            }
            None => columns.0.push((name.clone(), *kind)),
        }
    }
    Ok(columns)
}

fn fit(input: Table, columns: &Columns) -> Result<LazyFrame, WorkerFailure> {
    if input.columns == *columns {
        return Ok(input.frame);
    }
    let mut missing = Vec::new();
    let mut present = Vec::new();
    for (name, kind) in &columns.0 {
        if input.columns.contains(name) {
            present.push(
                input
                    .columns
                    .kind(name)?
                    .convert(col(name.as_str()), *kind)
                    .alias(name.as_str()),
            );
        } else {
            missing.push(lit(NULL).cast(kind.dtype()).alias(name.as_str()));
        }
    }
    present.extend(missing);
    let in_order: Vec<Expr> = columns.0.iter().map(|(name, _)| col(name.as_str())).collect();
    Ok(input.frame.with_columns(present).select(in_order))
}
