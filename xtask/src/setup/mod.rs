//! Set-up by itself: what a build or test needs is installed when it is missing, and named while that happens.
//! Everything checks first, so that a second call takes no time.

mod node_packages;
mod postgres_programs;
mod system_packages;
mod test_runner;
mod wasm_target;

pub use node_packages::install as node_packages;
pub use postgres_programs::{PostgresPrograms, find as postgres_programs};
pub use system_packages::{browser, postgres};
pub use test_runner::{TestRunner, find as test_runner};
pub use wasm_target::{WasmToolchain, ensure as wasm_toolchain};
