//! A window of a stored table, for the table that scrolls.

use std::path::Path;

use polars::prelude::*;

use super::{TableAnswer, execute::encode, explain, open_parquet};
use crate::protocol::{QueryDone, WorkerFailure};

/// Rows `offset` up to `offset + limit` in file order; the row groups before and after are not read.
///
/// # Errors
/// `source_gone`, or `limit` when the rows are larger than `limit_bytes`.
pub fn read_rows(parquet: &Path, offset: u64, limit: u64, limit_bytes: u64) -> Result<TableAnswer, WorkerFailure> {
    let stored = open_parquet(parquet)?;
    let length = IdxSize::try_from(limit).unwrap_or(IdxSize::MAX);
    let frame = stored.plain().slice(i64::try_from(offset).unwrap_or(i64::MAX), length);
    let frame = frame
        .collect_with_engine(Engine::Streaming)
        .map_err(explain)?
        .unwrap_single();
    Ok(TableAnswer {
        tables: vec![encode(frame, limit_bytes)?],
        done: QueryDone { rows_read: stored.rows },
    })
}
