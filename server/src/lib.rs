//! The server: command line, configuration, HTTP and pages over the services. May depend on `app`, `services`, `engine`,
//! `chart`, `guard`, `migrations` and `shared`.
#![recursion_limit = "512"]

pub mod assets;
mod audit_keeper;
pub mod cli;
pub mod config;
mod data_lock;
mod error;
mod extract;
mod housekeeping;
mod instance;
mod metrics;
mod middleware;
pub mod net;
mod openapi;
mod pages;
mod router;
pub mod routes;
mod state;

pub use instance::Instance;
pub use pages::page_paths;
pub use router::router;
pub use state::AppState;
