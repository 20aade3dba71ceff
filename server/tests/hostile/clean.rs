//! What holds for every answer, however hostile the request was.

use std::{env, time::Duration};

use serde_json::Value;

use crate::support::{
    Reply, TestServer,
    server::{KEY, PASSWORD},
};

/// What only the inside of the server says: its database, its source, its secrets.
const INSIDE: [&str; 20] = [
    "sqlx",
    "sea_orm",
    "DbErr",
    "SQLITE_",
    "no such table",
    "no such column",
    "UNIQUE constraint",
    "FOREIGN KEY constraint",
    "violates ",
    "error returned from database",
    "SELECT \"",
    "INSERT INTO \"",
    "UPDATE \"",
    "DELETE FROM \"",
    "panicked at",
    ".rs:",
    "stack backtrace",
    "$argon2",
    KEY,
    PASSWORD,
];

/// What is wrong with an answer that may have one of these statuses.
pub fn complaint(reply: &Reply, allowed: &[u16]) -> Option<String> {
    let status = reply.status.as_u16();
    let text = reply.text();
    let said = || format!("{status}: {}", text.chars().take(300).collect::<String>());
    if !allowed.contains(&status) {
        return Some(format!("not one of {allowed:?}, but {}", said()));
    }
    if status >= 500 && ![503, 504, 507].contains(&status) {
        return Some(format!("a defect of the server, {}", said()));
    }
    let folders = [
        env::temp_dir().display().to_string(),
        env!("CARGO_MANIFEST_DIR").to_owned(),
    ];
    let mut inside = INSIDE.iter().copied().chain(folders.iter().map(String::as_str));
    if let Some(told) = inside.find(|word| status >= 400 && text.contains(*word)) {
        return Some(format!("tells of `{told}` in {}", said()));
    }
    if status >= 400 && !reply.body.is_empty() && !is_page(reply) && !has_shape(reply) {
        return Some(format!("not the shape of an error, {}", said()));
    }
    if [429, 503].contains(&status) && reply.header("retry-after").is_empty() {
        return Some(format!("no Retry-After with {}", said()));
    }
    None
}

#[track_caller]
pub fn expect_clean(reply: &Reply, allowed: &[u16]) -> u16 {
    if let Some(complaint) = complaint(reply, allowed) {
        panic!("{complaint}");
    }
    reply.status.as_u16()
}

/// The process lives, and answers within a second.
pub async fn expect_alive(server: &TestServer) {
    let visitor = server.visitor();
    let answer = tokio::time::timeout(Duration::from_secs(1), visitor.get("/healthz")).await;
    answer.expect("no answer within a second").expect(200);
}

/// All complaints at once, each with the request it is about.
#[track_caller]
pub fn expect_none(complaints: &[String]) {
    assert!(
        complaints.is_empty(),
        "{} complaints:\n{}",
        complaints.len(),
        complaints.join("\n")
    );
}

fn is_page(reply: &Reply) -> bool {
    reply.header("content-type").starts_with("text/html")
}

/// `{"error":{code, message, request_id}}`; server functions answer the inner object alone.
fn has_shape(reply: &Reply) -> bool {
    let Ok(body) = serde_json::from_slice::<Value>(&reply.body) else {
        return false;
    };
    let error = body.get("error").unwrap_or(&body);
    ["code", "message", "request_id"]
        .iter()
        .all(|name| error[name].as_str().is_some_and(|text| !text.is_empty()))
}
