//! The real program: its commands, and a server that is killed.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
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

/// Its standard output, when it ends well.
pub fn run(command: &mut Command, input: &str) -> String {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a server is started with, on a free port of this machine.
pub const SERVE: &[&str] = &["serve", "--listen", "127.0.0.1:0"];

/// A server process; killed without warning when dropped.
pub struct Running {
    child: Child,
    pub address: SocketAddr,
}

impl Running {
    pub fn start(data: &Path) -> Self {
        Self::spawn(command(data, SERVE).stderr(Stdio::null()))
    }

    /// Of a command whose words are `SERVE`.
    pub fn spawn(serve: &mut Command) -> Self {
        Self::spawn_with_input(serve, "")
    }

    pub fn spawn_with_input(serve: &mut Command, input: &str) -> Self {
        let mut child = serve.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
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

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to end, and waits until it has.
    pub async fn terminate(mut self) -> ExitStatus {
        let asked = Command::new("kill")
            .args(["-TERM", &self.id().to_string()])
            .status()
            .unwrap();
        assert!(asked.success());
        let since = Instant::now();
        loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                return ended;
            }
            assert!(
                since.elapsed() < Duration::from_secs(25),
                "still there after {:?}",
                since.elapsed()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }
}
