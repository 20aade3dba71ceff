//! Plans run on real rows by a small interpreter, and their printed stages kept as files.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::unreachable,
    reason = "a test says what is wrong by stopping"
)]

mod eager;
mod golden;
mod interpreter;
mod invariants;
mod oracle;
mod ring;
mod rollups;
mod rules;
mod semantic;
mod sql;
