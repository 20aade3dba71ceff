//! Documents name real files: every linked path and every path in code marks exists.

use std::path::Path;

use super::sources::{self, Source};
use crate::{failure::Outcome, workspace::Workspace};

/// Endings by which a path is known as one even if its folder is gone.
const ENDINGS: [&str; 9] = [".rs", ".toml", ".md", ".css", ".json", ".ts", ".js", ".yml", ".sh"];
/// Made by running things; never in the checkout.
const MADE: [&str; 4] = ["target/", "dist/", "data/", "node_modules/"];

/// What is named and not there, as `path:line: …`.
pub fn run(workspace: &Workspace) -> Outcome<Vec<String>> {
    let paths = sources::paths(workspace)?;
    let documents = sources::texts(workspace, |path| path.ends_with(".md"))?;
    let top = |name: &str| paths.iter().any(|path| path.split('/').next() == Some(name));
    let exists = |path: &str| workspace.root.join(path).exists();
    Ok(documents
        .iter()
        .flat_map(|document| problems(document, &top, &exists))
        .collect())
}

fn problems(document: &Source, top: &dyn Fn(&str) -> bool, exists: &dyn Fn(&str) -> bool) -> Vec<String> {
    let folder = Path::new(&document.path).parent().unwrap_or(Path::new(""));
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in document.text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
            continue;
        }
        if fenced {
            continue;
        }
        let missing_link = links(line)
            .into_iter()
            .find(|link| !exists(&normal(&folder.join(link))));
        let missing_path = code_marks(line)
            .into_iter()
            .find(|path| is_path(path, top) && !exists(path.trim_end_matches('/')));
        let at = format!("{}:{}", document.path, index + 1);
        found.extend(missing_link.map(|link| format!("{at}: the link `{link}` leads nowhere")));
        found.extend(missing_path.map(|path| format!("{at}: `{path}` does not exist")));
    }
    found
}

/// Targets of `[text](target)` inside the project, without their anchors.
fn links(line: &str) -> Vec<&str> {
    let targets = line
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'))
        .map(|(target, _)| target);
    let plain = targets
        .filter_map(|target| target.split(['#', ' ']).next())
        .filter(|target| !target.is_empty());
    plain
        .filter(|target| !target.contains("://") && !target.starts_with("mailto:") && !target.starts_with('/'))
        .collect()
}

fn code_marks(line: &str) -> Vec<&str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// Whether the words in code marks mean a path of this project.
fn is_path(text: &str, top: &dyn Fn(&str) -> bool) -> bool {
    let plain = text
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || "._-/".contains(character));
    let Some((first, _)) = text.split_once('/') else {
        return false;
    };
    let made = MADE.iter().any(|folder| text.starts_with(folder));
    plain
        && !made
        && !first.is_empty()
        && first != "."
        && first != ".."
        && (top(first) || ENDINGS.iter().any(|ending| text.ends_with(ending)))
}

/// The path without `.` and `..`.
fn normal(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => drop(parts.pop()),
            std::path::Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            std::path::Component::CurDir | std::path::Component::RootDir | std::path::Component::Prefix(_) => {}
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<String> {
        let document = Source {
            path: "docs/GUIDE.md".to_owned(),
            text: text.to_owned(),
        };
        let here = ["docs/GUIDE.md", "README.md", "crates/chart", "crates/chart/src/lib.rs"];
        problems(&document, &|name| ["docs", "crates"].contains(&name), &|path| {
            here.contains(&path)
        })
    }

    #[test]
    fn what_exists_passes() {
        assert_eq!(
            check(
                "See [home](../README.md#start), `crates/chart/`, `crates/chart/src/lib.rs` and [us](https://example.org/x)."
            ),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_is_gone_is_named() {
        assert_eq!(
            check("\nSee [x](../OLD.md)."),
            ["docs/GUIDE.md:2: the link `../OLD.md` leads nowhere"]
        );
        assert_eq!(
            check("`crates/gone/src`"),
            ["docs/GUIDE.md:1: `crates/gone/src` does not exist"]
        );
        assert_eq!(check("`nowhere/file.rs`").len(), 1);
    }

    #[test]
    fn what_is_no_path_is_left_alone() {
        assert_eq!(
            check("`POST /query`, `text/html`, `crates/<name>/src`, `target/debug/x.rs`, `and/or`"),
            Vec::<String>::new()
        );
        assert_eq!(check("```\n`crates/gone`\n```"), Vec::<String>::new());
    }
}
