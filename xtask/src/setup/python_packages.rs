//! Python environments of our own with packages in them.

use std::{path::PathBuf, process::Command};

use crate::{failure::Outcome, process, step, workspace::Workspace};

/// The interpreter of the environment `name`, made with `packages` when one of them is missing. Packages are imported by the
/// names they are installed by, without their extras.
pub fn python_with(workspace: &Workspace, name: &str, packages: &[&str]) -> Outcome<PathBuf> {
    let environment = workspace.cache.join(name);
    let python = environment.join("bin/python");
    let names: Vec<&str> = packages
        .iter()
        .filter_map(|package| package.split('[').next())
        .collect();
    let imports = format!("import {}", names.join(", "));
    if process::capture(Command::new(&python).args(["-c", &imports])).is_ok() {
        return Ok(python);
    }
    step::say(&format!("python packages: {}", packages.join(", ")));
    process::capture(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    process::capture(
        Command::new(&python)
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"])
            .args(packages),
    )?;
    Ok(python)
}

/// A Python with DuckDB and a driver of MariaDB, for the tests that hold printed SQL to both; `None`, and why, where it cannot
/// be had.
pub fn databases_python(workspace: &Workspace) -> Option<PathBuf> {
    match python_with(workspace, "test-python", &["duckdb", "pymysql"]) {
        Ok(python) => Some(python),
        Err(error) => {
            step::say(&format!(
                "no Python packages, so printed SQL is not held to DuckDB and MariaDB: {error}"
            ));
            None
        }
    }
}
