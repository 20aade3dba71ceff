//! Clippy, warnings denied.

use crate::{
    failure::Outcome,
    process,
    workspace::{Profile, Workspace},
};

/// Native code with all its tests, this tool, and the browser's side of the pages.
pub fn run(workspace: &Workspace) -> Outcome {
    clippy(workspace, &workspace.native_selection(), true)?;
    clippy(workspace, &["--package", "xtask"], true)?;
    // Compiled for this machine: the same code but for the parts that ask for the browser's target, and no second clippy.
    clippy(
        workspace,
        &["--package", "frontend-app", "--package", "frontend-reader"],
        false,
    )
}

fn clippy(workspace: &Workspace, selection: &[&str], all_targets: bool) -> Outcome {
    let mut cargo = process::cargo(&workspace.root);
    cargo.arg("clippy").args(selection);
    // The same setting as for the tests, once there is something to embed; a change would compile the server again.
    let dist = workspace.dist(Profile::Dev);
    if dist.join("manifest.json").is_file() {
        cargo.env("SIGHTLINE_DIST", dist);
    }
    if all_targets {
        cargo.arg("--all-targets");
    }
    process::run(cargo.args(["--", "--deny", "warnings"]))
}
