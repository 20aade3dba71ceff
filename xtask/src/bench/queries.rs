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
    what: "1 M rows",
    peer: "DuckDB 156 ms",
};
const TEN_MILLION: Orders = Orders {
    rows: 10_000_000,
    tag: "10m",
    model: "bench_10m",
    what: "10 M rows",
    peer: "DuckDB 1,125 ms",
};
/// The ten of the bench folder, and beside them those of `further.sql`.
const STANDARD: [&str; 10] = ["q01", "q02", "q03", "q04", "q05", "q06", "q07", "q08", "q09", "q10"];
const FURTHER: [(&str, &str); 4] = [
    ("q11", "count distinct by month"),
    ("q12", "beside the year before, by month"),
    ("q13", "five best with Others, by month"),
    ("q14", "weekday and hour"),
];
const GOAL: &str = "at or under DuckDB in the same run";
/// What the orders belong to, as files of the bench folder.
const DIMENSIONS: [&str; 2] = ["customers", "products"];

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
    upload_dimensions(&data, instance, account)?;
    let (name, load) = upload(&data, &MILLION, "csv", instance, account)?;
    let mut connection = connect()?;
    define(&MILLION, &name, &mut connection, account)?;
    let mut figures = vec![load];
    figures.extend(ask(&data, &MILLION, &mut connection, (instance, account))?);
    figures.push(overhead(&mut connection, account)?);
    figures.push(streamed(&mut connection, instance, account)?);
    let (name, _) = upload(&data, &TEN_MILLION, "parquet", instance, account)?;
    let mut connection = connect()?;
    define(&TEN_MILLION, &name, &mut connection, account)?;
    figures.extend(ask(&data, &TEN_MILLION, &mut connection, (instance, account))?);
    Ok(figures)
}

/// A million rows and their model, for what asks of them.
pub fn prepare(workspace: &crate::workspace::Workspace, instance: &Instance, account: &Account) -> Outcome {
    let data = data::prepare(workspace)?;
    upload_dimensions(&data, instance, account)?;
    let (name, _) = upload(&data, &MILLION, "csv", instance, account)?;
    let mut connection = Connection::open(instance.port(), Some(&account.token))?;
    define(&MILLION, &name, &mut connection, account)
}

fn upload_dimensions(data: &BenchData, instance: &Instance, account: &Account) -> Outcome {
    let address = format!("/api/v1/workspaces/{}/datasets", account.workspace);
    for name in DIMENSIONS {
        let file = format!("{name}.parquet");
        let content = files::read(&data.folder.join(&file))?;
        Connection::open(instance.port(), Some(&account.token))?.upload(&address, &file, &content)?;
    }
    Ok(())
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
            "dimensions": [text("region"), text("channel"), time] },
            { "name": "customers", "source": { "dataset": "customers" }, "primary_key": ["customer_id"], "dimensions": [text("customer_name")] },
            { "name": "products", "source": { "dataset": "products" }, "primary_key": ["product_id"], "dimensions": [text("category")] }],
        "joins": [
            { "name": "buyer", "from": "orders", "to": "customers", "on": [["customer_id", "customer_id"]], "cardinality": "many_to_one" },
            { "name": "product", "from": "orders", "to": "products", "on": [["product_id", "product_id"]], "cardinality": "many_to_one" }],
        "metrics": [
            { "name": "customers", "type": "simple", "table": "orders", "agg": "count_distinct", "time": "order_ts", "expr": { "col": "customer_id" } },
            { "name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "time": "order_ts", "expr": { "col": "amount" } },
            { "name": "orders", "type": "simple", "table": "orders", "agg": "count", "time": "order_ts" } ] })
}

/// The queries in our language. `limit` differs per call, so that no answer comes from the cache.
pub fn query(model: &str, name: &str, limit: usize) -> Value {
    let grain = |grain: &str| json!({ "field": "orders.order_ts", "grain": grain, "as": grain });
    let part = |part: &str| json!({ "field": "orders.order_ts", "part": part, "as": part });
    let (region, channel, category) = ("orders.region", "orders.channel", "products.category");
    let mut query = match name {
        "q02" => json!({ "metrics": ["revenue"], "dimensions": [grain("month")] }),
        "q03" => json!({ "metrics": ["revenue"], "dimensions": [region] }),
        "q04" => json!({ "metrics": ["revenue"], "dimensions": [region, channel] }),
        "q05" => json!({ "metrics": ["revenue"], "dimensions": [channel] }),
        // Its limit is part of the question, so another name makes it another one.
        "q06" => json!({ "metrics": [{ "metric": "revenue", "as": format!("revenue_{limit}") }, "orders"],
            "dimensions": ["customers.customer_name"], "sort": [{ "by": format!("revenue_{limit}"), "dir": "desc" }], "limit": 20 }),
        "q07" => json!({ "metrics": ["revenue"], "dimensions": [category, region] }),
        "q08" => json!({ "metrics": ["orders"], "dimensions": [grain("month"), region] }),
        "q09" => json!({ "metrics": ["revenue"], "dimensions": [grain("week"), channel] }),
        "q10" => json!({ "metrics": ["revenue"], "dimensions": [category],
            "time": { "field": "time", "range": { "from": "2025-01-01", "to": "2026-01-01" } },
            "where": { "field": channel, "op": "in", "values": ["web", "mobile"] } }),
        "q11" => json!({ "metrics": ["customers"], "dimensions": [grain("month")] }),
        "q12" => json!({ "metrics": ["revenue"], "dimensions": [{ "field": "time", "grain": "month" }],
            "compare": [{ "as": "before", "shift": { "count": 1, "unit": "year" }, "outputs": ["value", "pct"] }] }),
        "q13" => json!({ "metrics": ["revenue"], "dimensions": [grain("month"), category],
            "top": { "n": 5, "by": "revenue", "field": category, "others": true } }),
        "q14" => json!({ "metrics": ["orders"], "dimensions": [part("day_of_week"), part("hour")] }),
        _ => json!({ "metrics": ["revenue"] }),
    };
    query["model"] = json!(model);
    if query["limit"].is_null() {
        query["limit"] = json!(limit);
    }
    query
}

