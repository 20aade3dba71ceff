//! The worker process: takes jobs from standard input and answers on standard output until nobody asks any more.

mod confinement;
mod limits;
mod serve;

pub use limits::WorkerLimits;
pub use serve::run;
