//! A tiny reference interpreter of logical plans over rows in memory: slow, and simple enough to be seen to be right.

mod aggregate;
mod expression;
mod run;
mod scalar;
mod time;
mod value;

pub use run::{Tables, run};
pub use value::{Table, Value};
