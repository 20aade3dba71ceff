//! Parquet of others, rewritten into the types we store.

use std::{
    fs::File,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use polars::prelude::*;
use shared::AppError;

use super::inspect::inspect;
use crate::{
    coding::{footer_entry, is_code_column},
    ingest::{
        failure::{read_error, unreadable},
        table::{ColumnNames, name_columns},
    },
    lower::{Kind, explain},
    protocol::WorkerFailure,
};

const PART_ROWS: IdxSize = 262_144;

/// An opened file that was looked over.
pub struct ForeignParquet {
    frame: LazyFrame,
    pub columns: ColumnNames,
    /// Of our columns.
    pub schema: Schema,
    pub rows: usize,
}

/// # Errors
/// `unreadable_file`: truncated, too many rows or columns, or a type that has no counterpart.
pub fn open_foreign(path: &Path) -> Result<ForeignParquet, WorkerFailure> {
    inspect(path)?;
    unless_it_panics(|| open(path))
}

fn open(path: &Path) -> Result<ForeignParquet, WorkerFailure> {
    let file = File::open(path).map_err(read_error)?;
    let mut reader = ParquetReader::new(file);
    let damaged = |error: PolarsError| {
        let mut failure = unreadable("The Parquet file is damaged: its footer cannot be read.", None);
        failure.detail = Some(error.to_string());
        failure
    };
    let is_ours = footer_entry(reader.get_metadata().map_err(damaged)?).is_some();
    let mut foreign = Schema::from_arrow_schema(&*reader.schema().map_err(damaged)?);
    // A table of ours that comes back: its codes are made anew.
    foreign.retain(|name, _| !(is_ours && is_code_column(name)));
    let rows = reader.num_rows().map_err(damaged)?;
    let headers: Vec<String> = foreign.iter_names().map(ToString::to_string).collect();
    let columns = name_columns(&headers)?;
    let mut expressions = Vec::with_capacity(foreign.len());
    let mut schema = Schema::default();
    for ((header, dtype), name) in foreign.iter().zip(&columns.names) {
        let (expression, kind) = clean(col(header.clone()), dtype).ok_or_else(|| {
            unreadable(
                format!("Column {header} is of type {dtype}, which cannot be stored."),
                None,
            )
        })?;
        expressions.push(expression.alias(name.as_str()));
        schema.insert(name.as_str().into(), kind.dtype());
    }
    let text_path = path
        .to_str()
        .ok_or_else(|| WorkerFailure::internal("the path is not UTF-8"))?;
    let arguments = ScanArgsParquet {
        glob: false,
        ..ScanArgsParquet::default()
    };
    let frame = LazyFrame::scan_parquet(PlRefPath::new(text_path), arguments)
        .map_err(explain)?
        .select(expressions);
    Ok(ForeignParquet {
        frame,
        columns,
        schema,
        rows,
    })
}

impl ForeignParquet {
    /// Rows `offset` up to `offset + rows`, in our types.
    pub fn part(&self, offset: usize, rows: IdxSize) -> Result<DataFrame, WorkerFailure> {
        let offset = i64::try_from(offset).unwrap_or(i64::MAX);
        let frame = self.frame.clone().slice(offset, rows);
        unless_it_panics(|| {
            let part = frame.collect_with_engine(Engine::Streaming).map_err(|error| {
                let mut failure = explain(error);
                if failure.public.code == shared::ErrorCode::Internal {
                    failure.public = damaged_data();
                }
                failure
            })?;
            Ok(part.unwrap_single())
        })
    }

    pub const fn part_rows() -> IdxSize {
        PART_ROWS
    }
}

fn damaged_data() -> AppError {
    unreadable("The Parquet file is damaged: its data cannot be read.", None).public
}

/// Polars asserts what a well-formed file guarantees; in a damaged one that is the file's fault. Workers that load run
/// nothing else afterwards.
fn unless_it_panics<T>(read: impl FnOnce() -> Result<T, WorkerFailure>) -> Result<T, WorkerFailure> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| Err(WorkerFailure::refuse(damaged_data())))
}

/// `column` in the type we store; NaN and infinities, which cannot be shown, become NULL.
fn clean(column: Expr, dtype: &DataType) -> Option<(Expr, Kind)> {
    let kind = match dtype {
        DataType::Null | DataType::String | DataType::Categorical(..) | DataType::Enum(..) => Kind::Text,
        DataType::Boolean => Kind::Boolean,
        DataType::UInt64 | DataType::Int128 => Kind::Decimal { scale: 0 },
        dtype if dtype.is_integer() => Kind::Integer,
        DataType::Float32 | DataType::Float64 => {
            let wide = column.cast(DataType::Float64);
            let finite = when(wide.clone().is_finite()).then(wide).otherwise(lit(NULL));
            return Some((finite, Kind::Number));
        }
        DataType::Decimal(_, scale) => Kind::Decimal { scale: *scale },
        DataType::Date => Kind::Date,
        DataType::Time => Kind::Time,
        DataType::Datetime(_, None) => Kind::Timestamp,
        DataType::Datetime(_, Some(_)) => {
            let utc = column.dt().convert_time_zone(TimeZone::UTC);
            return Some((utc.cast(Kind::Instant.dtype()), Kind::Instant));
        }
        _ => return None,
    };
    Some((column.cast(kind.dtype()), kind))
}
