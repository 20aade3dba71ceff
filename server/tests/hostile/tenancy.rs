//! Group B: what belongs to whom.

use std::collections::HashSet;

use futures::future::join_all;
use http::Method;
use serde_json::{Value, json};
use server::routes::{Policy, table};
use shared::permission::PlatformRole;
use testkit::TestDatabase;
use uuid::Uuid;

use crate::{
    clean::{complaint, expect_alive, expect_clean, expect_none},
    openapi::{Description, functions},
    people::{NO_RATES, browser, id_of, make, member, secret_of, sign_in, token},
    sample::{Body, Sample, sample},
    seed::rounds,
    support::{Client, Reply, TestServer, server::orders},
    world::{Caller, W, World, text},
};

/// What can be seen of the workspace that a request may have changed.
async fn state(client: &Client) -> Vec<Value> {
    let mut seen = Vec::new();
    for list in [
        "",
        "/members",
        "/datasets",
        "/folders",
        "/dashboards",
        "/models",
        "/embed-keys",
    ] {
        seen.push(client.get(&format!("{W}{list}")).await.expect(200));
    }
    seen
}

/// Texts that are no id, and other spellings of one that is.
fn no_ids(id: &str) -> Vec<String> {
    let mut texts: Vec<String> = [
        "0",
        "-1",
        "*",
        "%25",
        "_",
        ":id",
        "%7Bid%7D",
        "null",
        "undefined",
        "[]",
        "true",
        "NaN",
        "9223372036854775808",
        "18446744073709551616",
        "..%2f..",
        "%2e%2e",
        "%20",
        "%27%20OR%201=1--",
        "%ff",
        "%c3%28",
        "%e2%80%ae",
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ]
    .map(str::to_owned)
    .into();
    texts.push("a".repeat(2_000));
    if id.parse::<Uuid>().is_ok() {
        let bare = id.replace('-', "");
        texts.extend([
            id.to_uppercase(),
            bare,
            format!("%7B{id}%7D"),
            format!("urn:uuid:{id}"),
            format!("{id}%20"),
            format!("{id},{id}"),
            id[..35].to_owned(),
        ]);
    }
    texts
}

/// Addresses of one row, each with one of its parameters replaced.
fn with_no_ids(template: &str, path: &str) -> Vec<String> {
    let (path, query) = path
        .split_once('?')
        .map_or((path, String::new()), |(path, query)| (path, format!("?{query}")));
    let parts: Vec<&str> = path.split('/').collect();
    let parameters = template
        .split('/')
        .enumerate()
        .filter(|(_, part)| part.starts_with('{'));
    let replaced = parameters.flat_map(|(at, _)| {
        let parts = parts.clone();
        no_ids(parts[at]).into_iter().map(move |text| {
            let mut parts = parts.clone();
            parts[at] = &text;
            parts.join("/")
        })
    });
    replaced.map(|path| format!("{path}{query}")).collect()
}

