//! The server binary with the assets inside.

use std::path::Path;

use crate::{
    failure::Outcome,
    process,
    workspace::{Profile, Workspace},
};

/// Compiles `sightline`; its build script reads the folder from `SIGHTLINE_DIST`.
pub fn build(workspace: &Workspace, profile: Profile, dist: &Path) -> Outcome {
    let mut cargo = process::cargo(&workspace.root);
    cargo.arg("build").env("SIGHTLINE_DIST", dist);
    match profile {
        // The same selection as the tests, so that features are unified alike and nothing is compiled twice: asking for
        // examples makes cargo count the features of test dependencies, as it does for tests.
        Profile::Dev => cargo
            .args(workspace.native_selection())
            .args(["--bin", "sightline", "--examples"]),
        Profile::Release => cargo.args(["--package", "server", "--release"]),
    };
    process::run(&mut cargo)
}
