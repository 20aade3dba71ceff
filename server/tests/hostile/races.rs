//! Group K: many at once, and clients that leave.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};
use server::routes::table;
use services::AuditService;
use shared::permission::PlatformRole;
use testkit::TestDatabase;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::{
    clean::{complaint, expect_alive, expect_clean, expect_none},
    people::{NO_RATES, address, browser, id_of, make, member, secret_of, sign_in},
    sample::{Body, Sample, sample},
    seed::{Seed, rounds},
    support::{
        Client, Reply, TestServer,
        client::form,
        server::{ORDERS, orders},
    },
    world::{Caller, W, World, dashboard, text},
};

/// The same request by many at once; how often which status was answered.
async fn at_once(count: usize, ask: impl AsyncFn(usize) -> Reply, allowed: &[u16]) -> HashMap<u16, usize> {
    let replies = join_all((0..count).map(|number| ask(number))).await;
    let mut statuses = HashMap::new();
    for reply in &replies {
        *statuses.entry(expect_clean(reply, allowed)).or_insert(0) += 1;
    }
    statuses
}

async fn items(client: &Client, list: &str) -> Vec<Value> {
    let found = client.get(&format!("{list}?limit=200")).await;
    let found = if found.status == 200 {
        found
    } else {
        client.get(list).await
    };
    let found = found.expect(200);
    found.get("items").unwrap_or(&found).as_array().unwrap().clone()
}