testkit::for_each_database! {
    /// B03
    async fn what_is_no_id_names_nothing(test: TestDatabase) {
        let world = World::new(test).await;
        let owner = world.client(Caller::Owner).await;
        let rows = table().into_iter().filter(|route| matches!(route.policy, Policy::Member(_)) && route.path.contains('{'));
        let rows: Vec<(Method, &str)> = rows.map(|route| (route.method.clone(), route.path)).collect();
        let mut requests = Vec::new();
        for (method, template) in &rows {
            let whole = sample(&world, &owner, method, template).await;
            for path in with_no_ids(template, &whole.path) {
                requests.push(Sample { method: method.clone(), path, body: whole.body.clone() });
            }
        }
        let before = state(&owner).await;
        let mut wrong = Vec::new();
        for request in &requests {
            let reply = request.send(&owner).await;
            // A model's name is a text, and a check answers what it finds: that the document is of another model.
            let allowed: &[u16] = match request.path.split_once("/models/") {
                Some((_, rest)) if rest.ends_with("/validate") => &[200, 400, 404, 422],
                Some(_) => &[400, 404, 422],
                None => &[400, 404],
            };
            wrong.extend(complaint(&reply, allowed).map(|complaint| format!("{} {}: {complaint}", request.method, request.path)));
        }
        expect_none(&wrong);
        assert_eq!(state(&owner).await, before);
        expect_alive(&world.server).await;
    }

    /// B06
    async fn what_is_imported_and_copied_is_ones_own(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        make(&server, "olga", PlatformRole::Analyst).await;
        let olga = sign_in(&server, "olga").await;
        olga.post("/api/v1/workspaces", &json!({"title": "Other"})).await.expect(201);
        let other = "/api/v1/workspaces/other";
        let dataset = orders(&owner).await;
        olga.upload(&format!("{other}/datasets"), "orders.csv", crate::support::server::ORDERS, None).await.expect(201);
        let made = owner.post(&format!("{W}/dashboards"), &json!({"title": "Sales", "dataset": dataset["id"]})).await.expect(201);
        let id = text(&made, "/id");
        let action = json!({"id": Uuid::now_v7(), "actor": Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Set the time zone",
            "ops": [{"set": {"kind": "document", "id": Uuid::nil(), "path": ["time_zone"], "value": "Europe/Berlin"}}]});
        let ops = |base: &Value| json!({"base": base, "actions": [action]});
        owner.post(&format!("{W}/dashboards/{id}/ops"), &ops(&made["revision"])).await.expect(200);
        let whole = owner.get(&format!("{W}/dashboards/{id}")).await.expect(200);

        // The same document with the same ids of its pages, and the same action with the same id: another's, and none of ours.
        let import = json!({"document": whole["document"]});
        let copy = olga.post(&format!("{other}/dashboards"), &import).await.expect(201);
        assert_ne!(copy["id"], whole["id"]);
        let copied = format!("{other}/dashboards/{}", text(&copy, "/id"));
        let accepted = olga.post(&format!("{copied}/ops"), &ops(&copy["revision"])).await.expect(200);
        assert_ne!(accepted["revision"], copy["revision"], "an action of another workspace counts as done");
        let mut renamed = copy["document"].clone();
        renamed["title"] = json!("Olga's");
        olga.put(&copied, &renamed).await.expect(200);
        assert_eq!(owner.get(&format!("{W}/dashboards/{id}")).await.expect(200), whole);

        // Whatever one does to what one cannot see: it is not there, and it stays as it is.
        let by_path = format!("{W}/dashboards/{id}");
        let by_id = format!("{other}/dashboards/{id}");
        let nothing = json!({});
        for path in [&by_path, &by_id] {
            for reply in [
                olga.post(&format!("{path}/duplicate"), &nothing).await,
                olga.post(&format!("{path}/restore"), &Value::Null).await,
                olga.post(&format!("{path}/publish"), &Value::Null).await,
                olga.post(&format!("{path}/ops"), &ops(&json!(0))).await,
                olga.get(&format!("{path}/ops")).await,
                olga.get(&format!("{path}/history")).await,
                olga.put(path, &renamed).await,
                olga.delete(path).await,
            ] {
                expect_clean(&reply, &[404]);
            }
        }
        owner.delete(&by_path).await.expect(204);
        expect_clean(&olga.post(&format!("{by_id}/restore"), &Value::Null).await, &[404]);
        owner.post(&format!("{by_path}/restore"), &Value::Null).await.expect(200);
        assert_eq!(owner.get(&by_path).await.expect(200)["document"], whole["document"]);
    }

    /// B08
    async fn one_workspaces_answer_never_reaches_another(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        make(&server, "olga", PlatformRole::Analyst).await;
        let olga = sign_in(&server, "olga").await;
        olga.post("/api/v1/workspaces", &json!({"title": "Other"})).await.expect(201);
        let upload = async |client: &Client, workspace: &str, canary: &str| {
            let rows = format!("region,amount\n{canary},1\nEU,2\n");
            let path = format!("/api/v1/workspaces/{workspace}/datasets");
            client.upload(&path, "orders.csv", rows.as_bytes(), None).await.expect(201);
        };
        upload(&owner, "acme", "canary-of-acme").await;
        upload(&olga, "other", "canary-of-other").await;
        let query = json!({"model": "orders", "dimensions": ["orders.region"], "metrics": [{"field": "orders.amount", "agg": "sum"}]});
        let values = "query/values?model=orders&field=orders.region";
        let mut wrong = Vec::new();
        for round in 0..rounds(25) {
            // The same query, under the same id of the asker's own choice.
            let id = Uuid::now_v7().to_string();
            let (acme, other) = (owner.clone().with("x-query-id", &id), olga.clone().with("x-query-id", &id));
            let ask = async |client: &Client, workspace: &str, canary: &str, foreign: &str| {
                let path = format!("/api/v1/workspaces/{workspace}/");
                let asked = client.post(&format!("{path}query"), &query).await;
                let offered = client.get(&format!("{path}{values}")).await;
                let told = |reply: &Reply| reply.text().contains(foreign) || (reply.status == 200 && !reply.text().contains(canary));
                let complaints = [complaint(&asked, &[200, 409]), complaint(&offered, &[200])];
                let told = [&asked, &offered].into_iter().filter(|reply| told(reply)).map(Reply::text);
                complaints.into_iter().flatten().chain(told).collect::<Vec<_>>()
            };
            let (one, two) = tokio::join!(
                ask(&acme, "acme", "canary-of-acme", "canary-of-other"),
                ask(&other, "other", "canary-of-other", "canary-of-acme"),
            );
            wrong.extend(one.into_iter().chain(two).map(|complaint| format!("round {round}: {complaint}")));
        }
        expect_none(&wrong);
    }

    /// B11
    async fn there_is_always_an_owner_and_an_admin(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let ann = server.owner().await;
        let bob = member(&server, &ann, "bob", "owner").await;
        let ids = [id_of(&ann).await, id_of(&bob).await];
        let members = |user: &str| format!("{W}/members/{user}");
        let [of_ann, of_bob] = [members(&ids[0]), members(&ids[1])];
        let viewer = json!({"role": "viewer"});
        let owner = json!({"role": "owner"});
        for round in 0..rounds(6) {
            let (one, two) = if round % 2 == 0 {
                tokio::join!(ann.put(&of_bob, &viewer), bob.put(&of_ann, &viewer))
            } else {
                // Each takes out themselves.
                tokio::join!(ann.put(&of_ann, &viewer), bob.put(&of_bob, &viewer))
            };
            let statuses = [&one, &two].map(|reply| expect_clean(reply, &[200, 403, 409]));
            assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
            let list = ann.get(&format!("{W}/members")).await.expect(200);
            let owners: Vec<&Value> = list["items"].as_array().unwrap().iter().filter(|one| one["role"] == "owner").collect();
            assert_eq!(owners.len(), 1, "{list}");
            let left = if owners[0]["user"] == json!(ids[0]) { &ann } else { &bob };
            // Alone, nobody can go.
            let alone = text(owners[0], "/user");
            expect_clean(&left.put(&members(&alone), &viewer).await, &[409]);
            expect_clean(&left.delete(&members(&alone)).await, &[409]);
            for id in &ids {
                left.put(&members(id), &owner).await.expect(200);
            }
        }
        let [of_ann, of_bob] = [0, 1].map(|at: usize| format!("/api/v1/people/{}", ids[at]));
        ann.put(&of_bob, &json!({"platform_role": "admin"})).await.expect(200);
        let bob = sign_in(&server, "bob").await;
        let (less, closed) = (json!({"platform_role": "analyst"}), json!({"disabled": true}));
        let (one, two) = tokio::join!(ann.put(&of_bob, &less), bob.put(&of_ann, &closed));
        let statuses = [&one, &two].map(|reply| expect_clean(reply, &[200, 401, 403, 409]));
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
    }

    /// B12
    async fn nobody_ends_what_is_another_persons(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let ann = server.owner().await;
        let bob = member(&server, &ann, "bob", "editor").await;
        let made = bob.post("/api/v1/tokens", &json!({"name": "Bob's"})).await.expect(201);
        let program = server.visitor().with("authorization", &format!("Bearer {}", text(&made, "/token")));
        let sessions = bob.get("/api/v1/sessions").await.expect(200);
        let upload = bob.upload(&format!("{W}/uploads"), "orders.csv", crate::support::server::ORDERS, None).await.expect(201);
        let receipt = format!("{W}/uploads/{}", text(&upload, "/upload"));
        for path in [
            format!("/api/v1/tokens/{}", text(&made, "/info/id")),
            format!("/api/v1/sessions/{}", text(&sessions, "/0/id")),
            format!("/api/v1/me/passkeys/{}", text(&made, "/info/id")),
            receipt.clone(),
            format!("{W}/query/running/{}", Uuid::now_v7()),
            format!("{W}/embed-keys/{}", Uuid::now_v7()),
        ] {
            expect_clean(&ann.delete(&path).await, &[404]);
        }
        for (path, body) in [
            (receipt.clone(), json!({"name": "Mine"})),
            (format!("{receipt}/load"), json!({"name": "Mine"})),
            (format!("{receipt}/preview"), json!({})),
        ] {
            expect_clean(&ann.post(&path, &body).await, &[404, 405]);
        }
        let rename = json!({"name": "Mine"});
        expect_clean(&ann.put(&format!("/api/v1/me/passkeys/{}", text(&made, "/info/id")), &rename).await, &[404]);
        program.get("/api/v1/me").await.expect(200);
        bob.get(&receipt).await.expect(200);
    }

    /// B13
    async fn who_was_taken_out_has_nothing_left_to_come_in_by(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let ann = server.owner().await;
        let bob = member(&server, &ann, "bob", "owner").await;
        let program = server.visitor().with("authorization", &format!("Bearer {}", token(&bob).await));
        let dataset = orders(&bob).await;
        let invite = bob.post(&format!("{W}/invites"), &json!({"role": "owner"})).await.expect(201);
        let made = bob.post(&format!("{W}/dashboards"), &json!({"title": "Sales", "dataset": dataset["id"]})).await.expect(201);
        let sold = format!("{W}/dashboards/{}", text(&made, "/id"));
        bob.post(&format!("{sold}/publish"), &json!({})).await.expect(200);
        let share = bob.post(&format!("{sold}/shares"), &json!({})).await.expect(201);
        let link = text(&share, "/url").replacen(&server.origin(), "", 1);
        assert_eq!(server.visitor().get(&link).await.status, 200);
        let keyed = program.clone().with("idempotency-key", "before");
        keyed.post(&format!("{W}/folders"), &json!({"title": "x"})).await.expect(201);
        let id = id_of(&bob).await;
        ann.delete(&format!("{W}/members/{id}")).await.expect(204);
        let query = json!({"model": dataset["model"], "metrics": ["row_count"]});
        for client in [&bob, &program, &keyed] {
            for path in ["", "/datasets", "/dashboards", "/models", "/members", "/audit"] {
                expect_clean(&client.get(&format!("{W}{path}")).await, &[404]);
            }
            expect_clean(&client.post(&format!("{W}/query"), &query).await, &[404]);
            expect_clean(&client.post(&format!("{W}/folders"), &json!({"title": "x"})).await, &[404]);
            let me = client.get("/api/v1/me").await.expect(200);
            assert_eq!(me["workspaces"], json!([]));
        }
        // Their links rest until somebody who stayed wants them.
        assert_eq!(server.visitor().get(&link).await.status, 410);
        expect_clean(&server.visitor().post(&format!("{link}/data"), &json!({"state": {}})).await, &[410]);
        let one = format!("{sold}/shares/{}", text(&share, "/id"));
        assert_eq!(ann.get(&one).await.expect(200)["paused"], true);
        ann.put(&one, &json!({"paused": false})).await.expect(200);
        assert_eq!(server.visitor().get(&link).await.status, 200);
        // Invitations are the workspace's, and its owners see them: they can be ended, and are ended one by one.
        let open = ann.get(&format!("{W}/invites")).await.expect(200);
        ann.delete(&format!("{W}/invites/{}", text(&open, "/items/0/id"))).await.expect(204);
        let path = format!("/api/v1/invites/{}", secret_of(&invite["url"]));
        expect_clean(&bob.post(&path, &json!({})).await, &[404, 410]);
        expect_clean(&bob.get(W).await, &[404]);
    }
}

