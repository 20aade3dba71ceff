//! Prints what the engine costs on this machine: the overhead of a warm worker, and a load of a million rows.
//! `cargo build --release -p engine --bins --examples`, then run it with the path of the `engine-worker` program.

use std::{fmt::Write as _, path::PathBuf, time::Instant};

use engine::{CancellationToken, Engine, EngineConfig, ObjectKey, ObjectStorage, PlannedQuery, SourceTable};
use plan::logical::{AggregateCall, Expression, Named, Node, OutputColumn};
use shared::{
    dataset::ReadOptions,
    semantic::{AnswerColumn, ColumnRole, Source},
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

    let file = folder.path().join("million.csv");
    std::fs::write(&file, million_rows()?)?;
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

    let table = SourceTable {
        table: "t".to_owned(),
        source: Source::Dataset("t".to_owned()),
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
            engine.execute(&query, &bindings, &cancel).await?;
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
