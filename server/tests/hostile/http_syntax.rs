//! Group H: requests that are hardly HTTP, and what headers must and must not do.

use std::{
    fs,
    io::Read as _,
    process::{Command, Stdio},
    time::Duration,
};

use http::Method;
use leptos::server_fn::axum::server_fn_paths;
use serde_json::{Value, json};
use server::{page_paths, routes::table};
use shared::permission::PlatformRole;
use tempfile::TempDir;
use testkit::TestDatabase;

use crate::{
    clean::{complaint, expect_alive, expect_clean, expect_none},
    people::{NO_RATES, make, sign_in},
    raw::exchange,
    support::{Reply, TestServer, server::orders},
    world::{W, text},
};

async fn server() -> TestServer {
    TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await
}

/// H01: the rest of it is in `http.rs`.
#[tokio::test(flavor = "multi_thread")]
async fn refusals_redirects_and_files_have_the_headers_too() {
    let server = server().await;
    let owner = server.owner().await;
    let visitor = server.visitor();
    let page = owner.clone().with("accept", "text/html");
    let stranger = visitor.clone().with("accept", "text/html");
    let large = vec![b' '; (1 << 20) + 1];
    let folders = format!("{W}/folders");
    let json = Some("application/json");
    let replies: Vec<(u16, Reply)> = vec![
        (302, page.get("/").await),
        (303, stranger.get("/w/acme").await),
        (200, page.get("/w/acme/dashboards").await),
        (404, page.get("/w/none").await),
        (404, stranger.get("/no/such/page").await),
        (404, visitor.get("/assets/none.js").await),
        (200, visitor.get("/favicon.ico").await),
        (200, owner.get("/api/v1/audit/export").await),
        (200, owner.send(Method::HEAD, "/api/v1/me", None, "").await),
        (405, visitor.send(Method::OPTIONS, "/api/v1/me", None, "").await),
        (401, visitor.get("/api/v1/me").await),
        (403, visitor.send(Method::POST, &folders, json, "{}").await),
        (400, owner.send(Method::POST, &folders, json, "{").await),
        (413, owner.send(Method::POST, &folders, json, large).await),
        (414, visitor.get(&format!("/{}", "x".repeat(9_000))).await),
        (415, owner.send(Method::POST, &folders, None, "{}").await),
        (422, owner.send(Method::POST, &folders, json, "{}").await),
        (431, visitor.clone().with("x-large", &"x".repeat(17_000)).get("/").await),
        (404, stranger.get("/s/unknown").await),
        (404, stranger.get("/invite/unknown").await),
    ];
    let mut wrong = Vec::new();
    for (status, reply) in &replies {
        let mut check = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{status}: {what}: {:?}", reply.headers));
            }
        };
        check(reply.status == *status, "another status");
        check(reply.header("x-content-type-options") == "nosniff", "sniffing");
        check(
            reply.header("content-security-policy").contains("default-src 'none'"),
            "policy",
        );
        check(
            reply
                .header("content-security-policy")
                .contains("frame-ancestors 'none'"),
            "frames",
        );
        check(!reply.header("referrer-policy").is_empty(), "referrer");
        check(reply.header("cross-origin-opener-policy") == "same-origin", "opener");
        check(!reply.header("cross-origin-resource-policy").is_empty(), "resource");
        check(!reply.header("cache-control").is_empty(), "cache");
        check(reply.header("x-request-id").len() == 36, "request id");
        check(
            reply.header("server").is_empty() && reply.header("x-powered-by").is_empty(),
            "product",
        );
        let kind = reply.header("content-type");
        check(!kind.starts_with("text/") || kind.contains("charset=utf-8"), "charset");
        check(reply.body.is_empty() || !kind.is_empty(), "no type");
    }
    expect_none(&wrong);
}

