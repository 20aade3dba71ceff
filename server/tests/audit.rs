//! What is done over HTTP stands in the audit log, and so does what is refused.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use std::{
    collections::BTreeSet,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use http::Method;
use serde_json::{Value, json};
use server::routes::table;
use services::{AuditService, session::SessionService};
use shared::{ids::RequestId, permission::Principal};
use support::{
    Client, Reply, TestServer,
    client::form,
    server::{ORDERS, PASSWORD, cookie, orders, sqlite_database},
};
use testkit::{MailServer, PasskeyDevice};
use totp_rs::{Builder, Secret};
use uuid::Uuid;

const W: &str = "/api/v1/workspaces/acme";

/// Routes that change something and leave no entry, with the reason.
const UNTOLD: [(&str, &str, &str); 16] = [
    (
        "POST",
        "/api/v1/workspaces/{w}/connections/files",
        "a file that waits; that it is connected is told",
    ),
    (
        "POST",
        "/api/v1/workspaces/{w}/uploads",
        "a file that waits; that it is loaded is told",
    ),
    (
        "DELETE",
        "/api/v1/workspaces/{w}/uploads/{id}",
        "forgets a file that waits",
    ),
    (
        "DELETE",
        "/api/v1/workspaces/{w}/query/running/{id}",
        "stops one's own query",
    ),
    ("POST", "/api/v1/session/passkey/options", "a question to a browser"),
    ("POST", "/api/v1/session/factor/passkey", "a question to a browser"),
    ("POST", "/api/v1/me/passkeys/options", "a question to a browser"),
    ("POST", "/api/v1/me/confirmation/passkey", "a question to a browser"),
    (
        "POST",
        "/api/v1/me/confirmation",
        "renews a session that is told already",
    ),
    (
        "POST",
        "/api/v1/me/factors/totp",
        "opens and protects nothing before its first code",
    ),
    ("PUT", "/api/v1/me/passkeys/{id}", "a label that only its owner sees"),
    ("POST", "/s/{token}/data", "reads"),
    ("POST", "/s/{token}/values", "reads"),
    ("POST", "/embed/d/{id}/data", "reads"),
    ("POST", "/embed/d/{id}/values", "reads"),
    ("POST", "/embed/d/{id}/renew", "goes on reading"),
];

/// Counts entries from step to step, and remembers which routes were taken.
struct Walk {
    server: TestServer,
    mail: MailServer,
    entries: u64,
    taken: BTreeSet<(String, String)>,
    /// What must never be found in the log.
    secrets: Vec<String>,
}

impl Walk {
    /// The route has answered as it should, and the log is longer and whole.
    async fn told(&mut self, method: &str, pattern: &str, status: u16, reply: Reply) -> Value {
        assert_eq!(reply.status.as_u16(), status, "{method} {pattern}: {}", reply.text());
        let body = if reply.body.is_empty() {
            Value::Null
        } else {
            reply.json()
        };
        self.grown(method, pattern).await;
        body
    }

    async fn grown(&mut self, method: &str, pattern: &str) {
        let entries = entries(&self.server).await;
        assert!(entries > self.entries, "{method} {pattern} left no entry");
        self.entries = entries;
        self.taken.insert((method.to_owned(), pattern.to_owned()));
    }

    fn secret(&mut self, text: &Value) -> String {
        let text = text.as_str().unwrap().to_owned();
        self.secrets.push(text.clone());
        text
    }
}

async fn entries(server: &TestServer) -> u64 {
    let found = AuditService::verify(&server.instance.services, &[]).await.unwrap();
    assert_eq!(found.broken(), None);
    found.entries()
}

/// All entries of both logs, as an owner and admin reads them.
async fn all(client: &Client) -> Vec<Value> {
    let mut found = Vec::new();
    for list in ["/api/v1/audit", "/api/v1/workspaces/acme/audit"] {
        let mut address = format!("{list}?limit=200");
        loop {
            let page = client.get(&address).await.expect(200);
            found.extend(page["items"].as_array().unwrap().clone());
            match page["next"].as_str() {
                Some(next) => address = format!("{list}?limit=200&cursor={next}"),
                None => break,
            }
        }
    }
    found
}

