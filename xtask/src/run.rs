//! `run`: the product on this machine, with the sample workspace.

use std::{
    env,
    io::{BufRead as _, BufReader, Read},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::{Duration, Instant},
};

use crate::{
    build,
    failure::{Failure, Outcome, fail},
    process::{self, Background},
    setup, step,
    workspace::{Profile, Workspace},
};

/// Where the server listens unless told otherwise.
const LISTEN: &str = "127.0.0.1:3000";
/// After the plain address, a link that signs in (set-up, sign-in) may follow; it is the better one to open.
const WAIT_FOR_LINK: Duration = Duration::from_millis(800);

/// Sets up, builds and starts the server; opens the browser on the address it prints. Ends with the server.
pub fn run(workspace: &Workspace, profile: Profile, open: bool, rest: &[String]) -> Outcome {
    setup::wasm_toolchain(workspace)?;
    let binary = build::run(workspace, profile)?;
    let mut server = Background::start(&mut serve(workspace, &binary, rest), "TERM")?;
    let Some(output) = server.child().stdout.take() else {
        fail!("the server's output is closed")
    };
    follow(&lines(output), |address| {
        if open {
            open_browser(address);
        }
    });
    let status = server
        .child()
        .wait()
        .map_err(|error| Failure::new(format!("the server was lost: {error}")))?;
    if !status.success() {
        fail!("the server ended ({status})");
    }
    Ok(())
}

fn serve(workspace: &Workspace, binary: &Path, rest: &[String]) -> Command {
    let mut command = process::tied(binary, "TERM");
    command.current_dir(&workspace.root).args(["serve", "--demo"]);
    // What follows `--` wins.
    for (option, value) in [("--data", "./data"), ("--listen", LISTEN)] {
        if !rest
            .iter()
            .any(|word| word == option || word.starts_with(&format!("{option}=")))
        {
            command.args([option, value]);
        }
    }
    command
        .args(rest)
        .env("SIGHTLINE_RUN_SIGN_IN", "1")
        .stdout(Stdio::piped());
    command
}

/// The lines of the server's output, as they come.
fn lines(output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    receiver
}

/// Prints the lines until the output ends; calls `open` once, with the best address seen.
fn follow(lines: &Receiver<String>, open: impl FnOnce(&str)) {
    let mut open = Some(open);
    let mut address: Option<(String, Instant)> = None;
    loop {
        let waited = address
            .as_ref()
            .map_or(Duration::MAX, |(_, seen)| WAIT_FOR_LINK.saturating_sub(seen.elapsed()));
        let line = if open.is_some() && address.is_some() {
            lines.recv_timeout(waited)
        } else {
            lines.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        let mut due = matches!(line, Err(RecvTimeoutError::Timeout));
        if let Ok(line) = &line {
            println!("{line}");
            if let Some(link) = link(line).filter(|link| address.is_none() || signs_in(link)) {
                due |= signs_in(link);
                address = Some((link.to_owned(), Instant::now()));
            }
        }
        if due && let (Some((address, _)), Some(open)) = (&address, open.take()) {
            open(address);
        }
        if matches!(line, Err(RecvTimeoutError::Disconnected)) {
            return;
        }
    }
}

fn link(line: &str) -> Option<&str> {
    let start = line.find("http://").or_else(|| line.find("https://"))?;
    line.get(start..)?
        .split(|end: char| end.is_whitespace() || "\"'<>".contains(end))
        .next()
}

fn signs_in(link: &str) -> bool {
    link.contains("/setup") || link.contains("token=")
}

/// Opens the system's browser where there is a desktop.
fn open_browser(address: &str) {
    let desktop =
        cfg!(target_os = "macos") || env::var_os("DISPLAY").is_some() || env::var_os("WAYLAND_DISPLAY").is_some();
    let opener = ["xdg-open", "open"].iter().find_map(|name| process::find_program(name));
    match opener.filter(|_| desktop) {
        Some(opener) => {
            let started = Command::new(opener)
                .arg(address)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn();
            step::say(&if started.is_ok() {
                format!("opening {address}")
            } else {
                format!("open {address}")
            });
        }
        None => step::say(&format!("open {address}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opened(output: &'static str) -> Option<String> {
        let mut seen = None;
        follow(&lines(output.as_bytes()), |address| seen = Some(address.to_owned()));
        seen
    }

    #[test]
    fn a_link_that_signs_in_is_preferred_to_the_address() {
        let output = "Sightline is ready at http://127.0.0.1:3000\nSet up: http://127.0.0.1:3000/setup?token=abc\n";
        assert_eq!(opened(output).as_deref(), Some("http://127.0.0.1:3000/setup?token=abc"));
    }

    #[test]
    fn a_server_that_says_nothing_opens_nothing() {
        assert_eq!(opened("starting\n"), None);
    }
}
