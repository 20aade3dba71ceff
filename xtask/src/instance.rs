//! A server of our own for one oracle or bench run: fresh data folder, free port, an administrator with a token.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    failure::{Failure, Outcome, fail},
    files,
    http::Connection,
    process::{self, Background},
};

/// Of the administrator.
pub const EMAIL: &str = "xtask@example.org";
pub const PASSWORD: &str = "a long enough passphrase 7";

/// A running server with one workspace. Stopped, and its folder removed, when dropped.
#[derive(Debug)]
pub struct Instance {
    server: Background,
    data: PathBuf,
    port: u16,
    /// From starting the program to the first good answer of `/readyz`.
    pub start: Duration,
}

/// Who asks, and where.
#[derive(Debug)]
pub struct Account {
    pub token: String,
    /// Id of the workspace.
    pub workspace: String,
}

impl Instance {
    /// Starts the binary on an empty folder below `scratch`; rate limits are off. `options` go to `serve`.
    pub fn start(binary: &Path, scratch: &Path, options: &[&str]) -> Outcome<Self> {
        let data = scratch.join(format!("data-{}", std::process::id()));
        let _ = fs::remove_dir_all(&data);
        files::make_folder(&data)?;
        let port = process::free_port()?;
        let mut command = process::tied(binary, "TERM");
        command
            .current_dir(scratch)
            .arg("serve")
            .arg("--data")
            .arg(&data)
            .args(["--listen", &format!("127.0.0.1:{port}")]);
        command.args(options).env_remove("DATABASE_URL");
        for limit in rate_limits(binary)? {
            command.env(limit, "0");
        }
        command.env("SIGHTLINE_MAX_CONNECTIONS_PER_CLIENT", "4096");
        // The bench sends more than a person would.
        command.env("SIGHTLINE_MAX_UPLOAD_BYTES", "2000000000");
        let log = scratch.join("server.log");
        let output = fs::File::create(&log).map_err(|error| Failure::io("write", &log, &error))?;
        let errors = output.try_clone().map_err(|error| Failure::io("write", &log, &error))?;
        let began = Instant::now();
        let server = Background::start(command.stdin(Stdio::null()).stdout(output).stderr(errors), "TERM")?;
        let mut instance = Self {
            server,
            data,
            port,
            start: Duration::ZERO,
        };
        instance.wait(&log)?;
        instance.start = began.elapsed();
        Ok(instance)
    }

