//! A CSV of a million rows becomes a dataset; then the standard queries over REST beside DuckDB.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    data::{self, BenchData},
    duckdb,
    figure::{self, Figure},
};
use crate::{
    failure::{Failure, Outcome, fail},
    files,
    http::Connection,
    instance::{Account, Instance},
    step,
};

/// Name of the model over a million rows, which [`super::rate`] and [`super::board`] ask too.
pub const MODEL: &str = "bench";
const ROUNDS: usize = 15;

/// One size of the orders.
struct Orders {
    rows: u64,
    /// Both stand in the bench folder as `orders_TAG`.
    tag: &'static str,
    model: &'static str,
    what: &'static str,
    peer: &'static str,
}

const MILLION: Orders = Orders {
    rows: 1_000_000,
    tag: "1m",
    model: MODEL,
    what: "ten standard queries on Parquet, sum, 1 M rows",
    peer: "DuckDB 156 ms (all ten)",
};
const TEN_MILLION: Orders = Orders {
    rows: 10_000_000,
    tag: "10m",
    model: "bench_10m",
    what: "ten standard queries on Parquet, sum, 10 M rows",
    peer: "DuckDB 1,125 ms (all ten)",
};
/// The other three of the ten join two tables.
const JOINED: &str = "q06, q07, q10 need joins";

/// Uploads, then asks: a million rows as CSV, ten million as Parquet.
pub fn measure(
    workspace: &crate::workspace::Workspace,
    instance: &Instance,
    account: &Account,
) -> Outcome<Vec<Figure>> {
    let data = match data::prepare(workspace) {
        Ok(data) => data,
        Err(error) => return Ok(vec![Figure::missing("CSV of 1 M rows; ten queries", "–", "–", error)]),
    };
    // A connection on which nothing is asked for 10 s is closed, and an upload takes longer.
    let connect = || Connection::open(instance.port(), Some(&account.token));
    let (name, load) = upload(&data, &MILLION, "csv", instance, account)?;
    let mut connection = connect()?;
    define(&MILLION, &name, &mut connection, account)?;
    let mut figures = vec![load];
    figures.push(ask(&data, &MILLION, &mut connection, account)?);
    figures.push(overhead(&mut connection, account)?);
    let (name, _) = upload(&data, &TEN_MILLION, "parquet", instance, account)?;
    let mut connection = connect()?;
    define(&TEN_MILLION, &name, &mut connection, account)?;
    figures.push(ask(&data, &TEN_MILLION, &mut connection, account)?);
    Ok(figures)
}

/// A million rows and their model, for what asks of them.
pub fn prepare(workspace: &crate::workspace::Workspace, instance: &Instance, account: &Account) -> Outcome {
    let data = data::prepare(workspace)?;
    let (name, _) = upload(&data, &MILLION, "csv", instance, account)?;
    let mut connection = Connection::open(instance.port(), Some(&account.token))?;
    define(&MILLION, &name, &mut connection, account)
}

/// Uploads the file; returns the dataset's name, and how long it took.
fn upload(
    data: &BenchData,
    orders: &Orders,
    kind: &str,
    instance: &Instance,
    account: &Account,
) -> Outcome<(String, Figure)> {
    let file = format!("orders_{}.{kind}", orders.tag);
    let content = files::read(&data.folder.join(&file))?;
    let address = format!("/api/v1/workspaces/{}/datasets", account.workspace);
    let mut connection = Connection::open(instance.port(), Some(&account.token))?;
    let peak = Peak::watch(instance);
    let start = Instant::now();
    let answer = connection.upload(&address, &file, &content)?;
    let time = start.elapsed();
    let peak = peak.stop();
    let rows = answer.get("rows").and_then(Value::as_u64);
    if rows != Some(orders.rows) {
        fail!("{} rows were sent, {rows:?} are there", orders.rows);
    }
    let said = format!("{:.2} s, {} MiB at most", time.as_secs_f64(), peak / 1024);
    step::say(&format!("{file}: {said}"));
    let figure = Figure::measured(
        "CSV of 1 M rows (74 MB) → ready to drag (typed, Parquet, profile)",
        "DuckDB 0.36 s for the Parquet alone",
        "< 1.5 s, < 400 MiB",
        said,
    );
    let name = answer.get("name").and_then(Value::as_str).map(str::to_owned);
    let name = name.ok_or_else(|| Failure::new(format!("the upload answered no name: {answer}")))?;
    Ok((name, figure))
}

fn define(orders: &Orders, dataset: &str, connection: &mut Connection, account: &Account) -> Outcome {
    let address = format!("/api/v1/workspaces/{}/models/{}", account.workspace, orders.model);
    connection.put(&address, &model(orders.model, dataset)).map(drop)
}

