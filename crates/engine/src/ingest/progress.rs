//! Progress of a load, sent about ten times a second.

use std::time::{Duration, Instant};

use shared::dataset::SaveStep;

use crate::{ingested::IngestProgress, protocol::WorkerFailure};

pub type Report<'r> = &'r mut dyn FnMut(IngestProgress) -> Result<(), WorkerFailure>;

pub struct Progress<'r> {
    report: Report<'r>,
    bytes_total: u64,
    last: Option<(SaveStep, Instant)>,
}

const PAUSE: Duration = Duration::from_millis(100);

impl<'r> Progress<'r> {
    pub fn new(report: Report<'r>, bytes_total: u64) -> Self {
        Self {
            report,
            bytes_total,
            last: None,
        }
    }

    /// A new step is always said; within a step only now and then.
    pub fn report(&mut self, step: SaveStep, bytes_done: u64, rows_done: u64) -> Result<(), WorkerFailure> {
        let due = self
            .last
            .is_none_or(|(known, at)| known != step || at.elapsed() >= PAUSE);
        if !due {
            return Ok(());
        }
        self.last = Some((step, Instant::now()));
        (self.report)(IngestProgress {
            step,
            bytes_done,
            bytes_total: self.bytes_total,
            rows_done,
        })
    }

    pub const fn bytes_total(&self) -> u64 {
        self.bytes_total
    }
}
