//! The files of the checkout that belong to the project: tracked by git, or new and not ignored.

use std::{fs, process::Command};

use crate::{failure::Outcome, process, workspace::Workspace};

/// One text file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Relative to the checkout, with `/`.
    pub path: String,
    /// The whole text.
    pub text: String,
}

/// Paths of all files, sorted.
pub fn paths(workspace: &Workspace) -> Outcome<Vec<String>> {
    let mut git = Command::new("git");
    let listed = process::capture(git.current_dir(&workspace.root).args([
        "-c",
        "safe.directory=*",
        "ls-files",
        "-z",
        "--cached",
        "--others",
        "--exclude-standard",
    ]))?;
    let mut paths: Vec<String> = listed
        .split('\0')
        .filter(|path| !path.is_empty())
        .map(str::to_owned)
        .collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

/// The text files among those whose path passes; deleted and binary ones are left out.
pub fn texts(workspace: &Workspace, passes: impl Fn(&str) -> bool) -> Outcome<Vec<Source>> {
    let paths = paths(workspace)?.into_iter().filter(|path| passes(path));
    Ok(paths
        .filter_map(|path| {
            fs::read_to_string(workspace.root.join(&path))
                .ok()
                .map(|text| Source { path, text })
        })
        .collect())
}