testkit::for_each_database! {
    /// K02
    async fn one_key_makes_one_thing_however_often_it_is_sent(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        let folders = format!("{W}/folders");
        for (path, list, name) in [(folders.as_str(), folders.as_str(), "title"), ("/api/v1/tokens", "/api/v1/tokens", "name"), ("/api/v1/workspaces", "/api/v1/workspaces", "title")] {
            let keyed = owner.clone().with("idempotency-key", "one");
            let before = items(&owner, list).await.len();
            let body = json!({name: "Made once"});
            let statuses = at_once(100, async |_| keyed.post(path, &body).await, &[201]).await;
            assert_eq!(statuses[&201], 100);
            assert_eq!(items(&owner, list).await.len(), before + 1, "{path}");
            expect_clean(&keyed.post(path, &json!({name: "Another"})).await, &[422]);
            expect_clean(&keyed.post(path, &json!({name: "Made once", "odd": 1})).await, &[422]);
        }
        for key in ["", &"x".repeat(201)] {
            let odd = owner.clone().with("idempotency-key", key);
            expect_clean(&odd.post(&folders, &json!({"title": "x"})).await, &[400]);
        }
    }

    /// K07
    async fn one_name_is_given_once(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        let taken = json!({"title": "Same", "slug": "same"});
        let statuses = at_once(50, async |_| owner.post("/api/v1/workspaces", &taken).await, &[201, 409]).await;
        assert_eq!(statuses[&201], 1);
        at_once(20, async |_| owner.post("/api/v1/workspaces", &json!({"title": "Like others"})).await, &[201, 409]).await;
        let workspaces = items(&owner, "/api/v1/workspaces").await;
        let mut slugs: Vec<String> = workspaces.iter().map(|one| text(one, "/slug")).collect();
        let all = slugs.len();
        slugs.sort();
        slugs.dedup();
        assert_eq!(slugs.len(), all);

        make(&server, "bob", PlatformRole::Analyst).await;
        let add = json!({"email": address("bob"), "role": "viewer"});
        let statuses = at_once(30, async |_| owner.post(&format!("{W}/members"), &add).await, &[201, 409]).await;
        assert_eq!(statuses[&201], 1);

        let invite = owner.post(&format!("{W}/invites"), &json!({"role": "viewer"})).await.expect(201);
        let path = format!("/api/v1/invites/{}", secret_of(&invite["url"]));
        let visitor = browser(&server);
        let join = async |number: usize| {
            let account = json!({"account": {"email": address(&format!("guest{number}")), "name": "Guest", "password": "a long enough passphrase 8"}});
            visitor.post(&path, &account).await
        };
        let statuses = at_once(12, join, &[200, 410]).await;
        assert_eq!(statuses[&200], 1);
        let invites = all_of(3, async || owner.post(&format!("{W}/invites"), &json!({"role": "viewer"})).await.expect(201)).await;
        let same = json!({"account": {"email": address("twin"), "name": "Twin", "password": "a long enough passphrase 8"}});
        let join = async |number: usize| visitor.post(&format!("/api/v1/invites/{}", secret_of(&invites[number]["url"])), &same).await;
        let statuses = at_once(3, join, &[200, 409]).await;
        assert_eq!(statuses[&200], 1);

        let keys = format!("{W}/embed-keys");
        let statuses = at_once(20, async |_| owner.post(&keys, &json!({"name": "Host"})).await, &[201, 409, 422]).await;
        assert_eq!(statuses[&201], 2);
        assert_eq!(items(&owner, &keys).await.len(), 2);

        let datasets = format!("{W}/datasets");
        at_once(4, async |_| owner.upload(&datasets, "orders.csv", ORDERS, None).await, &[201, 409]).await;
        let mut names: Vec<String> = items(&owner, &datasets).await.iter().map(|one| text(one, "/name")).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    /// K03
    async fn deleting_editing_and_sharing_at_once_leave_no_orphan(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        let model = text(&orders(&owner).await, "/model");
        // A dashboard over a dataset that goes at that moment is over a model that is not there.
        let done = [200, 201, 204, 404, 409, 410, 412, 422];
        for round in 0..rounds(6) {
            let folder = text(&owner.post(&format!("{W}/folders"), &json!({"title": format!("Round {round}")})).await.expect(201), "/id");
            let dataset = text(&orders(&owner).await, "/id");
            let id = dashboard(&owner, W, &model).await;
            let path = format!("{W}/dashboards/{id}");
            let draft = owner.get(&path).await.expect(200)["document"].clone();
            let (folder_path, dataset_path) = (format!("{W}/folders/{folder}"), format!("{W}/datasets/{dataset}"));
            let (empty, shares, embeds) = (json!({}), format!("{path}/shares"), format!("{path}/embeds"));
            let (into, inside) = (json!({"folder": folder}), json!({"title": "Inside", "parent": folder}));
            let (made, framed) = (json!({"title": "Over it", "dataset": dataset, "folder": folder}), json!({"origins": ["https://host.example"]}));
            let (publish, place, dashboards, folders) =
                (format!("{path}/publish"), format!("{path}/folder"), format!("{W}/dashboards"), format!("{W}/folders"));
            let replies = tokio::join!(
                owner.delete(&path), owner.put(&path, &draft), owner.post(&shares, &empty), owner.post(&embeds, &framed),
                owner.post(&publish, &empty), owner.put(&place, &into), owner.delete(&folder_path), owner.post(&folders, &inside),
                owner.delete(&dataset_path), owner.post(&dashboards, &made), owner.delete(&path), owner.delete(&folder_path),
            );
            let share = replies.2.status == 201;
            let link = share.then(|| text(&replies.2.json(), "/url").replacen(&server.origin(), "", 1));
            for reply in [
                &replies.0, &replies.1, &replies.2, &replies.3, &replies.4, &replies.5, &replies.6, &replies.7, &replies.8, &replies.9,
                &replies.10, &replies.11,
            ] {
                expect_clean(reply, &done);
            }
            assert_eq!([&replies.6, &replies.11].iter().filter(|reply| reply.status == 204).count(), 1);
            expect_clean(&owner.get(&path).await, &[404]);
            if let Some(link) = link {
                expect_clean(&server.visitor().get(&link).await, &[404, 410]);
            }
            whole(&owner).await;
            let back = owner.post(&format!("{path}/restore"), &Value::Null).await.expect(200);
            assert_eq!(back["folder"], Value::Null);
        }
        audited(&server).await;
    }

    /// K04
    async fn a_right_that_was_taken_is_not_used_again(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        let bob = member(&server, &owner, "bob", "editor").await;
        let one = format!("{W}/members/{}", id_of(&bob).await);
        let folders = format!("{W}/folders");
        for round in 0..rounds(8) {
            owner.put(&one, &json!({"role": "editor"})).await.expect(200);
            let body = json!({"title": "x"});
            let acts = async {
                let mut acts = Vec::new();
                for _ in 0..12 {
                    let sent = Instant::now();
                    let reply = bob.post(&folders, &body).await;
                    acts.push((sent, expect_clean(&reply, &[201, 403, 404])));
                }
                acts
            };
            let change = async {
                tokio::time::sleep(Duration::from_millis(u64::try_from(round % 7).unwrap())).await;
                if round % 2 == 0 {
                    owner.put(&one, &json!({"role": "viewer"})).await.expect(200);
                } else {
                    owner.delete(&one).await.expect(204);
                }
                Instant::now()
            };
            let (acts, changed) = tokio::join!(acts, change);
            let late = acts.iter().filter(|(sent, status)| *sent > changed && *status == 201).count();
            assert_eq!(late, 0, "round {round}");
            if round % 2 == 1 {
                let add = json!({"email": address("bob"), "role": "editor"});
                owner.post(&format!("{W}/members"), &add).await.expect(201);
            }
        }
    }

    /// K08: with a server that is killed, see `killed`.
    async fn as_many_rows_are_there_as_were_acknowledged(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        let folders = format!("{W}/folders");
        let writes = rounds(3);
        let writer = async |number: usize| {
            let mut acknowledged = 0;
            for write in 0..writes {
                let reply = owner.post(&folders, &json!({"title": format!("{number} {write}")})).await;
                acknowledged += usize::from(expect_clean(&reply, &[201, 422, 503]) == 201);
            }
            acknowledged
        };
        let acknowledged: usize = join_all((0..50).map(writer)).await.into_iter().sum();
        assert_eq!(items(&owner, &folders).await.len(), acknowledged);
        assert!(acknowledged > 0);
        audited(&server).await;
    }

    /// K09: a client that asks again with its key is in `http.rs`.
    async fn a_client_that_leaves_leaves_all_or_nothing(test: TestDatabase) {
        let world = World::new(test).await;
        let owner = world.client(Caller::Owner).await;
        let mut seed = Seed::new();
        let rows = table().into_iter().filter(|route| route.changes_something() && route.path.starts_with("/api/v1/workspaces"));
        let rows: Vec<(Method, &str)> = rows.map(|route| (route.method.clone(), route.path)).collect();
        for _ in 0..rounds(1) {
            for (method, template) in &rows {
                let request = sample(&world, &owner, method, template).await;
                let mut stream = TcpStream::connect(world.server.address).await.unwrap();
                stream.write_all(&written(&owner, &request)).await.unwrap();
                let wait = u64::try_from(seed.below(12_000)).unwrap();
                tokio::time::sleep(Duration::from_micros(wait)).await;
                drop(stream);
            }
        }
        whole(&owner).await;
        expect_alive(&world.server).await;
        audited(&world.server).await;
        // What ran on without its client is at its end as well, and holds nothing up.
        let body = json!({"title": "After all"});
        owner.post(&format!("{W}/folders"), &body).await.expect(201);
    }
}

async fn all_of<T>(count: usize, make: impl AsyncFn() -> T) -> Vec<T> {
    let mut made = Vec::new();
    for _ in 0..count {
        made.push(make().await);
    }
    made
}

/// Everything that is listed can be read, and what it refers to is there.
async fn whole(owner: &Client) {
    let mut wrong = Vec::new();
    let workspaces = items(owner, "/api/v1/workspaces").await;
    for workspace in &workspaces {
        let at = format!("/api/v1/workspaces/{}", text(workspace, "/slug"));
        let folders: Vec<Value> = items(owner, &format!("{at}/folders")).await;
        let there = |id: &Value| id.is_null() || folders.iter().any(|folder| folder["id"] == *id);
        wrong.extend(
            folders
                .iter()
                .filter(|folder| !there(&folder["parent"]))
                .map(|folder| format!("an orphan: {folder}")),
        );
        if items(owner, &format!("{at}/members")).await.is_empty() {
            wrong.push(format!("{at} has no members"));
        }
        for dashboard in items(owner, &format!("{at}/dashboards")).await {
            if !there(&dashboard["folder"]) {
                wrong.push(format!("an orphan: {dashboard}"));
            }
            for part in ["", "/ops", "/history", "/versions", "/shares", "/embeds"] {
                let path = format!("{at}/dashboards/{}{part}", text(&dashboard, "/id"));
                wrong.extend(complaint(&owner.get(&path).await, &[200]).map(|said| format!("{path}: {said}")));
            }
        }
        for dataset in items(owner, &format!("{at}/datasets")).await {
            for part in ["", "/rows", "/profile", "/versions"] {
                let path = format!("{at}/datasets/{}{part}", text(&dataset, "/id"));
                wrong.extend(complaint(&owner.get(&path).await, &[200]).map(|said| format!("{path}: {said}")));
            }
        }
        for model in items(owner, &format!("{at}/models")).await {
            let path = format!("{at}/models/{}", text(&model, "/name"));
            wrong.extend(complaint(&owner.get(&path).await, &[200]).map(|said| format!("{path}: {said}")));
        }
    }
    expect_none(&wrong);
}

/// The audit log tells all that was done, in one chain.
async fn audited(server: &TestServer) {
    let found = AuditService::verify(&server.instance.services, &[]).await.unwrap();
    assert!(found.broken().is_none() && found.entries() > 0, "{found:?}");
}

/// A request as bytes, with all that its sender would send along.
fn written(client: &Client, request: &Sample) -> Vec<u8> {
    let (kind, body) = match &request.body {
        Body::None => ("text/plain", Vec::new()),
        Body::Json(body) => ("application/json", body.to_string().into_bytes()),
        Body::File(name, bytes) => ("multipart/form-data; boundary=edge", form(name, bytes, None)),
    };
    let mut head = format!("{} {} HTTP/1.1\r\nhost: x\r\n", request.method, request.path);
    for (name, value) in &client.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!(
        "content-type: {kind}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    ));
    [head.into_bytes(), body].concat()
}

/// Two browsers of one person that sign in and out at once do not end each other's sessions.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_of_one_person_do_not_end_each_other() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await;
    server.owner().await;
    make(&server, "bob", PlatformRole::Analyst).await;
    let stays = sign_in(&server, "bob").await;
    let comes_and_goes = async |_| {
        let bob = sign_in(&server, "bob").await;
        bob.delete("/api/v1/session").await
    };
    at_once(8, comes_and_goes, &[204]).await;
    stays.get("/api/v1/me").await.expect(200);
    assert_eq!(items(&stays, "/api/v1/sessions").await.len(), 1);
}
