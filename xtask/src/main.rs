//! Build tool of Sightline (`cargo xtask`): set-up, assets, checks, tests, figures. Depends on nothing of ours.

mod bench;
mod build;
mod check;
mod cli;
mod end_to_end;
mod failure;
mod faults;
mod files;
mod font_widths;
mod gallery;
mod http;
mod instance;
mod oracle;
mod process;
mod run;
mod servers;
mod setup;
mod step;
mod test;
mod workspace;

use std::process::ExitCode;

use cli::Command;
use failure::Outcome;
use step::Steps;
use workspace::Workspace;

fn main() -> ExitCode {
    let outcome = cli::parse(std::env::args().skip(1)).and_then(dispatch);
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(command: Command) -> Outcome {
    let workspace = &Workspace::find()?;
    match command {
        Command::Help => {
            print!("{}", cli::HELP);
            Ok(())
        }
        Command::Setup => setup::everything(workspace).map(drop),
        Command::Build {
            profile,
            only_assets: true,
        } => build::assets(workspace, profile).map(drop),
        Command::Build {
            profile,
            only_assets: false,
        } => build::run(workspace, profile).map(drop),
        Command::Run { profile, open, rest } => run::run(workspace, profile, open, &rest),
        Command::Check(only) => with_summary(|steps| check::run(workspace, &only, steps)),
        Command::Test => with_summary(|steps| test::run(workspace, steps)),
        Command::EndToEnd { profile, rest } => end_to_end::run(workspace, profile, &rest),
        Command::Faults { rounds } => faults::run(workspace, rounds),
        Command::Oracle(profile) => oracle::run(workspace, profile),
        Command::Gallery { profile, serve } => gallery::run(workspace, profile, serve),
        Command::Stage => gallery::stage_for_trunk(workspace),
        Command::Bench { quick, write, only } => bench::run(workspace, quick, write, &only),
        Command::FontWidths => font_widths::run(workspace),
    }
}

/// Runs steps and prints their table, also after a failure.
fn with_summary(work: impl FnOnce(&mut Steps) -> Outcome) -> Outcome {
    let mut steps = Steps::default();
    let outcome = work(&mut steps);
    steps.print();
    outcome
}
