//! Build tool of Sightline (`cargo xtask`): set-up, assets, checks, tests, figures. Depends on nothing of ours.

mod failure;
mod files;
mod font_widths;
mod process;
mod step;
mod workspace;

use std::process::ExitCode;

fn main() -> ExitCode {
    let run = || font_widths::run(&workspace::Workspace::find()?);
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("xtask: {failure}");
            ExitCode::FAILURE
        }
    }
}
