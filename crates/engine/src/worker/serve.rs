//! The loop of a worker.

use std::{
    io::{self, Write as _},
    panic::{AssertUnwindSafe, catch_unwind},
    process::ExitCode,
    sync::mpsc,
};

use super::{
    WorkerLimits,
    confinement::{close_inherited, give_up_network},
};
use crate::{
    connector::sqlite,
    ingest,
    ingested::IngestProgress,
    lower::{self, BoundTables},
    protocol::{Done, FrameKind, Job, JobResult, WorkerFailure, read_job, write_frame},
};

/// Serves jobs until the pipe closes or no job came for the idle time. Call it first thing in `main`: limits come from
/// the environment, and open files are closed.
pub fn run() -> ExitCode {
    let limits = WorkerLimits::from_environment();
    if let Err(error) = close_inherited() {
        return fail("closing descriptors", &error);
    }
    if let Err(error) = limits.enforce() {
        return fail("setting limits", &error);
    }
    let state = WorkerState {
        limits,
        network: give_up_network().err().map(|error| error.to_string()),
    };
    let (sender, jobs) = mpsc::channel();
    let reader = std::thread::Builder::new()
        .name("jobs".to_owned())
        .stack_size(512 * 1024)
        .spawn(move || {
            let mut input = io::stdin().lock();
            while let Ok(Some(job)) = read_job(&mut input) {
                if sender.send(job).is_err() {
                    return;
                }
            }
        });
    if let Err(error) = reader {
        return fail("starting the reader", &error);
    }
    while let Ok(job) = jobs.recv_timeout(state.limits.idle) {
        if let Err(error) = answer(job, &state) {
            return fail("answering", &error);
        }
    }
    ExitCode::SUCCESS
}

struct WorkerState {
    limits: WorkerLimits,
    /// Why the network is still there, if it is.
    network: Option<String>,
}

fn fail(action: &str, error: &io::Error) -> ExitCode {
    let _ = writeln!(io::stderr(), "{action}: {error}");
    ExitCode::FAILURE
}

fn answer(job: Job, state: &WorkerState) -> io::Result<()> {
    let mut out = io::BufWriter::new(io::stdout().lock());
    let result = catch_unwind(AssertUnwindSafe(|| perform(job, &mut out)));
    match result {
        Ok(Ok(result)) => {
            let done = Done {
                result,
                worn_out: is_worn_out(&state.limits),
                network: state.network.clone(),
            };
            write_frame(&mut out, FrameKind::Done, &serde_json::to_vec(&done)?)
        }
        Ok(Err(failure)) => write_frame(&mut out, FrameKind::Failed, &serde_json::to_vec(&failure)?),
        Err(_) => {
            // A panic may have left a thread pool in pieces: say so and start afresh.
            let failure = WorkerFailure::internal("a worker panicked; its error output says where");
            write_frame(&mut out, FrameKind::Failed, &serde_json::to_vec(&failure)?)?;
            Err(io::Error::other("panicked"))
        }
    }
}

fn perform(job: Job, out: &mut impl io::Write) -> Result<JobResult, WorkerFailure> {
    match job {
        Job::Query {
            planned,
            tables,
            fetched,
            table_limit_bytes,
        } => {
            let tables = BoundTables::open(&tables, &fetched)?;
            let answer = lower::run_query(&planned, &tables, table_limit_bytes)?;
            for table in answer.tables {
                send(out, FrameKind::Table, &table)?;
            }
            Ok(JobResult::Query(answer.done))
        }
        Job::Keep {
            plan,
            tables,
            fetched,
            parquet,
        } => {
            let tables = BoundTables::open(&tables, &fetched)?;
            lower::keep(&plan, &tables, &parquet).map(JobResult::Keep)
        }
        Job::Rows {
            parquet,
            offset,
            limit,
            table_limit_bytes,
        } => {
            let answer = lower::read_rows(&parquet, offset, limit, table_limit_bytes)?;
            for table in answer.tables {
                send(out, FrameKind::Table, &table)?;
            }
            Ok(JobResult::Query(answer.done))
        }
        Job::Sqlite(job) => sqlite::perform(&job).map(|answer| JobResult::Sqlite(Box::new(answer))),
        Job::Preview(source) => ingest::preview(&source).map(|preview| JobResult::Preview(Box::new(preview))),
        Job::Ingest { source, parquet } => {
            let mut report = |progress: IngestProgress| match serde_json::to_vec(&progress) {
                Ok(json) => send(out, FrameKind::Progress, &json),
                Err(error) => Err(WorkerFailure::internal(error.to_string())),
            };
            ingest::load(&source, &parquet, &mut report).map(|done| JobResult::Ingest(Box::new(done)))
        }
    }
}

fn send(out: &mut impl io::Write, kind: FrameKind, payload: &[u8]) -> Result<(), WorkerFailure> {
    write_frame(out, kind, payload).map_err(|error| WorkerFailure::internal(format!("writing a frame: {error}")))
}

/// More than three quarters of the address space is taken although nothing runs: fragments or caches that will not come back.
fn is_worn_out(limits: &WorkerLimits) -> bool {
    const PAGE_BYTES: u64 = 4096;
    let pages = std::fs::read_to_string("/proc/self/statm").ok().and_then(|text| {
        text.split_whitespace()
            .next()
            .and_then(|pages| pages.parse::<u64>().ok())
    });
    pages.is_some_and(|pages| pages.saturating_mul(PAGE_BYTES) > limits.memory_bytes / 4 * 3)
}