/// Fields that a caller would like to set.
const WISHES: [(&str, &str); 12] = [
    ("role", "owner"),
    ("platform_role", "admin"),
    ("workspace_id", "01900000-0000-7000-8000-0000000000ff"),
    ("auth_epoch", "1"),
    ("owner", "me"),
    ("user_id", "01900000-0000-7000-8000-0000000000ff"),
    ("created_by", "me"),
    ("is_admin", "true"),
    ("password_hash", "x"),
    ("__proto__", "x"),
    ("deleted_at", "2026-01-01"),
    ("revision", "1"),
];

/// B04
#[tokio::test(flavor = "multi_thread")]
async fn no_field_is_taken_that_is_not_offered() {
    let world = World::new(TestDatabase::sqlite().await).await;
    let description = Description::read(&world.server).await;
    let owner = world.client(Caller::Owner).await;
    let mut wrong = Vec::new();
    let mut open = Vec::new();
    for operation in description.json_operations() {
        if !description.is_closed(&operation.schema) {
            open.push(format!("{} {}", operation.method, operation.path));
            continue;
        }
        let fields = description.fields(&operation.schema);
        let whole = sample(&world, &owner, &operation.method, &operation.path).await;
        let Body::Json(body) = &whole.body else { continue };
        for (name, value) in WISHES.iter().filter(|(name, _)| !fields.contains_key(*name)) {
            let mut body = body.clone();
            body[*name] = json!(value);
            let request = Sample {
                body: Body::Json(body),
                path: whole.path.clone(),
                method: whole.method.clone(),
            };
            let caller =
                if operation.path.starts_with("/api/v1/people") || operation.path.starts_with("/api/v1/settings") {
                    &world.ann
                } else {
                    &owner
                };
            let reply = request.send(caller).await;
            // Doors that ask for a proof of their own may refuse before they read.
            let allowed: &[u16] = if operation.path.starts_with("/api/v1/workspaces") {
                &[422]
            } else {
                &[401, 404, 422]
            };
            wrong.extend(
                complaint(&reply, allowed).map(|complaint| format!("{} with {name}: {complaint}", request.path)),
            );
        }
    }
    expect_none(&wrong);
    // What a browser's passkey answers is for the library that reads it.
    assert_eq!(open, ["POST /api/v1/session/passkey"]);
    for path in functions() {
        let whole = sample(&world, &owner, &Method::POST, &path).await;
        let Body::Json(body) = &whole.body else { continue };
        let mut body = body.clone();
        for (name, value) in WISHES {
            body[name] = body.get(name).cloned().unwrap_or(json!(value));
        }
        let request = Sample {
            body: Body::Json(body),
            path: whole.path,
            method: whole.method,
        };
        let reply = request.send(&owner).await;
        wrong.extend(complaint(&reply, &[200, 403, 404, 422]).map(|complaint| format!("{path}: {complaint}")));
    }
    expect_none(&wrong);
    let me = owner.get("/api/v1/me").await.expect(200);
    assert_eq!(me["user"]["platform_role"], "analyst");
    let olga = world.client(Caller::Outsider).await;
    expect_clean(&olga.get(W).await, &[404]);
}

