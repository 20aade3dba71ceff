//! Worker processes: started on demand, kept warm while used, killed on cancel and time-out.

mod process;
mod worker_pool;

pub use worker_pool::{JobOutcome, PoolLimits, WorkerPool};
