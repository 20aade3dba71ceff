//! X12: one byte of what is stored changes.

use std::{
    fs,
    path::{Path, PathBuf},
};

use sea_orm::ConnectionTrait as _;
use serde_json::json;

use crate::{
    W,
    check::check,
    random::{Random, seed},
    site::Site,
    support::server::orders,
};

fn parquet_file(folder: &Path) -> Option<PathBuf> {
    fs::read_dir(folder).ok()?.flatten().find_map(|entry| {
        let path = entry.path();
        match path.is_dir() {
            true => parquet_file(&path),
            false => path.extension().is_some_and(|end| end == "parquet").then_some(path),
        }
    })
}

testkit::for_each_database! {
    async fn a_flipped_byte_is_found_and_everything_else_is_served(test: TestDatabase) {
        let (site, mut ledger) = Site::new(test).await;
        let first = ledger.datasets.keys().next().unwrap().clone();
        let file = parquet_file(&site.data().join("files")).unwrap();
        let server = site.start();
        let other = orders(&site.client(&server)).await["id"].as_str().unwrap().to_owned();
        ledger.datasets.insert(other.clone(), 5);
        drop(server);

        let whole = fs::read(&file).unwrap();
        let place = Random::of("bytes").below(whole.len() as u64);
        let mut flipped = whole.clone();
        flipped[usize::try_from(place).unwrap()] ^= 0x10;
        fs::write(&file, flipped).unwrap();
        let server = site.start();
        let client = site.client(&server);
        let rows = |id: &str| format!("{W}/datasets/{id}/rows?limit=1");
        let refused = client.get(&rows(&first)).await.refused(410, "source_gone");
        assert!(refused["message"].as_str().unwrap().contains("damaged"), "seed {}, byte {place}: {refused}", seed());
        client.get(&rows(&other)).await.expect(200);
        drop(server);
        fs::write(&file, whole).unwrap();

        // The key of a workspace: what needs it says so, everything else goes on.
        let server = site.start();
        let client = site.client(&server);
        let keys = format!("{W}/embed-keys");
        let made = client.post(&keys, &json!({"name": "Portal"})).await.expect(201);
        client.delete(&format!("{keys}/{}", made["kid"].as_str().unwrap())).await.expect(204);
        drop(server);
        let writer = site.database.database.writer();
        let first_letter = "UPDATE data_keys SET wrapped = CASE WHEN substr(wrapped, 1, 1) = 'A' THEN 'B' ELSE 'A' END || substr(wrapped, 2) WHERE scope <> 'instance'";
        writer.execute_unprepared(first_letter).await.unwrap();
        let server = site.start();
        let client = site.client(&server);
        client.post(&keys, &json!({"name": "Second"})).await.refused(503, "unavailable");
        client.get(&rows(&first)).await.expect(200);
        check(&site, &server, &ledger, "a flipped byte").await;
    }
}
