//! Group L: clients that take more than their share.

use std::{
    net::{IpAddr, Ipv4Addr},
    time::{Duration, Instant},
};

use futures::future::join_all;
use serde_json::json;
use services::AuditService;
use shared::permission::PlatformRole;
use testkit::TestDatabase;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::{
    clean::{complaint, expect_alive, expect_clean, expect_none},
    openapi::Description,
    people::{NO_RATES, member},
    raw::{exchange_within, listen},
    seed::rounds,
    support::{Client, TestServer, server::orders},
    world::{W, text},
};

const SHORT: Duration = Duration::from_secs(1);
/// Twice the time after which the server gives up, and some for a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

async fn impatient() -> TestServer {
    TestServer::start_within(TestDatabase::sqlite().await, &NO_RATES, |limits| {
        limits.header_read = SHORT;
        limits.idle = SHORT;
        limits.answer = 2 * SHORT;
    })
    .await
}

/// Sends a byte now and then until the connection is closed; after how long that was.
async fn drip(server: &TestServer, head: &str, byte: u8) -> Option<Duration> {
    let started = Instant::now();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut part = [0; 1024];
    while started.elapsed() < PATIENCE {
        match timeout(SHORT / 5, stream.read(&mut part)).await {
            Ok(Ok(0) | Err(_)) => return Some(started.elapsed()),
            Ok(Ok(_)) => {}
            Err(_) => {
                if stream.write_all(&[byte]).await.is_err() {
                    return Some(started.elapsed());
                }
            }
        }
    }
    None
}

/// What nine of ten good requests take at most while others misbehave. The tenth may meet a busy machine.
async fn nine_of_ten(client: &Client, path: &str, count: usize) -> Duration {
    let mut times = Vec::new();
    for _ in 0..count {
        let started = Instant::now();
        client.get(path).await.expect(200);
        times.push(started.elapsed());
        sleep(Duration::from_millis(20)).await;
    }
    times.sort_unstable();
    times[count * 9 / 10]
}

/// L01
#[tokio::test(flavor = "multi_thread")]
async fn who_is_slow_is_closed_and_holds_nobody_up() {
    let server = impatient().await;
    let program = server.program().await;
    let post = format!(
        "POST {W}/folders HTTP/1.1\r\nhost: x\r\nauthorization: {}\r\ncontent-type: application/json\r\n",
        program.headers[0].1
    );
    let silent = join_all((0..40).map(|_| exchange_within(server.address, b"", PATIENCE)));
    let head = "GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ";
    let heads = join_all((0..40).map(|_| drip(&server, head, b'a')));
    let cut = join_all((0..20).map(|_| exchange_within(server.address, b"GET /heal", PATIENCE)));
    let stalled = format!("{post}content-length: 100\r\n\r\n{{");
    let bodies = join_all((0..20).map(|_| exchange_within(server.address, stalled.as_bytes(), PATIENCE)));
    let dripped = format!("{post}content-length: 1000\r\n\r\n{{");
    let dripping = join_all((0..20).map(|_| drip(&server, &dripped, b' ')));
    let good = nine_of_ten(&program, "/api/v1/me", 60);
    let (silent, heads, cut, bodies, dripping, good) = tokio::join!(silent, heads, cut, bodies, dripping, good);
    for heard in silent.iter().chain(&cut) {
        assert!(heard.is_closed && heard.after < 3 * SHORT, "{heard:?}");
    }
    for heard in &bodies {
        assert!(heard.is_closed && [0, 400].contains(&heard.status()), "{heard:?}");
    }
    assert!(
        heads.iter().all(|after| after.is_some_and(|after| after < 3 * SHORT)),
        "{heads:?}"
    );
    // A body may come slowly, but the answer has to begin in its time.
    assert!(dripping.iter().all(Option::is_some), "{dripping:?}");
    assert!(good < SHORT, "a good client waited {good:?}");
    expect_alive(&server).await;
}

