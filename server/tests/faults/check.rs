//! What must be true after a fault.

use std::{collections::HashMap, path::Path};

use crate::{
    W,
    random::seed,
    site::Site,
    support::{
        Client,
        process::{Running, run},
    },
    writers::Ledger,
};

/// Of an instance whose server was just started. `when` says after which fault.
pub async fn check(site: &Site, server: &Running, ledger: &Ledger, when: &str) {
    let said = format!("seed {}, {when}", seed());
    let client = site.client(server);
    check_datasets(&client, ledger, &said).await;
    check_files(&client, &site.data(), site.proxy.is_some(), &said).await;
    check_dashboard(&client, &site.dashboard, ledger, &said).await;
    let verified = run(&mut site.command(&["audit", "verify"]), "");
    assert!(verified.contains("ok: "), "{said}: {verified}");
}

/// Everything of the dashboard that was acknowledged.
pub async fn check_dashboard(client: &Client, dashboard: &str, ledger: &Ledger, said: &str) {
    check_actions(client, dashboard, ledger, said).await;
    check_versions(client, dashboard, ledger, said).await;
    check_shares(client, dashboard, ledger, said).await;
}

/// Dataset id → rows, each once.
async fn datasets(client: &Client, said: &str) -> HashMap<String, u64> {
    let mut there = HashMap::new();
    let mut cursor = String::new();
    loop {
        let page = client.get(&format!("{W}/datasets?limit=200{cursor}")).await.expect(200);
        for item in page["items"].as_array().unwrap() {
            let id = item["id"].as_str().unwrap().to_owned();
            let twice = there.insert(id, item["rows"].as_u64().unwrap());
            assert!(twice.is_none(), "{said}: a dataset stands twice");
        }
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    there
}

pub async fn check_datasets(client: &Client, ledger: &Ledger, said: &str) {
    let there = datasets(client, said).await;
    for (id, rows) in &ledger.datasets {
        assert_eq!(there.get(id), Some(rows), "{said}: dataset {id}");
    }
    // Also those that were not acknowledged are whole.
    for (id, rows) in &there {
        let last = client
            .get(&format!("{W}/datasets/{id}/rows?limit=1&offset={}", rows - 1))
            .await
            .expect(200);
        let read = (last["total"].as_u64(), last["rows"].as_array().map(Vec::len));
        assert_eq!(read, (Some(*rows), Some(1)), "{said}: dataset {id}");
    }
}

/// The folder holds what the rows speak of. Where other servers may be at work (`shared`), what is young and has no row yet is
/// left alone.
async fn check_files(client: &Client, data: &Path, shared: bool, said: &str) {
    let left = std::fs::read_dir(data.join("uploads")).map_or(0, Iterator::count);
    assert_eq!(left, 0, "{said}: an upload is left over");
    let rows = datasets(client, said).await.len();
    let files = parquet_files(&data.join("files"));
    assert!(files >= rows, "{said}: {rows} rows, and {files} files");
    assert!(files == rows || shared, "{said}: {rows} rows, and {files} files");
}

async fn check_actions(client: &Client, dashboard: &str, ledger: &Ledger, said: &str) {
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

async fn check_versions(client: &Client, dashboard: &str, ledger: &Ledger, said: &str) {
    let mut times: HashMap<String, usize> = HashMap::new();
    let mut cursor = String::new();
    loop {
        let path = format!("{W}/dashboards/{dashboard}/versions?limit=200{cursor}");
        let page = client.get(&path).await.expect(200);
        for version in page["items"].as_array().unwrap() {
            let made = version["published_at"].as_str().unwrap().to_owned();
            *times.entry(made).or_default() += 1;
        }
        let Some(next) = page["next"].as_str() else { break };
        cursor = format!("&cursor={next}");
    }
    for made in &ledger.versions {
        assert_eq!(times.get(made), Some(&1), "{said}: version of {made}");
    }
    // The newest is whole, also when nobody was told of it.
    let read = client.get(&format!("{W}/dashboards/{dashboard}/published")).await;
    assert!(times.is_empty() || read.status == 200, "{said}: {}", read.text());
}

async fn check_shares(client: &Client, dashboard: &str, ledger: &Ledger, said: &str) {
    let path = format!("{W}/dashboards/{dashboard}/shares");
    for id in ledger.shares.keys() {
        let share = client.get(&format!("{path}/{id}")).await.expect(200);
        assert_eq!(share["id"].as_str(), Some(id.as_str()), "{said}");
    }
    // Some are opened; each of thousands would be nothing but slow.
    for address in ledger.shares.values().take(5) {
        let link = address.splitn(4, '/').last().unwrap();
        let opened = client.anonymous().get(&format!("/{link}")).await;
        assert_eq!(opened.status, 200, "{said}: {}", opened.text());
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
