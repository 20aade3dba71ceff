//! Rows of a plan, kept as a Parquet file.

use std::{fs::File, io::BufWriter, path::Path};

use plan::logical::Node;
use polars::prelude::*;

use super::{BoundTables, early::sooner, explain, lower};
use crate::{
    ingest::{COMPRESSION, disk, disk_or_polars},
    protocol::WorkerFailure,
};

/// Small enough to be read piece by piece.
const GROUP_ROWS: usize = 65_536;

/// Runs a plan and writes its rows to `parquet`, synced; gives their number.
///
/// # Errors
/// Whatever the plan or its data refuse; a full disk.
pub fn keep(plan: &Node, tables: &BoundTables, parquet: &Path) -> Result<u64, WorkerFailure> {
    let table = lower(&sooner(plan, tables), tables)?;
    let names: Vec<Expr> = plan.columns().iter().map(|name| col(name.as_str())).collect();
    let wanted = vec![table.frame.select(names).logical_plan];
    let frames = LazyFrame::collect_all_with_engine(wanted, Engine::Streaming, OptFlags::default()).map_err(explain)?;
    let mut frame = frames.into_iter().next().unwrap_or_default();
    let file = File::create(parquet).map_err(disk)?;
    ParquetWriter::new(BufWriter::new(&file))
        .with_compression(COMPRESSION)
        .with_statistics(StatisticsOptions::default())
        .with_row_group_size(Some(GROUP_ROWS))
        .finish(&mut frame)
        .map_err(disk_or_polars)?;
    file.sync_all().map_err(disk)?;
    Ok(u64::try_from(frame.height()).unwrap_or(u64::MAX))
}
