//! `cargo fmt --check`.

use crate::{failure::Outcome, process, workspace::Workspace};

/// Fails when a file is not as rustfmt would write it.
pub fn run(workspace: &Workspace) -> Outcome {
    process::run(process::cargo(&workspace.root).args(["fmt", "--all", "--check"]))
}
