//! `test`: every check and every test, in the order in which mistakes are found soonest.

use std::process::Command;

use crate::{
    build,
    check::{self, sources},
    end_to_end,
    failure::Outcome,
    gallery, oracle, process,
    servers::TestServers,
    setup::{self, TestRunner},
    step::Steps,
    workspace::{Profile, Workspace},
};

/// Sets up, checks, tests. The first failure ends the run; what was started is stopped in any case.
pub fn run(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    let runner = steps.run("set-up", || setup::everything(workspace))?;
    check::run(workspace, &[], steps)?;
    steps.run("tests of this tool", || {
        process::run(process::cargo(&workspace.root).args(["test", "--package", "xtask"]))
    })?;
    let servers = steps.run("database servers", TestServers::find)?;
    // Before the Rust tests: the server is compiled once, with what it will serve.
    let dist = steps.run("assets", || build::assets(workspace, Profile::Dev))?;
    let python = steps.run("Python", || Ok(setup::databases_python(workspace)))?;
    let with_environment = |command: &mut Command| {
        servers.tell(command);
        if let Some(python) = &python {
            command.env("SIGHTLINE_DUCKDB_PYTHON", python);
            command.env("SIGHTLINE_MARIADB_PYTHON", python);
        }
        process::run(command.env("SIGHTLINE_DIST", &dist))
    };
    steps.run("Rust tests", || with_environment(&mut rust_tests(workspace, runner)))?;
    if has_examples_in_docs(workspace)? {
        steps.run("examples in docs", || {
            with_environment(
                process::cargo(&workspace.root)
                    .args(["test", "--doc"])
                    .args(workspace.native_selection()),
            )
        })?;
    }
    steps.run("gallery", || gallery::run(workspace, Profile::Dev, false))?;
    let binary = steps.run("server", || build::run(workspace, Profile::Dev))?;
    steps.run("browser journeys", || {
        end_to_end::run_with(workspace, &binary, &servers, &[])
    })?;
    steps.run("oracle", || oracle::run_with(workspace, &binary, &servers))
}

fn rust_tests(workspace: &Workspace, runner: TestRunner) -> Command {
    let mut cargo = process::cargo(&workspace.root);
    cargo.args(runner.arguments()).args(workspace.native_selection());
    cargo
}

/// Whether any comment of the crates holds Rust code that `cargo test --doc` would compile.
fn has_examples_in_docs(workspace: &Workspace) -> Outcome<bool> {
    const FENCES: [&str; 5] = ["```", "```rust", "```no_run", "```should_panic", "```compile_fail"];
    let sources = sources::texts(workspace, |path| path.ends_with(".rs") && !path.starts_with("xtask/"))?;
    Ok(sources.iter().any(|source| {
        let comments = source
            .text
            .lines()
            .map(str::trim_start)
            .filter_map(|line| line.strip_prefix("///").or_else(|| line.strip_prefix("//!")));
        // Every second fence closes a block.
        comments
            .map(str::trim)
            .filter(|line| line.starts_with("```"))
            .step_by(2)
            .any(|fence| FENCES.contains(&fence))
    }))
}
