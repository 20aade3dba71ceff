//! Order and cut.

use plan::logical::SortKey;
use polars::prelude::*;
use shared::semantic::SortDirection;

use super::table::Table;
use crate::protocol::WorkerFailure;

pub fn lower(input: Table, keys: &[SortKey]) -> Result<Table, WorkerFailure> {
    if keys.is_empty() {
        return Ok(input);
    }
    for key in keys {
        input.columns.kind(&key.column)?;
    }
    let by: Vec<Expr> = keys.iter().map(|key| col(key.column.as_str())).collect();
    Ok(Table {
        frame: input.frame.sort_by_exprs(by, sort_options(keys)),
        ..input
    })
}

/// NULLs last in both directions.
pub fn sort_options(keys: &[SortKey]) -> SortMultipleOptions {
    SortMultipleOptions::default()
        .with_order_descending_multi(keys.iter().map(|key| key.direction == SortDirection::Desc))
        .with_nulls_last(true)
}

pub fn lower_limit(input: Table, offset: u64, count: Option<u64>) -> Result<Table, WorkerFailure> {
    let length = IdxSize::try_from(count.unwrap_or(u64::MAX)).unwrap_or(IdxSize::MAX);
    let offset = i64::try_from(offset).unwrap_or(i64::MAX);
    Ok(Table {
        frame: input.frame.slice(offset, length),
        ..input
    })
}
