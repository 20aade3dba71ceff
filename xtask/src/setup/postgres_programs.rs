//! Where the programs of a PostgreSQL server are.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::process;

/// What must be there; a folder of links often has only some.
const PROGRAMS: [&str; 3] = ["initdb", "postgres", "pg_isready"];

/// The folder that holds `initdb`, `postgres` and their relatives.
#[derive(Clone, Debug)]
pub struct PostgresPrograms(PathBuf);

impl PostgresPrograms {
    /// The path of one of them.
    pub fn program(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

/// In `PATH` (behind links), where `pg_config` says, or in Debian's folders (newest version).
pub fn find() -> Option<PostgresPrograms> {
    let by_path = process::find_program("initdb")
        .and_then(|link| fs::canonicalize(link).ok())
        .and_then(|program| program.parent().map(Path::to_path_buf));
    let by_config = || {
        process::capture(Command::new("pg_config").arg("--bindir"))
            .ok()
            .map(|folder| PathBuf::from(folder.trim()))
    };
    let complete = |folder: &PathBuf| PROGRAMS.iter().all(|name| folder.join(name).is_file());
    by_path
        .filter(complete)
        .or_else(|| by_config().filter(complete))
        .or_else(|| newest().filter(complete))
        .map(PostgresPrograms)
}

fn newest() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let versions = versions.filter_map(|entry| {
        Some((
            entry.file_name().to_str()?.parse::<u32>().ok()?,
            entry.path().join("bin"),
        ))
    });
    versions.max().map(|(_, folder)| folder)
}
