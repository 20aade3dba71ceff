//! The retail data set of the bench folder beside the checkout, made once per machine.

use std::{path::PathBuf, process::Command};

use crate::{
    failure::{Outcome, fail},
    process, setup, step,
    workspace::Workspace,
};

/// Python with what the data and DuckDB need.
const PACKAGES: [&str; 4] = ["numpy", "polars", "duckdb", "pyarrow"];

/// Where the data and the queries are.
#[derive(Debug)]
pub struct BenchData {
    pub python: PathBuf,
    /// `orders_1m.csv`, `orders_10m.parquet` and their relatives.
    pub folder: PathBuf,
    /// The ten queries in SQL.
    pub queries: PathBuf,
}

/// Makes the data when it is missing.
pub fn prepare(workspace: &Workspace) -> Outcome<BenchData> {
    let Some(source) = workspace.neighbour("SIGHTLINE_BENCH", "shared/bench") else {
        fail!("neither SIGHTLINE_BENCH nor ../shared/bench is a folder");
    };
    let python = setup::python_with(workspace, "bench-python", &PACKAGES)?;
    let work = workspace.cache.join("bench");
    let folder = work.join("data");
    // Of each size, what is written last.
    if ["orders_1m.parquet", "orders_10m.parquet"]
        .iter()
        .any(|file| !folder.join(file).is_file())
    {
        step::say("making the bench data (1 M and 10 M rows)");
        let mut command = Command::new(&python);
        process::capture(
            command
                .arg(source.join("make_data.py"))
                .args(["1000000", "10000000"])
                .env("BENCH_WORK", &work),
        )?;
    }
    Ok(BenchData {
        python,
        folder,
        queries: source.join("queries.sql"),
    })
}