fn model(name: &str, dataset: &str) -> Value {
    let text = |name: &str| json!({ "name": name, "type": "string", "expr": { "col": name } });
    let time = json!({ "name": "order_ts", "type": "time", "stored": "timestamp", "expr": { "col": "order_ts" },
        "grains": ["day", "week", "month", "quarter", "year"] });
    json!({ "format": 1, "model": name, "version": 1, "time_zone": "UTC", "week_start": "monday",
        "tables": [{ "name": "orders", "source": { "dataset": dataset }, "default_time": "order_ts",
            "dimensions": [text("region"), text("channel"), time] }],
        "metrics": [
            { "name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "time": "order_ts", "expr": { "col": "amount" } },
            { "name": "orders", "type": "simple", "table": "orders", "agg": "count", "time": "order_ts" } ] })
}

/// The one-table queries in our language. `limit` differs per call, so that no answer comes from the cache.
pub fn query(model: &str, name: &str, limit: usize) -> Value {
    let grain = |grain: &str| json!({ "field": "orders.order_ts", "grain": grain, "as": grain });
    let (region, channel) = (json!("orders.region"), json!("orders.channel"));
    let (metric, dimensions) = match name {
        "q02" => ("revenue", vec![grain("month")]),
        "q03" => ("revenue", vec![region]),
        "q04" => ("revenue", vec![region, channel]),
        "q05" => ("revenue", vec![channel]),
        "q08" => ("orders", vec![grain("month"), region]),
        "q09" => ("revenue", vec![grain("week"), channel]),
        _ => ("revenue", Vec::new()),
    };
    json!({ "model": model, "metrics": [metric], "dimensions": dimensions, "limit": limit })
}

fn ask(data: &BenchData, orders: &Orders, connection: &mut Connection, account: &Account) -> Outcome<Figure> {
    let names = ["q01", "q02", "q03", "q04", "q05", "q08", "q09"];
    let duck = duckdb::measure(data, orders.tag, &names, ROUNDS)?;
    let address = format!("/api/v1/workspaces/{}/query", account.workspace);
    let (mut ours_ms, mut theirs_ms) = (0.0, 0.0);
    for name in names {
        let mut times = Vec::new();
        for round in 0..=ROUNDS {
            let start = Instant::now();
            connection.post(&address, &query(orders.model, name, 10_000 + round))?;
            if round > 0 {
                times.push(start.elapsed());
            }
        }
        let (ours, theirs) = (
            figure::median(&mut times).as_secs_f64() * 1e3,
            duck.get(name).copied().unwrap_or(0.0),
        );
        step::say(&format!(
            "{} {name}: {ours:.1} ms over REST, DuckDB {theirs:.1} ms",
            orders.tag
        ));
        ours_ms += ours;
        theirs_ms += theirs;
    }
    let said = format!("{ours_ms:.0} ms over REST, DuckDB {theirs_ms:.0} ms in process (7 of 10: {JOINED})");
    Ok(Figure::measured(
        orders.what,
        orders.peer,
        "at or under DuckDB in the same run",
        said,
    ))
}

/// A query on three rows: what HTTP, permission, planning and the worker process cost.
fn overhead(connection: &mut Connection, account: &Account) -> Outcome<Figure> {
    let base = format!("/api/v1/workspaces/{}", account.workspace);
    let answer = connection.upload(
        &format!("{base}/datasets"),
        "tiny.csv",
        b"region,amount\nNorth,1\nSouth,2\nEast,3\n",
    )?;
    let Some(dataset) = answer.get("name").and_then(Value::as_str) else {
        fail!("the upload answered no name: {answer}")
    };
    let document = json!({ "format": 1, "model": "tiny", "version": 1, "time_zone": "UTC", "week_start": "monday",
        "tables": [{ "name": "tiny", "source": { "dataset": dataset },
            "dimensions": [{ "name": "region", "type": "string", "expr": { "col": "region" } }] }],
        "metrics": [{ "name": "total", "type": "simple", "table": "tiny", "agg": "sum", "expr": { "col": "amount" } }] });
    connection.put(&format!("{base}/models/tiny"), &document)?;
    let mut times = Vec::new();
    for round in 0..100 {
        let query =
            json!({ "model": "tiny", "metrics": ["total"], "dimensions": ["tiny.region"], "limit": 1_000 + round });
        let start = Instant::now();
        connection.post(&format!("{base}/query"), &query)?;
        times.push(start.elapsed());
    }
    let median = figure::milliseconds(figure::median(&mut times));
    Ok(Figure::measured(
        "a query on three rows, uncached: HTTP, plan, worker process",
        "–",
        "< 5 ms for the worker",
        median,
    ))
}

/// Watches the memory of a server while something runs.
struct Peak {
    done: Arc<AtomicBool>,
    peak_kib: Arc<AtomicU64>,
    thread: thread::JoinHandle<()>,
}

impl Peak {
    fn watch(instance: &Instance) -> Self {
        let (done, peak_kib) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let (own_done, own_peak, id) = (Arc::clone(&done), Arc::clone(&peak_kib), instance.id());
        let thread = thread::spawn(move || {
            while !own_done.load(Ordering::Relaxed) {
                own_peak.fetch_max(crate::instance::memory_kib(id).unwrap_or(0), Ordering::Relaxed);
                thread::sleep(Duration::from_millis(20));
            }
        });
        Self { done, peak_kib, thread }
    }

    /// The highest figure seen, in KiB.
    fn stop(self) -> u64 {
        self.done.store(true, Ordering::Relaxed);
        // The thread only sleeps and reads files; it cannot panic.
        let _ = self.thread.join();
        self.peak_kib.load(Ordering::Relaxed)
    }
}
