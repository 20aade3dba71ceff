//! What a worker may use. The engine hands the figures over in the environment, which is otherwise empty; the worker puts
//! them into force before it reads anything.

use std::{io, time::Duration};

use rustix::process::{Resource, Rlimit, setrlimit};

const MEMORY: &str = "SIGHTLINE_WORKER_MEMORY_BYTES";
const CPU: &str = "SIGHTLINE_WORKER_CPU_SECONDS";
const IDLE: &str = "SIGHTLINE_WORKER_IDLE_MS";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Address space, not resident memory: what is reserved counts.
    pub memory_bytes: u64,
    /// Of the whole process; `None` for workers that live long.
    pub cpu_seconds: Option<u64>,
    /// Ends by itself when no job came for this long.
    pub idle: Duration,
    pub threads: usize,
}

impl WorkerLimits {
    /// The whole environment of the worker.
    pub fn environment(&self) -> Vec<(&'static str, String)> {
        let mut environment = vec![
            (MEMORY, self.memory_bytes.to_string()),
            (IDLE, self.idle.as_millis().to_string()),
            ("POLARS_MAX_THREADS", self.threads.to_string()),
            ("TOKIO_WORKER_THREADS", self.threads.to_string()),
            // Every arena reserves 64 MiB of address space, which is what the limit counts.
            ("MALLOC_ARENA_MAX", "2".to_owned()),
            // Columns come and go with every part of a file: what is freed is used again, up to 64 MiB of it, instead of being
            // given back to the system and asked for once more.
            ("MALLOC_MMAP_THRESHOLD_", (32 << 20).to_string()),
            ("MALLOC_TRIM_THRESHOLD_", (64 << 20).to_string()),
            ("TZ", "UTC".to_owned()),
        ];
        if let Some(seconds) = self.cpu_seconds {
            environment.push((CPU, seconds.to_string()));
        }
        environment
    }

    /// As handed over; a figure that is missing or no number falls back to a small, safe one.
    pub fn from_environment() -> Self {
        let number = |name| std::env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
        Self {
            memory_bytes: number(MEMORY).unwrap_or(1 << 30),
            cpu_seconds: number(CPU),
            idle: Duration::from_millis(number(IDLE).unwrap_or(60_000)),
            threads: std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        }
    }

    /// Binds this process; there is no way back.
    ///
    /// # Errors
    /// When the system refuses; the worker must then not run.
    pub fn enforce(&self) -> io::Result<()> {
        let fixed = |value| Rlimit {
            current: Some(value),
            maximum: Some(value),
        };
        setrlimit(Resource::As, fixed(self.memory_bytes))?;
        setrlimit(Resource::Core, fixed(0))?;
        if let Some(seconds) = self.cpu_seconds {
            // One second between the signal that can be told apart and the kill.
            setrlimit(
                Resource::Cpu,
                Rlimit {
                    current: Some(seconds),
                    maximum: Some(seconds + 1),
                },
            )?;
        }
        Ok(())
    }
}
