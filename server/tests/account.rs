//! Setting up, signing in, sessions and tokens, over HTTP.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use serde_json::{Value, json};
use support::{
    TestServer,
    server::{PASSWORD, cookie},
};

testkit::for_each_database! {
    async fn the_first_admin_sets_up_once(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let token = server.setup_token().await;
        let visitor = server.visitor().with("origin", &server.origin());
        visitor.get("/api/v1/setup?token=wrong").await.refused(404, "not_found");
        visitor.get(&format!("/api/v1/setup?token={token}")).await.expect(204);
        let body = json!({"token": token, "email": "ann@example.org", "name": "Ann", "password": PASSWORD, "workspace": "Acme"});
        let weak = json!({"token": token, "email": "ann@example.org", "name": "Ann", "password": "short", "workspace": "Acme"});
        visitor.post("/api/v1/setup", &weak).await.expect(422);
        let me = visitor.post("/api/v1/setup", &body).await.expect(201);
        assert_eq!(me["workspaces"][0]["slug"], "acme");
        visitor.post("/api/v1/setup", &body).await.refused(404, "not_found");
    }

    async fn of_many_first_admins_one_wins(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let token = server.setup_token().await;
        let visitor = server.visitor().with("origin", &server.origin());
        let attempts = (0..50).map(|number| {
            let (visitor, token) = (visitor.clone(), token.clone());
            tokio::spawn(async move {
                let body = json!({"token": token, "email": format!("admin{number}@example.org"), "name": "Ann", "password": PASSWORD, "workspace": "Acme"});
                visitor.post("/api/v1/setup", &body).await.status.as_u16()
            })
        });
        let mut statuses = Vec::new();
        for attempt in attempts.collect::<Vec<_>>() {
            statuses.push(attempt.await.unwrap());
        }
        statuses.sort_unstable();
        assert_eq!(statuses[0], 201);
        assert!(statuses[1..].iter().all(|status| *status == 404), "{statuses:?}");
    }

    async fn a_session_lives_from_sign_in_to_sign_out(test: TestDatabase) {
        let server = TestServer::start(test).await;
        server.owner().await;
        let visitor = server.visitor().with("origin", &server.origin());
        visitor.get("/api/v1/me").await.refused(401, "unauthenticated");
        let wrong = json!({"email": "ann@example.org", "password": "not the password"});
        visitor.post("/api/v1/session", &wrong).await.refused(401, "unauthenticated");
        let chosen = visitor.clone().with("cookie", "sightline=AAAAAAAAAAAAAAAAAAAAAA");
        let reply = chosen.post("/api/v1/session", &json!({"email": "ann@example.org", "password": PASSWORD})).await;
        let set = reply.header("set-cookie").to_owned();
        assert!(set.contains("HttpOnly") && set.contains("SameSite=Lax") && set.contains("Path=/"), "{set}");
        let session = cookie(&reply);
        assert_ne!(session, "sightline=AAAAAAAAAAAAAAAAAAAAAA");
        reply.expect(200);
        let ann = visitor.clone().with("cookie", &session);
        assert_eq!(ann.get("/api/v1/me").await.expect(200)["user"]["email"], "ann@example.org");
        ann.delete("/api/v1/session").await.expect(204);
        ann.get("/api/v1/me").await.refused(401, "unauthenticated");
    }

    async fn tokens_work_until_they_are_ended(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let made = owner.post("/api/v1/tokens", &json!({"name": "Reports"})).await.expect(201);
        let bearer = format!("Bearer {}", made["token"].as_str().unwrap());
        let program = server.visitor().with("authorization", &bearer);
        program.get("/api/v1/workspaces/acme").await.expect(200);
        program.post("/api/v1/workspaces/acme/folders", &json!({"title": "x"})).await.refused(403, "forbidden");
        program.post("/api/v1/tokens", &json!({"name": "More"})).await.refused(403, "forbidden");
        // A token in the address is none, and a broken one is no anonymous request.
        server.visitor().get(&format!("/api/v1/me?token={}", made["token"].as_str().unwrap())).await.refused(401, "unauthenticated");
        server.visitor().with("authorization", "Bearer nonsense").get("/healthz").await.expect(200);
        server.visitor().with("authorization", "Bearer nonsense").get("/api/v1/me").await.refused(401, "unauthenticated");
        let id = made["info"]["id"].as_str().unwrap();
        owner.delete(&format!("/api/v1/tokens/{id}")).await.expect(204);
        program.get("/api/v1/workspaces/acme").await.refused(401, "unauthenticated");
    }

    async fn a_member_sees_the_workspace_and_a_stranger_does_not(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let owner = server.owner().await;
        let invite = owner.post("/api/v1/workspaces/acme/invites", &json!({"role": "viewer"})).await.expect(201);
        let token = invite["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        let visitor = server.visitor().with("origin", &server.origin());
        visitor.get(&format!("/api/v1/invites/{token}")).await.expect(200);
        let account = json!({"account": {"email": "bob@example.org", "name": "Bob", "password": "another long passphrase 8"}});
        let reply = visitor.post(&format!("/api/v1/invites/{token}"), &account).await;
        let bob = visitor.clone().with("cookie", &cookie(&reply));
        reply.expect(200);
        let workspace: Value = bob.get("/api/v1/workspaces/acme").await.expect(200);
        assert_eq!(workspace["role"], "viewer");
        bob.post("/api/v1/workspaces/acme/folders", &json!({"title": "x"})).await.refused(403, "forbidden");
        owner.delete(&format!("/api/v1/workspaces/acme/members/{}", bob_id(&bob).await)).await.expect(204);
        bob.get("/api/v1/workspaces/acme").await.refused(404, "not_found");
        bob.get("/api/v1/workspaces/no-such").await.refused(404, "not_found");
    }
}

async fn bob_id(bob: &support::Client) -> String {
    bob.get("/api/v1/me").await.expect(200)["user"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}
