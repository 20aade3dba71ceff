//! Nothing of the machine that built it stands in the project: no home folder, no checkout path, no private registry.

use std::{env, process::Command};

use super::sources::{self, Source};
use crate::{failure::Outcome, process, workspace::Workspace};

/// Registries that everyone uses; any other host that this machine is set to is private.
const PUBLIC_HOSTS: [&str; 7] = [
    "registry.npmjs.org",
    "crates.io",
    "index.crates.io",
    "static.crates.io",
    "github.com",
    "pypi.org",
    "files.pythonhosted.org",
];

/// What of this machine is named in which file, as `path:line: …`.
pub fn run(workspace: &Workspace) -> Outcome<Vec<String>> {
    let checkout = workspace.root.to_string_lossy().into_owned();
    let mut forbidden = vec![checkout];
    forbidden.extend(
        env::var("HOME")
            .ok()
            .filter(|home| home.len() > 1)
            .map(|home| format!("{home}/")),
    );
    forbidden.extend(private_hosts());
    Ok(sources::texts(workspace, |_| true)?
        .iter()
        .flat_map(|source| problems(source, &forbidden))
        .collect())
}

fn problems(source: &Source, forbidden: &[String]) -> Vec<String> {
    let lock_file = source.path.ends_with("package-lock.json");
    let mut found = Vec::new();
    for (index, line) in source.text.lines().enumerate() {
        let problem = if lock_file && line.contains("\"resolved\":") && line.contains("://") {
            Some("a registry's address; set omit-lockfile-registry-resolved=true in .npmrc".to_owned())
        } else {
            forbidden
                .iter()
                .find(|word| names(line, word))
                .map(|word| format!("`{word}` belongs to this machine"))
        };
        found.extend(problem.map(|problem| format!("{}:{}: {problem}", source.path, index + 1)));
    }
    found
}

/// Whether the word stands in the line, not as the end of a longer path.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line.get(..at).and_then(|start| start.chars().next_back());
        !before.is_some_and(|character| character.is_alphanumeric() || matches!(character, '/' | '.' | '_' | '-' | '}'))
    })
}

/// Hosts from the settings of npm, cargo and pip that are not the public ones.
fn private_hosts() -> Vec<String> {
    let mut settings: Vec<String> = Vec::new();
    settings.extend(process::capture(
        Command::new("npm").args(["config", "get", "registry"]),
    ));
    for name in [
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "CARGO_REGISTRIES_CRATES_IO_INDEX",
        "GOPROXY",
        "npm_config_registry",
    ] {
        settings.extend(env::var(name));
    }
    let home = env::var("HOME").unwrap_or_default();
    for file in [
        format!("{home}/.cargo/config.toml"),
        format!("{home}/.config/pip/pip.conf"),
        "/etc/pip.conf".to_owned(),
    ] {
        settings.extend(std::fs::read_to_string(file));
    }
    let mut hosts: Vec<String> = settings.iter().flat_map(|text| hosts(text)).collect();
    hosts.retain(|host| !PUBLIC_HOSTS.contains(&host.as_str()) && !host.starts_with("127.") && host != "localhost");
    hosts.sort_unstable();
    hosts.dedup();
    hosts
}

/// The host of every address in a text, without user, password and port.
fn hosts(text: &str) -> Vec<String> {
    let rests = text.split("://").skip(1);
    let authorities = rests.filter_map(|rest| {
        rest.split(|end: char| end.is_whitespace() || "/\"',".contains(end))
            .next()
    });
    let hosts = authorities
        .filter_map(|authority| authority.rsplit('@').next())
        .filter_map(|host| host.split(':').next());
    hosts.filter(|host| !host.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_read_without_user_and_port() {
        assert_eq!(
            hosts("index = \"sparse+https://me:pw@crates.example.org:8443/index/\"\nhttp://pip.example.org"),
            ["crates.example.org", "pip.example.org"]
        );
    }

    #[test]
    fn paths_are_found_as_wholes() {
        let check = |text: &str| {
            problems(
                &Source {
                    path: "a.md".into(),
                    text: text.into(),
                },
                &["/home/ann/".to_owned()],
            )
            .len()
        };
        assert_eq!(check("see /home/ann/x"), 1);
        assert_eq!(check("https://example.org/home/ann/x"), 0);
    }

    #[test]
    fn lock_files_name_no_registry() {
        let lock = Source {
            path: "end2end/package-lock.json".into(),
            text: "\"resolved\": \"https://registry.example.org/a.tgz\"".into(),
        };
        assert_eq!(problems(&lock, &[]).len(), 1);
    }
}
