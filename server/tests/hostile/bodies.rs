//! Group F: bodies that are too deep, too large, not what they say, or not what they look like.

use std::time::{Duration, Instant};

use http::Method;
use serde_json::{Value, json};
use server::routes::{Content, table};
use testkit::TestDatabase;

use crate::{
    clean::{complaint, expect_alive, expect_clean, expect_none},
    openapi::functions,
    people::{NO_RATES, member},
    raw::exchange,
    sample::{Body, sample},
    support::{Client, TestServer, server::orders},
    world::{Caller, W, World, text},
};

async fn server() -> TestServer {
    TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await
}

/// Every address that takes JSON.
fn takers_of_json() -> Vec<(Method, String)> {
    let routes = table()
        .into_iter()
        .filter(|route| matches!(route.request, Some(Content::Json(_) | Content::Document(_))));
    let routes = routes.map(|route| (route.method.clone(), route.path.to_owned()));
    let functions = functions().into_iter().map(|path| (Method::POST, path));
    routes.chain(functions).collect()
}

/// Addresses with a body that fits, for the owner of the workspace.
async fn with_bodies(world: &World, owner: &Client) -> Vec<(Method, String, Value)> {
    let mut found = Vec::new();
    for (method, template) in takers_of_json() {
        let whole = sample(world, owner, &method, &template).await;
        if let Body::Json(body) = whole.body {
            found.push((method, whole.path, body));
        }
    }
    found
}

/// What doors with a proof of their own may say before they read.
fn allowed(path: &str, refusal: u16) -> Vec<u16> {
    let asks_first = ["/embed/", "/s/", "/api/v1/people", "/api/v1/settings"]
        .iter()
        .any(|start| path.starts_with(start));
    if asks_first {
        vec![refusal, 401, 403]
    } else {
        vec![refusal]
    }
}

/// Texts that are not JSON, though some readers take them.
fn no_json(body: &Value) -> Vec<String> {
    let text = body.to_string();
    let (inside, first) = (
        &text[1..text.len() - 1],
        body.as_object().and_then(|fields| fields.iter().next()),
    );
    let mut texts = vec![
        String::new(),
        format!("{{{inside},}}"),
        format!("{{{inside}"),
        format!("{{/* why */{inside}}}"),
        format!("{{{inside}}} // why"),
        format!("{{{inside}}}{{}}"),
        format!("\u{feff}{{{inside}}}"),
        format!("{{{inside}}}\u{0}"),
        "\u{fffd}".to_owned(),
    ];
    if let Some((name, value)) = first {
        let name = json!(name);
        texts.push(text.replace('"', "'"));
        texts.push(format!("{{{name}:{value},{inside}}}"));
        for odd in [
            "NaN",
            "Infinity",
            "-Infinity",
            "undefined",
            "0x10",
            "01",
            "+1",
            ".5",
            "1.",
            "'x'",
            "\"\\x41\"",
            "\"\t\"",
        ] {
            texts.push(text.replacen(&format!("{name}:{value}"), &format!("{name}:{odd}"), 1));
        }
    }
    texts
}

/// F01, F03 and F06
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_is_refused_everywhere() {
    let world = World::new(TestDatabase::sqlite().await).await;
    // Whoever is refused before the body is read has to come back on another connection.
    let owner = world.client(Caller::Owner).await.with("connection", "close");
    let mut wrong = Vec::new();
    let (lists, objects) = ("[".repeat(100_000), "{\"a\":".repeat(100_000));
    for (method, path, body) in with_bodies(&world, &owner).await {
        let texts = no_json(&body);
        for text in texts.iter().chain([&lists, &objects]) {
            let reply = owner
                .send(method.clone(), &path, Some("application/json"), text.clone())
                .await;
            let shown: String = text.chars().take(80).collect();
            let complaint = complaint(&reply, &allowed(&path, 400));
            wrong.extend(complaint.map(|said| format!("{method} {path} {shown}: {said}")));
        }
        for kind in [
            None,
            Some("text/plain"),
            Some("application/x-www-form-urlencoded"),
            Some("multipart/form-data; boundary=edge"),
            Some("application/json; charset=utf-16"),
            Some("application/xml"),
            Some("text/json"),
            Some("json"),
        ] {
            let reply = owner.send(method.clone(), &path, kind, body.to_string()).await;
            let complaint = complaint(&reply, &allowed(&path, 415));
            wrong.extend(complaint.map(|said| format!("{method} {path} as {kind:?}: {said}")));
        }
    }
    expect_none(&wrong);
    expect_alive(&world.server).await;
}

