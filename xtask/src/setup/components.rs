//! rustfmt and clippy, which rustup's minimal profile leaves out.

use std::process::Command;

use crate::{failure::Outcome, process, step};

/// Adds the components that are missing.
pub fn ensure() -> Outcome {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        // rustup's links to them exist either way; they fail where the component is missing.
        if process::capture(Command::new(program).arg("--version")).is_err() {
            step::say(&format!("rustup component add {component}"));
            process::capture(Command::new("rustup").args(["component", "add", component]))?;
        }
    }
    Ok(())
}