/// Texts that would be something else than a name, were they put into a statement.
const HARMLESS: &str = "CASE WHEN 1=1 THEN 1 END";

const EXPRESSIONS: [&str; 25] = [
    "(SELECT 1)",
    "(SELECT password_hash FROM users)",
    "orders.amount; DROP TABLE users",
    "orders.amount -- ",
    "orders.amount/**/",
    "orders.region' OR '1'='1",
    "orders.region\" OR 1=1 --",
    "orders.region) UNION SELECT 1 --",
    "generate_series(1, 1000000000)",
    "pg_sleep(10)",
    "randomblob(1000000000)",
    "load_extension('x')",
    "read_csv('/etc/passwd')",
    "read_parquet('/etc/passwd')",
    HARMLESS,
    "EXISTS (SELECT 1)",
    "1 + (SELECT 1)",
    "now()",
    "row_number() OVER ()",
    "sqlite_master.name",
    "information_schema.tables",
    "other.orders.amount",
    "*",
    "\u{ff08}SELECT 1\u{ff09}",
    "{{amount}}",
];

/// B09
#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_a_name_and_never_a_statement() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await;
    let owner = server.owner().await;
    let dataset = orders(&owner).await;
    let name = text(&dataset, "/model");
    let path = format!("{W}/models/{name}");
    let model = owner.get(&path).await.expect(200);
    let sum = json!({"field": format!("{name}.amount"), "agg": "sum"});
    let mut wrong = Vec::new();
    for text in EXPRESSIONS {
        let region = format!("{name}.region");
        let queries = [
            json!({"model": name, "dimensions": [text]}),
            json!({"model": text, "dimensions": [region]}),
            json!({"model": name, "metrics": [text]}),
            json!({"model": name, "metrics": [{"field": text, "agg": "sum"}]}),
            json!({"model": name, "metrics": [{"field": format!("{name}.amount"), "agg": text}]}),
            json!({"model": name, "metrics": [sum], "dimensions": [region], "sort": [{"by": text}]}),
            json!({"model": name, "metrics": [sum], "dimensions": [region], "top": {"n": 1, "by": text}}),
            json!({"model": name, "metrics": [sum], "where": {"field": text, "op": "eq", "value": 1}}),
            json!({"model": name, "metrics": [sum], "where": {"segment": text}}),
            json!({"model": name, "metrics": [sum], "having": {"metric": text, "op": "gt", "value": 1}}),
            json!({"model": name, "metrics": [sum], "calc": [{"as": "x", "kind": "rank", "of": text}]}),
            json!({"model": name, "metrics": [sum], "time_zone": text}),
            json!({"model": name, "metrics": [sum], "as_of": text}),
            json!({"model": name, "metrics": [sum], "time": {"field": text, "range": {"last": 1, "unit": "day"}}}),
        ];
        for query in queries {
            let reply = owner.post(&format!("{W}/query"), &query).await;
            wrong.extend(complaint(&reply, &[404, 422]).map(|complaint| format!("{query}: {complaint}")));
        }
        let mut changed = Vec::new();
        for (pointer, value) in [
            ("/tables/0/dimensions/0/expr", json!({"sql": text})),
            ("/tables/0/dimensions/0/expr", json!({"col": text})),
            ("/tables/0/source", json!({"dataset": text})),
            ("/tables/0/source", json!({"sql": text})),
            ("/tables/0/name", json!(text)),
            ("/time_zone", json!(text)),
        ] {
            let mut document = model.clone();
            let is_definition = value.get("sql").is_some() && pointer.ends_with("/expr");
            // The one that may stand in a definition: a number for each row.
            if is_definition && text == HARMLESS {
                continue;
            }
            *document.pointer_mut(pointer).unwrap() = value;
            changed.push(document);
        }
        let mut derived = model.clone();
        derived["metrics"] = json!([{"name": "odd", "type": "derived", "inputs": {"a": "row_count"}, "expr": text}]);
        changed.push(derived);
        for document in changed {
            let reply = owner.put(&path, &document).await;
            wrong.extend(complaint(&reply, &[422]).map(|complaint| format!("a model with {text}: {complaint}")));
        }
    }
    expect_none(&wrong);
    assert_eq!(owner.get(&path).await.expect(200), model);
    expect_alive(&server).await;
}

