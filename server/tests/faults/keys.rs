//! X24: the secret key is missing, wrong, weak or replaced, and that is killed halfway.

use std::process::Command;

use serde_json::json;

use crate::{
    check::check,
    random::{Random, rounds, seed},
    site::{KEY, Site},
    support::process::{Running, SERVE, run},
    versions::refuses_to_start,
};

const NEXT: &str = "Zx9Qw8Er7Ty6Ui5Op4As3Df2Gh1Jk0Lm";
/// Workspaces with a data key of their own.
const WORKSPACES: usize = 20;

fn with_keys(mut command: Command, current: &str, previous: &str) -> Command {
    command
        .env("SIGHTLINE_SECRET_KEY", current)
        .env("SIGHTLINE_SECRET_KEY_PREVIOUS", previous);
    command
}

testkit::for_each_database! {
    async fn without_the_right_key_nothing_starts_and_nothing_is_harmed(test: TestDatabase) {
        let (site, ledger) = Site::new(test).await;
        let with = |key: &str| { let mut serve = site.command(SERVE); serve.env("SIGHTLINE_SECRET_KEY", key); serve };
        refuses_to_start(&mut with(NEXT), "the secret key is not the one");
        refuses_to_start(&mut with(""), "no secret key is set");
        refuses_to_start(&mut with("short"), "fewer than 32 bytes");
        refuses_to_start(&mut with(&"a".repeat(40)), "repeats itself");
        check(&site, &site.start(), &ledger, "wrong keys").await;
    }

    async fn another_key_is_taken_up_however_often_that_is_killed(test: TestDatabase) {
        let (site, ledger) = Site::new(test).await;
        let server = site.start();
        let client = site.client(&server);
        for number in 0..WORKSPACES {
            client.post("/api/v1/workspaces", &json!({"title": format!("Room {number}")})).await.expect(201);
            client.post(&format!("/api/v1/workspaces/room-{number}/embed-keys"), &json!({"name": "Portal"})).await.expect(201);
        }
        drop(server);
        let mut random = Random::of("rotation");
        let (mut old, mut new) = (KEY, NEXT);
        for round in 0..rounds(2) {
            let said = format!("seed {}, round {round}", seed());
            let rotate = || with_keys(site.command(&["key", "rotate"]), new, old);
            for _ in 0..3 {
                let mut child = rotate().spawn().unwrap();
                tokio::time::sleep(random.pause(0, 250)).await;
                let _ = child.kill();
                child.wait().unwrap();
                // Halfway, a server with both keys reads everything.
                let server = Running::spawn(&mut with_keys(site.command(SERVE), new, old));
                let room = format!("/api/v1/workspaces/room-{}/embed-keys", random.below(WORKSPACES as u64));
                let keys = site.client(&server).get(&room).await.expect(200);
                assert_eq!(keys["items"].as_array().unwrap().len(), 1, "{said}");
            }
            run(&mut rotate(), "");
            let mut serve = site.command(SERVE);
            serve.env("SIGHTLINE_SECRET_KEY", old);
            refuses_to_start(&mut serve, "the secret key is not the one");
            (old, new) = (new, old);
        }
        let server = Running::spawn(site.command(SERVE).env("SIGHTLINE_SECRET_KEY", old));
        let key = json!({"name": "Second"});
        site.client(&server).post("/api/v1/workspaces/room-1/embed-keys", &key).await.expect(201);
        drop(server);
        // Back to the first key, which the check's own programs have.
        if old != KEY {
            run(&mut with_keys(site.command(&["key", "rotate"]), KEY, old), "");
        }
        check(&site, &site.start(), &ledger, "rotation").await;
    }
}
