//! From the Arrow tables of a worker to the cells of an answer.

mod cells;
mod temporal;

use std::io::Cursor;

pub use cells::{column_cells, decimal_text};
use plan::logical::PlannedQuery;
use polars::prelude::*;
use shared::{
    semantic::{Answer, CacheState, TotalRows},
    table::{Cell, ColumnType},
};
pub use temporal::{date_text, instant_text, time_text, wall_clock_text};

use crate::lower::Kind;

/// Builds the answer from the tables of `planned`: rows first, then totals in order.
///
/// # Errors
/// A sentence for the log when the tables do not fit the plan.
pub fn assemble(planned: &PlannedQuery, tables: Vec<Vec<u8>>, rows_read: u64) -> Result<Answer, String> {
    let mut tables = tables.into_iter();
    let rows = tables.next().ok_or("the table of rows is missing")?;
    let limit = usize::try_from(planned.limit).unwrap_or(usize::MAX);
    let (rows, others, truncated) = planned_rows(planned, rows, limit)?;
    let mut totals = Vec::with_capacity(planned.totals.len());
    for wanted in &planned.totals {
        let table = tables.next().ok_or("a table of totals is missing")?;
        let (rows, ..) = planned_rows(planned, table, usize::MAX)?;
        totals.push(TotalRows {
            by: wanted.by.clone(),
            rows,
        });
    }
    Ok(Answer {
        columns: planned.columns.iter().map(|output| output.column.clone()).collect(),
        rows,
        totals,
        sql: Vec::new(),
        warnings: planned.warnings.clone(),
        version: planned.version,
        as_of: planned.as_of.clone(),
        cache: CacheState::Miss,
        truncated,
        others,
        rows_read: Some(rows_read),
    })
}

/// The rows of a query in a table that holds some of them.
///
/// # Errors
/// A sentence for the log when the table does not fit the plan.
pub fn rows_of(planned: &PlannedQuery, table: Vec<u8>) -> Result<Vec<Vec<Cell>>, String> {
    planned_rows(planned, table, usize::MAX).map(|(rows, ..)| rows)
}

type PlannedRows = (Vec<Vec<Cell>>, Vec<usize>, bool);

fn planned_rows(planned: &PlannedQuery, table: Vec<u8>, limit: usize) -> Result<PlannedRows, String> {
    let frame = read_table(table)?;
    let truncated = frame.height() > limit;
    let frame = frame.slice(0, limit);
    let mut columns = Vec::with_capacity(planned.columns.len());
    for output in &planned.columns {
        let column = frame.column(&output.column.name).map_err(|error| error.to_string())?;
        columns.push(column_cells(column, output.column.kind, output.zone.as_deref())?);
    }
    let others = match &planned.others_marker {
        Some(marker) => marked_rows(&frame, marker)?,
        None => Vec::new(),
    };
    Ok((transpose(columns, frame.height()), others, truncated))
}

fn marked_rows(frame: &DataFrame, marker: &str) -> Result<Vec<usize>, String> {
    let Ok(column) = frame.column(marker) else {
        return Ok(Vec::new());
    };
    let marks = column.bool().map_err(|error| error.to_string())?;
    Ok(marks
        .iter()
        .enumerate()
        .filter(|(_, mark)| *mark == Some(true))
        .map(|(row, _)| row)
        .collect())
}

/// Names and types of columns, and rows as wide.
pub type TypedRows = (Vec<(String, ColumnType)>, Vec<Vec<Cell>>);

/// Columns with their stored types, and the rows, of a table read from a stored object.
pub fn stored_rows(table: Vec<u8>) -> Result<TypedRows, String> {
    frame_rows(&read_table(table)?)
}

/// The cells of a frame whose columns have stored types.
pub fn frame_rows(frame: &DataFrame) -> Result<TypedRows, String> {
    let mut names = Vec::with_capacity(frame.width());
    let mut columns = Vec::with_capacity(frame.width());
    for column in frame.columns() {
        let kind = Kind::of(column.dtype())
            .ok_or_else(|| format!("type {} is not stored", column.dtype()))?
            .column_type();
        names.push((column.name().to_string(), kind));
        columns.push(column_cells(column, kind, None)?);
    }
    Ok((names, transpose(columns, frame.height())))
}

fn read_table(table: Vec<u8>) -> Result<DataFrame, String> {
    IpcStreamReader::new(Cursor::new(table))
        .finish()
        .map_err(|error| error.to_string())
}

fn transpose(columns: Vec<Vec<Cell>>, height: usize) -> Vec<Vec<Cell>> {
    let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
    (0..height)
        .map(|_| {
            columns
                .iter_mut()
                .map(|column| column.next().unwrap_or_default())
                .collect()
        })
        .collect()
}
