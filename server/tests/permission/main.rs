//! Every route, server function and page for every kind of caller, against the table kept in `matrix.txt`; and every id in
//! every body swapped for another workspace's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

#[path = "../support/mod.rs"]
mod support;

mod foreign_id;
mod matrix;
mod rights;
mod sample;
mod wall;
mod world;
