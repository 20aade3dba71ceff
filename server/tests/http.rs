//! What holds for every request: headers, origin, limits, the shape of errors.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has to fail loudly"
)]

mod support;

use http::Method;
use serde_json::json;
use support::{TestServer, server::cookie};
use testkit::TestDatabase;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

async fn server() -> TestServer {
    TestServer::start(TestDatabase::sqlite().await).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_security_headers() {
    let server = server().await;
    let visitor = server.visitor();
    for path in [
        "/healthz",
        "/readyz",
        "/api/v1/me",
        "/api/openapi.json",
        "/api/docs",
        "/no/such/page",
        "/login",
        "/s/unknown",
        "/robots.txt",
    ] {
        let reply = visitor.get(path).await;
        assert_eq!(reply.header("x-content-type-options"), "nosniff", "{path}");
        assert!(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "{path}"
        );
        assert!(!reply.header("referrer-policy").is_empty(), "{path}");
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{path}");
        assert_eq!(reply.header("x-request-id").len(), 36, "{path}");
        assert!(
            reply.header("cache-control").contains("no-store"),
            "{path}: {}",
            reply.header("cache-control")
        );
        assert_eq!(reply.header("access-control-allow-origin"), "", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pages_policy_names_its_own_nonce() {
    let server = server().await;
    let policy_and_page = || async {
        let reply = server.visitor().with("accept", "text/html").get("/login").await;
        assert_eq!(reply.status, 200, "{}", reply.text());
        let policy = reply.header("content-security-policy").to_owned();
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .unwrap()
            .split('\'')
            .next()
            .unwrap()
            .to_owned();
        assert!(nonce.len() >= 22, "{policy}");
        assert!(
            policy.contains("'strict-dynamic' 'wasm-unsafe-eval'") && policy.contains("object-src 'none'"),
            "{policy}"
        );
        for script in reply.text().split("<script").skip(1) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&nonce) || tag.contains("application/json"), "{tag}");
        }
        nonce
    };
    assert_ne!(policy_and_page().await, policy_and_page().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn other_sites_cannot_use_the_session() {
    let server = server().await;
    let owner = server.owner().await;
    let session = owner
        .headers
        .iter()
        .find(|(name, _)| name == "cookie")
        .unwrap()
        .1
        .clone();
    let bare = || server.visitor().with("cookie", &session);
    let folder = json!({"title": "x"});
    let path = "/api/v1/workspaces/acme/folders";
    bare().post(path, &folder).await.refused(403, "cross_site");
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        bare()
            .with("origin", origin)
            .post(path, &folder)
            .await
            .refused(403, "cross_site");
    }
    for site in ["cross-site", "same-site", "none"] {
        bare()
            .with("sec-fetch-site", site)
            .with("origin", &server.origin())
            .post(path, &folder)
            .await
            .refused(403, "cross_site");
    }
    bare()
        .with("sec-fetch-site", "same-origin")
        .post(path, &folder)
        .await
        .expect(201);
    owner
        .send(Method::POST, path, Some("text/plain"), folder.to_string())
        .await
        .refused(415, "unsupported_media_type");
    // Server functions are no other door.
    let function = "/api/fn/account/tokens";
    let foreign = bare()
        .with("origin", "https://evil.example")
        .post(function, &json!({}))
        .await;
    assert_eq!(foreign.status, 403);
    assert_eq!(
        owner
            .send(Method::POST, function, Some("text/plain"), "{}")
            .await
            .status,
        415
    );
    assert_eq!(owner.get(function).await.status, 405);
    assert_eq!(owner.post(function, &json!({})).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_have_one_shape() {
    let server = server().await;
    let owner = server.owner().await;
    let visitor = server.visitor();
    visitor.get("/api/v1/nothing").await.refused(404, "not_found");
    visitor
        .send(Method::PATCH, "/healthz", None, "")
        .await
        .refused(405, "method_not_allowed");
    visitor
        .send(Method::TRACE, "/api/v1/me", None, "")
        .await
        .refused(405, "method_not_allowed");
    let folders = "/api/v1/workspaces/acme/folders";
    let raw = |text: String| owner.send(Method::POST, folders, Some("application/json"), text);
    raw("{".to_owned()).await.refused(400, "malformed");
    raw("[".repeat(100_000)).await.refused(400, "malformed");
    raw(r#"{"title":"a","title":"b"}"#.to_owned())
        .await
        .refused(400, "malformed");
    let too_large = raw(format!(r#"{{"title":"{}"}}"#, "x".repeat(1 << 20))).await;
    assert_eq!(too_large.header("connection"), "close");
    too_large.refused(413, "too_large");
    assert_eq!(
        raw(r#"{"title":5}"#.to_owned()).await.refused(422, "invalid")["field"],
        "title"
    );
    raw(r#"{"title":"x","owner":"me"}"#.to_owned())
        .await
        .refused(422, "invalid");
    raw(r#"["x"]"#.to_owned()).await.refused(422, "invalid");
    raw("{\"title\":\"a\\u0000b\"}".to_owned())
        .await
        .refused(422, "invalid");
    owner
        .clone()
        .with("content-encoding", "gzip")
        .post(folders, &json!({}))
        .await
        .refused(415, "unsupported_media_type");
    visitor
        .get(&format!("/api/v1/me?{}", "x".repeat(9_000)))
        .await
        .refused(414, "too_large");
    visitor
        .clone()
        .with("x-large", &"x".repeat(17_000))
        .get("/healthz")
        .await
        .refused(431, "headers_too_large");
    owner
        .get("/api/v1/workspaces/acme/datasets?limit=many")
        .await
        .refused(400, "malformed");
    owner
        .get("/api/v1/workspaces/acme/datasets?cursor=%27")
        .await
        .refused(400, "malformed");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_one_spelling_of_an_id_is_an_id() {
    let server = server().await;
    let owner = server.owner().await;
    let upper = "0192F0C1-2D3E-7ABC-8DEF-0123456789AB";
    for id in [
        "0",
        "-1",
        "*",
        "%25",
        ":id",
        "null",
        "[]",
        "9223372036854775808",
        upper,
        "%7B0192f0c1-2d3e-7abc-8def-0123456789ab%7D",
        "..%2f..",
        "%00",
    ] {
        for noun in ["datasets", "dashboards"] {
            let reply = owner.get(&format!("/api/v1/workspaces/acme/{noun}/{id}")).await;
            assert!(
                matches!(reply.status.as_u16(), 400 | 404),
                "{noun}/{id}: {}",
                reply.status
            );
            assert!(reply.json()["error"]["code"].is_string());
        }
        let reply = owner.get(&format!("/api/v1/workspaces/{id}/datasets")).await;
        assert!(matches!(reply.status.as_u16(), 400 | 404), "{id}: {}", reply.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_post_with_a_key_runs_once() {
    let server = server().await;
    let program = server.program().await;
    let path = "/api/v1/workspaces/acme/folders";
    let keyed = program.clone().with("idempotency-key", "7f3c");
    let (first, second) = (json!({"title": "Quarter"}), json!({"title": "Other"}));
    let (a, b) = tokio::join!(keyed.post(path, &first), keyed.post(path, &first));
    let replayed = [
        a.header("idempotency-replayed").len(),
        b.header("idempotency-replayed").len(),
    ];
    assert_eq!(replayed.iter().filter(|length| **length > 0).count(), 1);
    assert_eq!(a.expect(201)["id"], b.expect(201)["id"]);
    keyed.post(path, &second).await.refused(422, "invalid");
    assert_eq!(
        program.get(path).await.expect(200)["items"].as_array().unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_kept_answer_is_given_only_to_who_may_still_have_it() {
    let server = server().await;
    let owner = server.owner().await;
    let body = json!({"name": "Deploy", "scopes": ["write"]});
    owner
        .clone()
        .with("idempotency-key", "t")
        .post("/api/v1/tokens", &body)
        .await
        .expect(201);
    let made = owner
        .post("/api/v1/tokens", &json!({"name": "Reports"}))
        .await
        .expect(201);
    let reports = server
        .visitor()
        .with("authorization", &format!("Bearer {}", made["token"].as_str().unwrap()))
        .with("idempotency-key", "t");
    reports.post("/api/v1/tokens", &body).await.refused(403, "forbidden");

    let folders = "/api/v1/workspaces/acme/folders";
    let invite = owner
        .post("/api/v1/workspaces/acme/invites", &json!({"role": "editor"}))
        .await
        .expect(201);
    let token = invite["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    let account =
        json!({"account": {"email": "bob@example.org", "name": "Bob", "password": "another long passphrase 8"}});
    let visitor = server.visitor().with("origin", &server.origin());
    let reply = visitor.post(&format!("/api/v1/invites/{token}"), &account).await;
    let bob = visitor.with("cookie", &cookie(&reply)).with("idempotency-key", "f");
    reply.expect(200);
    for _ in 0..2 {
        bob.post(folders, &json!({"title": "Mine"})).await.expect(201);
    }
    let member = bob.get("/api/v1/me").await.expect(200)["user"]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    owner
        .delete(&format!("/api/v1/workspaces/acme/members/{member}"))
        .await
        .expect(204);
    bob.post(folders, &json!({"title": "Mine"}))
        .await
        .refused(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_are_asked_anew_whatever_their_key() {
    let server = server().await;
    let keyed = server.program().await.with("idempotency-key", "q");
    keyed
        .upload(
            "/api/v1/workspaces/acme/datasets",
            "orders.csv",
            b"region,amount\nEU,1\nUS,2\n",
            None,
        )
        .await
        .expect(201);
    let query = json!({"model": "orders", "metrics": ["row_count"]});
    for _ in 0..2 {
        let reply = keyed.post("/api/v1/workspaces/acme/query", &query).await;
        assert_eq!(reply.header("idempotency-replayed"), "");
        reply.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_sends_too_much_still_hears_why() {
    let server = server().await;
    let owner = server.owner().await;
    let cookie = &owner.headers.iter().find(|(name, _)| name == "cookie").unwrap().1;
    let large = vec![b' '; 3 << 20];
    let head = format!(
        "POST /api/v1/workspaces/acme/folders HTTP/1.1\r\nhost: x\r\norigin: {}\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        server.origin(),
        large.len()
    );
    for _ in 0..20 {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        // As simple clients do: all of it first, then a look at the answer.
        stream.write_all(&large).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        assert!(
            answer.starts_with(b"HTTP/1.1 413"),
            "{}",
            String::from_utf8_lossy(&answer)
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_left_and_asks_again_with_its_key_gets_one() {
    let server = server().await;
    let program = server.program().await;
    let bearer = &program.headers[0].1;
    let path = "/api/v1/workspaces/acme/folders";
    for count in 0..60_u64 {
        let body = json!({"title": format!("Folder {count}")}).to_string();
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        let request = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: {bearer}\r\nidempotency-key: {count}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_micros(count * 100)).await;
        drop(stream);
        let keyed = program.clone().with("idempotency-key", &count.to_string());
        keyed
            .send(Method::POST, path, Some("application/json"), body)
            .await
            .expect(201);
    }
    let folders = program.get(path).await.expect(200);
    assert_eq!(folders["items"].as_array().unwrap().len(), 60);
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_that_do_not_fit_a_function_are_no_defect() {
    let server = server().await;
    let owner = server.owner().await;
    for (function, arguments) in [
        ("dataset/list", json!({"workspace": 5})),
        ("dataset/list", json!({})),
        ("dashboard/ops", json!({"workspace": "acme", "id": "x", "request": {}})),
        ("query/batch", json!([])),
        ("query/batch", json!(null)),
    ] {
        let reply = owner.post(&format!("/api/fn/{function}"), &arguments).await;
        let status = reply.status;
        assert_eq!(
            (status.as_u16(), &reply.json()["code"]),
            (422, &json!("invalid")),
            "{function}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_description_and_its_page_are_there_without_a_network() {
    let server = server().await;
    let document = server.visitor().get("/api/openapi.json").await.expect(200);
    assert_eq!(document["openapi"], "3.1.0");
    assert!(document["paths"]["/api/v1/workspaces/{w}/query"]["post"]["requestBody"].is_object());
    let page = server.visitor().get("/api/docs").await;
    assert!(page.header("content-security-policy").contains("default-src 'none'"));
    let text = page.text();
    assert!(
        text.contains("/api/v1/workspaces/{w}/datasets")
            && !text.contains("src=\"http")
            && !text.contains("href=\"http")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cookies_that_make_no_sense_are_nobody() {
    let server = server().await;
    server.owner().await;
    for value in [
        "sightline=",
        "sightline=x",
        "sightline=AAAAAAAAAAAAAAAAAAAAAA; sightline=BBBBBBBBBBBBBBBBBBBBBB",
        &format!("sightline={}", "A".repeat(4096)),
    ] {
        server
            .visitor()
            .with("cookie", value)
            .get("/api/v1/me")
            .await
            .refused(401, "unauthenticated");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn over_https_the_cookie_belongs_to_this_host_alone() {
    let server = TestServer::start_with(
        TestDatabase::sqlite().await,
        &[("SIGHTLINE_PUBLIC_URL", "https://bi.example.com")],
    )
    .await;
    let visitor = server.visitor().with("origin", "https://bi.example.com");
    let body = json!({"token": server.setup_token().await, "email": "ann@example.org", "name": "Ann", "password": support::server::PASSWORD, "workspace": "Acme"});
    let reply = visitor.post("/api/v1/setup", &body).await;
    let set = reply.header("set-cookie");
    assert!(
        set.starts_with("__Host-sightline=") && set.contains("Secure") && !set.contains("Domain"),
        "{set}"
    );
    assert!(reply.header("strict-transport-security").contains("max-age=31536000"));
    assert!(!cookie(&reply).is_empty());
    let foreign = server.visitor().with("origin", &server.origin());
    foreign
        .post("/api/v1/session", &json!({}))
        .await
        .refused(403, "cross_site");
}

#[tokio::test(flavor = "multi_thread")]
async fn broken_http_is_refused_and_closed() {
    let server = server().await;
    for request in [
        "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "nonsense\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n",
        "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(std::time::Duration::from_secs(5), stream.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "{request:?} left the connection open");
        let text = String::from_utf8_lossy(&answer);
        assert!(
            text.is_empty() || text.starts_with("HTTP/1.1 400"),
            "{request:?}: {text}"
        );
    }
    server.visitor().get("/healthz").await.expect(200);
}
