//! Two servers on one database and one folder of files; one of them is killed under load.

use std::{
    path::Path,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use testkit::TestDatabase;

use crate::{
    W,
    check::{check_dashboard, check_datasets},
    random::{Random, seed},
    site::{KEY, Site},
    support::{
        Client,
        process::{Running, SERVE, command},
    },
    writers::Writers,
};

/// On the site's database and files, with a folder of its own.
fn server_beside(site: &Site, own_folder: &Path) -> Running {
    let mut serve = command(own_folder, SERVE);
    serve
        .env("SIGHTLINE_SECRET_KEY", KEY)
        .env("DATABASE_URL", site.url())
        .env("SIGHTLINE_FILES", site.data().join("files"))
        .stderr(Stdio::null());
    Running::spawn(&mut serve)
}

/// Reads as a proxy does: from one server, and where nobody answers once more from the other. Gives reads and failures.
async fn read_until(clients: [Client; 2], stop: Arc<AtomicBool>, read: Arc<AtomicUsize>) -> Vec<String> {
    let mut failed = Vec::new();
    let path = format!("{W}/dashboards");
    for turn in 0.. {
        if stop.load(Ordering::Relaxed) {
            break;
        }
        let mut answer = None;
        for attempt in 0..2 {
            let client = clients[(turn + attempt) % 2].clone();
            let path = path.clone();
            // The client panics when nobody answers.
            answer = tokio::spawn(async move { client.get(&path).await }).await.ok();
            if answer.is_some() {
                break;
            }
        }
        match answer {
            Some(reply) if reply.status == 200 => {
                read.fetch_add(1, Ordering::Relaxed);
            }
            Some(reply) => failed.push(reply.text()),
            None => failed.push("nobody answered".to_owned()),
        }
    }
    failed
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_of_two_servers_is_killed_and_nobody_loses_anything() {
    let (site, ledger) = Site::new(TestDatabase::postgres().await).await;
    let folders = ["first", "second"].map(|name| site.folder.path().join(name));
    let [first, second] = folders.each_ref().map(|folder| server_beside(&site, folder));
    let clients = [site.client(&first), site.client(&second)];
    let writers = clients
        .each_ref()
        .map(|client| Writers::start(client, &site.dashboard, ledger.clone()));
    let (stop, read) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
    let readers: Vec<_> = (0..3)
        .map(|_| tokio::spawn(read_until(clients.clone(), stop.clone(), read.clone())))
        .collect();
    tokio::time::sleep(Random::of("two servers").pause(700, 1500)).await;
    drop(first);
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.store(true, Ordering::Relaxed);
    for reader in readers {
        let failed = reader.await.unwrap();
        assert_eq!(failed, Vec::<String>::new(), "seed {}", seed());
    }
    assert!(read.load(Ordering::Relaxed) > 20, "seed {}", seed());

    let again = server_beside(&site, &folders[0]);
    for (number, writers) in writers.into_iter().enumerate() {
        let ledger = writers.stop().await;
        for server in [&second, &again] {
            let client = site.client(server);
            let said = format!("seed {}, writers of server {number}", seed());
            check_datasets(&client, &ledger, &said).await;
            check_dashboard(&client, &site.dashboard, &ledger, &said).await;
        }
    }
}
