//! Where and of what the figures were taken.

use std::{fs, process::Command, thread};

use crate::{process, workspace::Workspace};

/// `2 cores (name), 23 GiB, commit 1a2b3c4`.
pub fn describe(workspace: &Workspace) -> String {
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text
            .lines()
            .find(|line| line.starts_with(name))
            .and_then(|line| line.split_once(':'));
        line.map(|(_, value)| value.trim().to_owned())
    };
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory =
        field("/proc/meminfo", "MemTotal").and_then(|size| size.split_whitespace().next()?.parse::<f64>().ok());
    let memory = memory.map_or_else(String::new, |kib| format!(", {:.0} GiB", kib / 1024.0 / 1024.0));
    format!("{cores} cores ({model}){memory}, commit {}", commit(workspace))
}

fn commit(workspace: &Workspace) -> String {
    let git = |words: &[&str]| {
        process::capture(
            Command::new("git")
                .current_dir(&workspace.root)
                .args(["-c", "safe.directory=*"])
                .args(words),
        )
    };
    let id = git(&["rev-parse", "--short", "HEAD"]).unwrap_or_default();
    let changed = git(&["status", "--porcelain", "--untracked-files=no"]).is_ok_and(|lines| !lines.is_empty());
    format!("{}{}", id.trim(), if changed { " with changes" } else { "" })
}