/// Ways out of a folder.
const WAYS_OUT: [&str; 30] = [
    "../Cargo.toml",
    "../../../../../../../../etc/passwd",
    "..%2fCargo.toml",
    "..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd",
    "..%252fCargo.toml",
    "..%25252fCargo.toml",
    "%2e%2e/Cargo.toml",
    "%2e%2e%2fCargo.toml",
    "%252e%252e%252fCargo.toml",
    "..\\Cargo.toml",
    "..%5cCargo.toml",
    "..%255cCargo.toml",
    "%c0%ae%c0%ae/Cargo.toml",
    "%c0%ae%c0%ae%c0%afetc%c0%afpasswd",
    "%e0%80%ae%e0%80%ae/Cargo.toml",
    "%uff0e%uff0e/Cargo.toml",
    "....//Cargo.toml",
    "..;/Cargo.toml",
    "./.././Cargo.toml",
    "/etc/passwd",
    "%2fetc%2fpasswd",
    "file:///etc/passwd",
    "C:%5cwindows%5cwin.ini",
    "%5c%5chost%5cshare",
    "app.js%00.css",
    "canary.txt",
    "sightline.db",
    "files",
    ".git/config",
    ".env",
];

/// H02
#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_out_of_what_is_served() {
    let server = server().await;
    server.owner().await;
    let data = &server.instance.settings.data;
    fs::write(data.join("canary.txt"), "canary-of-the-disk").unwrap();
    let absolute = data.join("canary.txt").display().to_string();
    let ways: Vec<&str> = WAYS_OUT.into_iter().chain([absolute.as_str()]).collect();
    let mut wrong = Vec::new();
    for base in [
        "/",
        "/assets/",
        "/assets/app/",
        "/s/",
        "/embed/d/",
        "/w/acme/datasets/",
        "/api/v1/workspaces/",
        "/favicon.ico/",
    ] {
        for way in &ways {
            let request = format!("GET {base}{way} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
            let heard = exchange(server.address, request.as_bytes()).await;
            let told = ["canary-of-the-disk", "root:x:", "[package]", "SQLite format", "[core]"];
            let refused = [303, 307, 400, 401, 404].contains(&heard.status());
            if !refused || told.iter().any(|word| heard.text.contains(word)) {
                wrong.push(format!(
                    "{base}{way}: {}",
                    heard.text.chars().take(200).collect::<String>()
                ));
            }
        }
    }
    expect_none(&wrong);
}

/// Heads that two readers could understand in two ways, or none at all. Behind each stands a request that must not be
/// answered: it would be somebody else's.
const BROKEN: [&str; 32] = [
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5, 6\r\n\r\nhello",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0x5\r\n\r\nhello",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: +5\r\n\r\nhello",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\nhello",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5 5\r\n\r\nhello",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length : 5\r\n\r\nhello",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\u{b}chunked\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nX: y\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost : x\r\n\r\n",
    "GET /healthz HTTP/1.1\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\rb\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nno colon\r\n\r\n",
    "GET /healthz HTTP/1.1\r\nHost: x\r\nX(Y): z\r\n\r\n",
    "GET /health z HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET\t/healthz\tHTTP/1.1\r\nHost: x\r\n\r\n",
    "GET /healthz http/1.1\r\nHost: x\r\n\r\n",
    "GET /healthz HTTP/1.2\r\nHost: x\r\n\r\n",
    "GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n",
    "GET /healthz\r\n\r\n",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "G\u{e4}T /healthz HTTP/1.1\r\nHost: x\r\n\r\n",
    "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0",
];

/// Two lengths, of which the parser passes one on: answered by the chunks and closed, as the standard wants it.
const TWO_LENGTHS: [&str; 2] = [
    "POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "POST /healthz HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
];

const NEXT: &str = "GET /robots.txt HTTP/1.1\r\nhost: x\r\n\r\n";

