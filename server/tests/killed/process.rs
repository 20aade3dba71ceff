//! The real program: its commands, and a server that is killed.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightline"));
    command.args(words).arg("--data").arg(data).env_remove("DATABASE_URL");
    for key in ["RATE_SIGN_IN_ACCOUNT", "RATE_SIGN_IN_ADDRESS", "RATE_QUERIES"] {
        command.env(format!("SIGHTLINE_{key}"), "0");
    }
    command
}

pub fn run(data: &Path, words: &[&str], input: &str) -> String {
    let mut child = command(data, words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A server process; killed without warning when dropped.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Running {
    pub fn start(data: &Path) -> Self {
        let mut serve = command(data, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the server ended").unwrap();
            if let Some(address) = line.strip_prefix("Sightline is ready at http://") {
                break address.parse().unwrap();
            }
        };
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "ready after {:?}",
            started.elapsed()
        );
        Self { child, address }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}
