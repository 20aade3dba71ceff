//! Prints what the engine costs on this machine: the overhead of a warm worker, a load of a million rows, and the standard
//! queries that need one table. `cargo build --release -p engine --bins --examples`, then run it with the path of the
//! `engine-worker` program and, for the queries, of the `orders_1m.csv` that the bench makes.

use std::{
    fmt::Write as _,
    path::PathBuf,
    time::{Duration, Instant},
};

use engine::{CancellationToken, Engine, EngineConfig, ObjectKey, ObjectStorage, Origin, PlannedQuery, SourceTable};
use plan::{
    logical::{AggregateCall, Expression, Named, Node, OutputColumn},
    query::{PlanContext, Policy, plan_query},
};
use serde_json::json;
use shared::{
    dataset::ReadOptions,
    semantic::{AnswerColumn, ColumnRole, Model, Query, Source},
    table::ColumnType,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let program = PathBuf::from(std::env::args().nth(1).ok_or("say where engine-worker is")?);
    let folder = tempfile::tempdir()?;
    let store = ObjectStorage::local(&folder.path().join("objects"))?;
    let engine = Engine::new(EngineConfig::new(
        program,
        Vec::new(),
        folder.path().join("temp"),
        store,
    ));
    let cancel = CancellationToken::new();

    let file = match std::env::args().nth(2) {
        Some(orders) => PathBuf::from(orders),
        None => {
            let file = folder.path().join("million.csv");
            std::fs::write(&file, million_rows()?)?;
            file
        }
    };
    let bytes = std::fs::metadata(&file)?.len();
    let started = Instant::now();
    let mut marks = Vec::new();
    let loaded = engine
        .ingest(
            &file,
            "million.csv",
            &ReadOptions::default(),
            |progress| marks.push((progress.step, started.elapsed())),
            &cancel,
        )
        .await?;
    println!(
        "load of {} rows, {} MB: {:?}",
        loaded.rows,
        bytes / 1_000_000,
        started.elapsed()
    );
    marks.dedup_by_key(|(step, _)| *step);
    println!("  steps: {marks:?}");
    println!("  parquet: {} MB", loaded.bytes / 1_000_000);
    let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";
    let key = ObjectKey::parse(&format!("{id}/datasets/{id}/{id}.parquet")).ok_or("key")?;
    engine.store().put_file(&key, &loaded.parquet).await?;

    if std::env::args().nth(2).is_some() {
        return standard_queries(&engine, key).await;
    }
    let table = SourceTable {
        table: "t".to_owned(),
        origin: Origin::Table(Source::Dataset("t".to_owned())),
    };
    let scan = |columns: &[&str]| Node::Scan {
        source: table.clone(),
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
    };
    let count = Node::Aggregate {
        input: Box::new(scan(&[])),
        keys: vec![],
        measures: vec![Named::new("n", AggregateCall::CountRows)],
    };
    let none = Node::Values {
        columns: vec!["n".to_owned()],
        rows: vec![vec![plan::logical::Literal::Int(1)]],
    };
    let by_region = Node::Aggregate {
        input: Box::new(scan(&["region", "amount"])),
        keys: vec![Named::new("region", Expression::column("region"))],
        measures: vec![Named::new("n", AggregateCall::Sum(Expression::column("amount")))],
    };
    for (name, node) in [
        ("literal row (overhead)", none),
        ("count of rows", count),
        ("sum by region, 1 M rows", by_region),
    ] {
        let query = planned(node);
        let bindings = [(table.clone(), key.clone())].into_iter().collect();
        let mut times = Vec::new();
        for _ in 0..40 {
            let started = Instant::now();
            engine.execute(&query, &bindings, &[], &cancel).await?;
            times.push(started.elapsed());
        }
        let first = times.first().copied().unwrap_or_default();
        times.sort_unstable();
        println!(
            "{name}: first {first:?}, median {:?}, worst {:?}",
            times.get(20).copied().unwrap_or_default(),
            times.last().copied().unwrap_or_default()
        );
    }
    let started = Instant::now();
    engine.rows(&key, 900_000, 200, &cancel).await?;
    println!("200 rows at 900,000: {:?}", started.elapsed());
    Ok(())
}

