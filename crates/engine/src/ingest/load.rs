//! A whole file into Parquet.

use std::{io::Read as _, path::Path};

use polars::prelude::{DataType, Field, Schema};
use shared::{
    AppError, ErrorCode,
    dataset::{FileKind, ReadOptions, SaveStep},
    semantic::Warning,
    table::ColumnType,
};

use super::{
    columns::{column_types, dataset_columns, decide_all, given_types},
    failure::{read_error, unreadable},
    kind::detect_kind,
    parquet::{ForeignParquet, open_foreign},
    progress::{Progress, Report},
    source::{JsonSource, Observed, RecordSource, Row, SheetSource, observe, open_workbook, push_record},
    table::{ColumnNames, FrameBuilder, Origin, Reading, RejectLog, TableWriter, name_columns},
    text::{convert_text, detect_encoding, header::has_header, observe_text, sample_text},
};
use crate::{
    lower::Kind,
    protocol::{IngestDone, PreviewJob, WorkerFailure},
};

/// Rows held in memory before they are written, for sources that are read in order.
const PART_ROWS: usize = 131_072;

/// # Errors
/// `unreadable_file` with the reason and the line when known; `unsupported_media_type`; `invalid` options.
pub fn load(job: &PreviewJob, parquet: &Path, report: Report<'_>) -> Result<IngestDone, WorkerFailure> {
    let kind = detect_kind(&job.file, &job.file_name, &job.options)?;
    let bytes = std::fs::metadata(&job.file).map_err(read_error)?.len();
    let mut progress = Progress::new(report, bytes);
    progress.report(SaveStep::Reading, 0, 0)?;
    let done = match kind {
        FileKind::Csv => load_delimited(job, parquet, &mut progress)?,
        FileKind::Xlsx | FileKind::Json | FileKind::Ndjson => load_source(job, kind, parquet, &mut progress)?,
        FileKind::Parquet => load_parquet(job, parquet, &mut progress)?,
    };
    progress.report(SaveStep::Done, bytes, done.rows)?;
    Ok(done)
}

fn load_delimited(job: &PreviewJob, parquet: &Path, progress: &mut Progress<'_>) -> Result<IngestDone, WorkerFailure> {
    let mut sample = sample_text(&job.file, &job.file_name, &job.options)?;
    let given = given_types(&sample.columns.names, &job.options)?;
    let observed = observe_text(&job.file, &mut sample, &given, progress)?;
    let semicolons = sample.dialect.delimiter == b';';
    let mut target = Target::create(parquet, sample.columns.clone(), &observed, &job.options, semicolons)?;
    let readings = target.readings.clone();
    let rejects = convert_text(&job.file, &sample, &readings, progress, |frame| {
        target.writer.write(frame)
    })?;
    target.finish(FileKind::Csv, sample.options(&job.options), rejects, progress)
}

fn load_source(
    job: &PreviewJob,
    kind: FileKind,
    parquet: &Path,
    progress: &mut Progress<'_>,
) -> Result<IngestDone, WorkerFailure> {
    let OpenedSource {
        mut source,
        columns,
        options,
        ..
    } = open_source(job, kind, u64::MAX)?;
    let given = given_types(&columns.names, &job.options)?;
    let observed = observe(source.as_mut(), &given, u64::MAX)?;
    let mut target = Target::create(parquet, columns, &observed, &job.options, false)?;
    let (names, readings) = (target.columns.names.clone(), target.readings.clone());
    let mut rejects = RejectLog::default();
    let mut builder = FrameBuilder::new(&names, &readings, PART_ROWS);
    let mut outcome = Ok(());
    source.scan(&mut |scanned| {
        push_record(scanned, names.len(), &mut builder, &mut rejects);
        if builder.rows() >= PART_ROWS {
            let full = std::mem::replace(&mut builder, FrameBuilder::new(&names, &readings, PART_ROWS));
            outcome = full
                .finish()
                .and_then(|frame| target.writer.write(frame))
                .and_then(|()| {
                    // The share of rows stands for the share of bytes.
                    let done = progress.bytes_total().saturating_mul(target.writer.rows()) / observed.rows.max(1);
                    progress.report(SaveStep::Writing, done, target.writer.rows())
                });
        }
        outcome.is_ok()
    })?;
    outcome?;
    target.writer.write(builder.finish()?)?;
    target.finish(kind, options, rejects, progress)
}

fn load_parquet(job: &PreviewJob, parquet: &Path, progress: &mut Progress<'_>) -> Result<IngestDone, WorkerFailure> {
    let foreign = open_foreign(&job.file)?;
    if let Some(column) = job.options.types.keys().next() {
        let error = AppError::new(
            ErrorCode::Invalid,
            format!("A Parquet file has types of its own; that of {column} cannot be changed."),
        );
        return Err(WorkerFailure::refuse(error.with_field("options.types")));
    }
    let mut writer = TableWriter::new(parquet, &foreign.schema);
    let mut offset = 0;
    while offset < foreign.rows {
        let frame = foreign.part(offset, ForeignParquet::part_rows())?;
        if frame.height() == 0 {
            return Err(unreadable(
                "The Parquet file is damaged: it has fewer rows than it says.",
                None,
            ));
        }
        offset += frame.height();
        writer.write(frame)?;
        let rows = u64::try_from(foreign.rows).unwrap_or(u64::MAX).max(1);
        let done = progress.bytes_total().saturating_mul(writer.rows()) / rows;
        progress.report(SaveStep::Writing, done, writer.rows())?;
    }
    progress.report(SaveStep::Profiling, progress.bytes_total(), writer.rows())?;
    let types: Vec<ColumnType> = foreign.schema.iter_values().map(stored_type).collect();
    let (rows, profiles) = writer.finish()?;
    Ok(IngestDone {
        kind: FileKind::Parquet,
        rows,
        columns: dataset_columns(&foreign.columns, &types, profiles),
        rejects: RejectLog::default().into_rejects(),
        renamed: foreign.columns.renamed,
        options: ReadOptions {
            kind: Some(FileKind::Parquet),
            ..ReadOptions::default()
        },
        notes: Vec::new(),
    })
}

