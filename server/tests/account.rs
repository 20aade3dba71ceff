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
use testkit::MailServer;

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

    async fn an_invitation_is_sent_and_its_letter_brings_in(test: TestDatabase) {
        let mail = MailServer::start().await;
        let server = TestServer::start_with(test, &mail_settings(&mail.url())).await;
        let ann = server.owner().await;
        assert_eq!(ann.get("/api/v1/me").await.expect(200)["sends_mail"], true);
        let new = json!({"role": "editor", "email": "bob@example.org"});
        let made = ann.post("/api/v1/workspaces/acme/invites", &new).await.expect(201);
        assert_eq!(made["delivery"], "sent");
        let letter = &mail.wait_for(1).await[0];
        assert_eq!(letter.to, ["bob@example.org"]);
        assert!(letter.text.contains("From: Sightline <bi@example.org>\n"), "{}", letter.text);
        assert!(letter.text.contains("Ann invites you to"), "{}", letter.text);
        let url = made["url"].as_str().unwrap();
        assert!(letter.text.contains(&format!("\n{url}\n")), "{}", letter.text);
        let link = url.replace(&server.origin(), "");
        let joined = server.visitor().with("origin", &server.origin()).post(&format!("/api/v1{}", link.replace("/invite/", "/invites/")),
            &json!({"account": {"email": "bob@example.org", "name": "Bob", "password": "another long passphrase 8"}})).await;
        joined.expect(200);
    }

    async fn a_letter_that_is_not_taken_leaves_the_link_good(test: TestDatabase) {
        let mail = MailServer::start_with("550 no such person here").await;
        let server = TestServer::start_with(test, &mail_settings(&mail.url())).await;
        let ann = server.owner().await;
        let new = json!({"role": "viewer", "email": "bob@example.org"});
        let made = ann.post("/api/v1/workspaces/acme/invites", &new).await.expect(201);
        assert_eq!(made["delivery"], json!({"failed": "refused"}));
        let token = made["url"].as_str().unwrap().rsplit('/').next().unwrap();
        server.visitor().get(&format!("/api/v1/invites/{token}")).await.expect(200);
        assert!(mail.letters().is_empty());
    }

    async fn a_forgotten_password_is_set_anew_by_mail_and_nobody_learns_who_has_an_account(test: TestDatabase) {
        let mail = MailServer::start().await;
        let server = TestServer::start_with(test, &mail_settings(&mail.url())).await;
        let ann = server.owner().await;
        let visitor = server.visitor().with("origin", &server.origin());
        visitor.post("/api/v1/resets", &json!({"email": "nobody@example.org"})).await.expect(204);
        for _ in 0..5 {
            visitor.post("/api/v1/resets", &json!({"email": "ann@example.org"})).await.expect(204);
        }
        let letters = mail.wait_for(3).await;
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(mail.letters().len(), 3, "three an hour");
        assert!(letters.iter().all(|letter| letter.to == ["ann@example.org"]));
        let tokens: Vec<String> = letters.iter().map(|letter| {
            letter.text.split("/reset/").nth(1).unwrap().lines().next().unwrap().to_owned()
        }).collect();
        let password = json!({"password": "four walls of plaster"});
        let mut taken = 0;
        for token in &tokens {
            taken += u32::from(visitor.post(&format!("/api/v1/resets/{token}"), &password).await.status == 204);
        }
        assert_eq!(taken, 1, "the newest link alone");
        ann.get("/api/v1/me").await.refused(401, "unauthenticated");
        visitor.post("/api/v1/session", &json!({"email": "ann@example.org", "password": "four walls of plaster"})).await.expect(200);
    }

    async fn without_a_mail_server_that_is_said(test: TestDatabase) {
        let server = TestServer::start(test).await;
        let ann = server.owner().await;
        assert_eq!(ann.get("/api/v1/me").await.expect(200)["sends_mail"], false);
        let new = json!({"role": "viewer", "email": "bob@example.org"});
        ann.post("/api/v1/workspaces/acme/invites", &new).await.refused(409, "conflict");
        let open = ann.get("/api/v1/workspaces/acme/invites").await.expect(200);
        assert_eq!(open["items"], json!([]));
        let visitor = server.visitor().with("origin", &server.origin());
        visitor.post("/api/v1/resets", &json!({"email": "ann@example.org"})).await.refused(409, "conflict");
    }
}

fn mail_settings(url: &str) -> [(&'static str, &str); 2] {
    [
        ("SIGHTLINE_MAIL_URL", url),
        ("SIGHTLINE_MAIL_FROM", "Sightline <bi@example.org>"),
    ]
}

async fn bob_id(bob: &support::Client) -> String {
    bob.get("/api/v1/me").await.expect(200)["user"]["id"]
        .as_str()
        .unwrap()
        .to_owned()
}
