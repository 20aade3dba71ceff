//! A bounded set of workers with the same limits, and the queue in front of it.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::process::{Exchange, WorkerProcess};
use crate::{
    error::EngineError,
    ingested::IngestProgress,
    protocol::{Job, JobResult, write_job},
    worker::WorkerLimits,
};

/// Jobs a worker does before it is replaced, so that no slow leak lives for ever.
const JOBS_PER_WORKER: u32 = 10_000;

#[derive(Clone, Debug)]
pub struct PoolLimits {
    pub worker: WorkerLimits,
    /// Workers at the same time.
    pub workers: usize,
    /// Of one job, once it has a worker.
    pub run_timeout: Duration,
    /// How long a job may wait for a worker.
    pub queue_timeout: Duration,
    /// One job per process: what ran over a hostile file runs nothing else.
    pub single_use: bool,
    /// Of all frames of one answer.
    pub answer_bytes: u64,
}

/// What a worker sent for one job.
#[derive(Debug, Default)]
pub struct JobOutcome {
    /// Arrow IPC streams.
    pub tables: Vec<Vec<u8>>,
    pub result: Option<JobResult>,
}

#[derive(Clone, Debug)]
pub struct WorkerPool {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    program: PathBuf,
    arguments: Vec<String>,
    limits: PoolLimits,
    permits: Semaphore,
    idle: Mutex<Vec<WorkerProcess>>,
    sweeping: AtomicBool,
}

impl WorkerPool {
    pub fn new(program: PathBuf, arguments: Vec<String>, limits: PoolLimits) -> Self {
        let permits = Semaphore::new(limits.workers.max(1));
        let shared = Shared {
            program,
            arguments,
            limits,
            permits,
            idle: Mutex::default(),
            sweeping: AtomicBool::new(false),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    /// Runs one job. Dropping the future, `cancel` and the time-out all kill the process.
    ///
    /// # Errors
    /// `Busy` when no worker came free in time, `Cancelled`, `TimedOut`, `OutOfMemory`, `Crashed`, or the worker's refusal.
    pub async fn run(
        &self,
        job: &Job,
        cancel: &CancellationToken,
        on_progress: &mut (dyn FnMut(IngestProgress) + Send),
    ) -> Result<JobOutcome, EngineError> {
        let limits = &self.shared.limits;
        let job = write_job(job).map_err(EngineError::Channel)?;
        let permit = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(EngineError::Cancelled),
            permit = tokio::time::timeout(limits.queue_timeout, self.shared.permits.acquire()) => permit,
        };
        let Ok(Ok(_permit)) = permit else {
            return Err(EngineError::Busy {
                waited: limits.queue_timeout,
            });
        };
        tokio::select! {
            biased;
            () = cancel.cancelled() => Err(EngineError::Cancelled),
            ran = tokio::time::timeout(limits.run_timeout, self.run_now(&job, on_progress)) => {
                ran.unwrap_or(Err(EngineError::TimedOut { limit: limits.run_timeout }))
            }
        }
    }

    async fn run_now(
        &self,
        job: &[u8],
        on_progress: &mut (dyn FnMut(IngestProgress) + Send),
    ) -> Result<JobOutcome, EngineError> {
        loop {
            let mut worker = match self.take_idle() {
                Some(worker) => worker,
                None => WorkerProcess::start(&self.shared.program, &self.shared.arguments, &self.shared.limits.worker)?,
            };
            match worker.exchange(job, &self.shared.limits, on_progress).await {
                Exchange::Done { outcome, worn_out } => {
                    if !worn_out {
                        self.give_back(worker);
                    }
                    return Ok(outcome);
                }
                Exchange::Refused(error) => {
                    self.give_back(worker);
                    return Err(error);
                }
                Exchange::WasGone => {}
                Exchange::Broken(error) => return Err(error),
            }
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<WorkerProcess>> {
        self.shared.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_idle(&self) -> Option<WorkerProcess> {
        let mut idle = self.idle();
        idle.retain_mut(|worker| !worker.has_ended());
        idle.pop()
    }

    fn give_back(&self, worker: WorkerProcess) {
        if self.shared.limits.single_use || worker.jobs_done >= JOBS_PER_WORKER {
            return;
        }
        self.idle().push(worker);
        self.sweep_later();
    }

    /// Collects workers that ended for being idle, so that no dead process stays listed.
    fn sweep_later(&self) {
        if self.shared.sweeping.swap(true, Ordering::AcqRel) {
            return;
        }
        let weak = Arc::downgrade(&self.shared);
        let pause = self.shared.limits.worker.idle + Duration::from_secs(1);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(pause).await;
                let Some(shared) = weak.upgrade() else { return };
                let pool = Self { shared };
                let mut idle = pool.idle();
                idle.retain_mut(|worker| !worker.has_ended());
                if idle.is_empty() {
                    pool.shared.sweeping.store(false, Ordering::Release);
                    return;
                }
            }
        });
    }
}