/// L01
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_takes_is_given_up() {
    let server = impatient().await;
    let asked = "GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(200);
    let size = server.visitor().get("/api/openapi.json").await.body.len();
    let readers = (0..2).map(|_| async {
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        // It may be closed before all is asked.
        let _ = timeout(SHORT, stream.write_all(asked.as_bytes())).await;
        // All that the network between holds has to be full first.
        sleep(6 * SHORT).await;
        listen(stream, PATIENCE).await
    });
    let visitor = server.visitor();
    let (heard, good) = tokio::join!(join_all(readers), nine_of_ten(&visitor, "/healthz", 60));
    for heard in heard {
        assert!(heard.is_closed, "the connection is still open");
        assert!(heard.text.len() < 200 * size, "all was sent to nobody");
    }
    assert!(good < SHORT, "a good client waited {good:?}");
}

/// L01: after an answer the same patience holds for the next request.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_asks_nothing_more_is_closed() {
    let server = impatient().await;
    let heard = exchange_within(server.address, b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n", PATIENCE).await;
    assert_eq!(heard.status(), 200);
    assert!(
        heard.is_closed && heard.after >= SHORT / 2 && heard.after < 3 * SHORT,
        "{heard:?}"
    );
}

async fn connect_from(own: Ipv4Addr, server: &TestServer) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((IpAddr::V4(own), 0).into()).unwrap();
    socket.connect(server.address).await.unwrap()
}

/// L02
#[tokio::test(flavor = "multi_thread")]
async fn one_clients_connections_are_counted_and_all_are() {
    let few = [
        ("SIGHTLINE_MAX_CONNECTIONS", "60"),
        ("SIGHTLINE_MAX_CONNECTIONS_PER_CLIENT", "20"),
    ];
    let server = TestServer::start_with(TestDatabase::sqlite().await, &few).await;
    let [greedy, second, third, good] = [1, 2, 3, 4].map(|last| Ipv4Addr::new(127, 0, 0, last));
    let hold = async |own: Ipv4Addr, count: usize| join_all((0..count).map(|_| connect_from(own, &server))).await;
    let mut held = hold(greedy, 100).await;
    let refused = listen(held.pop().unwrap(), PATIENCE).await;
    assert_eq!((refused.status(), refused.is_closed), (503, true), "{refused:?}");
    assert!(refused.text.contains("retry-after"), "{refused:?}");
    // Others are let in while one client has more than its share.
    let other = Client::new(server.address).sent_from(IpAddr::V4(good));
    let answer = timeout(2 * SHORT, other.get("/healthz")).await;
    answer.expect("a good client has to wait").expect(200);
    drop(other);
    let more = [hold(second, 20).await, hold(third, 20).await];
    let full = listen(connect_from(good, &server).await, PATIENCE).await;
    assert_eq!(full.status(), 503, "{full:?}");
    drop((held, more));
    sleep(Duration::from_millis(300)).await;
    expect_alive(&server).await;
    let rushes = (0..rounds(300)).map(|_| TcpStream::connect(server.address));
    let rushed = join_all(rushes).await;
    drop(rushed);
    let started = Instant::now();
    let other = Client::new(server.address).sent_from(IpAddr::V4(good));
    while other.get("/healthz").await.status != 200 {
        assert!(started.elapsed() < 2 * SHORT, "the server does not recover");
        sleep(Duration::from_millis(50)).await;
    }
}

