//! Programs from Debian's package manager.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    mariadb_programs::{self, MariaDbPrograms},
    postgres_programs::{self, PostgresPrograms},
};
use crate::{
    failure::{Failure, Outcome, fail},
    process, step,
};

/// Installs packages with `apt-get`, through `sudo` where needed.
///
/// # Errors
/// With the command to run by hand when this user may not install, or the system has no `apt-get`.
pub fn install(packages: &[&str]) -> Outcome {
    let by_hand = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if process::find_program("apt-get").is_none() {
        fail!(
            "missing: {}. There is no apt-get here; install what corresponds on this system",
            packages.join(", ")
        );
    }
    let root = process::is_root();
    let sudo = !root
        && Command::new("sudo")
            .args(["-n", "true"])
            .output()
            .is_ok_and(|output| output.status.success());
    if !root && !sudo {
        fail!(
            "missing: {}. Installing needs rights that this user lacks; run: sudo {by_hand}",
            packages.join(", ")
        );
    }
    step::say(&by_hand);
    let apt = |arguments: &[&str]| {
        let mut command = Command::new(if sudo { "sudo" } else { "apt-get" });
        if sudo {
            command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
        }
        process::capture(command.env("DEBIAN_FRONTEND", "noninteractive").args(arguments))
    };
    let mut arguments = vec!["install", "-y", "--no-install-recommends"];
    arguments.extend_from_slice(packages);
    // Package lists are absent on fresh images; fetch them only when the first try fails.
    if apt(&arguments).is_err() {
        apt(&["update"])?;
        apt(&arguments)?;
    }
    Ok(())
}

/// The browser of the tests: `CHROMIUM`, else Debian's, installed when missing.
pub fn browser() -> Outcome<PathBuf> {
    if let Some(path) = env::var_os("CHROMIUM") {
        return Ok(PathBuf::from(path));
    }
    let find = || {
        ["chromium", "chromium-browser", "google-chrome"]
            .iter()
            .find_map(|name| process::find_program(name))
    };
    if let Some(found) = find() {
        return Ok(found);
    }
    install(&["chromium"])?;
    find().ok_or_else(|| Failure::new("chromium was installed, but is not in PATH"))
}

/// The programs of a PostgreSQL server, installed when missing. The service that Debian starts is not used.
pub fn postgres() -> Outcome<PostgresPrograms> {
    if let Some(found) = postgres_programs::find() {
        return Ok(found);
    }
    // Without this file Debian would create and start a cluster of its own.
    let settings = Path::new("/etc/postgresql-common");
    if !settings.exists() {
        step::say("the package starts no database of its own (createcluster.conf)");
        let _ = std::fs::create_dir_all(settings)
            .and_then(|()| std::fs::write(settings.join("createcluster.conf"), "create_main_cluster = false\n"));
    }
    install(&["postgresql"])?;
    postgres_programs::find().ok_or_else(|| Failure::new("postgresql was installed, but initdb was not found"))
}

/// The programs of a MariaDB server, and the time zones it is told, installed when missing. The service that Debian may start
/// is not used.
pub fn mariadb() -> Outcome<MariaDbPrograms> {
    let has_zones = Path::new("/usr/share/zoneinfo/Europe/Berlin").is_file();
    if let Some(found) = mariadb_programs::find().filter(|_| has_zones) {
        return Ok(found);
    }
    install(&["mariadb-server", "tzdata"])?;
    mariadb_programs::find().ok_or_else(|| Failure::new("mariadb-server was installed, but mariadbd was not found"))
}
