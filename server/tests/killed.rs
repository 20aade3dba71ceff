//! The real program is killed at random moments while it is written to. What it acknowledged is there exactly once
//! afterwards; what it did not acknowledge is whole or absent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use std::{
    collections::HashMap,
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Client, client::form, server::PASSWORD};
use tempfile::TempDir;

const ROUNDS: u32 = 4;
/// Printed with every failure, so that the same moments can be tried again.
const SEED: u64 = 20_261_121;
const W: &str = "/api/v1/workspaces/acme";

fn command(data: &Path, words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sightline"));
    command.args(words).arg("--data").arg(data).env_remove("DATABASE_URL");
    for key in ["RATE_SIGN_IN_ACCOUNT", "RATE_SIGN_IN_ADDRESS", "RATE_QUERIES"] {
        command.env(format!("SIGHTLINE_{key}"), "0");
    }
    command
}

fn run(data: &Path, words: &[&str], input: &str) -> String {
    let mut child = command(data, words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{words:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// A server process; killed without warning when dropped.
struct Running {
    child: Child,
    address: SocketAddr,
}

impl Running {
    fn start(data: &Path) -> Self {
        let mut serve = command(data, &["serve", "--listen", "127.0.0.1:0"]);
        let mut child = serve.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let started = Instant::now();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = loop {
            let line = lines.next().expect("the server ended").unwrap();
            if let Some(address) = line.strip_prefix("Sightline is ready at http://") {
                break address.parse().unwrap();
            }
        };
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "ready after {:?}",
            started.elapsed()
        );
        Self { child, address }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// What the server said it had done.
#[derive(Debug, Default)]
struct Ledger {
    /// Dataset id → rows.
    datasets: HashMap<String, u64>,
    actions: Vec<String>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill() {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    run(
        &data,
        &[
            "user",
            "create",
            "--email",
            "ann@example.org",
            "--role",
            "admin",
            "--password-stdin",
        ],
        &format!("{PASSWORD}\n"),
    );
    let token = run(
        &data,
        &[
            "token",
            "create",
            "--email",
            "ann@example.org",
            "--name",
            "t",
            "--scope",
            "read,write,manage",
        ],
        "",
    );
    let bearer = format!("Bearer {}", token.trim());
    let client = |server: &Running| Client::new(server.address).with("authorization", &bearer);

    let server = Running::start(&data);
    let ann = client(&server);
    ann.post("/api/v1/workspaces", &json!({"title": "Acme"}))
        .await
        .expect(201);
    let dataset = support::server::orders(&ann).await;
    let created = ann
        .post(
            &format!("{W}/dashboards"),
            &json!({"title": "Sales", "dataset": dataset["id"]}),
        )
        .await
        .expect(201);
    let dashboard = created["id"].as_str().unwrap().to_owned();
    drop(server);

    let mut ledger = Ledger::default();
    ledger.datasets.insert(dataset["id"].as_str().unwrap().to_owned(), 5);
    let mut random = SEED;
    for round in 0..ROUNDS {
        let server = Running::start(&data);
        check(&client(&server), &dashboard, &ledger, &data, round).await;
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let until = Duration::from_millis(150 + (random >> 33) % 1500);
        let uploads = tokio::spawn(upload_until_lost(client(&server), round));
        let actions = tokio::spawn(act_until_lost(client(&server), dashboard.clone()));
        tokio::time::sleep(until).await;
        drop(server);
        ledger.datasets.extend(uploads.await.unwrap());
        ledger.actions.extend(actions.await.unwrap());
    }
    let server = Running::start(&data);
    check(&client(&server), &dashboard, &ledger, &data, ROUNDS).await;
    assert!(!ledger.actions.is_empty(), "seed {SEED}: nothing was ever acknowledged");
}

/// A request whose connection is cut counts as not acknowledged.
async fn acknowledged(request: impl Future<Output = support::Reply> + Send + 'static) -> Option<Value> {
    let reply = tokio::spawn(request).await.ok()?;
    reply.status.is_success().then(|| reply.json())
}

async fn upload_until_lost(client: Client, round: u32) -> Vec<(String, u64)> {
    let mut done = Vec::new();
    for count in 1..1000_u64 {
        let rows: String = (0..count * 50).map(|row| format!("{row},{round}\n")).collect();
        let body = form(
            &format!("f{round}_{count}.csv"),
            format!("a,b\n{rows}").as_bytes(),
            None,
        );
        let client = client.clone();
        let request = async move {
            client
                .send(
                    http::Method::POST,
                    &format!("{W}/datasets"),
                    Some("multipart/form-data; boundary=edge"),
                    body,
                )
                .await
        };
        let Some(answer) = acknowledged(request).await else {
            break;
        };
        done.push((answer["id"].as_str().unwrap().to_owned(), count * 50));
    }
    done
}

async fn act_until_lost(client: Client, dashboard: String) -> Vec<String> {
    let mut done = Vec::new();
    for count in 0..10_000 {
        let id = uuid::Uuid::now_v7().to_string();
        let action = json!({"id": id, "actor": uuid::Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Rename",
            "ops": [{"set": {"kind": "document", "id": uuid::Uuid::nil(), "path": ["title"], "value": format!("Sales {count}")}}]});
        let body = json!({"base": 0, "actions": [action]});
        let (client, path) = (client.clone(), format!("{W}/dashboards/{dashboard}/ops"));
        let Some(_) = acknowledged(async move { client.post(&path, &body).await }).await else {
            break;
        };
        done.push(id);
    }
    done
}

async fn check(client: &Client, dashboard: &str, ledger: &Ledger, data: &Path, round: u32) {
    let said = format!("seed {SEED}, round {round}");
    let mut there: HashMap<String, u64> = HashMap::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{W}/datasets?limit=200{cursor}")).await.expect(200);
        for item in page["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap().to_owned();
            assert!(
                there.insert(id, item["rows"].as_u64().unwrap()).is_none(),
                "{said}: a dataset stands twice"
            );
        }
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    for (id, rows) in &ledger.datasets {
        assert_eq!(there.get(id), Some(rows), "{said}: dataset {id}");
    }
    // Also those that were not acknowledged are whole.
    for (id, rows) in &there {
        let last = client
            .get(&format!("{W}/datasets/{id}/rows?limit=1&offset={}", rows - 1))
            .await
            .expect(200);
        assert_eq!(
            (last["total"].as_u64(), last["rows"].as_array().map(Vec::len)),
            (Some(*rows), Some(1)),
            "{said}: dataset {id}"
        );
    }
    assert_eq!(
        std::fs::read_dir(data.join("uploads")).map_or(0, Iterator::count),
        0,
        "{said}: an upload is left over"
    );
    assert_eq!(
        parquet_files(&data.join("files")),
        there.len(),
        "{said}: a file without its row, or a row without its file"
    );

    let mut times: HashMap<String, usize> = HashMap::new();
    let mut since = 0;
    loop {
        let actions = client
            .get(&format!("{W}/dashboards/{dashboard}/ops?since={since}"))
            .await
            .expect(200);
        let Some(last) = actions.as_array().unwrap().last() else {
            break;
        };
        since = last["revision"].as_u64().unwrap();
        for recorded in actions.as_array().unwrap() {
            *times
                .entry(recorded["action"]["id"].as_str().unwrap().to_owned())
                .or_default() += 1;
        }
    }
    for id in &ledger.actions {
        assert_eq!(times.get(id), Some(&1), "{said}: action {id}");
    }
}

fn parquet_files(folder: &Path) -> usize {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return 0;
    };
    entries
        .flatten()
        .map(|entry| {
            let path = entry.path();
            if path.is_dir() {
                parquet_files(&path)
            } else {
                usize::from(path.extension().is_some_and(|end| end == "parquet"))
            }
        })
        .sum()
}
