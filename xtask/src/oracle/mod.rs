//! `oracle`: cases with known answers, from a folder beside the checkout. They are not part of this repository.

mod charts;
mod floor;
mod one_table;
mod semantic;

use std::path::Path;

use crate::{
    build,
    failure::{Outcome, fail},
    step,
    workspace::{Profile, Workspace},
};

/// Where the folder is, unless it lies beside the checkout.
const VARIABLE: &str = "SIGHTLINE_ORACLE";
const BESIDE: &str = "shared/oracle";

/// Builds the server and runs all cases.
pub fn run(workspace: &Workspace, profile: Profile) -> Outcome {
    if workspace.neighbour(VARIABLE, BESIDE).is_none() {
        return run_with(workspace, Path::new(""));
    }
    let binary = build::run(workspace, profile)?;
    run_with(workspace, &binary)
}

/// Runs all cases with this binary. Fewer passing than the floor is a failure; more asks for a new floor.
pub fn run_with(workspace: &Workspace, binary: &Path) -> Outcome {
    let Some(folder) = workspace.neighbour(VARIABLE, BESIDE) else {
        step::say(&format!(
            "no cases here: neither {VARIABLE} nor ../{BESIDE} is a folder; nothing to do"
        ));
        return Ok(());
    };
    let mut reached = charts::run(workspace, &folder.join("charts"), binary)?;
    reached.extend(semantic::run(workspace, &folder, binary)?);
    let fallen = floor::compare(workspace, &reached)?;
    if !fallen.is_empty() {
        fail!("fewer cases pass than before: {}", fallen.join("; "));
    }
    Ok(())
}