/// The seven of the ten that one table can answer, planned as the server plans them.
async fn standard_queries(engine: &Engine, key: ObjectKey) -> Result<(), Box<dyn std::error::Error>> {
    let text = |name: &str| json!({ "name": name, "type": "string", "expr": { "col": name } });
    let model: Model = serde_json::from_value(json!({ "format": 1, "model": "bench", "version": 1,
        "tables": [{ "name": "orders", "source": { "dataset": "orders" }, "default_time": "order_ts", "dimensions": [
            text("region"), text("channel"),
            { "name": "order_ts", "type": "time", "stored": "timestamp", "expr": { "col": "order_ts" } }] }],
        "metrics": [
            { "name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "expr": { "col": "amount" } },
            { "name": "orders", "type": "simple", "table": "orders", "agg": "count" }] }))?;
    let month = json!({ "field": "orders.order_ts", "grain": "month", "as": "month" });
    let week = json!({ "field": "orders.order_ts", "grain": "week", "as": "week" });
    let context = PlanContext::new("2026-11-20T09:00:00Z".parse()?);
    let mut sum = Duration::ZERO;
    for (name, metric, dimensions) in [
        ("q01", "revenue", json!([])),
        ("q02", "revenue", json!([month])),
        ("q03", "revenue", json!(["orders.region"])),
        ("q04", "revenue", json!(["orders.region", "orders.channel"])),
        ("q05", "revenue", json!(["orders.channel"])),
        ("q08", "orders", json!([month, "orders.region"])),
        ("q09", "revenue", json!([week, "orders.channel"])),
    ] {
        let query: Query =
            serde_json::from_value(json!({ "model": "bench", "metrics": [metric], "dimensions": dimensions }))?;
        let planned = plan_query(&query, &model, &Policy::default(), &context)?;
        let source = SourceTable {
            table: "orders".to_owned(),
            origin: Origin::Table(Source::Dataset("orders".to_owned())),
        };
        let bindings = [(source, key.clone())].into_iter().collect();
        let mut times = Vec::new();
        for _ in 0..31 {
            let started = Instant::now();
            engine
                .execute(&planned, &bindings, &[], &CancellationToken::new())
                .await?;
            times.push(started.elapsed());
        }
        times.sort_unstable();
        let (best, median) = (
            times.first().copied().unwrap_or_default(),
            times.get(15).copied().unwrap_or_default(),
        );
        sum += median;
        println!("{name}: median {median:?}, best {best:?}");
    }
    println!("sum of the medians: {sum:?}");
    Ok(())
}

fn million_rows() -> Result<String, std::fmt::Error> {
    let mut text = "id,ordered_at,region,product,quantity,amount,customer,note\n".to_owned();
    let mut seed = 42_u64;
    let mut next = |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for id in 0..1_000_000 {
        let (month, day, hour, minute) = (1 + next(12), 1 + next(28), next(24), next(60));
        write!(text, "{id},2026-{month:02}-{day:02} {hour:02}:{minute:02}:00,")?;
        write!(text, "region {},product {},{},", next(12), next(400), 1 + next(9))?;
        writeln!(
            text,
            "{}.{:02},customer-{},a note {}",
            next(900),
            next(100),
            next(50_000),
            next(1000)
        )?;
    }
    Ok(text)
}

fn planned(rows: Node) -> PlannedQuery {
    let column = AnswerColumn {
        name: "n".to_owned(),
        role: ColumnRole::Metric,
        kind: ColumnType::Number,
        label: "n".to_owned(),
        source: None,
        format: None,
        grain: None,
        part: None,
        bin: None,
        good: None,
        finer: Vec::new(),
    };
    PlannedQuery {
        rows,
        totals: Vec::new(),
        columns: vec![OutputColumn { column, zone: None }],
        others_marker: None,
        limit: 10_000,
        warnings: Vec::new(),
        model: "m".to_owned(),
        version: 1,
        as_of: "2026-11-20T09:00:00Z".to_owned(),
    }
}
