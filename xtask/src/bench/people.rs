//! Many people at once: reading, signing in, waiting, and all of it for a while.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use serde_json::json;

use super::{
    figure::{self, Figure},
    queries,
};
use crate::{
    failure::{Outcome, fail},
    http::Connection,
    instance::{Account, EMAIL, Instance, PASSWORD},
};

const LENGTH: Duration = Duration::from_secs(4);
const IDLE: usize = 2_000;
/// Shorter than the server lets a silent connection be.
const IDLE_LENGTH: Duration = Duration::from_secs(5);
const MIXED: Duration = Duration::from_secs(600);
const MIXED_CLIENTS: usize = 8;

/// All of them; `mixed` adds ten minutes. The data of [`queries::measure`] must be there.
pub fn measure(instance: &Instance, account: &Account, mixed: bool) -> Vec<Figure> {
    let mut figures = vec![
        shown(
            "reads of a list, 8 clients",
            "≥ 1,500 per second",
            reads(instance, account, 8),
        ),
        shown(
            "reads of a list, 256 clients",
            "p99 < 500 ms",
            reads(instance, account, 256),
        ),
        shown(
            "sign-ins with a password, 8 clients",
            "bounded by two hashes at once",
            sign_ins(instance),
        ),
        shown(
            "2,000 idle connections",
            "≤ 40 KB each, others served",
            idle(instance, account),
        ),
    ];
    if mixed {
        figures.push(shown(
            "memory over ten minutes of mixed load",
            "no growth",
            mixed_load(instance, account),
        ));
    }
    figures
}

fn shown(what: &str, goal: &str, outcome: Outcome<String>) -> Figure {
    match outcome {
        Ok(text) => Figure::measured(what, "–", goal, text),
        Err(error) => Figure::missing(what, "–", goal, error),
    }
}

/// Runs `one` in as many threads, for `LENGTH`, each on a connection of its own; times of all requests.
fn together(
    clients: usize,
    open: impl Fn() -> Outcome<Connection> + Sync,
    one: impl Fn(&mut Connection) -> Outcome + Sync,
) -> Outcome<Vec<Duration>> {
    thread::scope(|scope| {
        let (open, one) = (&open, &one);
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(move || {
                    let mut connection = open()?;
                    let (begin, mut times) = (Instant::now(), Vec::new());
                    while begin.elapsed() < LENGTH {
                        let start = Instant::now();
                        one(&mut connection)?;
                        times.push(start.elapsed());
                    }
                    Ok(times)
                })
            })
            .collect();
        let mut times = Vec::new();
        for thread in threads {
            if let Ok(answer) = thread.join() {
                times.extend(answer?);
            }
        }
        if times.is_empty() {
            fail!("nothing was answered");
        }
        Ok(times)
    })
}

fn rate(mut times: Vec<Duration>) -> String {
    let rate = times.len() as f64 / LENGTH.as_secs_f64();
    let slowest = figure::milliseconds(figure::quantile(&mut times, 0.99));
    format!("{rate:.0} per second, p99 {slowest}")
}

fn read_list(connection: &mut Connection, account: &Account) -> Outcome {
    let path = format!("/api/v1/workspaces/{}/datasets", account.workspace);
    let answer = connection.get(&path)?;
    if answer.status != 200 {
        fail!("{path}: status {}", answer.status);
    }
    Ok(())
}

fn reads(instance: &Instance, account: &Account, clients: usize) -> Outcome<String> {
    let open = || Connection::open(instance.port(), Some(&account.token));
    together(clients, open, |connection| read_list(connection, account)).map(rate)
}

fn sign_ins(instance: &Instance) -> Outcome<String> {
    let body = json!({ "email": EMAIL, "password": PASSWORD });
    let open = || Connection::open(instance.port(), None);
    together(8, open, |connection| {
        connection.post("/api/v1/session", &body).map(drop)
    })
    .map(rate)
}

/// Each has asked once and stays; what each costs, and how somebody else is served meanwhile.
fn idle(instance: &Instance, account: &Account) -> Outcome<String> {
    let memory = || instance.memory_kib().unwrap_or_default();
    let before = memory();
    let mut waiting = Vec::with_capacity(IDLE);
    for _ in 0..IDLE {
        let mut connection = Connection::open(instance.port(), Some(&account.token))?;
        read_list(&mut connection, account)?;
        waiting.push(connection);
    }
    let each = memory().saturating_sub(before) as f64 / IDLE as f64;
    let mut other = Connection::open(instance.port(), Some(&account.token))?;
    let (begin, mut times) = (Instant::now(), Vec::new());
    while begin.elapsed() < IDLE_LENGTH {
        let start = Instant::now();
        read_list(&mut other, account)?;
        times.push(start.elapsed());
    }
    let slowest = figure::milliseconds(figure::quantile(&mut times, 0.99));
    Ok(format!("{each:.1} KB each, another client p99 {slowest}"))
}

/// Queries past the cache, lists and saved folders, and the memory of server and workers meanwhile.
fn mixed_load(instance: &Instance, account: &Account) -> Outcome<String> {
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        let stop = &stop;
        let clients: Vec<_> = (0..MIXED_CLIENTS)
            .map(|client| scope.spawn(move || one_of_many(instance, account, client, stop)))
            .collect();
        let mut memory = Vec::new();
        let begin = Instant::now();
        while begin.elapsed() < MIXED {
            thread::sleep(Duration::from_secs(10));
            memory.push(instance.memory_kib().unwrap_or_default() / 1024);
        }
        stop.store(true, Ordering::Relaxed);
        let mut requests = 0;
        for client in clients {
            requests += client.join().unwrap_or(Ok(0))?;
        }
        // After the first minute everything is warm.
        let (early, late) = (memory.get(6).copied(), memory.last().copied());
        let most = memory.iter().max().copied().unwrap_or_default();
        Ok(format!(
            "{requests} requests; {} MiB after a minute, {} MiB at the end, {most} MiB at most",
            early.unwrap_or_default(),
            late.unwrap_or_default()
        ))
    })
}

fn one_of_many(instance: &Instance, account: &Account, client: usize, stop: &AtomicBool) -> Outcome<u64> {
    let mut connection = Connection::open(instance.port(), Some(&account.token))?;
    let base = format!("/api/v1/workspaces/{}", account.workspace);
    let mut requests = 0;
    while !stop.load(Ordering::Relaxed) {
        // A limit of its own keeps most queries out of the cache.
        let limit = 20_000 + client * 3_000 + usize::try_from(requests / 4).unwrap_or(0) % 3_000;
        connection.post(&format!("{base}/query"), &queries::query(queries::MODEL, "q01", limit))?;
        read_list(&mut connection, account)?;
        let folder = json!({ "title": format!("Folder {client} {requests}") });
        let made = connection.post(&format!("{base}/folders"), &folder)?;
        let id = made.get("id").and_then(serde_json::Value::as_str).unwrap_or_default();
        connection.delete(&format!("{base}/folders/{id}"))?;
        requests += 4;
    }
    Ok(requests)
}
