//! What happens when a worker is cancelled, killed, too slow or too greedy; the engine must outlive all of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use std::time::{Duration, Instant};

use engine::{CancellationToken, EngineError};
use plan::logical::{AggregateCall, JoinKind, Named, Node};
use shared::{ErrorCode, table::ColumnType};
use support::{Bench, bench_with, object_key, planned, source, table};

fn scan(table: &str, column: &str) -> Node {
    Node::Scan {
        source: source(table),
        columns: vec![column.to_owned()],
    }
}

/// Every row with every row with every row: never done.
fn endless() -> Node {
    let cross = |left, right| Node::Join {
        kind: JoinKind::Cross,
        left: Box::new(left),
        right: Box::new(right),
        on: vec![],
        null_equal: false,
    };
    let all = cross(cross(scan("t", "a"), scan("t", "b")), scan("t", "c"));
    let sort = Node::Sort {
        input: Box::new(all),
        keys: vec![plan::logical::SortKey {
            column: "b".to_owned(),
            direction: shared::semantic::SortDirection::Desc,
        }],
    };
    Node::Aggregate {
        input: Box::new(sort),
        keys: vec![],
        measures: vec![Named::new(
            "n",
            AggregateCall::CountDistinct(plan::logical::Expression::column("c")),
        )],
    }
}

async fn store(bench: &Bench) {
    let csv = (0..30_000).fold("a,b,c\n".to_owned(), |text, row| text + &format!("{row},{row},{row}\n"));
    bench.store("t.csv", csv, '1').await;
}

async fn still_answers(bench: &Bench) {
    let count = Node::Aggregate {
        input: Box::new(scan("t", "a")),
        keys: vec![],
        measures: vec![Named::new("n", AggregateCall::CountRows)],
    };
    let answer = bench
        .run(
            &planned(count, &[("n", ColumnType::Integer)]),
            &[("t", &object_key('1'))],
        )
        .await
        .unwrap();
    assert_eq!(table(&answer.rows), ["30000"]);
}

async fn run_endless(bench: &Bench, cancel: &CancellationToken) -> EngineError {
    let bindings = [(source("t"), object_key('1'))].into_iter().collect();
    bench
        .engine
        .execute(
            &planned(endless(), &[("n", ColumnType::Integer)]),
            &bindings,
            &[],
            cancel,
        )
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_slow_query_is_stopped() {
    let bench = bench_with(|config| {
        config.query_timeout = Duration::from_millis(700);
        config.query_memory_bytes = 1 << 40;
    });
    store(&bench).await;
    still_answers(&bench).await;
    let error = run_endless(&bench, &CancellationToken::new()).await;
    assert_eq!(error.app_error().code, ErrorCode::Timeout, "{error:?}");
    still_answers(&bench).await;
}

#[tokio::test]
async fn a_query_can_be_cancelled() {
    let bench = bench_with(|config| config.query_memory_bytes = 1 << 40);
    store(&bench).await;
    let cancel = CancellationToken::new();
    let later = cancel.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        later.cancel();
    });
    let started = Instant::now();
    let error = run_endless(&bench, &cancel).await;
    assert_eq!(error.app_error().code, ErrorCode::Cancelled, "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(20));
    still_answers(&bench).await;
}

#[tokio::test]
async fn a_greedy_query_meets_its_memory_limit() {
    let bench = bench_with(|config| config.query_memory_bytes = 1 << 30);
    store(&bench).await;
    still_answers(&bench).await;
    let error = run_endless(&bench, &CancellationToken::new()).await;
    assert_eq!(error.app_error().code, ErrorCode::OutOfMemory, "{error:?}");
    still_answers(&bench).await;
}

#[tokio::test]
async fn idle_workers_end_and_come_back() {
    let bench = bench_with(|config| config.worker_idle = Duration::from_millis(100));
    store(&bench).await;
    still_answers(&bench).await;
    tokio::time::sleep(Duration::from_millis(600)).await;
    still_answers(&bench).await;
}

