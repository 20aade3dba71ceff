//! Two-step sign-in, confirmation, people and reset links, over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use chrono::TimeDelta;
use serde_json::{Value, json};
use services::Clock;
use support::{
    Client, TestServer,
    server::{PASSWORD, cookie},
};
use testkit::{FakeClock, PasskeyDevice, TestDatabase};
use totp_rs::{Builder, Secret};

/// What the app shows now.
fn code(secret: &str, clock: &FakeClock) -> String {
    let app = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap())
        .with_account_name("any".to_owned())
        .build()
        .unwrap();
    app.generate(u64::try_from(clock.now().timestamp()).unwrap())
        .to_string()
}

/// Turns codes on; gives the app's secret and the recovery codes.
async fn turn_on(person: &Client, clock: &FakeClock) -> (String, Vec<String>) {
    let setup = person.post("/api/v1/me/factors/totp", &Value::Null).await.expect(201);
    let secret = setup["secret"].as_str().unwrap().to_owned();
    let answer = person
        .post(
            "/api/v1/me/factors/totp/confirmation",
            &json!({"code": code(&secret, clock)}),
        )
        .await
        .expect(200);
    let codes = answer["recovery_codes"].as_array().unwrap();
    (
        secret,
        codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect(),
    )
}

fn visitor(server: &TestServer) -> Client {
    server.visitor().with("origin", &server.origin())
}

