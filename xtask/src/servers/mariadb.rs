//! MariaDB.

use std::process::{Command, Stdio};

use super::{Folder, Own, TestServer, succeeds};
use crate::{
    failure::{Failure, Outcome},
    process, setup,
};

/// Where tests find a server.
pub const VARIABLE: &str = "SIGHTLINE_TEST_MARIADB";
/// The user that Debian's package makes; the server refuses to run as root.
const USER: &str = "mysql";
/// Nothing here must survive a crash of the machine, so nothing waits for the disk.
const SETTINGS: [&str; 5] = [
    "--bind-address=127.0.0.1",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-flush-method=nosync",
    "--max-connections=300",
    "--skip-log-bin",
];

/// Makes a data folder below the system's temporary folder and starts a server on it on 127.0.0.1.
pub fn start() -> Outcome<TestServer> {
    let programs = setup::mariadb()?;
    let folder = Folder::make("sightline-mariadb-", USER)?;
    let data = format!("--datadir={}", folder.path.join("data").display());
    let mut install = folder.command(&programs.install_db, "TERM");
    install.args([
        "--no-defaults",
        data.as_str(),
        "--auth-root-authentication-method=normal",
    ]);
    process::capture(install.arg("--skip-test-db"))?;
    let port = process::free_port()?.to_string();
    let mut command = folder.command(&programs.server, "TERM");
    command
        .args(["--no-defaults", data.as_str(), "--port", &port])
        .args(SETTINGS);
    for (option, file) in [("socket", "socket"), ("pid-file", "pid")] {
        command.arg(format!("--{option}={}", folder.path.join(file).display()));
    }
    let client = ["--no-defaults", "-h127.0.0.1", "-uroot", "-P", &port];
    let ready = || succeeds(&programs.client, &[client.as_slice(), &["-e", "select 1"]].concat());
    let own = Own::start("MariaDB", folder, &mut command, "TERM", ready)?;
    // Time zones by name are a table that somebody has to fill.
    let zones = process::capture(Command::new(&programs.zones).arg("/usr/share/zoneinfo"))?;
    let mut fill = Command::new(&programs.client);
    let mut filling = fill
        .args(client)
        .arg("mysql")
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| Failure::new(format!("filling MariaDB's time zones: {error}")))?;
    let written = filling
        .stdin
        .take()
        .map(|mut input| std::io::Write::write_all(&mut input, zones.as_bytes()));
    let ended = filling.wait();
    match (written, ended) {
        (Some(Ok(())), Ok(status)) if status.success() => {}
        _ => return Err(Failure::new("MariaDB did not take the time zones")),
    }
    Ok(TestServer {
        url: format!("mysql://root@127.0.0.1:{port}"),
        _own: Some(own),
    })
}