    fn wait(&mut self, log: &Path) -> Outcome {
        for _ in 0..15_000 {
            let answer = Connection::open(self.port, None).and_then(|mut connection| connection.get("/readyz"));
            if answer.is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if !self.server.is_running() {
                break;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        fail!(
            "the server did not get ready:\n{}",
            fs::read_to_string(log).unwrap_or_default()
        )
    }

    /// The port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The process id of the server.
    pub fn id(&self) -> u32 {
        self.server.id()
    }

    /// Memory of the server and its workers in KiB; `None` off Linux.
    pub fn memory_kib(&self) -> Option<u64> {
        memory_kib(self.id())
    }

    /// An address that signs the administrator of [`Self::account`] in, once.
    pub fn sign_in_link(&self, binary: &Path) -> Outcome<String> {
        let said = operator(
            binary,
            &self.data,
            &["sign-in-link", "--email", EMAIL],
            &[("SIGHTLINE_PUBLIC_URL", format!("http://127.0.0.1:{}", self.port))],
            "",
        )?;
        let link = said.split_whitespace().next_back().map(str::to_owned);
        link.ok_or_else(|| Failure::new("`sightline sign-in-link` printed nothing"))
    }

    /// A token with every scope.
    pub fn token(&self, binary: &Path, email: &str) -> Outcome<String> {
        let scopes = "read,write,share,manage";
        let words = [
            "token", "create", "--email", email, "--name", "xtask", "--scope", scopes,
        ];
        let said = operator(binary, &self.data, &words, &[], "")?;
        let token = said.split_whitespace().next_back().map(str::to_owned);
        token.ok_or_else(|| Failure::new("`sightline token create` printed nothing"))
    }

    fn user(&self, binary: &Path, email: &str, role: &str) -> Outcome {
        let words = [
            "user",
            "create",
            "--email",
            email,
            "--name",
            "Xtask",
            "--role",
            role,
            "--password-stdin",
        ];
        operator(binary, &self.data, &words, &[], &format!("{PASSWORD}\n")).map(drop)
    }

    /// Makes a reader of the workspace with roles and attributes for row rules; gives their token.
    pub fn reader(&self, binary: &Path, account: &Account, roles: &[&str], attributes: &Value) -> Outcome<String> {
        const READER: &str = "reader@example.org";
        self.user(binary, READER, "analyst")?;
        let members = format!("/api/v1/workspaces/{}/members", account.workspace);
        Connection::open(self.port, Some(&account.token))?.post(
            &members,
            &json!({ "email": READER, "role": "viewer", "roles": roles, "attributes": attributes }),
        )?;
        self.token(binary, READER)
    }

    /// Makes an administrator, a token and a workspace, as an operator would.
    pub fn account(&self, binary: &Path) -> Outcome<Account> {
        self.user(binary, EMAIL, "admin")?;
        let token = self.token(binary, EMAIL)?;
        let mut connection = Connection::open(self.port, Some(&token))?;
        let made = connection.post("/api/v1/workspaces", &json!({ "title": "Bench", "slug": "bench" }))?;
        let Some(id) = made.get("id").and_then(Value::as_str) else {
            fail!("POST /workspaces answered no id: {made}")
        };
        Ok(Account {
            workspace: id.to_owned(),
            token,
        })
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.server.stop(10_000);
        let _ = fs::remove_dir_all(&self.data);
    }
}

/// Resident memory of a process and its children in KiB; `None` off Linux.
pub fn memory_kib(own: u32) -> Option<u64> {
    let tasks = fs::read_dir(format!("/proc/{own}/task")).ok()?.flatten();
    // A child belongs to the thread that started it.
    let children = tasks
        .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
        .collect::<Vec<_>>()
        .join(" ");
    let ids = std::iter::once(own).chain(children.split_whitespace().filter_map(|id| id.parse().ok()));
    let total = ids.filter_map(|id| status_kib(id, "VmRSS:")).sum::<u64>();
    (total > 0).then_some(total)
}

/// A figure of `/proc/ID/status` in KiB.
fn status_kib(id: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status
        .lines()
        .find_map(|line| line.strip_prefix(name))?
        .split_whitespace()
        .next()?
        .parse()
        .ok()
}

/// The configuration keys of rate limits, as `--help` lists them.
fn rate_limits(binary: &Path) -> Outcome<Vec<String>> {
    let help = process::capture(Command::new(binary).args(["serve", "--help"]))?;
    let words = help.split(|end: char| !(end.is_ascii_alphanumeric() || end == '_'));
    let mut keys: Vec<String> = words
        .filter(|word| word.starts_with("SIGHTLINE_RATE_") && !word.ends_with('_'))
        .map(str::to_owned)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    Ok(keys)
}

/// Runs a console command on the instance's folder; returns what it printed.
fn operator(
    binary: &Path,
    data: &Path,
    words: &[&str],
    environment: &[(&str, String)],
    input: &str,
) -> Outcome<String> {
    let name = format!("sightline {}", words.first().unwrap_or(&""));
    let mut command = Command::new(binary);
    command.args(words).arg("--data").arg(data).env_remove("DATABASE_URL");
    command.envs(environment.iter().map(|(key, value)| (key, value)));
    let child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = child.map_err(|error| Failure::new(format!("cannot start `{name}`: {error}")))?;
    if let Some(mut pipe) = child.stdin.take() {
        // A command that reads no input may have closed it; its exit code tells.
        let _ = pipe.write_all(input.as_bytes());
    }
    let output = child
        .wait_with_output()
        .map_err(|error| Failure::new(format!("`{name}` was lost: {error}")))?;
    if !output.status.success() {
        fail!(
            "`{name}` failed ({}): {}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
