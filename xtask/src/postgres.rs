//! A PostgreSQL server for one run of the tests: own folder, own port, gone afterwards.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use crate::{
    failure::{Failure, Outcome, fail},
    process::{self, Background},
    setup::{self, PostgresPrograms},
    step,
};

/// Where tests find a server.
const VARIABLE: &str = "SIGHTLINE_TEST_POSTGRES";
/// Start of the folders' names; the number of the process that made one follows.
const FOLDER: &str = "sightline-postgres-";
/// The user that Debian's package makes; the server refuses to run as root.
const SERVER_USER: &str = "postgres";
/// Nothing here must survive a crash of the machine, so nothing waits for the disk.
const SETTINGS: [&str; 7] = [
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
    "log_min_messages=warning",
];

/// The server that tests use.
#[derive(Debug)]
pub enum TestServer {
    /// Started for this run.
    Own(Postgres),
    /// Named by `SIGHTLINE_TEST_POSTGRES`; its address.
    Given(String),
}

impl TestServer {
    /// The server that the environment names, else one of our own; PostgreSQL is installed when it is missing.
    pub fn find() -> Outcome<Self> {
        if let Some(url) = env::var(VARIABLE).ok().filter(|url| !url.is_empty()) {
            step::say(&format!("PostgreSQL of {VARIABLE}: {url}"));
            return Ok(Self::Given(url));
        }
        Postgres::start(&setup::postgres()?).map(Self::Own)
    }

    pub fn url(&self) -> &str {
        match self {
            Self::Own(postgres) => &postgres.url,
            Self::Given(url) => url,
        }
    }

    /// Tells a command where the server is.
    pub fn tell(&self, command: &mut Command) {
        command.env(VARIABLE, self.url());
    }
}

/// A running server. Stopped, and its folder removed, when dropped.
#[derive(Debug)]
pub struct Postgres {
    // Declared first, so that it ends before its folder goes.
    _server: Background,
    _folder: Folder,
    url: String,
}

impl Postgres {
    /// Makes a cluster below the system's temporary folder and starts it on 127.0.0.1.
    pub fn start(programs: &PostgresPrograms) -> Outcome<Self> {
        remove_leftovers();
        let folder = Folder::make()?;
        let data = folder.0.join("data");
        let mut initdb = as_server_user(&programs.program("initdb"), &folder.0);
        initdb.arg("-D").arg(&data).args([
            "-U",
            SERVER_USER,
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        process::capture(&mut initdb)?;
        let port = process::free_port()?;
        let mut command = as_server_user(&programs.program("postgres"), &folder.0);
        command.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        let log = folder.0.join("log");
        let file = fs::File::create(&log).map_err(|error| Failure::io("write", &log, &error))?;
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(file);
        // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
        let mut server = Background::start(&mut command, "INT")?;
        wait_until_ready(programs, port, &mut server, &log)?;
        let url = format!("postgres://{SERVER_USER}@127.0.0.1:{port}/postgres");
        step::say(&format!("PostgreSQL for this run: {url}"));
        Ok(Self {
            _server: server,
            _folder: folder,
            url,
        })
    }
}

fn wait_until_ready(programs: &PostgresPrograms, port: u16, server: &mut Background, log: &Path) -> Outcome {
    for _ in 0..300 {
        let mut ready = Command::new(programs.program("pg_isready"));
        if process::capture(ready.args(["-q", "-h", "127.0.0.1", "-p", &port.to_string()])).is_ok() {
            return Ok(());
        }
        if !server.is_running() {
            break;
        }
        thread::sleep(Duration::from_millis(100));
    }
    fail!(
        "PostgreSQL did not start:\n{}",
        fs::read_to_string(log).unwrap_or_default()
    )
}

/// The program as a user that PostgreSQL accepts, ended together with this tool.
fn as_server_user(program: &Path, folder: &Path) -> Command {
    let mut command = if process::is_root() {
        let mut command = Command::new("setpriv");
        command
            .args([
                "--reuid",
                SERVER_USER,
                "--regid",
                SERVER_USER,
                "--init-groups",
                "--pdeathsig",
                "INT",
                "--",
            ])
            .arg(program);
        command
    } else {
        process::tied(program, "INT")
    };
    command.current_dir(folder);
    command
}

/// A temporary folder that its server may read; removed when dropped.
#[derive(Debug)]
struct Folder(PathBuf);

impl Folder {
    fn make() -> Outcome<Self> {
        let folder = env::temp_dir().join(format!("{FOLDER}{}", std::process::id()));
        let mut install = Command::new("install");
        install.args(["-d", "-m", "700"]);
        if process::is_root() {
            install.args(["-o", SERVER_USER, "-g", SERVER_USER]);
        }
        process::capture(install.arg(&folder))?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is removed by the next run.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Removes the folders of runs that were killed.
fn remove_leftovers() {
    let Ok(entries) = fs::read_dir(env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(FOLDER))
            .and_then(|id| id.parse::<u32>().ok());
        let gone =
            owner.is_some_and(|id| Path::new("/proc/self").exists() && !Path::new(&format!("/proc/{id}")).exists());
        if gone {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_starts_answers_and_leaves_nothing_behind() {
        let programs = setup::postgres().unwrap();
        let postgres = Postgres::start(&programs).unwrap();
        let folder = postgres._folder.0.clone();
        let said =
            process::capture(Command::new("psql").args([postgres.url.as_str(), "-Atc", "select 40 + 2"])).unwrap();
        assert_eq!(said.trim(), "42");
        drop(postgres);
        assert!(!folder.exists());
    }
}
