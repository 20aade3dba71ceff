//! `faults`: the long form of the tests that kill, cut off and fill up what the server stands on.

use crate::{
    build,
    failure::Outcome,
    process,
    servers::TestServers,
    setup,
    step::say,
    workspace::{Profile, Workspace},
};

/// Runs them with so many faults on each database. The seed is printed; `SIGHTLINE_SEED` replays it.
pub fn run(workspace: &Workspace, rounds: u32) -> Outcome {
    let runner = setup::everything(workspace)?;
    let servers = TestServers::find()?;
    let dist = build::assets(workspace, Profile::Dev)?;
    let mut cargo = process::cargo(&workspace.root);
    cargo
        .args(runner.arguments())
        .args(["--package", "server", "--test", "faults"])
        .env("SIGHTLINE_DIST", &dist)
        .env("SIGHTLINE_FAULT_ROUNDS", rounds.to_string());
    servers.tell(&mut cargo);
    say(&format!("{rounds} faults on each database; this takes a while"));
    process::run(&mut cargo)
}
