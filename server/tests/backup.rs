//! A backup taken while the server serves brings everything back on an empty instance.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use std::{fs, path::Path};

use chrono::Utc;
use engine::ObjectStorage;
use serde_json::json;
use server::Instance;
use services::{
    backup::{self, BackupError, Restored, Taken},
    secrets::SecretKey,
};
use support::{
    TestServer,
    server::{KEY, PASSWORD, orders},
};
use tempfile::TempDir;
use testkit::TestDatabase;

const W: &str = "/api/v1/workspaces/acme";

async fn take(instance: &Instance, file: &Path) -> Result<Taken, BackupError> {
    let storage = ObjectStorage::local(&instance.settings.data.join("files")).unwrap();
    let key = SecretKey::parse(KEY).unwrap();
    backup::take(
        instance.services.database(),
        &storage,
        &key,
        &migrations::names(),
        file,
        Utc::now(),
    )
    .await
}

async fn restore(
    database: &TestDatabase,
    data: &Path,
    file: &Path,
    key: &str,
    other: bool,
) -> Result<Restored, BackupError> {
    let storage = ObjectStorage::local(&data.join("files")).unwrap();
    let unpacked = data.join("temporary");
    let key = SecretKey::parse(key).unwrap();
    backup::restore(&database.database, &storage, &key, file, &unpacked, other, Utc::now()).await
}

/// A server with data, a dashboard, a link and a token; the link's path and the token.
async fn filled(server: &TestServer) -> (String, String) {
    let program = server.program().await;
    let dataset = orders(&program).await;
    let model = dataset["model"].as_str().unwrap();
    let page = "01900000-0000-7000-8000-000000000001";
    let document = json!({"format": 1, "title": "Sales", "model": {"name": model, "version": "newest"},
        "pages": [{"id": page, "order": "a1", "title": "All"}],
        "tiles": [{"id": "01900000-0000-7000-8000-000000000002", "page": page, "rect": {"x": 0, "y": 0, "w": 12, "h": 20},
            "content": {"visual": {"kind": "table", "wells": {"axis": [{"field": format!("{model}.region")}]}}}}]});
    let made = program
        .post(&format!("{W}/dashboards"), &json!({"document": document}))
        .await
        .expect(201);
    let one = format!("{W}/dashboards/{}", made["id"].as_str().unwrap());
    program.post(&format!("{one}/publish"), &json!({})).await.expect(200);
    let share = program.post(&format!("{one}/shares"), &json!({})).await.expect(201);
    let url = share["url"].as_str().unwrap();
    let link = url[url.find("/s/").unwrap()..].to_owned();
    (link, program.headers[0].1.clone())
}

testkit::for_each_database! {
    async fn everything_comes_back_on_an_empty_instance(test: TestDatabase) {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("kept.tar");
        let is_postgres = test.url.starts_with("postgres");
        let server = TestServer::start(test).await;
        let (link, token) = filled(&server).await;
        let taken = take(&server.instance, &file).await.unwrap();
        assert_eq!((taken.objects, taken.manifest.rows["users"], taken.manifest.rows["dashboards"]), (1, 1, 1));
        assert!(matches!(take(&server.instance, &file).await, Err(BackupError::Exists(_))));
        drop(server);

        // From each kind of database into each.
        for into_postgres in [is_postgres, !is_postgres] {
            let empty = if into_postgres { TestDatabase::postgres().await } else { TestDatabase::sqlite().await };
            let data = TempDir::new().unwrap();
            let restored = restore(&empty, data.path(), &file, KEY, false).await.unwrap();
            assert_eq!((&restored.manifest, restored.objects), (&taken.manifest, 1));
            let again = restore(&empty, data.path(), &file, KEY, false).await;
            assert!(matches!(again, Err(BackupError::NotEmpty)), "{again:?}");
            let server = TestServer::start_in(data, empty, &[], services::Clock::system()).await;
            let program = server.visitor().with("authorization", &token);
            let datasets = program.get(&format!("{W}/datasets")).await.expect(200);
            let id = datasets["items"][0]["id"].as_str().unwrap();
            let rows = program.get(&format!("{W}/datasets/{id}/rows")).await.expect(200);
            assert_eq!(rows["total"], 5);
            let page = server.visitor().with("accept", "text/html").get(&link).await;
            assert!(page.status == 200 && page.text().contains("APAC"), "{}", page.text());
            let sign_in = json!({"email": "ann@example.org", "password": PASSWORD});
            server.visitor().with("origin", &server.origin()).post("/api/v1/session", &sign_in).await.expect(200);
        }
    }

    async fn a_damaged_or_foreign_backup_changes_nothing(test: TestDatabase) {
        let folder = TempDir::new().unwrap();
        let file = folder.path().join("kept.tar");
        let server = TestServer::start(TestDatabase::sqlite().await).await;
        filled(&server).await;
        take(&server.instance, &file).await.unwrap();
        let whole = fs::read(&file).unwrap();
        let data = TempDir::new().unwrap();
        let bad = folder.path().join("bad.tar");
        // One flipped byte in the rows, in the stored file, in the manifest; and an end that never came.
        let at = |needle: &[u8]| whole.windows(needle.len()).position(|window| window == needle).unwrap();
        for place in [at(b"ann@example.org"), at(b"PAR1") + 6, at(b"\"sha256\"") + 14] {
            let mut flipped = whole.clone();
            flipped[place] ^= 1;
            fs::write(&bad, &flipped).unwrap();
            let refused = restore(&test, data.path(), &bad, KEY, false).await;
            assert!(matches!(refused, Err(BackupError::Damaged(_))), "{place}: {refused:?}");
        }
        for end in [whole.len() / 2, whole.len() - 4096, 100, 0] {
            fs::write(&bad, &whole[..end]).unwrap();
            let refused = restore(&test, data.path(), &bad, KEY, false).await;
            assert!(matches!(refused, Err(BackupError::Damaged(_))), "{end}: {refused:?}");
        }
        let other = "Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lm";
        assert!(matches!(restore(&test, data.path(), &file, other, false).await, Err(BackupError::OtherKey)));
        restore(&test, data.path(), &file, other, true).await.unwrap();
    }
}