/// F03: also where any field is welcome.
#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_is_named_twice_has_no_value() {
    let server = server().await;
    let owner = server.owner().await;
    member(&server, &owner, "bob", "viewer").await;
    let dataset = orders(&owner).await;
    let model = text(&dataset, "/model");
    let mut wrong = Vec::new();
    let query = |condition: &str| format!(r#"{{"model":"{model}","metrics":["row_count"],"where":{condition}}}"#);
    for (path, body) in [
        (
            "members",
            r#"{"email":"x@example.org","role":"viewer","role":"owner"}"#.to_owned(),
        ),
        (
            "members",
            r#"{"email":"x@example.org","role":"viewer","\u0072ole":"owner"}"#.to_owned(),
        ),
        (
            "invites",
            r#"{"role":"viewer","attributes":{"team":"a","team":"b"}}"#.to_owned(),
        ),
        (
            "invites",
            r#"{"role":"viewer","attributes":{"x":{"team":"a","t\u0065am":"b"}}}"#.to_owned(),
        ),
        (
            "query",
            query(r#"{"field":"orders.region","op":"eq","value":"EU","value":"US"}"#),
        ),
        (
            "query",
            query(r#"{"and":[],"and":[{"field":"orders.region","op":"is_null"}]}"#),
        ),
        (
            "query",
            query(r#"{"not":{"field":"orders.region","op":"is_null","op":"is_not_null"}}"#),
        ),
        (
            "query",
            format!(r#"{{"model":"{model}","metrics":[{{"metric":"row_count","as":"a","as":"b"}}]}}"#),
        ),
    ] {
        let reply = owner
            .send(
                Method::POST,
                &format!("{W}/{path}"),
                Some("application/json"),
                body.clone(),
            )
            .await;
        wrong.extend(complaint(&reply, &[400]).map(|said| format!("{body}: {said}")));
    }
    let function = r#"{"workspace":"acme","workspace":"acme"}"#;
    let reply = owner
        .send(Method::POST, "/api/fn/dataset/list", Some("application/json"), function)
        .await;
    wrong.extend(complaint(&reply, &[400, 422]).map(|said| format!("{function}: {said}")));
    expect_none(&wrong);
}

testkit::for_each_database! {
    /// F02
    async fn a_number_is_kept_as_it_is_or_refused(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        let bob = crate::people::id_of(&member(&server, &owner, "bob", "viewer").await).await;
        let path = format!("{W}/members/{bob}");
        for number in [
            "9007199254740993", "-9007199254740993", "9223372036854775808", "18446744073709551615", "18446744073709551617",
            "-9223372036854775809", "123456789012345678901234567890", "1e400", "-1e400", "1e308", "0.1", "-0.0", "5e-324",
        ] {
            let body = format!(r#"{{"role":"viewer","attributes":{{"number":{number}}}}}"#);
            let reply = owner.send(Method::PUT, &path, Some("application/json"), body).await;
            if expect_clean(&reply, &[200, 422]) == 200 {
                let kept = owner.get(&path).await.expect(200)["attributes"]["number"].to_string();
                assert!(is_same(&kept, number), "{number} became {kept}");
            }
        }
    }

    /// F04
    async fn a_text_is_kept_to_the_byte_or_refused(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        let dataset = orders(&owner).await;
        let made = owner.post(&format!("{W}/dashboards"), &json!({"title": "x", "dataset": dataset["id"]})).await.expect(201);
        let dashboard = format!("{W}/dashboards/{}", text(&made, "/id"));
        let model = format!("{W}/models/{}", text(&dataset, "/model"));
        let folders = format!("{W}/folders");
        let texts = [
            "e\u{301}t\u{e9}", "\u{e9}te\u{301}", "\u{202e}gnp.exe", "\u{2067}\u{5e9}\u{5dc}\u{5d5}\u{5dd}\u{2069}", "\u{1f468}\u{200d}\u{1f469}",
            "\u{10ffff}", "\u{fffe}x", "x\u{feff}y", "a\u{2028}b\u{2029}c", "Zalgo\u{300}\u{301}\u{302}\u{303}\u{304}", "\u{212b}\u{c5}A\u{30a}",
            "'\"\\`{}%_;--", "\u{fb01}\u{131}\u{130}\u{df}", "\\u0000 \\ud800", "x\u{a0}y\u{3000}z", "<b>&amp;\u{3c}",
        ];
        for text in texts {
            let folder = owner.post(&folders, &json!({"title": text})).await.expect(201);
            assert_eq!(folder["title"], text);
            let label = json!({"label": text});
            let dataset = format!("{W}/datasets/{}", dataset["id"].as_str().unwrap());
            owner.put(&dataset, &label).await.expect(200);
            let mut document = owner.get(&model).await.expect(200);
            document["description"] = json!(text);
            owner.put(&model, &document).await.expect(200);
            let mut draft = owner.get(&dashboard).await.expect(200)["document"].clone();
            draft["title"] = json!(text);
            draft["pages"][0]["title"] = json!(text);
            owner.put(&dashboard, &draft).await.expect(200);
            owner.put("/api/v1/me", &json!({"name": text})).await.expect(200);
            let kept = [
                owner.get(&dataset).await.expect(200)["label"].clone(),
                owner.get(&model).await.expect(200)["description"].clone(),
                owner.get(&dashboard).await.expect(200)["document"]["title"].clone(),
                owner.get(&dashboard).await.expect(200)["document"]["pages"][0]["title"].clone(),
                owner.get("/api/v1/me").await.expect(200)["user"]["name"].clone(),
            ];
            assert_eq!(kept, [json!(text), json!(text), json!(text), json!(text), json!(text)]);
        }
        let all = owner.get(&folders).await.expect(200);
        let titles = all["items"].as_array().unwrap().iter().map(|folder| folder["title"].as_str().unwrap());
        assert_eq!(titles.collect::<std::collections::BTreeSet<_>>(), texts.into_iter().collect());
        let raw = async |body: String, allowed: &[u16]| {
            let reply = owner.send(Method::POST, &folders, Some("application/json"), body).await;
            expect_clean(&reply, allowed);
        };
        for broken in ["\\ud800", "\\udc00", "\\ud800x", "\\udc00\\ud800", "\\u0000", "a\\u0000"] {
            raw(format!(r#"{{"title":"{broken}"}}"#), &[422]).await;
        }
        raw(format!(r#"{{"title":"{}"}}"#, "e\u{301}".repeat(300_000)), &[422]).await;
        let bytes = [b"{\"title\":\"".as_slice(), &[0xed, 0xa0, 0x80], b"\"}"].concat();
        let reply = owner.send(Method::POST, &folders, Some("application/json"), bytes).await;
        expect_clean(&reply, &[400, 422]);
        // A form's parts are no JSON, and the database is the same.
        for (name, options) in [("a\u{0}b", "{}"), ("x", "{\"sheet\":\"a\\u0000b\"}"), ("x", "{\"types\":{\"a\\u0000\":\"text\"}}"), ("\u{202e}\u{1f4a9}", "{}")] {
            let form = [
                "--edge\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\n", name,
                "\r\n--edge\r\nContent-Disposition: form-data; name=\"options\"\r\n\r\n", options,
                "\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\u{1}.csv\"\r\n\r\na,b\n1,2\n\r\n--edge--\r\n",
            ].concat();
            let reply = owner.send(Method::POST, &format!("{W}/datasets"), Some("multipart/form-data; boundary=edge"), form).await;
            expect_clean(&reply, &[201, 400, 422]);
        }
    }
}

/// Whether two spellings are one number, to the last digit of an integer.
fn is_same(kept: &str, sent: &str) -> bool {
    let is_integer = !sent.contains(['.', 'e']);
    kept == sent
        || (!is_integer && kept.parse::<f64>().unwrap().to_string() == sent.parse::<f64>().unwrap().to_string())
        || (sent.trim_start_matches('-').parse::<f64>() == Ok(0.0) && kept.parse::<f64>() == Ok(0.0))
}

/// Patterns that make a backtracking reader try for ever, or a careless one build for ever.
const PATTERNS: [&str; 15] = [
    "(a+)+$",
    "(a|aa)+$",
    "(a*)*b",
    "(.*a){20}$",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(a?){50}a{50}",
    "((a{1,100}){1,100}){1,100}",
    "(?:a{1000}){1000}",
    "a{0,100000}",
    "\\pL{200}\\pN{200}\\w{200}",
    "(?i)(?:\\w|\\d|\\s)+!$",
    "(((((((((((((((((((((a)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*)*$",
    "(?=a)a",
    "(a)\\1",
    "[",
];

/// F07
#[tokio::test(flavor = "multi_thread")]
async fn a_pattern_takes_no_longer_than_its_text() {
    let server = server().await;
    let owner = server.owner().await;
    let rows: String = (0..500).map(|row| format!("{}{row}!\n", "a".repeat(1_000))).collect();
    let path = format!("{W}/datasets");
    let made = owner
        .upload(&path, "long.csv", format!("word\n{rows}").as_bytes(), None)
        .await
        .expect(201);
    let model = text(&made, "/model");
    let mut wrong = Vec::new();
    for pattern in PATTERNS
        .map(str::to_owned)
        .into_iter()
        .chain(["(a|b)".repeat(20_000), "a|".repeat(200_000)])
    {
        for op in ["matches", "contains", "starts_with"] {
            let query = json!({"model": model, "metrics": ["row_count"], "where": {"field": format!("{model}.word"), "op": op, "value": pattern}});
            let started = Instant::now();
            let reply = owner.post(&format!("{W}/query"), &query).await;
            let shown: String = pattern.chars().take(60).collect();
            wrong.extend(complaint(&reply, &[200, 422]).map(|said| format!("{op} {shown}: {said}")));
            if started.elapsed() > Duration::from_secs(5) {
                wrong.push(format!("{op} {shown} took {:?}", started.elapsed()));
            }
        }
    }
    expect_none(&wrong);
    expect_alive(&server).await;
}

/// F08
#[tokio::test(flavor = "multi_thread")]
async fn a_length_that_is_none_or_a_lie_is_refused() {
    let server = server().await;
    let program = server.program().await;
    let bearer = &program.headers[0].1;
    let head = |path: &str, kind: &str, more: &str| {
        format!(
            "POST {W}/{path} HTTP/1.1\r\nhost: x\r\nauthorization: {bearer}\r\ncontent-type: {kind}\r\n{more}\r\n\r\n"
        )
    };
    let (json, form) = ("application/json", "multipart/form-data; boundary=edge");
    let folder = r#"{"title":"x"}"#;
    let mut wrong = Vec::new();
    let large = format!("{:x}\r\n{}\r\n0\r\n\r\n", 1_100_000, " ".repeat(1_100_000));
    let cases = [
        (json, "content-length: -1", folder, 400),
        (json, "content-length: +13", folder, 400),
        (json, "content-length: 0x0d", folder, 400),
        (json, "content-length: 1e1", folder, 400),
        (json, "content-length: 18446744073709551616", folder, 400),
        (json, "content-length: 13, 14", folder, 400),
        (json, "content-length: 13 13", folder, 400),
        (json, "content-length:", folder, 400),
        (json, "content-length: 9223372036854775807", folder, 413),
        (json, "content-length: 5368709120", folder, 413),
        (json, "content-length: 1048577", folder, 413),
        (json, "content-length: 5", folder, 400),
        (json, "transfer-encoding: chunked", "ffffffffffffffffff\r\nx", 400),
        (json, "transfer-encoding: chunked", "-1\r\nx", 400),
        (
            json,
            "transfer-encoding: chunked",
            "d\r\n{\"title\":\"x\"}zz0\r\n\r\n",
            400,
        ),
        (json, "transfer-encoding: chunked", large.as_str(), 413),
        (form, "content-length: 5368709120", "--edge\r\n", 413),
    ];
    for (kind, length, body, status) in cases {
        let path = if kind == json { "folders" } else { "datasets" };
        let heard = exchange(server.address, format!("{}{body}", head(path, kind, length)).as_bytes()).await;
        // What a reader cannot even split into requests it may close on without a word.
        if !(heard.is_closed && (heard.status() == status || heard.text.is_empty())) {
            let shown: String = heard.text.chars().take(200).collect();
            wrong.push(format!(
                "{length} with {} bytes: closed {}, {shown}",
                body.len(),
                heard.is_closed
            ));
        }
    }
    expect_none(&wrong);
    let folders = program.get(&format!("{W}/folders")).await.expect(200);
    assert_eq!(folders["items"], json!([]));
    expect_alive(&server).await;
}
