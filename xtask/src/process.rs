//! Other programs: run, captured or kept in the background, with errors that name the command.

use std::{
    env,
    ffi::OsStr,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    time::Duration,
};

use crate::failure::{Failure, Outcome, fail};

/// `cargo`, in the checkout.
pub fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root);
    // Set by `cargo run` for this tool; they would make other crates' build scripts look changed.
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") || text == "CARGO_PRIMARY_PACKAGE" {
            command.env_remove(&name);
        }
    }
    command
}

/// Runs the command with this terminal's input and output; a failure names the command.
pub fn run(command: &mut Command) -> Outcome {
    let text = describe(command);
    let status = command
        .status()
        .map_err(|error| Failure::new(format!("cannot start `{text}`: {error}")))?;
    if !status.success() {
        fail!("`{text}` failed ({status})");
    }
    Ok(())
}

/// Runs the command and returns what it printed; a failure carries the end of its error output.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let text = describe(command);
    let output = command.stdin(Stdio::null()).output();
    let output = output.map_err(|error| Failure::new(format!("cannot start `{text}`: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = said.lines().collect();
        let tail = lines
            .get(lines.len().saturating_sub(15)..)
            .unwrap_or_default()
            .join("\n");
        fail!("`{text}` failed ({}):\n{tail}", output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Where a program is found in `PATH`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|candidate| candidate.is_file())
}

/// The command as one would type it, without its environment.
fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    let words: Vec<_> = std::iter::once(program)
        .chain(command.get_args())
        .map(OsStr::to_string_lossy)
        .collect();
    words.join(" ")
}

/// A program in the background that ends with this value, whatever happens in between.
#[derive(Debug)]
pub struct Background {
    child: Child,
    signal: &'static str,
}

impl Background {
    /// Starts the command; `signal` (`TERM`, `INT`) is how it is asked to end.
    pub fn start(command: &mut Command, signal: &'static str) -> Outcome<Self> {
        let text = describe(command);
        let child = command
            .spawn()
            .map_err(|error| Failure::new(format!("cannot start `{text}`: {error}")))?;
        Ok(Self { child, signal })
    }

    /// The running program.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Asks the program to end, waits up to `patience_ms`, then kills it.
    pub fn stop(&mut self, patience_ms: u64) {
        let id = self.child.id().to_string();
        let signal = format!("-{}", self.signal);
        // Signals need unsafe code or a crate; the system's `kill` does the same.
        let asked = Command::new("kill").args([&signal, &id]).stderr(Stdio::null()).status();
        let mut waited_ms = 0;
        while asked.as_ref().is_ok_and(ExitStatus::success) && waited_ms < patience_ms {
            if !self.is_running() {
                return;
            }
            std::thread::sleep(Duration::from_millis(20));
            waited_ms += 20;
        }
        // Fails only when the program has ended by itself, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if self.is_running() {
            self.stop(10_000);
        }
    }
}

/// A command that is also ended (with this signal) when this tool dies without a chance to clean up.
/// Linux only; elsewhere the plain command.
pub fn tied(program: &Path, signal: &str) -> Command {
    match find_program("setpriv") {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", signal, "--"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// A port of 127.0.0.1 that was free a moment ago.
pub fn free_port() -> Outcome<u16> {
    let listener = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    listener
        .map(|address| address.port())
        .map_err(|error| Failure::new(format!("no free port: {error}")))
}

/// Whether this tool runs as root.
pub fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
