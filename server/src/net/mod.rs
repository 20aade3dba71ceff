//! Connections: accepting, counting, reading with time limits, and ending in order.

mod connections;
mod idle;
mod serve;
mod shutdown;
mod tls;

pub use serve::{Entrance, serve};
pub use shutdown::{Shutdown, signals};
pub use tls::{Tls, TlsError};
