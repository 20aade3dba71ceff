//! Faults are injected into the real program while it is written to. What it acknowledged is there exactly once afterwards;
//! what it did not acknowledge is whole or absent. `SIGHTLINE_SEED` replays a run, `SIGHTLINE_FAULT_ROUNDS` makes it longer
//! (`cargo xtask faults`).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod bytes;
mod check;
mod clock;
mod database;
mod disk;
mod keys;
mod proxy;
mod random;
mod rounds;
mod site;
#[path = "../support/mod.rs"]
mod support;
mod two_servers;
mod versions;
mod writers;

/// Address of the workspace that is written to.
const W: &str = "/api/v1/workspaces/acme";
