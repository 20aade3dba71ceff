//! Stored tables.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use plan::logical::{Node, SourceTable};
use polars::prelude::*;
use shared::{AppError, ErrorCode};

use super::{
    Kind,
    codes::Codes,
    explain,
    failure::impossible,
    fetched,
    table::{Columns, Table},
};
use crate::{
    coding::{FooterTexts, footer_entry, is_code_column},
    connector::Fetched,
    protocol::WorkerFailure,
};

/// An opened Parquet file of ours.
#[derive(Clone)]
pub struct StoredTable {
    /// `columns`, and those of `codes` somewhere among them.
    pub frame: LazyFrame,
    pub columns: Columns,
    pub codes: Codes,
    pub rows: u64,
    pub file: PathBuf,
}

impl StoredTable {
    /// The rows as they were stored.
    pub fn plain(&self) -> LazyFrame {
        self.frame
            .clone()
            .select(self.columns.expressions().collect::<Vec<_>>())
    }
}

/// The files behind the source tables of one query, and what databases answered.
pub struct BoundTables {
    tables: Vec<(SourceTable, StoredTable)>,
    fetched: Vec<(String, StoredTable)>,
}

impl BoundTables {
    pub fn open(paths: &[(SourceTable, PathBuf)], fetched: &[(String, Fetched)]) -> Result<Self, WorkerFailure> {
        let open = |(source, path): &(SourceTable, PathBuf)| Ok((source.clone(), open_parquet(path)?));
        let join = |(name, fetched): &(String, Fetched)| Ok((name.clone(), fetched::open(fetched)?));
        Ok(Self {
            tables: paths.iter().map(open).collect::<Result<_, WorkerFailure>>()?,
            fetched: fetched.iter().map(join).collect::<Result<_, WorkerFailure>>()?,
        })
    }

    /// Of all files and answers together.
    pub fn rows(&self) -> u64 {
        let stored = self.tables.iter().map(|(_, stored)| stored.rows);
        stored.chain(self.fetched.iter().map(|(_, stored)| stored.rows)).sum()
    }

    /// A stored table's file and number of rows; `None` for what is not stored, or not a table.
    pub fn size(&self, node: &Node) -> Option<(&Path, u64)> {
        let Node::Scan { source, .. } = node else { return None };
        let bound = self.tables.iter().find(|(bound, _)| bound == source);
        bound.map(|(_, stored)| (stored.file.as_path(), stored.rows))
    }

    pub fn fetched(&self, name: &str) -> Option<&StoredTable> {
        self.fetched
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, stored)| stored)
    }
}

pub fn lower(source: &SourceTable, columns: &[String], tables: &BoundTables) -> Result<Table, WorkerFailure> {
    let stored = tables
        .tables
        .iter()
        .find(|(bound, _)| bound == source)
        .map(|(_, stored)| stored);
    let stored = stored.ok_or_else(|| impossible(format!("table {} is not bound", source.table)))?;
    let mut kinds = Vec::with_capacity(columns.len());
    for column in columns {
        let kind = stored.columns.kind(column).map_err(|_| missing(source, column))?;
        kinds.push((column.clone(), kind));
    }
    // Without columns only the number of rows counts, and any column knows it.
    if columns.is_empty() {
        return Ok(Table {
            frame: stored.frame.clone(),
            columns: stored.columns.clone(),
            codes: stored.codes.clone(),
        });
    }
    let columns = Columns(kinds);
    let codes = stored.codes.among(&columns);
    let wanted: Vec<Expr> = columns.expressions().chain(codes.columns()).collect();
    Ok(Table {
        frame: stored.frame.clone().select(wanted),
        columns,
        codes,
    })
}

fn missing(source: &SourceTable, column: &str) -> WorkerFailure {
    WorkerFailure::refuse(
        AppError::new(
            ErrorCode::UnknownField,
            format!("The data of table {} has no column {column} any more.", source.table),
        )
        .with_hint("Upload a file with that column, or change the model."),
    )
}

/// Reads the footer and prepares a lazy scan.
///
/// # Errors
/// `source_gone` when the file is not there, internal when it is none of ours.
pub fn open_parquet(path: &Path) -> Result<StoredTable, WorkerFailure> {
    let file = File::open(path).map_err(|error| WorkerFailure {
        public: AppError::new(ErrorCode::SourceGone, "The data behind this was deleted."),
        detail: Some(error.to_string()),
    })?;
    let mut reader = ParquetReader::new(file);
    let schema = reader.schema().map_err(explain)?;
    let rows = u64::try_from(reader.num_rows().map_err(explain)?).unwrap_or(u64::MAX);
    let entry = footer_entry(reader.get_metadata().map_err(explain)?);
    let has_codes = entry.is_some();
    let codes = entry.map(read_codes).transpose()?.unwrap_or_default();
    let mut kinds = Vec::with_capacity(schema.len());
    for (name, dtype) in Schema::from_arrow_schema(&schema).iter() {
        if has_codes && is_code_column(name) {
            continue;
        }
        let kind = Kind::of(dtype).ok_or_else(|| impossible(format!("column {name} is stored as {dtype}")))?;
        kinds.push((name.to_string(), kind));
    }
    let file = path.to_owned();
    let path = path
        .to_str()
        .ok_or_else(|| impossible("the path of a stored file is not UTF-8"))?;
    let arguments = ScanArgsParquet {
        glob: false,
        ..ScanArgsParquet::default()
    };
    let frame = LazyFrame::scan_parquet(PlRefPath::new(path), arguments).map_err(explain)?;
    Ok(StoredTable {
        frame,
        columns: Columns(kinds),
        codes,
        rows,
        file,
    })
}

fn read_codes(entry: &str) -> Result<Codes, WorkerFailure> {
    let texts: FooterTexts = serde_json::from_str(entry)
        .map_err(|error| impossible(format!("the texts in the footer cannot be read: {error}")))?;
    let series = texts.into_iter().map(|(column, texts)| {
        let series = Series::new(column.as_str().into(), texts);
        (column, series)
    });
    Ok(Codes::new(series))
}
