//! Build tool of Sightline (`cargo xtask`): set-up, assets, checks, tests, figures. Depends on nothing of ours.

mod build;
mod check;
mod cli;
mod failure;
mod files;
mod font_widths;
mod process;
mod setup;
mod step;
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
    let workspace = Workspace::find()?;
    match command {
        Command::Help => print!("{}", cli::HELP),
        Command::Build {
            profile,
            only_assets: true,
        } => return build::assets(&workspace, profile).map(drop),
        Command::Build {
            profile,
            only_assets: false,
        } => return build::run(&workspace, profile).map(drop),
        Command::Check => return with_summary(|steps| check::run(&workspace, steps)),
        Command::FontWidths => return font_widths::run(&workspace),
        _ => {}
    }
    Ok(())
}

/// Runs steps and prints their table, also after a failure.
fn with_summary(work: impl FnOnce(&mut Steps) -> Outcome) -> Outcome {
    let mut steps = Steps::default();
    let outcome = work(&mut steps);
    steps.print();
    outcome
}
