//! An engine over a temporary folder, with the worker built beside the tests.

#![allow(dead_code, reason = "every test binary uses a part of it")]

use std::{path::PathBuf, time::Duration};

use engine::{
    Bindings, CancellationToken, Engine, EngineConfig, EngineError, Ingested, ObjectKey, ObjectStorage, Origin,
    SourceTable,
};
use plan::logical::{Node, OutputColumn, PlannedQuery};
use shared::{
    dataset::{Preview, ReadOptions},
    semantic::{Answer, AnswerColumn, ColumnRole, Source},
    table::{Cell, ColumnType},
};

pub struct Bench {
    pub folder: tempfile::TempDir,
    pub engine: Engine,
}

pub fn bench() -> Bench {
    bench_with(|_| ())
}

pub fn bench_with(change: impl FnOnce(&mut EngineConfig)) -> Bench {
    let folder = tempfile::tempdir().unwrap();
    let store = ObjectStorage::local(&folder.path().join("objects")).unwrap();
    let program = PathBuf::from(env!("CARGO_BIN_EXE_engine-worker"));
    let mut config = EngineConfig::new(program, Vec::new(), folder.path().join("temp"), store);
    config.query_timeout = Duration::from_secs(60);
    change(&mut config);
    Bench {
        engine: Engine::new(config),
        folder,
    }
}

impl Bench {
    pub fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub async fn load(&self, name: &str, bytes: impl AsRef<[u8]>) -> Result<Ingested, EngineError> {
        self.load_with(name, bytes, &ReadOptions::default()).await
    }

    pub async fn load_with(
        &self,
        name: &str,
        bytes: impl AsRef<[u8]>,
        options: &ReadOptions,
    ) -> Result<Ingested, EngineError> {
        let path = self.file(name, bytes);
        self.engine
            .ingest(&path, name, options, |_| (), &CancellationToken::new())
            .await
    }

    pub async fn preview(
        &self,
        name: &str,
        bytes: impl AsRef<[u8]>,
        options: &ReadOptions,
    ) -> Result<Preview, EngineError> {
        let path = self.file(name, bytes);
        self.engine
            .preview(&path, name, options, &CancellationToken::new())
            .await
    }

    /// Loads the file and moves it into the store; `last` (a hex digit) makes the key.
    pub async fn store(&self, name: &str, bytes: impl AsRef<[u8]>, last: char) -> ObjectKey {
        let loaded = self.load(name, bytes).await.unwrap();
        let key = object_key(last);
        self.engine.store().put_file(&key, &loaded.parquet).await.unwrap();
        key
    }

    /// All rows as they were loaded.
    pub async fn all_rows(&self, loaded: &Ingested) -> Vec<Vec<Cell>> {
        let key = object_key('f');
        let copy = self.folder.path().join("copy.parquet");
        std::fs::copy(&loaded.parquet, &copy).unwrap();
        self.engine.store().put_file(&key, &copy).await.unwrap();
        self.engine
            .rows(&key, 0, 1_000_000, &CancellationToken::new())
            .await
            .unwrap()
            .rows
    }

    pub async fn run(&self, planned: &PlannedQuery, tables: &[(&str, &ObjectKey)]) -> Result<Answer, EngineError> {
        let bindings: Bindings = tables
            .iter()
            .map(|(table, key)| (source(table), (*key).clone()))
            .collect();
        self.engine
            .execute(planned, &bindings, &[], &CancellationToken::new())
            .await
    }
}

pub fn object_key(last: char) -> ObjectKey {
    let id = "0192f0c1-2d3e-7abc-8def-0123456789ab";
    ObjectKey::parse(&format!("{id}/datasets/{id}/{}{last}.parquet", &id[..35])).unwrap()
}

pub fn source(table: &str) -> SourceTable {
    SourceTable {
        table: table.to_owned(),
        origin: Origin::Table(Source::Dataset(table.to_owned())),
    }
}

pub fn planned(rows: Node, columns: &[(&str, ColumnType)]) -> PlannedQuery {
    let output = |(name, kind): &(&str, ColumnType)| OutputColumn {
        column: AnswerColumn {
            name: (*name).to_owned(),
            role: ColumnRole::Dimension,
            kind: *kind,
            label: (*name).to_owned(),
            source: None,
            format: None,
            grain: None,
            part: None,
            bin: None,
            good: None,
            finer: Vec::new(),
        },
        zone: None,
    };
    PlannedQuery {
        rows,
        totals: Vec::new(),
        columns: columns.iter().map(output).collect(),
        others_marker: None,
        limit: 1_000_000,
        warnings: Vec::new(),
        model: "m".to_owned(),
        version: 1,
        as_of: "2026-11-20T09:00:00Z".to_owned(),
    }
}

pub fn text(cell: &Cell) -> String {
    match cell {
        Cell::Null => "∅".to_owned(),
        Cell::Bool(truth) => truth.to_string(),
        Cell::Int(number) => number.to_string(),
        Cell::Float(number) => number.to_string(),
        Cell::Text(text) => text.clone(),
    }
}

/// One line per row, cells separated by `|`.
pub fn table(rows: &[Vec<Cell>]) -> Vec<String> {
    rows.iter()
        .map(|row| row.iter().map(text).collect::<Vec<_>>().join("|"))
        .collect()
}
