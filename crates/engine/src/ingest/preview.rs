//! The first rows of a file as they would be loaded.

use std::path::Path;

use polars::prelude::DataFrame;
use shared::{
    dataset::{FileKind, Preview, PreviewColumn, ReadOptions},
    semantic::humanize,
    table::ColumnType,
};

use super::{
    columns::{column_types, decide_all, given_types},
    kind::detect_kind,
    load::{OpenedSource, open_source},
    parquet::open_foreign,
    source::{RecordSource, observe, push_record},
    table::{ColumnNames, FrameBuilder, RejectLog},
    text::{TextSource, sample_text},
};
use crate::{
    answer::frame_rows,
    protocol::{PreviewJob, WorkerFailure},
};

/// Rows whose values decide the types of a preview.
const ANALYSED_ROWS: u64 = 10_000;
const SHOWN_ROWS: usize = 100;

/// # Errors
/// `unreadable_file` with the reason; `unsupported_media_type`; `invalid` options.
pub fn preview(job: &PreviewJob) -> Result<Preview, WorkerFailure> {
    let kind = detect_kind(&job.file, &job.file_name, &job.options)?;
    let mut preview = match kind {
        FileKind::Csv => {
            let sample = sample_text(&job.file, &job.file_name, &job.options)?;
            let semicolons = sample.dialect.delimiter == b';';
            let mut source = TextSource::new(&job.file, &sample);
            let mut preview = preview_records(&mut source, &sample.columns, &job.options, semicolons)?;
            preview.options = sample.options(&job.options);
            preview
        }
        FileKind::Xlsx | FileKind::Json | FileKind::Ndjson => {
            let OpenedSource {
                mut source,
                columns,
                options,
                sheets,
            } = open_source(job, kind, ANALYSED_ROWS)?;
            let mut preview = preview_records(source.as_mut(), &columns, &job.options, false)?;
            (preview.options, preview.sheets) = (options, sheets);
            preview
        }
        FileKind::Parquet => preview_parquet(&job.file)?,
    };
    preview.kind = kind;
    preview.name = title(&job.file_name);
    Ok(preview)
}

fn preview_records(
    source: &mut dyn RecordSource,
    columns: &ColumnNames,
    options: &ReadOptions,
    semicolons: bool,
) -> Result<Preview, WorkerFailure> {
    let given = given_types(&columns.names, options)?;
    let observed = observe(source, &given, ANALYSED_ROWS)?;
    let (readings, _) = decide_all(&columns.names, &observed, options, semicolons);
    let types = column_types(&columns.names, &readings, options);
    let mut builder = FrameBuilder::new(&columns.names, &readings, SHOWN_ROWS);
    let mut rejects = RejectLog::default();
    let mut seen = 0;
    source.scan(&mut |scanned| {
        push_record(scanned, columns.names.len(), &mut builder, &mut rejects);
        seen += 1;
        seen < ANALYSED_ROWS
    })?;
    let mut preview = shown(&builder.finish()?, columns, &types)?;
    preview.rejects = rejects.into_rejects().first;
    Ok(preview)
}

fn preview_parquet(path: &Path) -> Result<Preview, WorkerFailure> {
    let foreign = open_foreign(path)?;
    let rows = polars::prelude::IdxSize::try_from(SHOWN_ROWS).unwrap_or_default();
    let frame = foreign.part(0, rows)?;
    let (typed, _) = frame_rows(&frame).map_err(WorkerFailure::internal)?;
    let types: Vec<ColumnType> = typed.into_iter().map(|(_, kind)| kind).collect();
    let mut preview = shown(&frame, &foreign.columns, &types)?;
    preview.options.kind = Some(FileKind::Parquet);
    Ok(preview)
}

fn shown(frame: &DataFrame, columns: &ColumnNames, types: &[ColumnType]) -> Result<Preview, WorkerFailure> {
    let (_, rows) = frame_rows(&frame.slice(0, SHOWN_ROWS)).map_err(WorkerFailure::internal)?;
    let named = columns.names.iter().zip(&columns.labels).zip(types);
    let columns_shown = named.map(|((name, label), kind)| PreviewColumn {
        name: name.clone(),
        label: label.clone(),
        kind: *kind,
    });
    Ok(Preview {
        kind: FileKind::Csv,
        options: ReadOptions::default(),
        sheets: Vec::new(),
        columns: columns_shown.collect(),
        rows,
        renamed: columns.renamed.clone(),
        rejects: Vec::new(),
        name: String::new(),
    })
}

/// `sales_2026.csv` → `Sales 2026`.
fn title(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    humanize(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}
