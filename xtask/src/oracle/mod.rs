//! `oracle`: cases with known answers, from a folder beside the checkout. They are not part of this repository.

mod charts;
mod floor;
mod semantic;
mod within_reach;

use std::path::{Path, PathBuf};

use crate::{
    build,
    failure::{Outcome, fail},
    servers::TestServers,
    step,
    workspace::{Profile, Workspace},
};

/// Where the folder is, unless it lies beside the checkout.
const VARIABLE: &str = "SIGHTLINE_ORACLE";
const BESIDE: &str = "shared/oracle";

/// Builds the server and runs all cases.
pub fn run(workspace: &Workspace, profile: Profile) -> Outcome {
    match folder(workspace) {
        Some(folder) => {
            let servers = TestServers::find()?;
            cases(workspace, &folder, &build::run(workspace, profile)?, &servers)
        }
        None => Ok(()),
    }
}

/// Runs all cases with this binary.
pub fn run_with(workspace: &Workspace, binary: &Path, servers: &TestServers) -> Outcome {
    folder(workspace).map_or(Ok(()), |folder| cases(workspace, &folder, binary, servers))
}

/// The folder with the cases; says so when there is none.
fn folder(workspace: &Workspace) -> Option<PathBuf> {
    let folder = workspace.neighbour(VARIABLE, BESIDE);
    if folder.is_none() {
        step::say(&format!(
            "no cases here: neither {VARIABLE} nor ../{BESIDE} is a folder; nothing to do"
        ));
    }
    folder
}

/// Fewer passing than the floor is a failure; more asks for a new floor.
fn cases(workspace: &Workspace, folder: &Path, binary: &Path, servers: &TestServers) -> Outcome {
    let mut reached = charts::run(workspace, &folder.join("charts"), binary)?;
    reached.extend(semantic::run(workspace, folder, binary, servers)?);
    let fallen = floor::compare(workspace, &reached)?;
    if !fallen.is_empty() {
        fail!("fewer cases pass than before: {}", fallen.join("; "));
    }
    Ok(())
}
