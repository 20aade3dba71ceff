//! What is in each column: taken from the frames on their way to the file, in one pass.

mod column;
mod counter;
mod histogram;
mod sketch;

use std::path::Path;

use polars::prelude::*;
use shared::dataset::ColumnProfile;

use crate::{
    lower::{Kind, explain, open_parquet},
    protocol::WorkerFailure,
};
use column::ColumnProfiler;

/// Distinct values that are counted one by one, over all columns together and in one column.
const DISTINCT_LIMIT: usize = 8_000_000;
const DISTINCT_LIMIT_COLUMN: usize = 1_000_000;

pub struct Profiler {
    columns: Vec<ColumnProfiler>,
    threads: usize,
}

impl Profiler {
    pub fn new(schema: &Schema) -> Self {
        let limit = (DISTINCT_LIMIT / schema.len().max(1)).min(DISTINCT_LIMIT_COLUMN);
        let columns = schema
            .iter()
            .map(|(name, dtype)| ColumnProfiler::new(name, Kind::of(dtype).unwrap_or(Kind::Null), limit))
            .collect();
        Self {
            columns,
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }

    pub fn update(&mut self, frame: &DataFrame) -> Result<(), WorkerFailure> {
        let share = self.columns.len().div_ceil(self.threads).max(1);
        let parts = self.columns.chunks_mut(share).zip(frame.columns().chunks(share));
        std::thread::scope(|scope| {
            let running: Vec<_> = parts
                .map(|(profilers, columns)| {
                    scope.spawn(move || {
                        profilers
                            .iter_mut()
                            .zip(columns)
                            .try_for_each(|(profiler, column)| profiler.update(column))
                            .map_err(explain)
                    })
                })
                .collect();
            running.into_iter().try_for_each(|thread| {
                thread
                    .join()
                    .unwrap_or_else(|_| Err(WorkerFailure::internal("profiling panicked")))
            })
        })
    }

    /// Profiles in column order. Columns with too many distinct values for an exact histogram are read once more.
    pub fn finish(self, parquet: &Path) -> Result<Vec<ColumnProfile>, WorkerFailure> {
        self.columns
            .into_iter()
            .map(|mut column| {
                if column.needs_second_pass() {
                    read_again(parquet, &mut column)?;
                }
                Ok(column.finish())
            })
            .collect()
    }
}

fn read_again(parquet: &Path, column: &mut ColumnProfiler) -> Result<(), WorkerFailure> {
    const ROWS: IdxSize = 1_000_000;
    let stored = open_parquet(parquet)?;
    let frame = stored.frame.select([col(column.name())]);
    for part in 0.. {
        let offset = part * i64::from(ROWS);
        if u64::try_from(offset).is_ok_and(|offset| offset >= stored.rows) {
            break;
        }
        let rows = frame.clone().slice(offset, ROWS).collect().map_err(explain)?;
        if let Some(values) = rows.columns().first() {
            column.update_histogram(values).map_err(explain)?;
        }
    }
    Ok(())
}