/// L03
#[tokio::test(flavor = "multi_thread")]
async fn one_persons_queries_are_their_own_affair() {
    let more = [("SIGHTLINE_RATE_QUERIES", "40"), ("SIGHTLINE_MAX_USER_QUERIES", "4")];
    let server = TestServer::start_with(TestDatabase::sqlite().await, &more).await;
    let owner = server.owner().await;
    let bob = member(&server, &owner, "bob", "viewer").await;
    let model = text(&orders(&owner).await, "/model");
    let query = |number: usize| {
        // Each another, so that none is answered from memory.
        let condition = json!({"field": format!("{model}.amount"), "op": "gt", "value": number});
        json!({"model": model, "dimensions": [format!("{model}.region")], "metrics": ["row_count"], "where": condition})
    };
    let path = format!("{W}/query");
    let bodies: Vec<_> = (0..100).map(query).collect();
    let flood = join_all(bodies.iter().map(|body| owner.post(&path, body)));
    let others = async {
        let mut slowest = Duration::ZERO;
        for number in 200..205 {
            let started = Instant::now();
            bob.post(&path, &query(number)).await.expect(200);
            slowest = slowest.max(started.elapsed());
        }
        slowest
    };
    let (replies, slowest) = tokio::join!(flood, others);
    let statuses: Vec<u16> = replies.iter().map(|reply| expect_clean(reply, &[200, 429])).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 40);
    assert!(slowest < Duration::from_secs(5), "somebody else waited {slowest:?}");
    expect_clean(&owner.post(&path, &query(300)).await, &[429]);
    bob.post(&path, &query(300)).await.expect(200);
}

/// L05
#[tokio::test(flavor = "multi_thread")]
async fn no_list_is_longer_than_a_page() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await;
    let owner = server.owner().await;
    let rows: String = (0..3_000).map(|row| format!("{row},x\n")).collect();
    let made = owner
        .upload(
            &format!("{W}/datasets"),
            "rows.csv",
            format!("number,text\n{rows}").as_bytes(),
            None,
        )
        .await
        .expect(201);
    let model = text(&made, "/model");
    let create = json!({"title": "x", "model": model});
    let dashboards = format!("{W}/dashboards");
    let makers = join_all((0..25).map(|_| async {
        for _ in 0..10 {
            owner.post(&dashboards, &create).await.expect(201);
        }
    }));
    makers.await;
    let first = owner.get(&dashboards).await.expect(200);
    let id = text(&first, "/items/0/id");
    let mut wrong = Vec::new();
    let paged: Vec<String> = Description::read(&server)
        .await
        .read_parameters()
        .into_iter()
        .filter(|(path, names)| path.starts_with("/api/v1/") && names.iter().any(|name| name == "limit"))
        .map(|(path, _)| path)
        .collect();
    assert!(paged.len() > 6, "{paged:?}");
    for path in paged {
        let of = if path.contains("/datasets/{id}") {
            text(&made, "/id")
        } else {
            id.clone()
        };
        let path = path
            .replace("{w}", "acme")
            .replace("{id}", &of)
            .replace("{name}", &model);
        let needed = if path.ends_with("/query/values") {
            format!("model={model}&field={model}.number&")
        } else {
            String::new()
        };
        for limit in ["4294967295", "1000000", "201"] {
            let started = Instant::now();
            let reply = owner.get(&format!("{path}?{needed}limit={limit}")).await;
            wrong.extend(complaint(&reply, &[200, 400]).map(|said| format!("{path}: {said}")));
            let body = reply.json();
            let list = body
                .get("items")
                .or(body.get("rows"))
                .and_then(|list| list.as_array())
                .map_or(0, Vec::len);
            if list > 1_000 || (list > 200 && !path.ends_with("/rows") && !path.ends_with("/values")) {
                wrong.push(format!("{path}?limit={limit}: {list} items"));
            }
            if started.elapsed() > Duration::from_secs(2) {
                wrong.push(format!("{path}?limit={limit} took {:?}", started.elapsed()));
            }
        }
    }
    expect_none(&wrong);
    // Every page once, and all of them.
    let (mut seen, mut next) = (0, String::new());
    loop {
        let page = owner.get(&format!("{dashboards}?limit=100{next}")).await.expect(200);
        seen += page["items"].as_array().unwrap().len();
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }
    assert_eq!(seen, 250);
}

