//! Fetched rows as Parquet parts.

use std::{fs::File, path::PathBuf};

use polars::{io::parquet::write::BatchedWriter, prelude::*};
use serde::{Deserialize, Serialize};
use shared::{AppError, ErrorCode, table::ColumnType};

use super::{
    Fetch, Fetched,
    cells::{Cells, Value},
};
use crate::error::EngineError;

/// Rows that are kept in memory before they are written.
const CHUNK_ROWS: usize = 65_536;
/// Bytes, about, after which a chunk is written even if it has fewer rows.
const CHUNK_BYTES: usize = 16 << 20;

/// What one query may fetch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartLimits {
    pub rows: u64,
    /// As values, before they are packed.
    pub bytes: u64,
}

/// Takes rows and writes them. A part ends where a column of decimals needs more digits behind the point than the part has.
pub struct PartWriter {
    columns: Vec<(String, ColumnType)>,
    folder: PathBuf,
    stem: String,
    limits: PartLimits,
    cells: Vec<Cells>,
    chunk_rows: usize,
    chunk_bytes: usize,
    rows: u64,
    bytes: u64,
    parts: Vec<PathBuf>,
    open: Option<Part>,
}

async fn aside<T: Send + 'static>(
    write: impl FnOnce() -> Result<T, EngineError> + Send + 'static,
) -> Result<T, EngineError> {
    tokio::task::spawn_blocking(write)
        .await
        .map_err(|error| EngineError::Protocol(format!("writing fetched rows: {error}")))?
}

struct Part {
    writer: BatchedWriter<File>,
    scales: Vec<u32>,
}

impl PartWriter {
    pub fn new(fetch: &Fetch) -> Self {
        Self {
            cells: fresh(&fetch.columns),
            columns: fetch.columns.clone(),
            folder: fetch.folder.clone(),
            stem: fetch.stem.clone(),
            limits: fetch.limits,
            chunk_rows: 0,
            chunk_bytes: 0,
            rows: 0,
            bytes: 0,
            parts: Vec::new(),
            open: None,
        }
    }

    /// Adds a row. `true`: it is time to `flush`.
    ///
    /// # Errors
    /// `limit`, or a value that does not fit its column.
    pub fn push(&mut self, row: impl Iterator<Item = Value>) -> Result<bool, EngineError> {
        for (cells, value) in self.cells.iter_mut().zip(row) {
            self.chunk_bytes += cells.push(value)?;
        }
        self.chunk_rows += 1;
        self.rows += 1;
        let pending = u64::try_from(self.chunk_bytes).unwrap_or(u64::MAX);
        if self.rows > self.limits.rows {
            return Err(limit(format!("more than {} rows", self.limits.rows)));
        }
        if self.bytes.saturating_add(pending) > self.limits.bytes {
            return Err(limit(format!("more than {} MiB", self.limits.bytes >> 20)));
        }
        Ok(self.chunk_rows >= CHUNK_ROWS || self.chunk_bytes >= CHUNK_BYTES)
    }

    /// `flush` in a thread of its own.
    ///
    /// # Errors
    /// As `flush`.
    pub async fn flush_aside(mut self) -> Result<Self, EngineError> {
        aside(move || self.flush().map(|()| self)).await
    }

    /// `finish` in a thread of its own.
    ///
    /// # Errors
    /// As `finish`.
    pub async fn finish_aside(self) -> Result<Fetched, EngineError> {
        aside(move || self.finish()).await
    }

    /// Writes what is in memory.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub fn flush(&mut self) -> Result<(), EngineError> {
        if let Some(part) = &self.open {
            for (cells, scale) in self.cells.iter_mut().zip(&part.scales) {
                cells.widen(*scale)?;
            }
        }
        let scales: Vec<u32> = self.cells.iter().map(Cells::scale).collect();
        let cells = std::mem::replace(&mut self.cells, fresh(&self.columns));
        let named = cells.into_iter().zip(&self.columns);
        let columns = named
            .map(|(cells, (name, _))| cells.column(name))
            .collect::<PolarsResult<Vec<_>>>()
            .map_err(writing)?;
        let frame = DataFrame::new(self.chunk_rows, columns).map_err(writing)?;
        if self.open.as_ref().is_some_and(|part| part.scales != scales) {
            self.close()?;
        }
        let mut part = match self.open.take() {
            Some(part) => part,
            None => self.begin(frame.schema(), scales)?,
        };
        part.writer.write_batch(&frame).map_err(writing)?;
        self.open = Some(part);
        self.bytes = self
            .bytes
            .saturating_add(u64::try_from(self.chunk_bytes).unwrap_or(u64::MAX));
        (self.chunk_rows, self.chunk_bytes) = (0, 0);
        Ok(())
    }

    /// Writes the rest.
    ///
    /// # Errors
    /// As `flush`.
    pub fn finish(mut self) -> Result<Fetched, EngineError> {
        if self.chunk_rows > 0 || self.parts.is_empty() {
            self.flush()?;
        }
        self.close()?;
        Ok(Fetched {
            parts: self.parts,
            rows: self.rows,
        })
    }

    fn begin(&mut self, schema: &Schema, scales: Vec<u32>) -> Result<Part, EngineError> {
        let path = self.folder.join(format!("{}-{}.parquet", self.stem, self.parts.len()));
        let file = File::create(&path).map_err(EngineError::storage("making a temporary file"))?;
        self.parts.push(path);
        // The file is read once, on this machine.
        let writer = ParquetWriter::new(file)
            .with_compression(ParquetCompression::Uncompressed)
            .batched(schema)
            .map_err(writing)?;
        Ok(Part { writer, scales })
    }

    fn close(&mut self) -> Result<(), EngineError> {
        if let Some(part) = self.open.take() {
            part.writer.finish().map_err(writing)?;
        }
        Ok(())
    }
}

