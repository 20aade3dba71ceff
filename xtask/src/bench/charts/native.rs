//! The chart crate on this machine, without the server around it.

use std::{collections::BTreeMap, path::PathBuf, process::Command};

use super::specs::Specs;
use crate::{
    failure::{Failure, Outcome},
    process,
    workspace::Workspace,
};

const EXAMPLE: &str = "times";

/// Median of each specification in µs; refused ones are not there.
pub fn measure(workspace: &Workspace, specs: &Specs, rounds: usize) -> Outcome<BTreeMap<String, f64>> {
    let mut command = Command::new(build(workspace)?);
    command.arg(&specs.folder).arg(rounds.to_string()).args(&specs.names);
    let said = process::capture(&mut command)?;
    serde_json::from_str(&said).map_err(|error| Failure::new(format!("example {EXAMPLE}: {error}")))
}

/// Compiles the example as the server is compiled for handing on.
fn build(workspace: &Workspace) -> Outcome<PathBuf> {
    let mut cargo = process::cargo(&workspace.root);
    cargo
        .args(["build", "--release", "--package", "chart", "--example", EXAMPLE])
        .arg("--target-dir")
        .arg(&workspace.target);
    process::run(&mut cargo)?;
    Ok(workspace.target.join("release/examples").join(EXAMPLE))
}