async fn people(walk: &mut Walk, ann: &Client) {
    let made = ann.post(&format!("{W}/invites"), &json!({"role": "viewer"})).await;
    let invite = walk.told("POST", "/api/v1/workspaces/{w}/invites", 201, made).await;
    let token = invite["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    walk.secrets.push(token.clone());
    ann.post(&format!("{W}/invites"), &json!({"role": "editor"}))
        .await
        .expect(201);
    let open = ann.get(&format!("{W}/invites")).await.expect(200);
    let latest = open["items"][0]["id"].as_str().unwrap();
    let ended = ann.delete(&format!("{W}/invites/{latest}")).await;
    walk.told("DELETE", "/api/v1/workspaces/{w}/invites/{id}", 204, ended)
        .await;
    let visitor = walk.server.visitor().with("origin", &walk.server.origin());
    let account =
        json!({"account": {"email": "bob@example.org", "name": "Bob", "password": "another long passphrase 8"}});
    walk.secrets.push("another long passphrase 8".to_owned());
    let joined = visitor.post(&format!("/api/v1/invites/{token}"), &account).await;
    walk.told("POST", "/api/v1/invites/{token}", 200, joined).await;
    let members = ann.get(&format!("{W}/members")).await.expect(200);
    let bob = members["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|member| member["name"] == "Bob")
        .unwrap()["user"]
        .as_str()
        .unwrap()
        .to_owned();
    let changed = ann
        .put(
            &format!("{W}/members/{bob}"),
            &json!({"role": "editor", "attributes": {"code": "very-private"}}),
        )
        .await;
    walk.secrets.push("very-private".to_owned());
    walk.told("PUT", "/api/v1/workspaces/{w}/members/{user}", 200, changed)
        .await;
    let removed = ann.delete(&format!("{W}/members/{bob}")).await;
    walk.told("DELETE", "/api/v1/workspaces/{w}/members/{user}", 204, removed)
        .await;
    let added = ann
        .post(
            &format!("{W}/members"),
            &json!({"email": "bob@example.org", "role": "viewer"}),
        )
        .await;
    walk.told("POST", "/api/v1/workspaces/{w}/members", 201, added).await;
}

async fn own_account(walk: &mut Walk, ann: &Client) {
    let signed_in = ann.anonymous().with("origin", &walk.server.origin());
    let credentials = json!({"email": "ann@example.org", "password": PASSWORD});
    let reply = signed_in.post("/api/v1/session", &credentials).await;
    walk.told("POST", "/api/v1/session", 200, reply).await;
    let sessions = ann.get("/api/v1/sessions").await.expect(200);
    let other = sessions
        .as_array()
        .unwrap()
        .iter()
        .find(|session| session["current"] == false)
        .unwrap();
    let ended = ann
        .delete(&format!("/api/v1/sessions/{}", other["id"].as_str().unwrap()))
        .await;
    walk.told("DELETE", "/api/v1/sessions/{id}", 204, ended).await;

    let services = &walk.server.instance.services;
    let console = SessionService::new(services, Principal::Anonymous, RequestId::from(Uuid::now_v7()));
    let link = console
        .sign_in_link(&"ann@example.org".try_into().unwrap())
        .await
        .unwrap();
    walk.secrets.push(link.clone());
    walk.entries = entries(&walk.server).await;
    let by_link = signed_in.post("/api/v1/session/link", &json!({"token": link})).await;
    walk.told("POST", "/api/v1/session/link", 200, by_link).await;
    let others = ann.delete("/api/v1/sessions").await;
    walk.told("DELETE", "/api/v1/sessions", 204, others).await;

    let renamed = ann.put("/api/v1/me", &json!({"name": "Ann Example"})).await;
    walk.told("PUT", "/api/v1/me", 200, renamed).await;
    let made = ann
        .post(
            "/api/v1/tokens",
            &json!({"name": "Reports", "scopes": ["read", "manage"]}),
        )
        .await;
    let made = walk.told("POST", "/api/v1/tokens", 201, made).await;
    walk.secret(&made["token"]);
    let revoked = ann
        .delete(&format!("/api/v1/tokens/{}", made["info"]["id"].as_str().unwrap()))
        .await;
    walk.told("DELETE", "/api/v1/tokens/{id}", 204, revoked).await;
}

/// What the authenticator app of `secret` shows a number of steps from now.
fn code(secret: &str, steps: u64) -> String {
    let app = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("any".to_owned())
        .build()
        .unwrap();
    let now_s = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    app.generate(now_s + 30 * steps).to_string()
}

async fn protection(walk: &mut Walk, ann: &Client) {
    let browser = ann.anonymous().with("origin", &walk.server.origin());
    let setup = ann.post("/api/v1/me/factors/totp", &Value::Null).await.expect(201);
    let secret = walk.secret(&setup["secret"]);
    let on = ann
        .post(
            "/api/v1/me/factors/totp/confirmation",
            &json!({"code": code(&secret, 0)}),
        )
        .await;
    let first = walk.told("POST", "/api/v1/me/factors/totp/confirmation", 200, on).await;
    walk.secret(&first["recovery_codes"][0]);
    let renewed = ann.post("/api/v1/me/factors/recovery-codes", &Value::Null).await;
    let renewed = walk
        .told("POST", "/api/v1/me/factors/recovery-codes", 201, renewed)
        .await;
    let recovery = walk.secret(&renewed["recovery_codes"][0]);
    let half = browser
        .post(
            "/api/v1/session",
            &json!({"email": "ann@example.org", "password": PASSWORD}),
        )
        .await;
    let half = browser.clone().with("cookie", &cookie(&half));
    let whole = half
        .post("/api/v1/session/factor", &json!({"recovery_code": recovery}))
        .await;
    walk.told("POST", "/api/v1/session/factor", 200, whole).await;

    let mut device = PasskeyDevice::new(&format!("http://localhost:{}", walk.server.address.port()));
    let options = ann.post("/api/v1/me/passkeys/options", &Value::Null).await.expect(200);
    let made = json!({"name": "My phone", "credential": device.create(&options)});
    let kept = ann.post("/api/v1/me/passkeys", &made).await;
    let kept = walk.told("POST", "/api/v1/me/passkeys", 201, kept).await;
    let asked = browser.post("/api/v1/session/passkey/options", &Value::Null).await;
    let asking = browser.clone().with("cookie", &cookie(&asked));
    let alone = asking
        .post("/api/v1/session/passkey", &device.get(&asked.expect(200)))
        .await;
    walk.told("POST", "/api/v1/session/passkey", 200, alone).await;
    let passkey = format!("/api/v1/me/passkeys/{}", kept["passkey"]["id"].as_str().unwrap());
    let removed = ann.delete(&passkey).await;
    walk.told("DELETE", "/api/v1/me/passkeys/{id}", 204, removed).await;

    let rules = ann
        .put("/api/v1/settings/sign-in", &json!({"second_factor": "admins"}))
        .await;
    walk.told("PUT", "/api/v1/settings/sign-in", 200, rules).await;
    ann.put("/api/v1/settings/sign-in", &json!({"second_factor": "nobody"}))
        .await
        .expect(200);
    let off = ann.delete("/api/v1/me/factors/totp").await;
    walk.told("DELETE", "/api/v1/me/factors/totp", 204, off).await;
}

/// What an admin does to Bob, who was made before.
async fn persons(walk: &mut Walk, ann: &Client) {
    const ONE: &str = "/api/v1/people/{user}";
    let found = ann.get("/api/v1/people?search=bob").await.expect(200);
    let bob = format!("/api/v1/people/{}", found["items"][0]["id"].as_str().unwrap());
    let changed = ann.put(&bob, &json!({"platform_role": "developer"})).await;
    walk.told("PUT", ONE, 200, changed).await;
    let ended = ann.delete(&format!("{bob}/sessions")).await;
    walk.told("DELETE", "/api/v1/people/{user}/sessions", 204, ended).await;
    let reset = ann.delete(&format!("{bob}/factors")).await;
    walk.told("DELETE", "/api/v1/people/{user}/factors", 204, reset).await;
    let link = ann.post(&format!("{bob}/reset-link"), &Value::Null).await;
    let link = walk.told("POST", "/api/v1/people/{user}/reset-link", 201, link).await;
    let token = link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    walk.secrets.push(token.clone());
    let visitor = ann.anonymous().with("origin", &walk.server.origin());
    let asked = visitor
        .post("/api/v1/resets", &json!({"email": "ann@example.org"}))
        .await;
    let letter = walk.mail.wait_for(1).await[0].text.clone();
    walk.told("POST", "/api/v1/resets", 204, asked).await;
    let sent = letter.split("/reset/").nth(1).unwrap().lines().next().unwrap();
    walk.secrets.push(sent.to_owned());
    let password = json!({"password": "a third long passphrase 10"});
    walk.secret(&password["password"]);
    let set = visitor.post(&format!("/api/v1/resets/{token}"), &password).await;
    walk.told("POST", "/api/v1/resets/{token}", 204, set).await;
}

async fn groups(walk: &mut Walk, ann: &Client) {
    const ONE: &str = "/api/v1/groups/{group}";
    const PERSON: &str = "/api/v1/groups/{group}/people/{user}";
    const PLACE: &str = "/api/v1/workspaces/{w}/groups/{group}";
    let found = ann.get("/api/v1/people?search=bob").await.expect(200);
    let bob = found["items"][0]["id"].as_str().unwrap().to_owned();
    let made = ann.post("/api/v1/groups", &json!({"name": "Field"})).await;
    let group = walk.told("POST", "/api/v1/groups", 201, made).await;
    let group = group["id"].as_str().unwrap().to_owned();
    let one = format!("/api/v1/groups/{group}");
    let renamed = ann.put(&one, &json!({"name": "Field team"})).await;
    walk.told("PUT", ONE, 200, renamed).await;
    let joined = ann.put(&format!("{one}/people/{bob}"), &Value::Null).await;
    walk.told("PUT", PERSON, 200, joined).await;
    let held = ann
        .put(&format!("{W}/groups/{group}"), &json!({"role": "viewer"}))
        .await;
    walk.told("PUT", PLACE, 200, held).await;
    let lost = ann.delete(&format!("{W}/groups/{group}")).await;
    walk.told("DELETE", PLACE, 204, lost).await;
    let left = ann.delete(&format!("{one}/people/{bob}")).await;
    walk.told("DELETE", PERSON, 204, left).await;
    let deleted = ann.delete(&one).await;
    walk.told("DELETE", ONE, 204, deleted).await;
}

async fn workspaces(walk: &mut Walk, ann: &Client) {
    let made = ann.post("/api/v1/workspaces", &json!({"title": "Other"})).await;
    walk.told("POST", "/api/v1/workspaces", 201, made).await;
    let changed = ann.put("/api/v1/workspaces/other", &json!({"title": "Another"})).await;
    walk.told("PUT", "/api/v1/workspaces/{w}", 200, changed).await;
    let deleted = ann.delete("/api/v1/workspaces/other").await;
    walk.told("DELETE", "/api/v1/workspaces/{w}", 204, deleted).await;
    let folder = ann.post(&format!("{W}/folders"), &json!({"title": "Plans"})).await;
    let folder = walk.told("POST", "/api/v1/workspaces/{w}/folders", 201, folder).await;
    let folder = format!("{W}/folders/{}", folder["id"].as_str().unwrap());
    let renamed = ann.put(&folder, &json!({"title": "Old plans"})).await;
    walk.told("PUT", "/api/v1/workspaces/{w}/folders/{id}", 200, renamed)
        .await;
    let deleted = ann.delete(&folder).await;
    walk.told("DELETE", "/api/v1/workspaces/{w}/folders/{id}", 204, deleted)
        .await;
}

async fn data(walk: &mut Walk, ann: &Client) {
    let loaded = ann.upload(&format!("{W}/datasets"), "spare.csv", ORDERS, None).await;
    let loaded = walk.told("POST", "/api/v1/workspaces/{w}/datasets", 201, loaded).await;
    let dataset = format!("{W}/datasets/{}", loaded["id"].as_str().unwrap());
    let renamed = ann.put(&dataset, &json!({"label": "Spare orders"})).await;
    walk.told("PUT", "/api/v1/workspaces/{w}/datasets/{id}", 200, renamed)
        .await;
    let kind = Some("multipart/form-data; boundary=edge");
    let replaced = ann
        .send(
            Method::PUT,
            &format!("{dataset}/file"),
            kind,
            form("spare.csv", ORDERS, None),
        )
        .await;
    walk.told("PUT", "/api/v1/workspaces/{w}/datasets/{id}/file", 200, replaced)
        .await;
    let model = format!("{W}/models/{}", loaded["model"].as_str().unwrap());
    let mut document = ann.get(&model).await.expect(200);
    document["description"] = json!("What was ordered.");
    let saved = ann.put(&model, &document).await;
    walk.told("PUT", "/api/v1/workspaces/{w}/models/{name}", 200, saved)
        .await;
    let deleted = ann.delete(&dataset).await;
    walk.told("DELETE", "/api/v1/workspaces/{w}/datasets/{id}", 204, deleted)
        .await;

    let receipt = ann
        .upload(&format!("{W}/uploads"), "later.csv", ORDERS, None)
        .await
        .expect(201);
    let upload = format!("{W}/uploads/{}", receipt["upload"].as_str().unwrap());
    ann.post(&format!("{upload}/load"), &json!({})).await.expect(202);
    for _ in 0..200 {
        if ann.get(&upload).await.expect(200)["state"].get("running").is_none() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    walk.grown("POST", "/api/v1/workspaces/{w}/uploads/{id}/load").await;
}

async fn dashboards(walk: &mut Walk, ann: &Client) {
    const ONE: &str = "/api/v1/workspaces/{w}/dashboards/{id}";
    let dataset = orders(ann).await;
    walk.entries = entries(&walk.server).await;
    let created = json!({"title": "Sales", "dataset": dataset["id"]});
    let made = ann.post(&format!("{W}/dashboards"), &created).await;
    let detail = walk.told("POST", "/api/v1/workspaces/{w}/dashboards", 201, made).await;
    let one = format!("{W}/dashboards/{}", detail["id"].as_str().unwrap());
    let zone = json!({"id": Uuid::now_v7(), "actor": Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Set the time zone",
        "ops": [{"set": {"kind": "document", "id": Uuid::nil(), "path": ["time_zone"], "value": "Europe/Berlin"}}]});
    let ops = json!({"base": 0, "actions": [zone]});
    let stored = ann.post(&format!("{one}/ops"), &ops).await;
    walk.told("POST", &format!("{ONE}/ops"), 200, stored).await;
    let published = ann.post(&format!("{one}/publish"), &json!({})).await;
    walk.told("POST", &format!("{ONE}/publish"), 200, published).await;
    let mut document = ann.get(&one).await.expect(200)["document"].clone();
    document["time_zone"] = json!("UTC");
    let put = ann.clone().with("if-match", "\"1\"").put(&one, &document).await;
    walk.told("PUT", ONE, 200, put).await;

    let few = json!({"restricted": true, "grants": []});
    let kept = ann.put(&format!("{one}/access"), &few).await;
    walk.told("PUT", &format!("{ONE}/access"), 200, kept).await;
    let kept = ann
        .put(
            &format!("{W}/datasets/{}/access", dataset["id"].as_str().unwrap()),
            &few,
        )
        .await;
    walk.told("PUT", "/api/v1/workspaces/{w}/datasets/{id}/access", 200, kept)
        .await;
    let shared = ann
        .post(
            &format!("{one}/shares"),
            &json!({"password": "open sesame please", "downloads": true}),
        )
        .await;
    walk.secrets.push("open sesame please".to_owned());
    let share = walk.told("POST", &format!("{ONE}/shares"), 201, shared).await;
    let token = share["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    walk.secrets.push(token);
    let link = format!("{one}/shares/{}", share["id"].as_str().unwrap());
    let paused = ann
        .put(&link, &json!({"paused": true, "password": "open sesame quickly"}))
        .await;
    walk.secrets.push("open sesame quickly".to_owned());
    walk.told("PUT", &format!("{ONE}/shares/{{share}}"), 200, paused).await;
    let revoked = ann.delete(&link).await;
    walk.told("DELETE", &format!("{ONE}/shares/{{share}}"), 204, revoked)
        .await;
    let framed = ann
        .post(&format!("{one}/embeds"), &json!({"origins": ["https://host.example"]}))
        .await;
    let frame = walk.told("POST", &format!("{ONE}/embeds"), 201, framed).await;
    let unframed = ann
        .delete(&format!("{one}/embeds/{}", frame["id"].as_str().unwrap()))
        .await;
    walk.told("DELETE", &format!("{ONE}/embeds/{{embed}}"), 204, unframed)
        .await;
    let database = sqlite_database().await;
    let file = ann
        .upload(&format!("{W}/connections/files"), "shop.db", &database, None)
        .await
        .expect(201);
    let input = json!({"kind": "sqlite", "name": "shop", "file": file["file"]});
    let connected = ann.post(&format!("{W}/connections"), &input).await;
    let connected = walk
        .told("POST", "/api/v1/workspaces/{w}/connections", 201, connected)
        .await;
    let one_connection = format!("{W}/connections/{}", connected["id"].as_str().unwrap());
    let changed = ann
        .put(&one_connection, &json!({"kind": "sqlite", "name": "store"}))
        .await;
    walk.told("PUT", "/api/v1/workspaces/{w}/connections/{id}", 200, changed)
        .await;
    let removed = ann.delete(&one_connection).await;
    walk.told("DELETE", "/api/v1/workspaces/{w}/connections/{id}", 204, removed)
        .await;
    let key = ann.post(&format!("{W}/embed-keys"), &json!({"name": "Portal"})).await;
    let key = walk.told("POST", "/api/v1/workspaces/{w}/embed-keys", 201, key).await;
    walk.secret(&key["secret"]);
    let deleted = ann
        .delete(&format!("{W}/embed-keys/{}", key["kid"].as_str().unwrap()))
        .await;
    walk.told("DELETE", "/api/v1/workspaces/{w}/embed-keys/{kid}", 204, deleted)
        .await;

    let taken = ann.delete(&format!("{one}/publish")).await;
    walk.told("DELETE", &format!("{ONE}/publish"), 204, taken).await;
    let copied = ann.post(&format!("{one}/duplicate"), &json!({})).await;
    walk.told("POST", &format!("{ONE}/duplicate"), 201, copied).await;
    let moved = ann.put(&format!("{one}/folder"), &json!({"folder": null})).await;
    walk.told("PUT", &format!("{ONE}/folder"), 200, moved).await;
    let deleted = ann.delete(&one).await;
    walk.told("DELETE", ONE, 204, deleted).await;
    let restored = ann.post(&format!("{one}/restore"), &json!({})).await;
    walk.told("POST", &format!("{ONE}/restore"), 200, restored).await;
}

testkit::for_each_database! {
    /// A route that is added to the table and changes something has to be walked here, or say why it is not told.
    async fn every_change_leaves_an_entry_and_no_secret(test: TestDatabase) {
        let mail = MailServer::start().await;
        let url = mail.url();
        let settings = [
            ("SIGHTLINE_RATE_SIGN_IN_ACCOUNT", "0"),
            ("SIGHTLINE_RATE_FACTOR", "0"),
            ("SIGHTLINE_MAIL_URL", url.as_str()),
            ("SIGHTLINE_MAIL_FROM", "Sightline <bi@example.org>"),
        ];
        let server = TestServer::start_with(test, &settings).await;
        let mut walk = Walk { server, mail, entries: 0, taken: BTreeSet::new(), secrets: vec![PASSWORD.to_owned()] };
        let ann = walk.server.owner().await;
        walk.grown("POST", "/api/v1/setup").await;
        own_account(&mut walk, &ann).await;
        protection(&mut walk, &ann).await;
        people(&mut walk, &ann).await;
        persons(&mut walk, &ann).await;
        groups(&mut walk, &ann).await;
        workspaces(&mut walk, &ann).await;
        data(&mut walk, &ann).await;
        dashboards(&mut walk, &ann).await;
        let log = serde_json::to_string(&all(&ann).await).unwrap();
        for secret in &walk.secrets {
            assert!(!log.contains(secret.as_str()), "a secret stands in the log: {secret}");
        }
        let password = json!({"current": PASSWORD, "new": "yet another passphrase 9"});
        let changed = ann.put("/api/v1/me/password", &password).await;
        let ann = ann.anonymous().with("origin", &walk.server.origin()).with("cookie", &cookie(&changed));
        walk.told("PUT", "/api/v1/me/password", 204, changed).await;
        let left = ann.delete("/api/v1/session").await;
        walk.told("DELETE", "/api/v1/session", 204, left).await;

        let changing: BTreeSet<(String, String)> = table().iter().filter(|route| route.changes_something())
            .map(|route| (route.method.to_string(), route.path.to_owned())).collect();
        let untold: BTreeSet<(String, String)> = UNTOLD.iter().map(|(method, path, _)| ((*method).to_owned(), (*path).to_owned())).collect();
        let missing: Vec<_> = changing.difference(&walk.taken).filter(|route| !untold.contains(*route)).collect();
        assert_eq!(missing, Vec::<&(String, String)>::new(), "these routes change something and are not walked");
        let gone: Vec<_> = walk.taken.union(&untold).filter(|route| !changing.contains(*route)).collect();
        assert_eq!(gone, Vec::<&(String, String)>::new(), "these routes are not in the table");
    }

    async fn the_log_is_listed_filtered_and_taken_away(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let ann = server.owner().await;
        ann.post(&format!("{W}/folders"), &json!({"title": "=cmd()"})).await.expect(201);
        ann.post(&format!("{W}/folders"), &json!({"title": "50% of_all"})).await.expect(201);
        let list = |query: &str| { let (ann, query) = (ann.clone(), query.to_owned()); async move { ann.get(&format!("{W}/audit?{query}")).await.expect(200) } };
        let first = list("limit=1").await;
        let newest = &first["items"][0];
        assert_eq!((&newest["action"], &newest["object"]["title"], &newest["actor"]["name"]), (&json!("folder.create"), &json!("50% of_all"), &json!("Ann")));
        assert_eq!(newest["client"], "127.0.0.1");
        let second = list(&format!("limit=1&cursor={}", first["next"].as_str().unwrap())).await;
        assert_eq!(second["items"][0]["object"]["title"], "=cmd()");
        let titles = |page: Value| page["items"].as_array().unwrap().iter().map(|item| item["object"]["title"].as_str().unwrap_or("").to_owned()).collect::<Vec<_>>();
        assert_eq!(titles(list("q=50%25%20OF_").await), ["50% of_all"]);
        assert_eq!(titles(list("q=%25").await), ["50% of_all"]);
        assert_eq!(titles(list("action=workspace").await), ["Acme"]);
        assert_eq!(titles(list("action=folder.create&q=").await).len(), 2);
        assert_eq!(titles(list(&format!("object={}", newest["object"]["id"].as_str().unwrap())).await), ["50% of_all"]);
        assert_eq!(titles(list(&format!("actor={}", newest["actor"]["id"].as_str().unwrap())).await).len(), 3);
        assert_eq!(titles(list("to=2020-01-01").await).len(), 0);
        assert_eq!(titles(list("from=2020-01-01").await).len(), 3);
        ann.get(&format!("{W}/audit?action=nothing")).await.refused(422, "invalid");
        ann.get(&format!("{W}/audit?from=soon")).await.refused(422, "invalid");
        ann.get(&format!("{W}/audit?cursor=soon")).await.refused(400, "malformed");
        ann.get(&format!("{W}/audit?who=ann")).await.refused(400, "malformed");

        let csv = ann.get(&format!("{W}/audit/export?action=folder")).await;
        assert_eq!((csv.status.as_u16(), csv.header("content-type")), (200, "text/csv; charset=utf-8"));
        let lines: Vec<String> = csv.text().lines().map(str::to_owned).collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[0].starts_with("number,at,outcome,action,sentence,"), "{lines:?}");
        assert!(lines[2].contains(",'=cmd(),"), "{lines:?}");
        let lines = ann.get(&format!("{W}/audit/export?format=ndjson")).await;
        let lines: Vec<Value> = lines.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!((lines.len(), &lines[0]["action"], &lines[4]["number"]), (5, &json!("audit.export"), &json!(1)));
        ann.get(&format!("{W}/audit/export?format=pdf")).await.refused(400, "malformed");
    }

    async fn refusals_of_a_security_kind_are_told(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let ann = server.owner().await;
        let bob = stranger(&server, &ann).await;
        ann.anonymous().get("/api/v1/me").await.refused(401, "unauthenticated");
        bob.get(&format!("{W}/dashboards")).await.refused(404, "not_found");
        bob.get("/api/v1/audit").await.refused(403, "forbidden");
        let other_site = ann.anonymous().with("origin", "https://evil.example");
        other_site.post("/api/v1/session", &json!({"email": "x", "password": "y"})).await.refused(403, "cross_site");
        server.visitor().with("authorization", "Bearer sightline_guess").get("/api/v1/me").await.refused(401, "unauthenticated");
        server.visitor().get("/s/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA").await;
        let own_site = server.visitor().with("origin", &server.origin());
        for typed in ["not the password", "neither is this one"] {
            let wrong = json!({"email": "ann@example.org", "password": typed});
            own_site.post("/api/v1/session", &wrong).await.refused(401, "unauthenticated");
        }
        let nobody = json!({"email": "my-password-by-mistake", "password": "x"});
        own_site.post("/api/v1/session", &nobody).await.refused(401, "unauthenticated");
        // A server function asks the same services as a route.
        bob.post("/api/fn/dashboard/list", &json!({"workspace": "acme"})).await;

        let written = AuditService::write_refusals(&server.instance.services).await.unwrap();
        assert_eq!(written, 9);
        let log = all(&ann).await;
        let told = |action: &str, code: &str| log.iter().filter(|entry| entry["action"] == action && entry["detail"]["code"] == code).cloned().collect::<Vec<_>>();
        let signs = told("session.sign_in", "unauthenticated");
        assert_eq!(signs.len(), 2, "{signs:?}");
        let known = signs.iter().find(|entry| entry["object"]["title"] == "Ann").unwrap();
        assert_eq!((&known["outcome"], &known["detail"]["times"], &known["actor"]["kind"]), (&json!("refused"), &json!(2), &json!("anonymous")));
        assert!(!serde_json::to_string(&log).unwrap().contains("by-mistake"));
        let stranger = &told("access.refused", "not_found");
        let at_acme = stranger.iter().find(|entry| entry["object"]["title"] == "Acme").unwrap();
        assert_eq!((&at_acme["actor"]["name"], &at_acme["client"], &at_acme["detail"]["times"]), (&json!("Bob"), &json!("127.0.0.1"), &json!(2)));
        assert!(stranger.iter().any(|entry| entry["detail"]["request"] == "GET /s/{token}"), "{stranger:?}");
        assert_eq!(told("access.refused", "cross_site").len(), 1);
        assert_eq!(told("access.refused", "unauthenticated")[0]["detail"]["request"], "GET /api/v1/me");
        assert_eq!(told("access.refused", "forbidden")[0]["actor"]["name"], "Bob");
        // Nothing more is there to write.
        assert_eq!(AuditService::write_refusals(&server.instance.services).await.unwrap(), 0);
        entries(&server).await;
    }

    async fn a_download_by_link_is_told_with_its_link(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let ann = server.owner().await;
        let dataset = orders(&ann).await;
        let made = json!({"title": "Sales", "dataset": dataset["id"]});
        let detail = ann.post(&format!("{W}/dashboards"), &made).await.expect(201);
        let (one, page) = (format!("{W}/dashboards/{}", detail["id"].as_str().unwrap()), &detail["document"]["pages"][0]["id"]);
        let table = dataset["model"].as_str().unwrap();
        let tile = json!({"id": Uuid::now_v7(), "page": page, "rect": {"x": 0, "y": 0, "w": 8, "h": 30}, "z": 0, "locked": false, "group": null,
            "content": {"visual": {"kind": "column", "title": null, "query": {}, "format": {},
                "wells": {"axis": [{"field": format!("{table}.region")}], "values": [{"field": format!("{table}.amount"), "agg": "sum"}]}}}});
        let action = json!({"id": Uuid::now_v7(), "actor": Uuid::nil(), "at": "2026-01-01T00:00:00Z", "name": "Add a chart",
            "ops": [{"insert": {"kind": "tile", "object": tile}}]});
        ann.post(&format!("{one}/ops"), &json!({"base": 0, "actions": [action]})).await.expect(200);
        ann.post(&format!("{one}/publish"), &json!({})).await.expect(200);
        let share = ann.post(&format!("{one}/shares"), &json!({"downloads": true})).await.expect(201);
        let link = share["url"].as_str().unwrap().strip_prefix(&server.origin()).unwrap().to_owned();
        let file = server.visitor().get(&format!("{link}/csv")).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let told = ann.get(&format!("{W}/audit?action=data.export")).await.expect(200);
        let told = &told["items"][0];
        assert_eq!((&told["actor"]["kind"], &told["actor"]["id"]), (&json!("share"), &share["id"]));
        assert_eq!((&told["object"]["title"], &told["detail"]["rows"]), (&json!("Sales"), &json!(3)));
        ann.put(&format!("{one}/shares/{}", share["id"].as_str().unwrap()), &json!({"downloads": false})).await.expect(200);
        server.visitor().get(&format!("{link}/csv")).await.refused(403, "forbidden");
        assert_eq!(AuditService::write_refusals(&server.instance.services).await.unwrap(), 1);
        let told = ann.get(&format!("{W}/audit?action=access.refused")).await.expect(200);
        assert_eq!((&told["items"][0]["object"]["title"], &told["items"][0]["actor"]["kind"]), (&json!("Sales"), &json!("share")));
    }
}

/// Bob, who has an account and is in no workspace.
async fn stranger(server: &TestServer, ann: &Client) -> Client {
    let invite = ann
        .post(&format!("{W}/invites"), &json!({"role": "viewer"}))
        .await
        .expect(201);
    let token = invite["url"].as_str().unwrap().rsplit('/').next().unwrap();
    let visitor = server.visitor().with("origin", &server.origin());
    let account =
        json!({"account": {"email": "bob@example.org", "name": "Bob", "password": "another long passphrase 8"}});
    let joined = visitor.post(&format!("/api/v1/invites/{token}"), &account).await;
    let bob = visitor.with("cookie", &cookie(&joined));
    joined.expect(200);
    let me = bob.get("/api/v1/me").await.expect(200);
    ann.delete(&format!("{W}/members/{}", me["user"]["id"].as_str().unwrap()))
        .await
        .expect(204);
    bob
}
