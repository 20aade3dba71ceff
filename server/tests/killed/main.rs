//! The real program is killed at random moments while it is written to. What it acknowledged is there exactly once
//! afterwards; what it did not acknowledge is whole or absent.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod check;
mod process;
#[path = "../support/mod.rs"]
mod support;
mod writers;

use std::{process::Stdio, time::Duration};

use check::check;
use process::{Running, command, run};
use serde_json::json;
use support::{Client, server::PASSWORD};
use tempfile::TempDir;
use testkit::TestDatabase;
use writers::{Ledger, act_until_lost, publish_until_lost, share_until_lost, upload_until_lost};

const ROUNDS: u32 = 4;
/// Printed with every failure, so that the same moments can be tried again.
const SEED: u64 = 20_261_121;
const W: &str = "/api/v1/workspaces/acme";

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
            "read,write,share,manage",
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
    let publish = format!("{W}/dashboards/{dashboard}/publish");
    ann.post(&publish, &json!({})).await.expect(200);
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
        let versions = tokio::spawn(publish_until_lost(client(&server), dashboard.clone()));
        let shares = tokio::spawn(share_until_lost(client(&server), dashboard.clone()));
        tokio::time::sleep(until).await;
        drop(server);
        ledger.datasets.extend(uploads.await.unwrap());
        ledger.actions.extend(actions.await.unwrap());
        ledger.versions.extend(versions.await.unwrap());
        ledger.shares.extend(shares.await.unwrap());
    }
    let server = Running::start(&data);
    check(&client(&server), &dashboard, &ledger, &data, ROUNDS).await;
    for acknowledged in [ledger.actions.len(), ledger.versions.len(), ledger.shares.len()] {
        assert!(acknowledged > 0, "seed {SEED}: nothing was ever acknowledged");
    }
}

async fn a_migration_that_is_killed_is_done_again_or_not_at_all(test: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let migrate = || {
        let mut migrate = command(&data, &["migrate"]);
        migrate
            .env("DATABASE_URL", &test.url)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        migrate
    };
    let mut seen = Vec::new();
    // From the start of the program to some time after its end.
    for moment in (0..400).step_by(16) {
        let mut child = migrate().spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        let _ = child.kill();
        child.wait().unwrap();
        seen.push((moment, test.tables().await));
    }
    let last = migrate().output().unwrap();
    assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    let whole = test.tables().await;
    assert!(
        seen.iter().all(|(_, tables)| *tables == 0 || *tables == whole),
        "{whole}: {seen:?}"
    );
}

#[tokio::test]
async fn killed_migrations_sqlite() {
    a_migration_that_is_killed_is_done_again_or_not_at_all(TestDatabase::sqlite_without_schema().await).await;
}

#[tokio::test]
async fn killed_migrations_postgres() {
    a_migration_that_is_killed_is_done_again_or_not_at_all(TestDatabase::postgres_without_schema().await).await;
}
