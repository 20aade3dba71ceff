//! A server in this process, and a client that speaks to it over HTTP as any program would.
#![allow(dead_code, reason = "each test file uses a part")]

pub mod client;
pub mod process;
pub mod server;

pub use client::{Client, Reply};
#[allow(unused_imports, reason = "not every test file starts a server")]
pub use server::TestServer;
