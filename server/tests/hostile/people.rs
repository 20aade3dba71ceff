//! Accounts, and the browsers they are signed in with.

use serde_json::json;
use services::account::{NewUser, create_user};
use shared::permission::PlatformRole;

use crate::support::{
    Client, Reply, TestServer,
    server::{PASSWORD, cookie},
};

/// For servers whose tests sign in often.
pub const NO_RATES: [(&str, &str); 7] = [
    ("SIGHTLINE_RATE_SIGN_IN_ACCOUNT", "0"),
    ("SIGHTLINE_RATE_SIGN_IN_ADDRESS", "0"),
    ("SIGHTLINE_RATE_FACTOR", "0"),
    ("SIGHTLINE_RATE_RESETS_PER_HOUR", "0"),
    ("SIGHTLINE_RATE_INVITES_PER_DAY", "0"),
    ("SIGHTLINE_RATE_QUERIES", "0"),
    ("SIGHTLINE_RATE_SHARE_WRONG", "0"),
];

/// A browser of nobody, at a page of ours.
pub fn browser(server: &TestServer) -> Client {
    server.visitor().with("origin", &server.origin())
}

pub fn address(name: &str) -> String {
    format!("{name}@example.org")
}

/// A new account, `name@example.org`.
pub async fn make(server: &TestServer, name: &str, role: PlatformRole) {
    let new = NewUser {
        email: address(name).as_str().try_into().unwrap(),
        name: None,
        role,
        password: Some(PASSWORD.to_owned()),
    };
    create_user(&server.instance.services, new).await.unwrap();
}

pub async fn try_sign_in(browser: &Client, email: &str, password: &str) -> Reply {
    let body = json!({"email": email, "password": password});
    browser.post("/api/v1/session", &body).await
}

pub async fn sign_in(server: &TestServer, name: &str) -> Client {
    let browser = browser(server);
    let reply = try_sign_in(&browser, &address(name), PASSWORD).await;
    assert_eq!(reply.status, 200, "{}", reply.text());
    let cookie = cookie(&reply);
    browser.with("cookie", &cookie)
}

/// A new account that is a member of `acme`, signed in.
pub async fn member(server: &TestServer, owner: &Client, name: &str, role: &str) -> Client {
    make(server, name, PlatformRole::Analyst).await;
    let body = json!({"email": address(name), "role": role});
    owner.post("/api/v1/workspaces/acme/members", &body).await.expect(201);
    sign_in(server, name).await
}

pub async fn id_of(person: &Client) -> String {
    let me = person.get("/api/v1/me").await.expect(200);
    me["user"]["id"].as_str().unwrap().to_owned()
}

/// The token of a new API token with all scopes.
pub async fn token(person: &Client) -> String {
    let body = json!({"name": "Tests", "scopes": ["read", "write", "share", "manage"]});
    let made = person.post("/api/v1/tokens", &body).await.expect(201);
    made["token"].as_str().unwrap().to_owned()
}

/// The part of a link that is secret.
pub fn secret_of(url: &serde_json::Value) -> String {
    url.as_str().unwrap().rsplit('/').next().unwrap().to_owned()
}