#[tokio::test]
async fn a_worker_that_cannot_start_or_dies_is_an_error() {
    let missing = bench_with(|config| config.worker_program = "/nowhere/worker".into());
    let error = missing.load("t.csv", "a\n1\n").await.unwrap_err();
    assert!(matches!(error, EngineError::StartWorker(_)), "{error:?}");
    let dying = bench_with(|config| config.worker_program = "/bin/false".into());
    let error = dying.load("t.csv", "a\n1\n").await.unwrap_err();
    assert_eq!(error.app_error().code, ErrorCode::Internal, "{error:?}");
}

#[tokio::test]
async fn a_deleted_object_is_gone() {
    let bench = bench_with(|_| ());
    store(&bench).await;
    bench.engine.store().delete(&object_key('1')).await.unwrap();
    let count = planned(scan("t", "a"), &[("a", ColumnType::Integer)]);
    assert_eq!(
        bench
            .run(&count, &[("t", &object_key('1'))])
            .await
            .unwrap_err()
            .app_error()
            .code,
        ErrorCode::SourceGone
    );
    assert_eq!(
        bench.run(&count, &[]).await.unwrap_err().app_error().code,
        ErrorCode::SourceGone
    );
}

#[tokio::test]
async fn a_workbook_with_one_far_cell_does_not_take_the_server_down() {
    use std::io::Write as _;

    let bench = bench_with(|_| ());
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in [
        (
            "_rels/.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
        ),
        (
            "xl/workbook.xml",
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
        ),
        (
            "xl/_rels/workbook.xml.rels",
            r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
        ),
        (
            "xl/worksheets/sheet1.xml",
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>"#,
        ),
    ] {
        archive
            .start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let error = bench.load("far.xlsx", bytes).await.unwrap_err();
    assert!(
        matches!(
            error.app_error().code,
            ErrorCode::OutOfMemory | ErrorCode::UnreadableFile
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn an_archive_that_explodes_is_refused() {
    use std::io::Write as _;

    let bench = bench_with(|_| ());
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive
        .start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default())
        .unwrap();
    let zeros = vec![b' '; 1 << 20];
    for _ in 0..64 {
        archive.write_all(&zeros).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    let error = bench.load("bomb.xlsx", bytes).await.unwrap_err();
    assert_eq!(error.app_error().code, ErrorCode::UnreadableFile, "{error:?}");
}

/// Warm workers of this process, by their folder in `/proc`.
#[cfg(target_os = "linux")]
fn workers() -> Vec<std::path::PathBuf> {
    let parent = format!("PPid:\t{}\n", std::process::id());
    let all = std::fs::read_dir("/proc").unwrap().map(|entry| entry.unwrap().path());
    all.filter(|process| std::fs::read_to_string(process.join("status")).is_ok_and(|status| status.contains(&parent)))
        .collect()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn workers_have_neither_the_network_nor_open_files_of_the_server() {
    let bench = bench_with(|_| ());
    // Open for whoever is started, as a program that starts the server may have left it.
    let path = bench.file("secret", "x");
    let _open = rustix::fs::open(&path, rustix::fs::OFlags::RDONLY, rustix::fs::Mode::empty()).unwrap();
    store(&bench).await;
    still_answers(&bench).await;
    let workers = workers();
    assert!(!workers.is_empty());
    for worker in workers {
        let status = std::fs::read_to_string(worker.join("status")).unwrap();
        assert!(status.contains("Seccomp:\t2\n"), "{status}");
        assert!(status.contains("NoNewPrivs:\t1\n"), "{status}");
        for descriptor in std::fs::read_dir(worker.join("fd")).unwrap() {
            // One may be closed while the list is read.
            let target = std::fs::read_link(descriptor.unwrap().path()).unwrap_or_default();
            assert!(target != path && !target.starts_with("socket:"), "{target:?}");
        }
    }
}
