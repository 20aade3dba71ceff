//! Running lowered plans.

use plan::logical::{Node, PlannedQuery};
use polars::prelude::*;
use shared::{AppError, ErrorCode};

use super::{BoundTables, early::sooner, explain, lower};
use crate::protocol::{QueryDone, WorkerFailure};

/// Arrow IPC streams, one per plan, in order.
pub struct TableAnswer {
    pub tables: Vec<Vec<u8>>,
    pub done: QueryDone,
}

/// Runs rows and totals in one batch, so that what they have in common is read once.
///
/// The streaming engine is chosen on purpose: it works in morsels, so that a query over a file larger than memory stays
/// within the worker's limit.
///
/// # Errors
/// `limit` when the answer is larger than `limit_bytes`; whatever the plan or its data refuse.
pub fn run_query(planned: &PlannedQuery, tables: &BoundTables, limit_bytes: u64) -> Result<TableAnswer, WorkerFailure> {
    let mut plans = Vec::with_capacity(1 + planned.totals.len());
    let most_rows = IdxSize::try_from(planned.limit.saturating_add(1)).unwrap_or(IdxSize::MAX);
    plans.push(
        plan_of(&sooner(&planned.rows, tables), planned, tables)?
            .slice(0, most_rows)
            .logical_plan,
    );
    for totals in &planned.totals {
        plans.push(plan_of(&sooner(&totals.rows, tables), planned, tables)?.logical_plan);
    }
    let frames = LazyFrame::collect_all_with_engine(plans, Engine::Streaming, OptFlags::default()).map_err(explain)?;
    let mut left_bytes = limit_bytes;
    let mut encoded = Vec::with_capacity(frames.len());
    for frame in frames {
        let table = encode(frame, left_bytes)?;
        left_bytes = left_bytes.saturating_sub(u64::try_from(table.len()).unwrap_or(u64::MAX));
        encoded.push(table);
    }
    Ok(TableAnswer {
        tables: encoded,
        done: QueryDone {
            rows_read: tables.rows(),
        },
    })
}

/// Only the columns the answer has, in case the plan gives more.
fn plan_of(node: &Node, planned: &PlannedQuery, tables: &BoundTables) -> Result<LazyFrame, WorkerFailure> {
    let table = lower(node, tables)?;
    let mut wanted = Vec::with_capacity(planned.columns.len() + 1);
    for output in &planned.columns {
        table.columns.kind(&output.column.name)?;
        wanted.push(col(output.column.name.as_str()));
    }
    if let Some(marker) = planned
        .others_marker
        .as_deref()
        .filter(|marker| table.columns.contains(marker))
    {
        wanted.push(col(marker));
    }
    Ok(table.frame.select(wanted))
}

/// The frame as an Arrow IPC stream.
///
/// # Errors
/// `limit` when it is larger than `limit_bytes`.
pub fn encode(mut frame: DataFrame, limit_bytes: u64) -> Result<Vec<u8>, WorkerFailure> {
    let size = u64::try_from(frame.estimated_size()).unwrap_or(u64::MAX);
    if size > limit_bytes {
        return Err(WorkerFailure::refuse(
            AppError::new(
                ErrorCode::Limit,
                format!("The answer is larger than {} MiB.", limit_bytes / (1024 * 1024)),
            )
            .with_hint("Ask for fewer rows or columns."),
        ));
    }
    frame.align_chunks_par();
    let mut bytes = Vec::new();
    IpcStreamWriter::new(&mut bytes)
        .with_compat_level(CompatLevel::newest())
        .finish(&mut frame)
        .map_err(explain)?;
    Ok(bytes)
}