/// L05
#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_much_of_something_is_refused() {
    let server = TestServer::start_with(TestDatabase::sqlite().await, &NO_RATES).await;
    let owner = server.owner().await;
    let dataset = orders(&owner).await;
    let model = text(&dataset, "/model");
    let made = owner
        .post(
            &format!("{W}/dashboards"),
            &json!({"title": "x", "dataset": dataset["id"]}),
        )
        .await
        .expect(201);
    let path = format!("{W}/dashboards/{}", text(&made, "/id"));
    let query = json!({"model": model, "metrics": ["row_count"]});
    let deep = (0..60).fold(json!({"segment": "x.y"}), |inner, _| json!({"not": inner}));
    let field = |number: usize| json!({"field": format!("{model}.amount"), "op": "eq", "value": number});
    let wide: Vec<_> = (0..3_000).map(field).collect();
    let many: Vec<usize> = (0..50_000).collect();
    let page = made["document"]["pages"][0]["id"].clone();
    let mut crowded = made["document"].clone();
    crowded["tiles"] = (0..5_000)
        .map(|at| json!({"id": uuid::Uuid::now_v7(), "page": page, "rect": {"x": 0, "y": at, "w": 1, "h": 1}, "content": {"text": {"markdown": ""}}}))
        .collect();
    let mut paged = made["document"].clone();
    paged["pages"] = (0..5_000)
        .map(|_| json!({"id": uuid::Uuid::now_v7(), "order": "a1", "title": "x"}))
        .collect();
    let asked = |condition: serde_json::Value| json!({"model": model, "metrics": ["row_count"], "where": condition});
    for (what, reply) in [
        (
            "queries",
            owner
                .post(
                    &format!("{W}/query/batch"),
                    &json!({"queries": vec![query.clone(); 201]}),
                )
                .await,
        ),
        ("levels", owner.post(&format!("{W}/query"), &asked(deep)).await),
        ("tiles", owner.put(&path, &crowded).await),
        ("pages", owner.put(&path, &paged).await),
        (
            "dimensions",
            owner
                .post(
                    &format!("{W}/query"),
                    &json!({"model": model, "dimensions": vec![format!("{model}.region"); 5_000]}),
                )
                .await,
        ),
        (
            "origins",
            owner
                .post(
                    &format!("{path}/embeds"),
                    &json!({"origins": vec!["https://host.example"; 10_000]}),
                )
                .await,
        ),
    ] {
        let complaint = complaint(&reply, &[400, 409, 413, 422]);
        assert!(complaint.is_none(), "{what}: {complaint:?}");
    }
    for condition in [
        json!({"or": wide}),
        json!({"field": format!("{model}.amount"), "op": "in", "values": many}),
    ] {
        let started = Instant::now();
        let reply = owner.post(&format!("{W}/query"), &asked(condition.clone())).await;
        let complaint = complaint(&reply, &[200, 413, 422]);
        assert!(complaint.is_none(), "{:.60}: {complaint:?}", condition.to_string());
        assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    }
    expect_alive(&server).await;
}

testkit::for_each_database! {
    /// L05: a flood of refusals.
    async fn refusals_fill_neither_the_log_nor_the_database(test: TestDatabase) {
        let server = TestServer::start_with(test, &NO_RATES).await;
        let owner = server.owner().await;
        crate::people::make(&server, "olga", PlatformRole::Analyst).await;
        let olga = crate::people::sign_in(&server, "olga").await;
        let services = &server.instance.services;
        // What a running server does a moment after the first of them.
        let count = async || {
            AuditService::write_refusals(services).await.unwrap();
            let log = owner.get("/api/v1/audit?limit=200&action=access").await.expect(200);
            log["items"].as_array().unwrap().len()
        };
        let before = count().await;
        let stranger = server.visitor().with("authorization", "Bearer nonsense");
        let rounds = rounds(10);
        for _ in 0..rounds {
            let refused = join_all((0..40).map(|number| {
                let (olga, stranger) = (&olga, &stranger);
                async move {
                    let path = format!("/api/v1/people?search={number}");
                    expect_clean(&olga.get(&path).await, &[403]);
                    expect_clean(&stranger.get(&format!("/api/v1/me?{number}")).await, &[401]);
                    expect_clean(&stranger.get(&format!("/invite/unknown{number}")).await, &[401, 404]);
                }
            }));
            refused.await;
        }
        let written = count().await - before;
        assert!((1..=6).contains(&written), "{written} entries for {} refusals", rounds * 120);
    }
}
