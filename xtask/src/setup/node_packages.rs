//! npm packages of one folder, exactly as its lock file says.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::{
    failure::{Outcome, fail},
    files, process, step,
};

/// Left in `node_modules` once everything is in place: the lock file it was installed from.
const STAMP: &str = "node_modules/.installed-from.json";

/// Installs the packages of `folder` unless the lock file is the one they were installed from.
pub fn install(folder: &Path) -> Outcome {
    let lock_file = folder.join("package-lock.json");
    let lock = files::read(&lock_file)?;
    let stamp = folder.join(STAMP);
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    if process::find_program("npm").is_none() {
        fail!("npm is missing; install Node 18 or newer");
    }
    step::say(&format!(
        "npm ci in {}",
        folder.file_name().unwrap_or_default().to_string_lossy()
    ));
    let mut npm = Command::new("npm");
    npm.current_dir(folder)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel", "error"])
        .stdout(Stdio::null());
    // The browser comes from the system's packages; its download would fail or waste 150 MB.
    process::capture(npm.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"))?;
    files::write(&stamp, &lock)
}
