//! The server dials out in few places: each way to open a client has the files that may use it, and no others.

use super::sources::{self, Source};
use crate::{failure::Outcome, workspace::Workspace};

/// How a client is opened, and the files (or folders, with `/` at the end) that may.
const WAYS: [(&str, &[&str]); 14] = [
    ("TcpStream::connect", &[EGRESS]),
    ("lookup_host", &[EGRESS]),
    ("UdpSocket::bind", &[]),
    ("UnixStream::connect", &[]),
    ("tokio_postgres", &["crates/engine/src/connector/postgres/"]),
    ("mysql_async", &["crates/engine/src/connector/mysql/"]),
    // To the mail server that the operator names.
    ("lettre", &["crates/services/src/mail/"]),
    // Of the metadata, which the operator names, and a file that was uploaded.
    ("sea_orm::Database::connect", &["crates/entity/src/"]),
    ("reqwest", &[]),
    ("ureq", &[]),
    ("isahc", &[]),
    ("hyper::client", &[]),
    ("hyper_util::client", &[]),
    ("tiberius", &[]),
];

/// The one module that resolves, judges and dials what people name.
const EGRESS: &str = "crates/engine/src/connector/egress.rs";

/// What runs in the server; tests and tools dial whom they like.
const FOLDERS: [&str; 5] = ["crates/", "server/src/", "app/src/", "shared/src/", "migrations/src/"];
const NOT: [&str; 2] = ["crates/testkit/", "/tests/"];

/// What breaks the rule, as `path:line: …`.
pub fn run(workspace: &Workspace) -> Outcome<Vec<String>> {
    let runs = |path: &str| {
        path.ends_with(".rs")
            && FOLDERS.iter().any(|folder| path.starts_with(folder))
            && !NOT.iter().any(|part| path.contains(part))
    };
    Ok(sources::texts(workspace, runs)?.iter().flat_map(problems).collect())
}

fn problems(source: &Source) -> Vec<String> {
    let allowed = |place: &str| source.path == place || (place.ends_with('/') && source.path.starts_with(place));
    // Tests of a module stand at its end.
    let code = source.text.split("\nmod tests {").next().unwrap_or_default();
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for (way, places) in WAYS {
            if names(code, way) && !places.iter().any(|place| allowed(place)) {
                let line = index + 1;
                found.push(format!("{}:{line}: `{way}` dials past {EGRESS}", source.path));
            }
        }
    }
    found
}

/// Does the code name it, and not only something that is called like it?
fn names(code: &str, way: &str) -> bool {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    code.match_indices(way).any(|(at, _)| {
        let (before, after) = (code.get(..at), code.get(at + way.len()..));
        let joined = |text: Option<&str>, end: fn(&str) -> Option<char>| text.and_then(end).is_some_and(is_name);
        !joined(before, |text| text.chars().next_back()) && !joined(after, |text| text.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        let source = Source {
            path: path.to_owned(),
            text: text.to_owned(),
        };
        problems(&source).len()
    }

    #[test]
    fn clients_are_opened_where_they_may_be() {
        let dialled = "let stream = TcpStream::connect(address).await;";
        assert_eq!(found(EGRESS, dialled), 0);
        assert_eq!(found("crates/services/src/webhook.rs", dialled), 1);
        assert_eq!(
            found("crates/services/src/webhook.rs", "use reqwest::Client; // reqwest"),
            1
        );
        assert_eq!(found("crates/services/src/webhook.rs", "// no TcpStream"), 0);
        assert_eq!(found("crates/services/src/webhook.rs", "struct MyTcpStream;"), 0);
        assert_eq!(
            found(
                "crates/services/src/webhook.rs",
                &format!("\nmod tests {{ {dialled} }}")
            ),
            0
        );
        assert_eq!(
            found("crates/engine/src/connector/mysql/session.rs", "use mysql_async::Conn;"),
            0
        );
        assert_eq!(
            found("crates/engine/src/connector/mysql_2.rs", "use mysql_async::Conn;"),
            1
        );
    }
}