fn stored_type(dtype: &DataType) -> ColumnType {
    Kind::of(dtype).map_or(ColumnType::String, Kind::column_type)
}

/// The table that is being written, and what was decided about it.
struct Target {
    columns: ColumnNames,
    readings: Vec<Reading>,
    types: Vec<ColumnType>,
    notes: Vec<Warning>,
    writer: TableWriter,
}

impl Target {
    fn create(
        parquet: &Path,
        columns: ColumnNames,
        observed: &Observed,
        options: &ReadOptions,
        semicolons: bool,
    ) -> Result<Self, WorkerFailure> {
        let (readings, notes) = decide_all(&columns.names, observed, options, semicolons);
        let types = column_types(&columns.names, &readings, options);
        let fields = columns.names.iter().zip(&readings);
        let schema: Schema = fields
            .map(|(name, reading)| Field::new(name.as_str().into(), reading.kind().dtype()))
            .collect();
        let writer = TableWriter::new(parquet, &schema);
        Ok(Self {
            columns,
            readings,
            types,
            notes,
            writer,
        })
    }

    fn finish(
        self,
        kind: FileKind,
        options: ReadOptions,
        rejects: RejectLog,
        progress: &mut Progress<'_>,
    ) -> Result<IngestDone, WorkerFailure> {
        let rejects = rejects.into_rejects();
        if self.writer.rows() == 0
            && let Some(first) = rejects.first.first()
        {
            return Err(unreadable(
                format!("no row could be loaded; this one: {}.", first.reason),
                Some(first.line),
            ));
        }
        progress.report(SaveStep::Profiling, progress.bytes_total(), self.writer.rows())?;
        let (rows, profiles) = self.writer.finish()?;
        Ok(IngestDone {
            kind,
            rows,
            columns: dataset_columns(&self.columns, &self.types, profiles),
            rejects,
            renamed: self.columns.renamed,
            options,
            notes: self.notes,
        })
    }
}

/// A source that is read in order, and its columns.
pub struct OpenedSource {
    pub source: Box<dyn RecordSource>,
    pub columns: ColumnNames,
    pub options: ReadOptions,
    /// XLSX: all sheets.
    pub sheets: Vec<String>,
}

/// Opens JSON or a workbook; the columns of JSON are those of its first `limit` objects.
pub fn open_source(job: &PreviewJob, kind: FileKind, limit: u64) -> Result<OpenedSource, WorkerFailure> {
    let mut options = ReadOptions {
        kind: Some(kind),
        types: job.options.types.clone(),
        ..ReadOptions::default()
    };
    if kind == FileKind::Xlsx {
        return open_sheet(job, options);
    }
    let mut start = Vec::new();
    std::fs::File::open(&job.file)
        .and_then(|file| file.take(64 * 1024).read_to_end(&mut start))
        .map_err(read_error)?;
    let detected = detect_encoding(&start).map_err(|reason| unreadable(format!("This is not JSON: {reason}."), None));
    let encoding = job.options.encoding.map_or(detected, Ok)?;
    options.encoding = Some(encoding);
    let mut source = JsonSource::new(&job.file, encoding, kind == FileKind::Json);
    let columns = name_columns(&source.discover(limit)?)?;
    if columns.names.is_empty() {
        return Err(unreadable("The file holds no objects with values.", None));
    }
    Ok(OpenedSource {
        source: Box::new(source),
        columns,
        options,
        sheets: Vec::new(),
    })
}

fn open_sheet(job: &PreviewJob, mut options: ReadOptions) -> Result<OpenedSource, WorkerFailure> {
    let mut workbook = open_workbook(&job.file)?;
    let (sheet, mut rows) = workbook.sheet(job.options.sheet.as_deref())?;
    let Some((first, rest)) = rows.split_first() else {
        return Err(unreadable("The sheet has no cells.", None));
    };
    let sample: Vec<Vec<_>> = rest.iter().take(200).map(|row: &Row| row.fields.clone()).collect();
    let is_header = job.options.header.unwrap_or_else(|| has_header(&first.fields, &sample));
    let headers: Vec<String> = if is_header {
        first
            .fields
            .iter()
            .map(|field| {
                if field.origin == Origin::Missing {
                    String::new()
                } else {
                    field.text.to_string()
                }
            })
            .collect()
    } else {
        vec![String::new(); first.fields.len()]
    };
    let mut columns = name_columns(&headers)?;
    if is_header {
        rows.remove(0);
    } else {
        columns.renamed.clear();
    }
    (options.sheet, options.header) = (Some(sheet), Some(is_header));
    Ok(OpenedSource {
        source: Box::new(SheetSource::new(rows)),
        columns,
        options,
        sheets: workbook.sheets,
    })
}
