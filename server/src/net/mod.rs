//! Connections: accepting, counting, reading with time limits, and ending in order.

mod connections;
mod idle;
mod serve;
mod shutdown;

pub use serve::serve;
pub use shutdown::{Shutdown, signals};
