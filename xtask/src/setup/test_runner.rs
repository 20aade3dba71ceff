//! What runs the Rust tests.

use std::process::Command;

use crate::{process, step};

/// cargo-nextest where it is installed, else cargo's own runner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestRunner {
    /// `cargo nextest run`: one process per test, in parallel over all crates.
    Nextest,
    /// `cargo test`.
    Cargo,
}

impl TestRunner {
    /// The words after `cargo`.
    pub fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Nextest => &["nextest", "run", "--no-fail-fast", "--no-tests", "pass"],
            Self::Cargo => &["test", "--all-targets", "--no-fail-fast"],
        }
    }
}

/// Finds the runner and says which it is.
pub fn find() -> TestRunner {
    if process::capture(Command::new("cargo-nextest").args(["nextest", "--version"])).is_ok() {
        step::say("tests run with cargo-nextest");
        return TestRunner::Nextest;
    }
    step::say("cargo-nextest is not installed: tests run with `cargo test`, somewhat slower");
    TestRunner::Cargo
}