fn fresh(columns: &[(String, ColumnType)]) -> Vec<Cells> {
    columns.iter().map(|(_, kind)| Cells::new(*kind)).collect()
}

fn limit(what: String) -> EngineError {
    EngineError::Refused {
        public: AppError::new(
            ErrorCode::Limit,
            format!("The database would have to hand over {what}."),
        )
        .with_hint("Ask for less: a filter, a shorter time range, or metrics that the database can add up itself."),
        detail: None,
    }
}

fn writing(error: PolarsError) -> EngineError {
    match error {
        PolarsError::IO { error, .. } => {
            EngineError::storage("writing fetched rows")(std::io::Error::new(error.kind(), error.to_string()))
        }
        other => EngineError::Protocol(format!("writing fetched rows: {other}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lower::open_parquet;

    fn fetch(folder: &std::path::Path, limits: PartLimits) -> Fetch {
        Fetch {
            sql: String::new(),
            columns: vec![
                ("a".to_owned(), ColumnType::Decimal),
                ("b".to_owned(), ColumnType::String),
            ],
            folder: folder.to_owned(),
            stem: "q".to_owned(),
            limits,
        }
    }

    const MANY: PartLimits = PartLimits {
        rows: 1_000_000,
        bytes: 1 << 30,
    };

    fn row(unscaled: i128, scale: u32) -> impl Iterator<Item = Value> {
        [Value::Decimal { unscaled, scale }, Value::Text("x".to_owned())].into_iter()
    }

    #[test]
    fn a_part_ends_where_decimals_grow_and_none_is_empty_of_columns() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = PartWriter::new(&fetch(folder.path(), MANY));
        writer.push(row(12, 1)).unwrap();
        writer.flush().unwrap();
        writer.push(row(5, 0)).unwrap();
        writer.flush().unwrap();
        writer.push(row(123, 2)).unwrap();
        let fetched = writer.finish().unwrap();
        assert_eq!((fetched.rows, fetched.parts.len()), (3, 2));
        let read = |path: &PathBuf| ParquetReader::new(File::open(path).unwrap()).finish().unwrap();
        assert_eq!(read(&fetched.parts[0]).height(), 2);
        assert_eq!(read(&fetched.parts[1]).height(), 1);
        let none = PartWriter::new(&fetch(folder.path(), MANY)).finish().unwrap();
        assert_eq!((none.rows, read(&none.parts[0]).width()), (0, 2));
    }

    #[test]
    fn a_database_may_call_a_column_as_our_files_call_their_codes() {
        let folder = tempfile::tempdir().unwrap();
        let mut fetch = fetch(folder.path(), MANY);
        fetch.columns[1].0 = "b#code".to_owned();
        let mut writer = PartWriter::new(&fetch);
        writer.push(row(12, 1)).unwrap();
        let part = writer.finish().unwrap().parts.remove(0);
        let names: Vec<String> = open_parquet(&part)
            .unwrap()
            .columns
            .0
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["a", "b#code"]);
    }

    #[test]
    fn limits_are_said() {
        let folder = tempfile::tempdir().unwrap();
        for limits in [PartLimits { rows: 1, ..MANY }, PartLimits { bytes: 20, ..MANY }] {
            let mut writer = PartWriter::new(&fetch(folder.path(), limits));
            writer.push(row(1, 0)).unwrap();
            let error = writer.push(row(1, 0)).unwrap_err();
            assert_eq!(error.app_error().code, ErrorCode::Limit);
        }
    }
}
