//! Database servers for one run of the tests: own folders, own ports, gone afterwards.

mod folder;
mod mariadb;
mod postgres;

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use self::folder::Folder;
use crate::{
    failure::{Failure, Outcome, fail},
    process::{self, Background},
    step,
};

/// The servers that tests use.
#[derive(Debug)]
pub struct TestServers {
    postgres: TestServer,
    mariadb: TestServer,
}

impl TestServers {
    /// Those that the environment names, else some of our own; what is missing is installed.
    pub fn find() -> Outcome<Self> {
        Ok(Self {
            postgres: TestServer::find("PostgreSQL", postgres::VARIABLE, postgres::start)?,
            mariadb: TestServer::find("MariaDB", mariadb::VARIABLE, mariadb::start)?,
        })
    }

    /// The address of the PostgreSQL server.
    pub fn postgres(&self) -> &str {
        &self.postgres.url
    }

    /// The address of the MariaDB server.
    pub fn mariadb(&self) -> &str {
        &self.mariadb.url
    }

    /// Tells a command where they are.
    pub fn tell(&self, command: &mut Command) {
        command.env(postgres::VARIABLE, self.postgres());
        command.env(mariadb::VARIABLE, self.mariadb());
    }
}

#[derive(Debug)]
struct TestServer {
    url: String,
    /// Started for this run.
    _own: Option<Own>,
}

/// A running server. Stopped, and its folder removed, when dropped.
#[derive(Debug)]
struct Own {
    // Declared first, so that it ends before its folder goes.
    _server: Background,
    _folder: Folder,
}

impl TestServer {
    fn find(name: &str, variable: &str, start: fn() -> Outcome<Self>) -> Outcome<Self> {
        if let Some(url) = env::var(variable).ok().filter(|url| !url.is_empty()) {
            step::say(&format!("{name} of {variable}: {url}"));
            return Ok(Self { url, _own: None });
        }
        let started = start()?;
        step::say(&format!("{name} for this run: {}", started.url));
        Ok(started)
    }
}

impl Own {
    /// Runs the server in its folder until `ready` says that it answers.
    fn start(
        name: &str,
        folder: Folder,
        command: &mut Command,
        signal: &'static str,
        ready: impl Fn() -> bool,
    ) -> Outcome<Self> {
        let log = folder.path.join("log");
        let file = fs::File::create(&log).map_err(|error| Failure::io("write", &log, &error))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        let mut server = Background::start(command, signal)?;
        for _ in 0..300 {
            if ready() {
                return Ok(Self {
                    _server: server,
                    _folder: folder,
                });
            }
            if !server.is_running() {
                break;
            }
            thread::sleep(Duration::from_millis(100));
        }
        fail!("{name} did not start:\n{}", fs::read_to_string(log).unwrap_or_default())
    }
}

/// Does the command end well?
fn succeeds(program: &Path, arguments: &[&str]) -> bool {
    process::capture(Command::new(program).args(arguments)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_start_answer_and_leave_nothing_behind() {
        let (postgres, mariadb) = (postgres::start().unwrap(), mariadb::start().unwrap());
        let folders = [&postgres, &mariadb].map(|server| server._own.as_ref().unwrap()._folder.path.clone());
        let said =
            process::capture(Command::new("psql").args([postgres.url.as_str(), "-Atc", "select 40 + 2"])).unwrap();
        assert_eq!(said.trim(), "42");
        let (_, port) = mariadb.url.rsplit_once(':').unwrap();
        let zone = "select convert_tz('2024-07-01 12:00', 'UTC', 'Europe/Berlin')";
        let arguments = ["--no-defaults", "-h127.0.0.1", "-uroot", "-P", port, "-Ne", zone];
        let said = process::capture(Command::new("mariadb").args(arguments)).unwrap();
        assert_eq!(said.trim(), "2024-07-01 14:00:00");
        drop((postgres, mariadb));
        assert!(folders.iter().all(|folder| !folder.exists()));
    }
}
