//! One worker process and the exchange of one job with it.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex, Once, PoisonError},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use super::{JobOutcome, PoolLimits};
use crate::{
    error::EngineError,
    ingested::IngestProgress,
    protocol::{Done, FrameKind, WorkerFailure, read_frame_header},
    worker::WorkerLimits,
};

/// The process is killed when this is dropped.
#[derive(Debug)]
pub struct WorkerProcess {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    complaints: Arc<Mutex<Vec<u8>>>,
    pub jobs_done: u32,
}

/// How much of a worker's error output is kept for the log.
const COMPLAINT_BYTES: usize = 4096;

/// How one exchange ended.
pub enum Exchange {
    /// `worn_out`: the worker asks to be replaced.
    Done { outcome: JobOutcome, worn_out: bool },
    /// Refused; the worker is fine.
    Refused(EngineError),
    /// The worker had gone for being idle before it saw the job; try a fresh one.
    WasGone,
    /// The worker must not be used again.
    Broken(EngineError),
}

impl WorkerProcess {
    pub fn start(program: &Path, arguments: &[String], limits: &WorkerLimits) -> Result<Self, EngineError> {
        let mut child = Command::new(program)
            .args(arguments)
            .env_clear()
            .envs(limits.environment())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(EngineError::StartWorker)?;
        let (Some(input), Some(output), Some(mut errors)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(EngineError::StartWorker(std::io::Error::other("a pipe is missing")));
        };
        let complaints = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&complaints);
        tokio::spawn(async move {
            let mut chunk = [0; 1024];
            while let Ok(length @ 1..) = errors.read(&mut chunk).await {
                let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
                kept.extend(chunk.iter().take(length));
                let excess = kept.len().saturating_sub(COMPLAINT_BYTES);
                kept.drain(..excess);
            }
        });
        Ok(Self {
            child,
            input,
            output: BufReader::with_capacity(64 * 1024, output),
            complaints,
            jobs_done: 0,
        })
    }

    /// Has it ended (for being idle)?
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Gives the worker a job and reads its frames to the last.
    pub async fn exchange(
        &mut self,
        job: &[u8],
        limits: &PoolLimits,
        on_progress: &mut (dyn FnMut(IngestProgress) + Send),
    ) -> Exchange {
        let fresh = self.jobs_done == 0;
        self.jobs_done = self.jobs_done.saturating_add(1);
        if self.input.write_all(job).await.is_err() || self.input.flush().await.is_err() {
            return if fresh {
                Exchange::Broken(self.explain_end(limits).await)
            } else {
                Exchange::WasGone
            };
        }
        let mut outcome = JobOutcome::default();
        let mut received = 0_u64;
        let mut first = true;
        loop {
            let mut header = [0; 5];
            if self.output.read_exact(&mut header).await.is_err() {
                return if first && !fresh && self.ended_well().await {
                    Exchange::WasGone
                } else {
                    Exchange::Broken(self.explain_end(limits).await)
                };
            }
            first = false;
            let (kind, length) = match read_frame_header(header) {
                Ok(read) => read,
                Err(error) => return Exchange::Broken(EngineError::Protocol(error.to_string())),
            };
            received = received.saturating_add(u64::from(length));
            if received > limits.answer_bytes.saturating_mul(2) {
                return Exchange::Broken(EngineError::Protocol("the answer is larger than its limit".to_owned()));
            }
            let mut payload = Vec::new();
            match (&mut self.output)
                .take(u64::from(length))
                .read_to_end(&mut payload)
                .await
            {
                Ok(read) if u64::try_from(read) == Ok(u64::from(length)) => {}
                Ok(_) | Err(_) => return Exchange::Broken(self.explain_end(limits).await),
            }
            match kind {
                FrameKind::Progress => match serde_json::from_slice(&payload) {
                    Ok(progress) => on_progress(progress),
                    Err(error) => return Exchange::Broken(EngineError::Protocol(error.to_string())),
                },
                FrameKind::Table => outcome.tables.push(payload),
                FrameKind::Done => {
                    return match serde_json::from_slice::<Done>(&payload) {
                        Ok(done) => {
                            done.network.iter().for_each(|why| warn_of_network(why));
                            outcome.result = Some(done.result);
                            Exchange::Done {
                                outcome,
                                worn_out: done.worn_out,
                            }
                        }
                        Err(error) => Exchange::Broken(EngineError::Protocol(error.to_string())),
                    };
                }
                FrameKind::Failed => return refused(&payload, limits),
            }
        }
    }

    async fn ended_well(&mut self) -> bool {
        self.child.wait().await.is_ok_and(|status| status.success())
    }

    /// Why the process ended, from its status and its last words.
    async fn explain_end(&mut self, limits: &PoolLimits) -> EngineError {
        use std::os::unix::process::ExitStatusExt as _;

        let status = match self.child.wait().await {
            Ok(status) => status,
            Err(error) => return EngineError::Channel(error),
        };
        // The reader of the error output may be a moment behind.
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        let detail = {
            let complaints = self.complaints.lock().unwrap_or_else(PoisonError::into_inner);
            String::from_utf8_lossy(&complaints).trim().to_owned()
        };
        if ["memory allocation of", "Cannot allocate memory", "os error 12"]
            .iter()
            .any(|sign| detail.contains(sign))
        {
            return EngineError::OutOfMemory {
                limit_bytes: limits.worker.memory_bytes,
            };
        }
        const SIGXCPU: i32 = 24;
        if status.signal() == Some(SIGXCPU) {
            let seconds = limits.worker.cpu_seconds.unwrap_or_default();
            return EngineError::TimedOut {
                limit: std::time::Duration::from_secs(seconds),
            };
        }
        EngineError::Crashed {
            status: status.to_string(),
            detail,
        }
    }
}

/// Once is enough: it is the same for every worker of this machine.
fn warn_of_network(why: &str) {
    static WARNED: Once = Once::new();
    WARNED.call_once(|| tracing::warn!(why, "workers cannot be kept from the network on this system"));
}

fn refused(payload: &[u8], limits: &PoolLimits) -> Exchange {
    match serde_json::from_slice::<WorkerFailure>(payload) {
        Ok(failure) if failure.public.code == shared::ErrorCode::OutOfMemory => {
            Exchange::Broken(EngineError::OutOfMemory {
                limit_bytes: limits.worker.memory_bytes,
            })
        }
        // A defect (a panic, say): the process may be in pieces.
        Ok(failure) if failure.public.code == shared::ErrorCode::Internal => Exchange::Broken(EngineError::Refused {
            public: failure.public,
            detail: failure.detail,
        }),
        Ok(failure) => Exchange::Refused(EngineError::Refused {
            public: failure.public,
            detail: failure.detail,
        }),
        Err(error) => Exchange::Broken(EngineError::Protocol(error.to_string())),
    }
}
