//! Query documents with known rows, asked over REST by the black-box harness beside the cases.

use std::{path::Path, process::Command};

use super::{floor::Reached, within_reach};
use crate::{
    failure::{Failure, Outcome},
    instance::{Account, Instance},
    process, step,
    workspace::Workspace,
};

/// Case folders and the sets they count as.
const FOLDERS: [&str; 2] = ["metricflow", "traps"];

/// Asks every case within reach; returns how many pass by folder.
pub fn run(workspace: &Workspace, folder: &Path, binary: &Path) -> Outcome<Reached> {
    let harness = folder.join("tools/run.py");
    let python = process::find_program("python3");
    let Some(python) = python.filter(|_| harness.is_file()) else {
        step::say("no semantic cases, or no python3 to ask them");
        return Ok(Reached::new());
    };
    let scratch = workspace.target.join("oracle");
    let instance = Instance::start(binary, &scratch, &[])?;
    let account = instance.account(binary)?;
    let mut reached = Reached::new();
    for name in FOLDERS {
        let target = scratch.join(name);
        let (asked, all) = within_reach::write(&folder.join(name), &target)?;
        let passed = match ask(&python, &harness, &target, &instance, &account)? {
            Asked::Answered(count) => count,
            Asked::Refused(why) => {
                step::say(&format!("{name}: nothing was asked: {why}"));
                0
            }
        };
        step::say(&format!(
            "{name}: {passed} pass of {asked} within reach, {all} in all (failures: {}/failures.json)",
            target.display()
        ));
        reached.insert(format!("semantic.{name}"), passed);
    }
    Ok(reached)
}

/// What became of one folder of cases.
enum Asked {
    /// So many cases pass.
    Answered(u32),
    /// The server does not take the model, and this is why.
    Refused(String),
}

/// Runs the harness on one folder.
fn ask(python: &Path, harness: &Path, cases: &Path, instance: &Instance, account: &Account) -> Outcome<Asked> {
    let mut command = Command::new(python);
    command
        .arg(harness)
        .arg("--cases")
        .arg(cases)
        .args(["--base", &format!("http://127.0.0.1:{}", instance.port())]);
    command
        .args([
            "--token",
            &account.token,
            "--workspace",
            &account.workspace,
            "--failures",
        ])
        .arg(cases.join("failures.json"));
    // Its exit code says whether every case passes; the floor decides here.
    let output = command
        .output()
        .map_err(|error| Failure::new(format!("run.py: {error}")))?;
    let table = String::from_utf8_lossy(&output.stdout);
    let line = table.lines().find_map(|line| line.strip_prefix("all "));
    let count = line.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    let said = String::from_utf8_lossy(&output.stderr);
    let why = said
        .lines()
        .next_back()
        .unwrap_or("run.py said nothing")
        .chars()
        .take(200)
        .collect();
    Ok(count.map_or(Asked::Refused(why), Asked::Answered))
}
