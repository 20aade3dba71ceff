//! Rows that databases answered, in parts.

use std::path::PathBuf;

use polars::prelude::*;

use super::{
    Kind,
    codes::Codes,
    explain,
    failure::impossible,
    scan::{BoundTables, StoredTable, open_parquet},
    table::{Columns, Table},
};
use crate::{connector::Fetched, protocol::WorkerFailure};

/// All parts as one table, in order; decimals take the greatest scale of any part.
pub fn open(fetched: &Fetched) -> Result<StoredTable, WorkerFailure> {
    let parts = fetched
        .parts
        .iter()
        .map(|path| open_parquet(path))
        .collect::<Result<Vec<_>, _>>()?;
    let mut columns = parts
        .first()
        .map(|part| part.columns.clone())
        .ok_or_else(|| impossible("fetched rows have no part"))?;
    for part in &parts {
        for ((_, kind), (name, own)) in columns.0.iter_mut().zip(&part.columns.0) {
            *kind = kind
                .meet(*own)
                .ok_or_else(|| impossible(format!("the parts disagree on {name}")))?;
        }
    }
    let mut frames = Vec::with_capacity(parts.len());
    for part in parts {
        let own = part.columns.0.iter().zip(&columns.0);
        let casts: Vec<Expr> = own
            .map(|((name, own), (_, kind))| own.convert(col(name.as_str()), *kind))
            .collect();
        frames.push(part.frame.select(casts));
    }
    let frame = match frames.len() {
        1 => frames.pop().unwrap_or_default(),
        _ => concat(frames, UnionArgs::default()).map_err(explain)?,
    };
    Ok(StoredTable {
        frame,
        columns,
        codes: Codes::default(),
        rows: fetched.rows,
        file: PathBuf::new(),
    })
}

/// The rows under the names the plan has for them, by position.
pub fn lower(name: &str, columns: &[String], tables: &BoundTables) -> Result<Table, WorkerFailure> {
    let stored = tables
        .fetched(name)
        .ok_or_else(|| impossible(format!("the rows of {name} were not fetched")))?;
    if stored.columns.0.len() != columns.len() {
        return Err(impossible(format!("{name} has other columns than the plan")));
    }
    let pairs = stored.columns.0.iter().zip(columns);
    let (renamed, kinds): (Vec<Expr>, Vec<(String, Kind)>) = pairs
        .map(|((own, kind), name)| (col(own.as_str()).alias(name.as_str()), (name.clone(), *kind)))
        .unzip();
    Ok(Table::new(stored.frame.clone().select(renamed), Columns(kinds)))
}
