//! From a query document to its plan and its SQL, without the server around it.

use std::{collections::BTreeMap, process::Command};

use super::figure::Figure;
use crate::{
    failure::{Failure, Outcome},
    process,
    workspace::Workspace,
};

const EXAMPLE: &str = "planning";
const ROUNDS: usize = 2_000;
const WHAT: &str = "planning a query with five joins";
const GOAL: &str = "< 1 ms";

/// One figure for each query of the example.
pub fn measure(workspace: &Workspace) -> Vec<Figure> {
    match times(workspace) {
        Ok(times) => times
            .iter()
            .filter(|(name, _)| !name.contains(':'))
            .map(|(name, plan)| {
                let other = |part: &str| times.get(&format!("{name}: {part}")).copied().unwrap_or(f64::NAN);
                let here = format!(
                    "{plan:.0} µs, its cache key {:.0} µs, its SQL for PostgreSQL {:.0} µs (medians)",
                    other("cache key"),
                    other("SQL")
                );
                Figure::measured(&format!("{WHAT}: {name}"), "–", GOAL, here)
            })
            .collect(),
        Err(error) => vec![Figure::missing(WHAT, "–", GOAL, error)],
    }
}

fn times(workspace: &Workspace) -> Outcome<BTreeMap<String, f64>> {
    let mut cargo = process::cargo(&workspace.root);
    cargo
        .args(["build", "--release", "--package", "plan", "--example", EXAMPLE])
        .arg("--target-dir")
        .arg(&workspace.target);
    process::run(&mut cargo)?;
    let mut command = Command::new(workspace.target.join("release/examples").join(EXAMPLE));
    command.arg(ROUNDS.to_string());
    let said = process::capture(&mut command)?;
    serde_json::from_str(&said).map_err(|error| Failure::new(format!("example {EXAMPLE}: {error}")))
}
