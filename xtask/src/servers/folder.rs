//! The folder of one server, and who may run it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Outcome, process};

/// A temporary folder that its server may read; removed when dropped.
#[derive(Debug)]
pub struct Folder {
    pub path: PathBuf,
    /// Who the server runs as, where this tool runs as root, which servers refuse.
    user: &'static str,
}

impl Folder {
    /// `prefix`: start of its name; the number of this process follows. Folders of runs that were killed are removed.
    pub fn make(prefix: &str, user: &'static str) -> Outcome<Self> {
        remove_leftovers(prefix);
        let path = env::temp_dir().join(format!("{prefix}{}", std::process::id()));
        let mut install = Command::new("install");
        install.args(["-d", "-m", "700"]);
        if process::is_root() {
            install.args(["-o", user, "-g", user]);
        }
        process::capture(install.arg(&path))?;
        Ok(Self { path, user })
    }

    /// The program as a user that servers accept, in this folder, ended by `signal` together with this tool.
    pub fn command(&self, program: &Path, signal: &str) -> Command {
        let mut command = if process::is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid", self.user, "--regid", self.user, "--init-groups"]);
            command.args(["--pdeathsig", signal, "--"]).arg(program);
            command
        } else {
            process::tied(program, signal)
        };
        command.current_dir(&self.path);
        command
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left is removed by the next run.
        let _ = fs::remove_dir_all(&self.path);
    }
}

fn remove_leftovers(prefix: &str) {
    let Ok(entries) = fs::read_dir(env::temp_dir()) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let owner = name
            .to_str()
            .and_then(|name| name.strip_prefix(prefix))
            .and_then(|id| id.parse::<u32>().ok());
        let gone =
            owner.is_some_and(|id| Path::new("/proc/self").exists() && !Path::new(&format!("/proc/{id}")).exists());
        if gone {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