/// Medians of one query in milliseconds.
struct Beside {
    name: &'static str,
    ours: f64,
    duckdb: f64,
}

fn ask(
    data: &BenchData,
    orders: &Orders,
    connection: &mut Connection,
    (instance, account): (&Instance, &Account),
) -> Outcome<Vec<Figure>> {
    let names: Vec<&'static str> = STANDARD.into_iter().chain(FURTHER.map(|(name, _)| name)).collect();
    let duck = duckdb::measure(data, orders.tag, &names, ROUNDS)?;
    let address = format!("/api/v1/workspaces/{}/query", account.workspace);
    let (mut times, mut peak_kib) = (Vec::new(), 0);
    for name in names {
        let mut own = Vec::new();
        let peak = Peak::watch(instance);
        for round in 0..=ROUNDS {
            let start = Instant::now();
            connection.post(&address, &query(orders.model, name, 10_000 + round))?;
            if round > 0 {
                own.push(start.elapsed());
            }
        }
        peak_kib = peak_kib.max(peak.stop());
        let beside = Beside {
            name,
            ours: figure::median(&mut own).as_secs_f64() * 1e3,
            duckdb: duck.get(name).copied().unwrap_or(f64::NAN),
        };
        step::say(&format!(
            "{} {name}: {:.1} ms over REST, DuckDB {:.1} ms",
            orders.tag, beside.ours, beside.duckdb
        ));
        times.push(beside);
    }
    let (standard, further): (Vec<Beside>, Vec<Beside>) =
        times.into_iter().partition(|one| STANDARD.contains(&one.name));
    let what = format!("ten standard queries on Parquet, sum, {}", orders.what);
    let mut figures = vec![Figure::measured(&what, orders.peer, GOAL, in_sum(&standard))];
    for (name, about) in FURTHER {
        let Some(beside) = further.iter().find(|one| one.name == name) else {
            continue;
        };
        let said = format!("{:.1} ms over REST, DuckDB {:.1} ms", beside.ours, beside.duckdb);
        figures.push(Figure::measured(&format!("{about}, {}", orders.what), "–", GOAL, said));
    }
    let said = format!("{} MiB at most, server and workers", peak_kib / 1024);
    let what = format!("memory while these queries run, {}", orders.what);
    figures.push(Figure::measured(&what, "–", "< 1.5 GiB for a query", said));
    Ok(figures)
}

fn in_sum(times: &[Beside]) -> String {
    let sum = |of: fn(&Beside) -> f64| times.iter().map(of).sum::<f64>();
    let mut ratios: Vec<f64> = times.iter().map(|one| one.ours / one.duckdb).collect();
    ratios.sort_by(f64::total_cmp);
    let median = ratios.get(ratios.len() / 2).copied().unwrap_or(f64::NAN);
    format!(
        "{:.0} ms over REST, DuckDB {:.0} ms in process; {median:.2} of its time in the median",
        sum(|one| one.ours),
        sum(|one| one.duckdb)
    )
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

/// As many rows as a stream gives at most, beside a tenth of them: memory is to be the same.
fn streamed(connection: &mut Connection, instance: &Instance, account: &Account) -> Outcome<Figure> {
    let address = format!("/api/v1/workspaces/{}/query/stream", account.workspace);
    let mut said = Vec::new();
    for rows in [100_000, MILLION.rows] {
        let query = json!({ "model": MODEL, "dimensions": ["orders.region", "orders.channel", "orders.order_ts"],
            "distinct": false, "limit": rows });
        let peak = Peak::watch(instance);
        let start = Instant::now();
        let lines = connection.lines(&address, &query)?;
        let (time, peak) = (start.elapsed(), peak.stop());
        if u64::try_from(lines) != Ok(rows + 1) {
            fail!("{rows} rows were asked for, {lines} lines came");
        }
        said.push(format!(
            "{rows} rows {:.2} s, {} MiB at most",
            time.as_secs_f64(),
            peak / 1024
        ));
    }
    step::say(&said.join("; "));
    Ok(Figure::measured(
        "rows of three columns streamed over REST, server and workers",
        "–",
        "flat memory",
        said.join("; "),
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
