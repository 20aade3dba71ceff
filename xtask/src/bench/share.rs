//! A shared dashboard of the sample workspace, as a reader without an account asks for it.

use std::path::Path;

use serde_json::{Value, json};

use super::figure::{self, Figure};
use crate::{
    failure::{Outcome, fail},
    http::Connection,
    instance::Instance,
};

/// Whose the sample workspace is.
const SAMPLE_OWNER: &str = "demo@example.com";
const WHAT: &str = "share page rendered by the server: first answer · then, median of 50 to first byte";
const PEER: &str = "none can";
const GOAL: &str = "< 10 ms cached";

/// Time to the first byte, cold and warm, and the size of the page.
pub fn measure(binary: &Path, scratch: &Path) -> [Figure; 1] {
    [page(binary, scratch).unwrap_or_else(|error| Figure::missing(WHAT, PEER, GOAL, error))]
}

fn page(binary: &Path, scratch: &Path) -> Outcome<Figure> {
    let instance = Instance::start(binary, scratch, &["--demo"])?;
    let token = sample_token(&instance, binary)?;
    let mut connection = Connection::open(instance.port(), Some(&token))?;
    let address = published_dashboard(&mut connection)?;
    let share = connection.post(&format!("{address}/shares"), &json!({ "expires_in": "1d" }))?;
    let Some(path) = share
        .get("url")
        .and_then(Value::as_str)
        .and_then(|url| Some(url.split_at(url.find("/s/")?).1))
    else {
        fail!("the share answered no address: {share}");
    };
    let mut reader = Connection::open(instance.port(), None)?;
    let first = reader.get(path)?;
    if first.status != 200 {
        fail!("the share page answered {}", first.status);
    }
    let mut times = Vec::new();
    for _ in 0..50 {
        times.push(reader.get(path)?.first_byte);
    }
    let (cold, warm) = (
        figure::milliseconds(first.first_byte),
        figure::milliseconds(figure::median(&mut times)),
    );
    let size = first.body.len() as f64 / 1000.0;
    Ok(Figure::measured(
        WHAT,
        PEER,
        GOAL,
        format!("{cold} · {warm} ({size:.0} KB of HTML, plain)"),
    ))
}

/// The sample is made while the server answers already.
fn sample_token(instance: &Instance, binary: &Path) -> Outcome<String> {
    for _ in 0..50 {
        if let Ok(token) = instance.token(binary, SAMPLE_OWNER) {
            return Ok(token);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    instance.token(binary, SAMPLE_OWNER)
}

/// Waits for it: the data and the dashboard of the sample are made one after the other.
fn published_dashboard(connection: &mut Connection) -> Outcome<String> {
    for _ in 0..100 {
        if let Some(address) = dashboard(connection)? {
            return Ok(address);
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    fail!("the sample workspace has no published dashboard")
}

/// Address of the first published dashboard of any workspace.
fn dashboard(connection: &mut Connection) -> Outcome<Option<String>> {
    for workspace in items(connection, "/api/v1/workspaces")? {
        let Some(workspace) = workspace.get("id").and_then(Value::as_str) else {
            continue;
        };
        let list = format!("/api/v1/workspaces/{workspace}/dashboards");
        let dashboards = items(connection, &list)?;
        let published = dashboards.iter().find(|one| one["published_revision"].is_u64());
        if let Some(id) = published.and_then(|one| one.get("id")?.as_str()) {
            return Ok(Some(format!("{list}/{id}")));
        }
    }
    Ok(None)
}

fn items(connection: &mut Connection, path: &str) -> Outcome<Vec<Value>> {
    let answer = connection.get(path)?.json(path)?;
    Ok(answer
        .get("items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default())
}
