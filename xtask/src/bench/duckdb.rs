//! The same queries in DuckDB, in the same run.

use std::{collections::BTreeMap, process::Command};

use super::data::BenchData;
use crate::{
    failure::{Failure, Outcome},
    process,
};

/// Queries beside those of the bench folder.
const FURTHER: &str = include_str!("further.sql");
const SCRIPT: &str = include_str!("duckdb_times.py");

/// Median of each named query in milliseconds, on `orders_TAG.parquet`.
pub fn measure(data: &BenchData, tag: &str, names: &[&str], rounds: usize) -> Outcome<BTreeMap<String, f64>> {
    let mut command = Command::new(&data.python);
    command
        .args(["-c", SCRIPT])
        .arg(&data.queries)
        .arg(FURTHER)
        .arg(&data.folder)
        .arg(format!("orders_{tag}"))
        .arg(rounds.to_string())
        .args(names);
    let said = process::capture(&mut command)?;
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&said)
        .map(|map| {
            map.into_iter()
                .filter_map(|(name, time)| Some((name, time.as_f64()?)))
                .collect()
        })
        .map_err(|error| Failure::new(format!("duckdb_times.py: {error}")))
}
