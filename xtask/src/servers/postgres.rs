//! PostgreSQL.

use super::{Folder, Own, TestServer, succeeds};
use crate::{failure::Outcome, process, setup};

/// Where tests find a server.
pub const VARIABLE: &str = "SIGHTLINE_TEST_POSTGRES";
/// The user that Debian's package makes; the server refuses to run as root.
const USER: &str = "postgres";
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

/// Makes a cluster below the system's temporary folder and starts it on 127.0.0.1.
pub fn start() -> Outcome<TestServer> {
    let programs = setup::postgres()?;
    let folder = Folder::make("sightline-postgres-", USER)?;
    let data = folder.path.join("data");
    let mut initdb = folder.command(&programs.program("initdb"), "INT");
    initdb
        .arg("-D")
        .arg(&data)
        .args(["-U", USER, "-A", "trust", "-E", "UTF8"]);
    process::capture(initdb.args(["--locale=C.UTF-8", "--no-sync"]))?;
    let port = process::free_port()?.to_string();
    // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
    let mut command = folder.command(&programs.program("postgres"), "INT");
    command.arg("-D").arg(&data).args(["-p", &port]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    let ready = || succeeds(&programs.program("pg_isready"), &["-q", "-h", "127.0.0.1", "-p", &port]);
    let own = Own::start("PostgreSQL", folder, &mut command, "INT", ready)?;
    Ok(TestServer {
        url: format!("postgres://{USER}@127.0.0.1:{port}/postgres"),
        _own: Some(own),
    })
}
