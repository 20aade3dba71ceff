//! `e2e`: the journeys of `end2end/` in a real browser, against the binary that was just built.

use std::{path::Path, process::Command};

use crate::{
    build,
    failure::{Outcome, fail},
    process,
    servers::TestServers,
    setup,
    workspace::{Profile, Workspace},
};

/// Builds the server, starts database servers, and runs the journeys.
pub fn run(workspace: &Workspace, profile: Profile, rest: &[String]) -> Outcome {
    let servers = TestServers::find()?;
    let binary = build::run(workspace, profile)?;
    run_with(workspace, &binary, &servers, rest)
}

/// Runs `npm test` in `end2end/`; the journeys start and stop the server themselves.
pub fn run_with(workspace: &Workspace, binary: &Path, servers: &TestServers, rest: &[String]) -> Outcome {
    let folder = workspace.root.join("end2end");
    if !folder.join("package.json").is_file() {
        fail!("end2end/package.json is missing");
    }
    setup::node_packages(&folder)?;
    let mut npm = Command::new("npm");
    npm.current_dir(&folder).args(["test", "--silent"]);
    npm.env("SIGHTLINE_BIN", binary).env("CHROMIUM", setup::browser()?);
    servers.tell(&mut npm);
    if !rest.is_empty() {
        npm.arg("--").args(rest);
    }
    process::run(&mut npm)
}