/// H03
#[tokio::test(flavor = "multi_thread")]
async fn what_can_be_read_in_two_ways_is_refused_and_closed() {
    let server = server().await;
    let mut wrong = Vec::new();
    for broken in BROKEN {
        let heard = exchange(server.address, format!("{broken}{NEXT}").as_bytes()).await;
        let refused = heard.text.is_empty() || heard.status() == 400;
        if !refused || !heard.is_closed || heard.answers() > 1 {
            wrong.push(format!("{broken:?}: closed {}, {}", heard.is_closed, heard.text));
        }
    }
    for request in TWO_LENGTHS {
        let heard = exchange(server.address, format!("{request}{NEXT}").as_bytes()).await;
        if ![400, 405].contains(&heard.status()) || !heard.is_closed || heard.answers() > 1 {
            wrong.push(format!("{request:?}: closed {}, {}", heard.is_closed, heard.text));
        }
    }
    let many: String = (0..400).map(|number| format!("X{number}: y\r\n")).collect();
    for (head, statuses) in [
        (format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{many}\r\n"), [400, 431]),
        (
            format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "y".repeat(200_000)),
            [400, 431],
        ),
        (
            format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "y".repeat(200_000)),
            [400, 414],
        ),
        (
            format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}: z\r\n\r\n", "y".repeat(200_000)),
            [400, 431],
        ),
    ] {
        let heard = exchange(server.address, head.as_bytes()).await;
        // Too long to be read to its end, it may also be closed upon without a word.
        let refused = heard.text.is_empty() || statuses.contains(&heard.status()) || heard.status() == 431;
        if !refused || !heard.is_closed {
            wrong.push(format!("{}…: closed {}, {}", &head[..40], heard.is_closed, heard.text));
        }
    }
    // No other protocol is spoken, whoever asks for it.
    for upgrade in ["websocket", "h2c", "TLS/1.0"] {
        let head = format!(
            "GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: {upgrade}\r\n\
             HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        let heard = exchange(server.address, head.as_bytes()).await;
        if heard.status() == 101 {
            wrong.push(format!("upgraded to {upgrade}"));
        }
    }
    expect_none(&wrong);
    expect_alive(&server).await;
}

/// H04
#[tokio::test(flavor = "multi_thread")]
async fn no_other_origin_is_let_in() {
    let server = server().await;
    let owner = server.owner().await;
    let cookie = &owner.headers.iter().find(|(name, _)| name == "cookie").unwrap().1;
    let own = server.origin();
    for origin in [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        format!("{own}.evil.example"),
        format!("{own}0"),
        own.replace("http://", "https://"),
        format!("http://evil.example/{own}"),
        "file://".to_owned(),
        "*".to_owned(),
    ] {
        let page = server.visitor().with("cookie", cookie).with("origin", &origin);
        for path in [
            "/api/v1/me",
            "/api/v1/workspaces/acme/datasets",
            "/healthz",
            "/assets/none.js",
            "/login",
        ] {
            let asked = page
                .clone()
                .with("access-control-request-method", "POST")
                .with("access-control-request-headers", "content-type,authorization");
            for reply in [page.get(path).await, asked.send(Method::OPTIONS, path, None, "").await] {
                let allows = reply
                    .headers
                    .keys()
                    .find(|name| name.as_str().starts_with("access-control-"));
                assert_eq!(allows, None, "{origin} {path}");
            }
        }
        let reply = page.post(&format!("{W}/folders"), &json!({"title": "x"})).await;
        expect_clean(&reply, &[403]);
    }
}

