//! What only a browser can tell: a shared page seen for the first time, and how the designer feels.

use std::{path::Path, process::Command};

use serde_json::Value;

use super::{board, figure::Figure};
use crate::{
    failure::{Failure, Outcome},
    http::Connection,
    instance::{Account, Instance},
    process, setup,
    workspace::Workspace,
};

const SHARE: (&str, &str, &str) = (
    "share page of 10 charts, cold browser, results cached",
    "Superset 76 requests, 3.08 MB, paint 1.0 s, charts 2.8 s",
    "≤ 8 requests, ≤ 450 KB with WASM, charts in the first paint, < 0.3 s",
);
const DESIGNER: (&str, &str, &str) = (
    "designer with 60 tiles: work per drag frame · undo · drop to first result on 1 M rows",
    "–",
    "< 16 ms · < 50 ms · < 300 ms",
);

/// Both figures; the data of [`super::queries::measure`] must be there.
pub fn measure(workspace: &Workspace, binary: &Path, instance: &Instance, account: &Account) -> [Figure; 2] {
    match play(workspace, binary, instance, account) {
        Ok(seen) => [share(&seen), designer(&seen)],
        Err(error) => {
            // The table has room for its first line only.
            crate::step::say(&error.to_string());
            [SHARE, DESIGNER].map(|(what, peer, goal)| Figure::missing(what, peer, goal, &error))
        }
    }
}

fn play(workspace: &Workspace, binary: &Path, instance: &Instance, account: &Account) -> Outcome<Value> {
    let folder = workspace.root.join("end2end");
    setup::node_packages(&folder)?;
    let mut connection = Connection::open(instance.port(), Some(&account.token))?;
    let read = board::make(&mut connection, account, 10)?;
    let edited = board::make(&mut connection, account, 60)?;
    let base = format!("http://127.0.0.1:{}", instance.port());
    let mut node = Command::new("node");
    node.current_dir(&folder)
        .arg("bench/browser.js")
        .arg(format!("{base}{}", read.share_path))
        .arg(instance.sign_in_link(binary)?)
        .arg(format!("{base}/w/{}/dashboards/{}/edit", account.workspace, edited.id))
        .env("CHROMIUM", setup::browser()?);
    let said = process::capture(&mut node)?;
    serde_json::from_str(&said).map_err(|error| Failure::new(format!("bench/browser.js: {error}")))
}

fn number(seen: &Value, pointer: &str) -> Option<f64> {
    seen.pointer(pointer).and_then(Value::as_f64)
}

fn share(seen: &Value) -> Figure {
    let (what, peer, goal) = SHARE;
    let read = |name: &str| number(seen, &format!("/share/{name}"));
    let said = || {
        Some(format!(
            "{} requests, {:.0} KB, paint {:.2} s with {} of {} charts in the page as sent",
            read("requests")?,
            read("bytes")? / 1e3,
            read("paintMs")? / 1e3,
            read("chartsInHtml")?,
            read("charts")?,
        ))
    };
    said().map_or_else(
        || Figure::missing(what, peer, goal, "the browser told nothing"),
        |said| Figure::measured(what, peer, goal, said),
    )
}

fn designer(seen: &Value) -> Figure {
    let (what, peer, goal) = DESIGNER;
    let read = |name: &str| {
        number(seen, &format!("/designer/{name}")).map_or_else(|| "not seen".to_owned(), |ms| format!("{ms:.1} ms"))
    };
    Figure::measured(
        what,
        peer,
        goal,
        format!("{} · {} · {}", read("frameMs"), read("undoMs"), read("dropMs")),
    )
}
