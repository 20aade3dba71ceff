//! The Parquet file of a load, written in row groups as frames come in, with the profile taken on the way.

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
    sync::PoisonError,
};

use polars::{io::parquet::write::BatchedWriter, prelude::*};
use polars_parquet::write::{KeyValue, schema_to_metadata_key};
use shared::dataset::ColumnProfile;

use super::encoder::Encoder;
use crate::{
    coding::{FOOTER_KEY, FooterTexts},
    ingest::profile::Profiler,
    lower::explain,
    protocol::WorkerFailure,
};

/// Read in a quarter of the time that Zstandard takes, for files that are half as large again.
pub const COMPRESSION: ParquetCompression = ParquetCompression::Lz4Raw;

/// Small enough that a window of rows is cheap to read, large enough to compress well.
const ROW_GROUP_ROWS: usize = 131_072;

pub struct TableWriter {
    path: PathBuf,
    /// Opened by the first rows, which show what columns get codes.
    writer: Option<BatchedWriter<BufWriter<File>>>,
    encoder: Encoder,
    pending: DataFrame,
    profiler: Profiler,
    rows: u64,
}

impl TableWriter {
    /// Writes to `path`, which is overwritten; the columns are those of `schema`.
    pub fn new(path: &Path, schema: &Schema) -> Self {
        Self {
            path: path.to_owned(),
            writer: None,
            encoder: Encoder::new(schema),
            pending: DataFrame::empty_with_schema(schema),
            profiler: Profiler::new(schema),
            rows: 0,
        }
    }

    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// Adds rows in order.
    pub fn write(&mut self, frame: DataFrame) -> Result<(), WorkerFailure> {
        self.rows += u64::try_from(frame.height()).unwrap_or_default();
        self.profiler.update(&frame)?;
        if self.pending.height() == 0 {
            self.pending = frame;
        } else {
            self.pending.vstack_mut(&frame).map_err(explain)?;
        }
        while self.pending.height() >= ROW_GROUP_ROWS {
            // What is left after a full group joins it unless it makes a group of its own.
            let take = if self.pending.height() < 2 * ROW_GROUP_ROWS {
                self.pending.height()
            } else {
                ROW_GROUP_ROWS
            };
            self.write_group(take)?;
        }
        Ok(())
    }

    fn write_group(&mut self, rows: usize) -> Result<(), WorkerFailure> {
        let mut group = self.pending.slice(0, rows);
        let offset = i64::try_from(rows).unwrap_or(i64::MAX);
        self.pending = self.pending.slice(offset, self.pending.height().saturating_sub(rows));
        group.rechunk_mut_par();
        let writer = if let Some(writer) = &mut self.writer {
            group
                .hstack_mut(&self.encoder.encode(&group).map_err(explain)?)
                .map_err(explain)?;
            writer
        } else {
            group
                .hstack_mut(&self.encoder.begin(&group).map_err(explain)?)
                .map_err(explain)?;
            self.writer.insert(open(&self.path, group.schema())?)
        };
        writer.write_batch(&group).map_err(disk_or_polars)
    }

    /// Writes what is left, syncs the file and gives the profiles in column order.
    pub fn finish(mut self) -> Result<(u64, Vec<ColumnProfile>), WorkerFailure> {
        if self.pending.height() > 0 || self.writer.is_none() {
            self.write_group(self.pending.height())?;
        }
        if let Some(writer) = self.writer {
            close(&writer, &self.encoder.finish())?;
        }
        File::open(&self.path).and_then(|file| file.sync_all()).map_err(disk)?;
        let profiles = self.profiler.finish(&self.path)?;
        Ok((self.rows, profiles))
    }
}

fn open(path: &Path, schema: &Schema) -> Result<BatchedWriter<BufWriter<File>>, WorkerFailure> {
    let file = File::create(path).map_err(disk)?;
    ParquetWriter::new(BufWriter::with_capacity(1 << 20, file))
        .with_compression(COMPRESSION)
        .with_statistics(StatisticsOptions::default())
        .batched(schema)
        .map_err(explain)
}

/// Writes the footer, which can name the texts only now.
fn close(writer: &BatchedWriter<BufWriter<File>>, texts: &FooterTexts) -> Result<(), WorkerFailure> {
    let texts = serde_json::to_string(texts).map_err(|error| WorkerFailure::internal(error.to_string()))?;
    let mut file = writer.get_writer().lock().unwrap_or_else(PoisonError::into_inner);
    let entries = vec![
        schema_to_metadata_key(file.schema()),
        KeyValue {
            key: FOOTER_KEY.to_owned(),
            value: Some(texts),
        },
    ];
    file.end(Some(entries)).map_err(disk_or_polars)?;
    Ok(())
}

/// A full disk is said in words; the rest is for the log.
pub fn disk(error: std::io::Error) -> WorkerFailure {
    let mut failure = WorkerFailure::internal(format!("writing the table: {error}"));
    if matches!(
        error.kind(),
        std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded
    ) {
        failure.public = shared::AppError::new(
            shared::ErrorCode::StorageFull,
            "There is no storage space left. Nothing was changed.",
        );
    }
    failure
}

/// As `disk`, for what is written by Polars.
pub fn disk_or_polars(error: PolarsError) -> WorkerFailure {
    match error {
        PolarsError::IO { error, .. } => disk(std::io::Error::new(error.kind(), error.to_string())),
        other => explain(other),
    }
}
