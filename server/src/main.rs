//! The `sightline` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    server::cli::run()
}
