//! Nothing that was secret when it was made stands in an answer, a log, an export, a backup or the database's own files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use std::{
    fs::{self, File},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use http::Method;
use serde_json::{Value, json};
use server::routes::table;
use support::{
    Client,
    process::{Running, SERVE, command, run},
    server::{cookie, orders},
};
use tempfile::TempDir;
use totp_rs::{Builder, Secret};

const W: &str = "/api/v1/workspaces/acme";
const MASTER: &str = "canaryMASTER8Zr2mN5vX1cB7kJ4hG6fD9wA3pO0iUy";
const METRICS: &str = "canaryMETRICS5vX1cB7kJ4hG6fD";
const PASSWORD: &str = "canary PASSWORD of walls 7";
const TYPED_WRONG: &str = "canary TYPED by mistake 8";
const LINK_PASSWORD: &str = "canary LINK password 9";

/// Secrets by a name that may be shown when one is found.
#[derive(Default)]
struct Canaries(Vec<(&'static str, String)>);

impl Canaries {
    fn add(&mut self, name: &'static str, secret: &str) -> String {
        assert!(secret.len() >= 16, "{name} is too short to be looked for");
        self.0.push((name, secret.to_owned()));
        secret.to_owned()
    }

    /// Names of those that stand in `bytes`.
    fn found_in(&self, bytes: &[u8]) -> Vec<&'static str> {
        let stands = |secret: &str| bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        self.0
            .iter()
            .filter(|(_, secret)| stands(secret))
            .map(|(name, _)| *name)
            .collect()
    }
}

fn text(value: &Value, pointer: &str) -> String {
    value.pointer(pointer).and_then(Value::as_str).unwrap().to_owned()
}

fn last_segment(url: &str) -> &str {
    url.rsplit(['/', '=']).next().unwrap()
}

/// Makes one of every secret there is, and uses some, rightly and wrongly.
async fn make_secrets(ann: &Client, canaries: &mut Canaries) {
    let token = ann
        .post("/api/v1/tokens", &json!({"name": "Reports"}))
        .await
        .expect(201);
    let token = canaries.add("an API token", &text(&token, "/token"));
    ann.anonymous()
        .with("authorization", &format!("Bearer {token}"))
        .get("/api/v1/me")
        .await
        .expect(200);
    let invite = ann
        .post(&format!("{W}/invites"), &json!({"role": "viewer"}))
        .await
        .expect(201);
    let invite = canaries.add("an invitation", last_segment(&text(&invite, "/url")));
    ann.get(&format!("/api/v1/invites/{invite}")).await.expect(200);

    let setup = ann.post("/api/v1/me/factors/totp", &Value::Null).await.expect(201);
    let secret = canaries.add("the secret of an authenticator app", &text(&setup, "/secret"));
    let app = Builder::new()
        .with_secret(Secret::try_from_base32(&secret).unwrap())
        .with_account_name("any".to_owned())
        .build()
        .unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let code = json!({"code": app.generate(now).to_string()});
    let codes = ann
        .post("/api/v1/me/factors/totp/confirmation", &code)
        .await
        .expect(200);
    canaries.add("a recovery code", &text(&codes, "/recovery_codes/0"));

    let dataset = orders(ann).await;
    let made = ann
        .post(
            &format!("{W}/dashboards"),
            &json!({"title": "Sales", "dataset": dataset["id"]}),
        )
        .await
        .expect(201);
    let one = format!("{W}/dashboards/{}", text(&made, "/id"));
    ann.post(&format!("{one}/publish"), &json!({})).await.expect(200);
    let share = ann
        .post(&format!("{one}/shares"), &json!({"password": LINK_PASSWORD}))
        .await
        .expect(201);
    let link = canaries.add("a share link", last_segment(&text(&share, "/url")));
    ann.anonymous().get(&format!("/s/{link}")).await;
    ann.anonymous()
        .get(&format!("/s/{link}?password={LINK_PASSWORD}").replace(' ', "+"))
        .await;
    let key = ann
        .post(&format!("{W}/embed-keys"), &json!({"name": "Portal"}))
        .await
        .expect(201);
    canaries.add("the secret of an embed key", &text(&key, "/secret"));
    let embed = ann
        .post(&format!("{one}/embeds"), &json!({"origins": ["https://host.example"]}))
        .await
        .expect(201);
    let ticket = canaries.add("a ticket", "canaryTICKET.eyJhbGciOiJub25lIn0.c2lnbmF0dXJl");
    ann.anonymous()
        .get(&format!("/embed/d/{}?ticket={ticket}", text(&embed, "/id")))
        .await;
}

/// Bodies that are refused, with secrets in the places that error messages like to quote.
async fn make_errors(ann: &Client, canaries: &Canaries) -> Vec<(String, Vec<u8>)> {
    let stranger = ann.anonymous().with("origin", &format!("http://{}", ann.address));
    let bodies = [
        json!({"email": "ann@example.org", "password": TYPED_WRONG}),
        json!({"email": TYPED_WRONG, "password": PASSWORD}),
        json!({"email": 1, "password": [PASSWORD]}),
        json!({"email": "ann@example.org", "password": PASSWORD, "extra": PASSWORD}),
    ];
    let mut answers = Vec::new();
    for body in bodies {
        let reply = stranger.post("/api/v1/session", &body).await;
        answers.push(("POST /api/v1/session".to_owned(), reply.body.to_vec()));
    }
    let broken = format!("{{\"email\": \"ann@example.org\", \"password\": \"{PASSWORD}\"");
    let reply = stranger
        .send(Method::POST, "/api/v1/session", Some("application/json"), broken)
        .await;
    answers.push(("a broken body".to_owned(), reply.body.to_vec()));
    for (name, secret) in &canaries.0 {
        let reply = ann
            .anonymous()
            .with("authorization", &format!("Bearer x{}", secret.replace(' ', "")))
            .get("/api/v1/me")
            .await;
        answers.push((format!("a wrong bearer: {name}"), reply.body.to_vec()));
    }
    answers
}

/// Every answer to a GET that needs no id, and lists of everything.
async fn all_answers(ann: &Client) -> Vec<(String, Vec<u8>)> {
    let mut answers = Vec::new();
    let dashboards = ann.get(&format!("{W}/dashboards")).await.expect(200);
    let dashboard = text(&dashboards, "/items/0/id");
    for route in table().iter().filter(|route| route.method == Method::GET) {
        let path = route
            .path
            .replace("{w}", "acme")
            .replace("/dashboards/{id}", &format!("/dashboards/{dashboard}"));
        if path.contains('{') {
            continue;
        }
        let reply = ann.get(&path).await;
        assert!(reply.status.as_u16() < 500, "{path}: {}", reply.text());
        answers.push((path, reply.body.to_vec()));
    }
    for page in [
        "/settings/account",
        "/settings/tokens",
        "/w/acme/members",
        "/w/acme/activity",
        "/settings/people",
    ] {
        let reply = ann.clone().with("accept", "text/html").get(page).await;
        answers.push((page.to_owned(), reply.body.to_vec()));
    }
    assert!(answers.len() > 20, "{}", answers.len());
    answers
}

fn files_below(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_secret_leaves_by_an_answer_a_log_an_export_or_a_backup() {
    let folder = TempDir::new().unwrap();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let mut canaries = Canaries::default();
    for (name, secret) in [
        ("the secret key", MASTER),
        ("the token of /metrics", METRICS),
        ("a password", PASSWORD),
        ("a mistyped password", TYPED_WRONG),
        ("the password of a link", LINK_PASSWORD),
    ] {
        canaries.add(name, secret);
    }
    let keyed = |words: &[&str]| {
        let mut keyed = command(&data, words);
        keyed.env("SIGHTLINE_SECRET_KEY", MASTER);
        keyed
    };
    let create = [
        "user",
        "create",
        "--email",
        "ann@example.org",
        "--role",
        "admin",
        "--password-stdin",
    ];
    run(&mut keyed(&create), &format!("{PASSWORD}\n"));
    let mut serve = keyed(SERVE);
    serve
        .env("SIGHTLINE_METRICS_TOKEN", METRICS)
        .env("SIGHTLINE_LOG", "trace")
        .stderr(File::create(&log).unwrap());
    let server = Running::spawn(&mut serve);
    let visitor = Client::new(server.address).with("origin", &format!("http://{}", server.address));
    let reply = visitor
        .post(
            "/api/v1/session",
            &json!({"email": "ann@example.org", "password": PASSWORD}),
        )
        .await;
    let session = cookie(&reply);
    canaries.add("a session", session.split_once('=').unwrap().1);
    let ann = visitor.with("cookie", &session);
    ann.post("/api/v1/workspaces", &json!({"title": "Acme"}))
        .await
        .expect(201);
    make_secrets(&ann, &mut canaries).await;

    let mut answers = make_errors(&ann, &canaries).await;
    answers.extend(all_answers(&ann).await);
    for export in ["csv", "ndjson"] {
        for log in ["/api/v1/audit", &format!("{W}/audit")] {
            let path = format!("{log}/export?format={export}");
            answers.push((path.clone(), ann.get(&path).await.body.to_vec()));
        }
    }
    for (path, body) in &answers {
        assert_eq!(canaries.found_in(body), Vec::<&str>::new(), "in the answer to {path}");
    }
    let kept = folder.path().join("kept.tar");
    run(&mut keyed(&["backup", kept.to_str().unwrap()]), "");
    assert_eq!(
        canaries.found_in(&fs::read(&kept).unwrap()),
        Vec::<&str>::new(),
        "in the backup"
    );
    drop(server);
    let logged = fs::read(&log).unwrap();
    assert!(logged.len() > 1000, "a log to look at");
    assert_eq!(canaries.found_in(&logged), Vec::<&str>::new(), "in the log");
    for file in files_below(&data) {
        assert_eq!(
            canaries.found_in(&fs::read(&file).unwrap()),
            Vec::<&str>::new(),
            "in {}",
            file.display()
        );
    }
}