async fn invited(server: &TestServer, owner: &Client) -> (Client, String) {
    let invite = owner
        .post("/api/v1/workspaces/acme/invites", &json!({"role": "viewer"}))
        .await
        .expect(201);
    let token = invite["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let account = json!({"account": {"email": "bob@example.org", "name": "Bob", "password": PASSWORD}});
    let reply = visitor(server)
        .post(&format!("/api/v1/invites/{token}"), &account)
        .await;
    let bob = visitor(server).with("cookie", &cookie(&reply));
    let id = bob.get("/api/v1/me").await.expect(200)["user"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    (bob, id)
}

async fn start(test: TestDatabase, clock: &FakeClock) -> TestServer {
    let rates = [
        ("SIGHTLINE_RATE_SIGN_IN_ACCOUNT", "0"),
        ("SIGHTLINE_RATE_SIGN_IN_ADDRESS", "0"),
    ];
    TestServer::start_by(test, &rates, Clock::from_fn(clock.reader())).await
}

testkit::for_each_database! {
    async fn signing_in_takes_two_steps(test: TestDatabase) {
        let clock = FakeClock::new();
        let server = start(test, &clock).await;
        let owner = server.owner().await;
        let (secret, codes) = turn_on(&owner, &clock).await;
        assert_eq!(codes.len(), 10);
        clock.advance(TimeDelta::seconds(30));
        let stranger = visitor(&server);
        stranger.get("/api/v1/session/factor").await.refused(401, "unauthenticated");
        stranger.post("/api/v1/session/factor", &json!({"code": code(&secret, &clock)})).await.refused(401, "unauthenticated");
        let password = json!({"email": "ann@example.org", "password": PASSWORD});
        let reply = stranger.post("/api/v1/session", &password).await;
        let half = stranger.clone().with("cookie", &cookie(&reply));
        assert_eq!(reply.expect(202), json!({"second_factor": ["code", "recovery_code"]}));
        // The cookie of the half way gives no right.
        half.get("/api/v1/me").await.refused(401, "unauthenticated");
        half.get("/api/v1/workspaces/acme").await.refused(401, "unauthenticated");
        assert_eq!(half.get("/api/v1/session/factor").await.expect(200)["second_factor"], json!(["code", "recovery_code"]));
        half.post("/api/v1/session/factor", &json!({"code": "1"})).await.refused(401, "unauthenticated");
        half.post("/api/v1/session/factor", &json!({"password": PASSWORD})).await.expect(422);
        let reply = half.post("/api/v1/session/factor", &json!({"code": code(&secret, &clock)})).await;
        let ann = stranger.clone().with("cookie", &cookie(&reply));
        assert_eq!(reply.expect(200)["user"]["email"], "ann@example.org");
        ann.get("/api/v1/workspaces/acme").await.expect(200);
        // The half way's id is over.
        half.get("/api/v1/session/factor").await.refused(401, "unauthenticated");

        let reply = stranger.post("/api/v1/session", &password).await;
        let half = stranger.clone().with("cookie", &cookie(&reply));
        half.post("/api/v1/session/factor", &json!({"recovery_code": codes[3]})).await.expect(200);
        let factors = ann.get("/api/v1/me/factors").await.expect(200);
        assert_eq!(factors["recovery_codes_left"], 9);
        ann.delete("/api/v1/me/factors/totp").await.expect(204);
        stranger.post("/api/v1/session", &password).await.expect(200);
    }

    async fn whoever_signs_in_half_way_is_signed_out_before(test: TestDatabase) {
        let clock = FakeClock::new();
        let server = start(test, &clock).await;
        let owner = server.owner().await;
        turn_on(&owner, &clock).await;
        let password = json!({"email": "ann@example.org", "password": PASSWORD});
        let reply = owner.post("/api/v1/session", &password).await;
        let half = visitor(&server).with("cookie", &cookie(&reply));
        reply.expect(202);
        owner.get("/api/v1/me").await.refused(401, "unauthenticated");
        half.get("/api/v1/me").await.refused(401, "unauthenticated");
    }

    async fn a_stale_session_confirms_before_it_gets_secrets(test: TestDatabase) {
        let clock = FakeClock::new();
        let server = start(test, &clock).await;
        let owner = server.owner().await;
        clock.advance(TimeDelta::minutes(11));
        let create = json!({"name": "Reports"});
        owner.post("/api/v1/tokens", &create).await.refused(403, "confirmation_required");
        owner.post("/api/v1/me/factors/totp", &Value::Null).await.refused(403, "confirmation_required");
        owner.get("/api/v1/workspaces/acme").await.expect(200);
        let wrong = owner.post("/api/v1/me/confirmation", &json!({"password": "not the password"})).await.refused(403, "forbidden");
        assert_eq!(wrong["field"], "password");
        let reply = owner.post("/api/v1/me/confirmation", &json!({"password": PASSWORD})).await;
        let renewed = visitor(&server).with("cookie", &cookie(&reply));
        reply.expect(204);
        renewed.post("/api/v1/tokens", &create).await.expect(201);
        // Another id, and the old one is over.
        owner.get("/api/v1/me").await.refused(401, "unauthenticated");
    }

    async fn a_passkey_is_kept_and_proves_its_person_in_every_way(test: TestDatabase) {
        let clock = FakeClock::new();
        let server = start(test, &clock).await;
        let owner = server.owner().await;
        let site = format!("http://localhost:{}", server.address.port());
        let (mut device, mut other) = (PasskeyDevice::new(&site), PasskeyDevice::new(&site));
        let options = |client: Client, path: &'static str| async move { client.post(path, &Value::Null).await };
        let asked = options(owner.clone(), "/api/v1/me/passkeys/options").await.expect(200);
        assert_eq!((&asked["rp"]["id"], &asked["user"]["name"]), (&json!("localhost"), &json!("ann@example.org")));
        // What a page of another site was answered is not taken, and a question is answered once.
        let stolen = PasskeyDevice::new("https://evil.example").create(&asked);
        owner.post("/api/v1/me/passkeys", &json!({"name": "Evil", "credential": stolen})).await.refused(422, "invalid");
        let made = json!({"name": "Phone", "credential": device.create(&asked)});
        owner.post("/api/v1/me/passkeys", &made).await.refused(422, "invalid");
        let asked = options(owner.clone(), "/api/v1/me/passkeys/options").await.expect(200);
        let made = json!({"name": "Phone", "credential": device.create(&asked)});
        let kept = owner.post("/api/v1/me/passkeys", &made).await.expect(201);
        assert_eq!(kept["recovery_codes"].as_array().unwrap().len(), 10);
        let passkey = format!("/api/v1/me/passkeys/{}", kept["passkey"]["id"].as_str().unwrap());
        assert_eq!(owner.put(&passkey, &json!({"name": "Old phone"})).await.expect(200)["name"], "Old phone");

        // As the second step.
        let stranger = visitor(&server);
        let password = json!({"email": "ann@example.org", "password": PASSWORD});
        let half_way = || async {
            let reply = stranger.post("/api/v1/session", &password).await;
            let half = stranger.clone().with("cookie", &cookie(&reply));
            (half, reply.expect(202))
        };
        let (half, needed) = half_way().await;
        assert_eq!(needed["second_factor"], json!(["passkey", "recovery_code"]));
        half.post("/api/v1/session/factor", &json!({"passkey": other.get(&needed["passkey"])})).await.refused(401, "unauthenticated");
        let answer = device.get(&needed["passkey"]);
        half.post("/api/v1/session/factor", &json!({"passkey": answer.clone()})).await.expect(200);
        let (half, _) = half_way().await;
        half.post("/api/v1/session/factor", &json!({"passkey": answer})).await.refused(401, "unauthenticated");

        // Alone.
        let reply = options(stranger.clone(), "/api/v1/session/passkey/options").await;
        let asking = stranger.clone().with("cookie", &cookie(&reply));
        let answer = device.get(&reply.expect(200));
        let mut forged = answer.clone();
        forged["response"]["signature"] = device.get(&json!({"rpId": "localhost", "challenge": "AAAA"}))["response"]["signature"].clone();
        asking.post("/api/v1/session/passkey", &forged).await.refused(401, "unauthenticated");
        asking.post("/api/v1/session/passkey", &answer).await.refused(401, "unauthenticated");
        let reply = options(stranger.clone(), "/api/v1/session/passkey/options").await;
        let asking = stranger.clone().with("cookie", &cookie(&reply));
        let reply = asking.post("/api/v1/session/passkey", &device.get(&reply.expect(200))).await;
        let ann = stranger.clone().with("cookie", &cookie(&reply));
        assert_eq!(reply.expect(200)["user"]["email"], "ann@example.org");

        // To confirm that it is still her.
        clock.advance(TimeDelta::minutes(11));
        ann.delete(&passkey).await.refused(403, "confirmation_required");
        let asked = options(ann.clone(), "/api/v1/me/confirmation/passkey").await.expect(200);
        let reply = ann.post("/api/v1/me/confirmation", &json!({"passkey": device.get(&asked)})).await;
        let ann = stranger.clone().with("cookie", &cookie(&reply));
        reply.expect(204);
        ann.delete(&passkey).await.expect(204);
        stranger.post("/api/v1/session", &password).await.expect(200);
        let reply = options(stranger.clone(), "/api/v1/session/passkey/options").await;
        let asking = stranger.clone().with("cookie", &cookie(&reply));
        asking.post("/api/v1/session/passkey", &device.get(&reply.expect(200))).await.refused(401, "unauthenticated");
    }

    async fn an_admin_manages_people(test: TestDatabase) {
        let clock = FakeClock::new();
        let server = start(test, &clock).await;
        let owner = server.owner().await;
        let (bob, id) = invited(&server, &owner).await;
        bob.get("/api/v1/people").await.refused(403, "forbidden");
        visitor(&server).get("/api/v1/people").await.refused(401, "unauthenticated");
        let list = owner.get("/api/v1/people?search=BOB").await.expect(200);
        assert_eq!((list["items"].as_array().unwrap().len(), &list["items"][0]["name"]), (1, &json!("Bob")));
        owner.get("/api/v1/people?search=x&color=red").await.expect(400);
        owner.put(&format!("/api/v1/people/{id}"), &json!({"auth_epoch": 7})).await.expect(422);
        let one = owner.put(&format!("/api/v1/people/{id}"), &json!({"platform_role": "developer"})).await.expect(200);
        assert_eq!(one["platform_role"], "developer");
        bob.get("/api/v1/me").await.refused(401, "unauthenticated");

        let link = owner.post(&format!("/api/v1/people/{id}/reset-link"), &Value::Null).await.expect(201);
        let token = link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        assert!(link["url"].as_str().unwrap().starts_with(&server.origin()), "{link}");
        let stranger = visitor(&server);
        let path = format!("/api/v1/resets/{token}");
        assert_eq!(stranger.get(&path).await.expect(200)["email"], "bob@example.org");
        stranger.post(&path, &json!({"password": "short"})).await.refused(422, "invalid");
        stranger.post(&path, &json!({"password": "another long passphrase 9"})).await.expect(204);
        stranger.post(&path, &json!({"password": "another long passphrase 9"})).await.refused(410, "gone");
        stranger.get("/api/v1/resets/never-made").await.refused(404, "not_found");
        stranger.post("/api/v1/session", &json!({"email": "bob@example.org", "password": PASSWORD})).await.refused(401, "unauthenticated");
        let reply = stranger.post("/api/v1/session", &json!({"email": "bob@example.org", "password": "another long passphrase 9"})).await;
        let bob = stranger.clone().with("cookie", &cookie(&reply));
        reply.expect(200);
        owner.delete(&format!("/api/v1/people/{id}/sessions")).await.expect(204);
        bob.get("/api/v1/me").await.refused(401, "unauthenticated");
        let me = owner.get("/api/v1/me").await.expect(200)["user"]["id"].as_str().unwrap().to_owned();
        owner.put(&format!("/api/v1/people/{me}"), &json!({"disabled": true})).await.refused(409, "conflict");
    }

    async fn everything_waits_for_a_factor_that_is_asked_for(test: TestDatabase) {
        let clock = FakeClock::new();
        let server = start(test, &clock).await;
        let owner = server.owner().await;
        let (bob, _) = invited(&server, &owner).await;
        let rules = json!({"second_factor": "everybody"});
        owner.put("/api/v1/settings/sign-in", &rules).await.refused(409, "conflict");
        turn_on(&owner, &clock).await;
        owner.put("/api/v1/settings/sign-in", &rules).await.expect(200);
        bob.get("/api/v1/workspaces/acme").await.refused(403, "second_factor_required");
        bob.post("/api/fn/account/tokens", &json!({})).await.expect(403);
        assert_eq!(bob.get("/api/v1/me").await.expect(200)["must_set_up_factor"], true);
        let page = bob.clone().with("accept", "text/html");
        let reply = page.get("/w/acme/dashboards").await;
        assert_eq!((reply.status.as_u16(), reply.header("location")), (303, "/settings/account"));
        assert_eq!(page.get("/settings/account").await.status, 200);
        turn_on(&bob, &clock).await;
        bob.get("/api/v1/workspaces/acme").await.expect(200);
        bob.delete("/api/v1/me/factors/totp").await.refused(409, "conflict");
    }
}
