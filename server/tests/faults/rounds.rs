//! X03, X06, X07 and X23: one fault after the other on an instance that is written to.

use std::time::Duration;

use tempfile::TempDir;
use testkit::TestDatabase;

use crate::{
    check::{check, check_dashboard, check_datasets},
    random::{Random, rounds, seed},
    site::{KEY, Site},
    support::{
        Client,
        process::{Running, SERVE, command, run},
    },
    writers::{Ledger, Writers},
};

/// Faults on one instance; more would make the lists that are compared long, and nothing truer.
const ON_ONE_SITE: u32 = 10;

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// The process is killed at a random moment.
    Kill,
    /// It is asked to end, and ends in order.
    Terminate,
    /// Every connection to the database breaks, again and again; without a server to lose, a kill.
    DatabaseCut,
    /// A backup is taken meanwhile, and restored elsewhere.
    Backup,
}

impl Fault {
    fn choose(random: &mut Random) -> Self {
        match random.below(8) {
            0..4 => Self::Kill,
            4 | 5 => Self::DatabaseCut,
            6 => Self::Terminate,
            _ => Self::Backup,
        }
    }
}

async fn inject(fault: Fault, site: &Site, server: Running, writers: Writers, random: &mut Random) -> Ledger {
    tokio::time::sleep(random.pause(100, 1200)).await;
    match (fault, &site.proxy) {
        (Fault::Kill, _) | (Fault::DatabaseCut, None) => {
            drop(server);
            writers.stop().await
        }
        (Fault::Terminate, _) => {
            let ended = server.terminate().await;
            assert!(ended.success(), "seed {}: SIGTERM ended in {ended}", seed());
            writers.stop().await
        }
        (Fault::DatabaseCut, Some(proxy)) => {
            for _ in 0..3 {
                proxy.cut();
                tokio::time::sleep(random.pause(10, 300)).await;
            }
            let before = writers.so_far().len();
            tokio::time::sleep(Duration::from_secs(2)).await;
            let after = writers.so_far().len();
            assert!(
                after > before,
                "seed {}: nothing is written after the database came back",
                seed()
            );
            let ledger = writers.stop().await;
            drop(server);
            ledger
        }
        (Fault::Backup, _) => {
            let before = writers.so_far();
            let file = site.folder.path().join(format!("{}.tar", random.next()));
            run(&mut site.command(&["backup", file.to_str().unwrap()]), "");
            let ledger = writers.stop().await;
            drop(server);
            restore_elsewhere(site, &file, &before).await;
            ledger
        }
    }
}

/// Into SQLite, whatever it was taken from: everything acknowledged before the backup began is there, whole.
async fn restore_elsewhere(site: &Site, file: &std::path::Path, before: &Ledger) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let with_key = |words: &[&str]| {
        let mut command = command(&data, words);
        command.env("SIGHTLINE_SECRET_KEY", KEY);
        command
    };
    run(&mut with_key(&["restore", file.to_str().unwrap()]), "");
    let verified = run(&mut with_key(&["audit", "verify"]), "");
    assert!(verified.contains("ok: "), "{verified}");
    let restored = Running::spawn(with_key(SERVE).stderr(std::process::Stdio::null()));
    let client: Client = site.client(&restored);
    let said = format!("seed {}, restored elsewhere", seed());
    check_datasets(&client, before, &said).await;
    check_dashboard(&client, &site.dashboard, before, &said).await;
}

async fn acknowledged_is_kept(name: &str, database: impl AsyncFn() -> TestDatabase) {
    let mut random = Random::of(name);
    let (mut written, all) = (0, rounds(4));
    let mut round = 0;
    while round < all {
        let (site, mut ledger) = Site::new(database().await).await;
        for _ in 0..ON_ONE_SITE.min(all - round) {
            round += 1;
            let fault = Fault::choose(&mut random);
            let server = site.start();
            let before = ledger.len();
            let writers = Writers::start(&site.client(&server), &site.dashboard, ledger);
            ledger = inject(fault, &site, server, writers, &mut random).await;
            written += ledger.len() - before;
            let server = site.start();
            check(&site, &server, &ledger, &format!("round {round} of {name}, {fault:?}")).await;
        }
    }
    assert!(written > 0, "seed {}: nothing was ever acknowledged", seed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_once_sqlite() {
    acknowledged_is_kept("sqlite", async || TestDatabase::sqlite().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_is_there_once_postgres() {
    acknowledged_is_kept("postgres", async || TestDatabase::postgres().await).await;
}