/// B10
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_tells_no_value() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await;
    let owner = server.owner().await;
    let canary = "canary-7f3c91";
    let rows = format!("day,secret,amount\n2026-01-02,{canary},0\n2026-01-03,{canary}-two,5\n");
    let made = owner
        .upload(&format!("{W}/datasets"), "kept.csv", rows.as_bytes(), None)
        .await
        .expect(201);
    let name = text(&made, "/model");
    let (secret, amount, day) = (
        format!("{name}.secret"),
        format!("{name}.amount"),
        format!("{name}.day"),
    );
    let of = |field: &str, agg: &str| json!({"field": field, "agg": agg});
    let when = |condition: Value| json!({"model": name, "metrics": [of(&amount, "sum")], "where": condition});
    let queries = [
        json!({"model": name, "metrics": [of(&secret, "sum")]}),
        json!({"model": name, "metrics": [of(&secret, "avg")]}),
        json!({"model": name, "metrics": [of(&secret, "percentile")]}),
        json!({"model": name, "metrics": [of(&day, "stddev")]}),
        json!({"model": name, "dimensions": [{"field": secret, "grain": "month"}]}),
        json!({"model": name, "dimensions": [{"field": secret, "part": "year"}]}),
        json!({"model": name, "metrics": [of(&amount, "sum")], "time": {"field": secret, "range": {"last": 1, "unit": "day"}}}),
        when(json!({"field": secret, "op": "gt", "value": 1})),
        when(json!({"field": secret, "op": "eq", "value": true})),
        when(json!({"field": secret, "op": "between", "values": [1, 2]})),
        when(json!({"field": secret, "op": "in_range", "range": {"last": 1, "unit": "day"}})),
        when(json!({"field": secret, "op": "matches", "value": "(canary"})),
        when(json!({"field": secret, "op": "matches", "value": "(?P<x"})),
        when(json!({"field": amount, "op": "eq", "value": canary})),
        when(json!({"field": day, "op": "eq", "value": "no day"})),
        when(json!({"field": amount, "op": "contains", "value": "1"})),
        when(json!({"field": secret, "op": "in", "values": []})),
        json!({"model": name, "metrics": [{"field": amount, "agg": "sum", "as": secret}], "dimensions": [secret, secret]}),
    ];
    let mut wrong = Vec::new();
    for query in &queries {
        for path in ["query", "query/explain"] {
            let reply = owner.post(&format!("{W}/{path}"), query).await;
            wrong.extend(complaint(&reply, &[200, 422]).map(|complaint| format!("{path} {query}: {complaint}")));
            if reply.status != 200
                && reply
                    .text()
                    .replace(&query.to_string(), "")
                    .contains("canary-7f3c91-two")
            {
                wrong.push(format!("{query} tells a value: {}", reply.text()));
            }
        }
    }
    // A type that does not fit the file rejects rows; which, and not what was in them, is told in a refusal.
    let types = json!({"types": {"secret": "int"}});
    let reply = owner
        .upload(&format!("{W}/datasets"), "kept.csv", rows.as_bytes(), Some(&types))
        .await;
    wrong.extend(complaint(&reply, &[201, 400, 422]));
    expect_none(&wrong);
    let visitor = browser(&server);
    let addresses: HashSet<String> = [W.to_owned(), format!("{W}/datasets"), format!("{W}/query")].into();
    let seen = join_all(addresses.iter().map(|path| visitor.get(path))).await;
    assert!(seen.iter().all(|reply| !reply.text().contains(canary)));
}