/// Addresses at which other servers show their inside.
const INSIDE: [&str; 60] = [
    ".env",
    ".git/HEAD",
    ".git/config",
    ".svn/entries",
    ".DS_Store",
    ".htaccess",
    ".aws/credentials",
    ".ssh/id_rsa",
    "actuator",
    "actuator/env",
    "actuator/heapdump",
    "admin",
    "admin.php",
    "api",
    "api/debug",
    "api/v1",
    "api/v2",
    "api-docs",
    "backup.sql",
    "cgi-bin/test",
    "config",
    "config.json",
    "console",
    "debug",
    "debug/pprof",
    "debug/pprof/heap",
    "debug/vars",
    "docker-compose.yml",
    "dump",
    "env",
    "error",
    "graphql",
    "health",
    "heapdump",
    "info",
    "jolokia",
    "logs",
    "log",
    "manager/html",
    "nginx_status",
    "phpinfo.php",
    "pprof",
    "server-info",
    "server-status",
    "sightline.db",
    "sightline.toml",
    "solr",
    "stats",
    "status",
    "swagger",
    "swagger.json",
    "swagger-ui",
    "sys",
    "test",
    "trace",
    "tmp",
    "v1",
    "version",
    "wp-admin",
    "wp-login.php",
];

/// H05
#[tokio::test(flavor = "multi_thread")]
async fn there_are_no_other_methods_and_no_hidden_addresses() {
    let server = server().await;
    let owner = server.owner().await;
    let functions = server_fn_paths().map(|(path, _)| path.to_owned());
    let mut paths: Vec<String> = table()
        .into_iter()
        .map(|route| route.path.to_owned())
        .chain(functions)
        .chain(page_paths())
        .collect();
    paths.sort();
    paths.dedup();
    let methods = [
        "TRACE", "PROPFIND", "PATCH", "OPTIONS", "DEBUG", "MKCOL", "get", "QUERY",
    ];
    let mut wrong = Vec::new();
    for path in &paths {
        let path = path.replace("{w}", "acme").replace(['{', '}', '*'], "");
        for method in methods {
            let reply = owner
                .send(Method::from_bytes(method.as_bytes()).unwrap(), &path, None, "")
                .await;
            wrong.extend(complaint(&reply, &[405]).map(|said| format!("{method} {path}: {said}")));
        }
    }
    for target in ["127.0.0.1:22", "evil.example:443", "/healthz"] {
        let request = format!("CONNECT {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let heard = exchange(server.address, request.as_bytes()).await;
        if !heard.text.is_empty() && ![400, 404, 405].contains(&heard.status()) {
            wrong.push(format!("CONNECT {target}: {}", heard.text));
        }
    }
    for path in INSIDE {
        for method in [Method::GET, Method::POST] {
            let reply = owner.send(method.clone(), &format!("/{path}"), None, "").await;
            wrong.extend(complaint(&reply, &[404, 405]).map(|said| format!("{method} /{path}: {said}")));
        }
    }
    expect_none(&wrong);
}

/// H06
#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_one_person_is_kept_for_another() {
    let server = server().await;
    let owner = server.owner().await;
    make(&server, "olga", PlatformRole::Analyst).await;
    let olga = sign_in(&server, "olga").await;
    let dataset = orders(&owner).await;
    let path = format!("{W}/datasets/{}", text(&dataset, "/id"));
    let seen = owner.get(&path).await;
    let tag = seen.header("etag").to_owned();
    assert!(!tag.is_empty() && seen.header("cache-control").contains("no-store"));
    for names in [tag.as_str(), "*", "W/\"x\", *"] {
        let knowing = olga
            .clone()
            .with("if-none-match", names)
            .with("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT");
        expect_clean(&knowing.get(&path).await, &[404]);
        let stranger = server.visitor().with("if-none-match", names);
        expect_clean(&stranger.get(&path).await, &[401]);
    }
    for header in [
        "x-original-url",
        "x-rewrite-url",
        "x-forwarded-uri",
        "x-http-method-override",
        "x-method-override",
        "x-forwarded-for",
        "x-real-ip",
        "x-user",
    ] {
        for value in ["/healthz", "/api/v1/people", "DELETE", "127.0.0.1", "ann@example.org"] {
            let odd = server.visitor().with(header, value);
            odd.get("/healthz").await.expect(200);
            expect_clean(&odd.get("/api/v1/me").await, &[401]);
            expect_clean(&olga.clone().with(header, value).get(&path).await, &[404]);
        }
    }
    owner.get(&path).await.expect(200);
    let ranges = |unit: &str| {
        format!(
            "{unit}={}",
            (0..1_000).map(|at| format!("{at}-")).collect::<Vec<_>>().join(",")
        )
    };
    let whole = server.visitor().get("/api/openapi.json").await.body.len();
    for range in [
        ranges("bytes"),
        "bytes=0-0,-1".to_owned(),
        "bytes=99999999999-".to_owned(),
        "bytes=-0".to_owned(),
        "lines=1-2".to_owned(),
    ] {
        for path in ["/api/openapi.json", "/favicon.ico", "/robots.txt"] {
            let reply = server.visitor().with("range", &range).get(path).await;
            expect_clean(&reply, &[200, 206, 400, 416]);
            assert!(
                reply.body.len() <= whole.max(100_000),
                "{} bytes for {range}",
                reply.body.len()
            );
        }
    }
}

