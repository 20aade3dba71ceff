//! X08: the database is away, and slow.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::TestDatabase;

use crate::{W, check::check, proxy::Line, random::rounds, site::Site, writers::Writers};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_the_server_says_so_and_then_goes_on() {
    let (site, ledger) = Site::new(TestDatabase::postgres().await).await;
    let proxy = site.proxy.clone().unwrap();
    let server = site.start();
    let client = site.client(&server);
    let writers = Writers::start(&client, &site.dashboard, ledger);
    tokio::time::sleep(Duration::from_millis(500)).await;
    proxy.set(Line::Away);
    // A minute in the long form.
    let away = if rounds(1) > 1 {
        Duration::from_secs(60)
    } else {
        Duration::from_secs(4)
    };
    let until = Instant::now() + away;
    let stranger = client.anonymous();
    while Instant::now() < until {
        assert_eq!(stranger.get("/healthz").await.status, 200);
        assert_eq!(stranger.get("/readyz").await.status, 503);
        let asked = client.get(&format!("{W}/datasets")).await;
        asked.refused(503, "unavailable");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    proxy.set(Line::Open);
    let back = Instant::now();
    while client.get(&format!("{W}/datasets")).await.status != 200 {
        assert!(
            back.elapsed() < Duration::from_secs(5),
            "still away after {:?}",
            back.elapsed()
        );
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let before = writers.so_far().len();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let ledger = writers.stop().await;
    assert!(ledger.len() > before, "nothing is written any more");
    assert_eq!(stranger.get("/readyz").await.status, 200);
    drop(server);
    check(&site, &site.start(), &ledger, "database away").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slow_database_slows_and_breaks_nothing() {
    let (site, mut ledger) = Site::new(TestDatabase::postgres().await).await;
    let server = site.start();
    let client = site.client(&server);
    site.proxy.as_ref().unwrap().set(Line::Slow(Duration::from_millis(30)));
    client.get(&format!("{W}/datasets")).await.expect(200);
    let share = client
        .post(&format!("{W}/dashboards/{}/shares", site.dashboard), &json!({}))
        .await
        .expect(201);
    let text = |name: &str| share[name].as_str().unwrap().to_owned();
    ledger.shares.insert(text("id"), text("url"));
    site.proxy.as_ref().unwrap().set(Line::Open);
    drop(server);
    check(&site, &site.start(), &ledger, "database slow").await;
}