/// H08
#[tokio::test(flavor = "multi_thread")]
async fn a_request_writes_one_line_of_the_log_whatever_is_in_it() {
    let folder = TempDir::new().unwrap();
    let mut serve = Command::new(env!("CARGO_BIN_EXE_sightline"));
    serve
        .args(["serve", "--listen", "127.0.0.1:0"])
        .arg("--data")
        .arg(folder.path().join("data"));
    serve
        .env_remove("DATABASE_URL")
        .env("SIGHTLINE_LOG_FORMAT", "json")
        .env("SIGHTLINE_LOG", "debug");
    let log = fs::File::create(folder.path().join("log")).unwrap();
    let mut child = serve.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
    let mut said = String::new();
    let mut output = child.stdout.take().unwrap();
    let address = loop {
        let mut part = [0; 256];
        let count = output.read(&mut part).unwrap();
        assert!(count > 0, "the server ended");
        said.push_str(&String::from_utf8_lossy(&part[..count]));
        let ready = said
            .split("Sightline is ready at http://")
            .nth(1)
            .and_then(|rest| rest.split_once('\n'));
        if let Some((address, _)) = ready {
            break address.trim().parse().unwrap();
        }
    };
    let long = "x".repeat(8_000);
    let odd = [
        "\u{1b}[2J\u{1b}]0;owned\u{7}",
        "a\tb",
        "{\"level\":\"ERROR\"}",
        "%0d%0aforged",
        "\u{202e}x",
        "a\u{85}b",
        &long,
    ];
    for text in odd {
        for name in [
            "user-agent",
            "referer",
            "x-request-id",
            "x-forwarded-for",
            "origin",
            "authorization",
            "accept",
            "x-forged-line",
        ] {
            let request = format!("GET /api/v1/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{name}: {text}\r\n\r\n");
            exchange(address, request.as_bytes()).await;
        }
        let address_line = text.replace(|letter: char| letter.is_whitespace() || letter.is_control(), "%0a");
        let request = format!("GET /w/{address_line}?{address_line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        exchange(address, request.as_bytes()).await;
        let request = format!(
            "FORGED{} / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
            text.len()
        );
        exchange(address, request.as_bytes()).await;
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let log = fs::read(folder.path().join("log")).unwrap();
    let lines: Vec<&[u8]> = log
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
        .collect();
    assert!(lines.len() >= odd.len() * 8, "{} lines", lines.len());
    for line in lines {
        let shown = String::from_utf8_lossy(line);
        let read: Value = serde_json::from_slice(line).unwrap_or_else(|_| panic!("no line of the log: {shown}"));
        assert!(read["level"].is_string() && line.len() < 4_000, "{shown}");
        assert!(!line.iter().any(|byte| *byte < b' ' || *byte == 0x7f), "{shown}");
        assert!(!shown.contains("owned"), "a header is in the log: {shown}");
    }
}
