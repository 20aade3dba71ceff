//! Vega in Node on the same specifications, in the same run.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use super::specs::Specs;
use crate::{
    failure::{Failure, Outcome, fail},
    files, process, step,
    workspace::Workspace,
};

/// The newest stable ones. Only this bench uses them: they are fetched into the cache, and nothing of the product or its tests
/// depends on them (both BSD-3-Clause).
const PACKAGES: [&str; 2] = ["vega@6.4.0", "vega-lite@6.5.0"];
const SCRIPT: &str = include_str!("vega_times.mjs");

/// Of one specification.
#[derive(Clone, Copy, Debug)]
pub struct VegaTime {
    /// From Vega-Lite to Vega, in µs.
    pub compile_us: f64,
    /// All of it: compiling, parsing, running the dataflow, writing the SVG.
    pub whole_us: f64,
}

/// Median of each specification; those that Vega fails at are not there.
pub fn measure(workspace: &Workspace, specs: &Specs, rounds: usize) -> Outcome<BTreeMap<String, VegaTime>> {
    let folder = packages(workspace)?;
    let script = folder.join("vega_times.mjs");
    files::write(&script, SCRIPT.as_bytes())?;
    let mut node = Command::new("node");
    node.current_dir(&folder)
        .arg(&script)
        .arg(&specs.folder)
        .arg(rounds.to_string())
        .args(&specs.names)
        .env("TZ", "UTC");
    read(&process::capture(&mut node)?)
}

/// The folder whose `node_modules` has both packages, installed when they are missing.
fn packages(workspace: &Workspace) -> Outcome<PathBuf> {
    let folder = workspace.cache.join("npm").join("vega");
    let stamp = folder.join("installed.txt");
    let wanted = PACKAGES.join(" ");
    if files::read_text(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    install(&folder)?;
    files::write(&stamp, wanted.as_bytes())?;
    Ok(folder)
}

fn install(folder: &Path) -> Outcome {
    if process::find_program("npm").is_none() {
        fail!("npm is missing; install Node 18 or newer");
    }
    step::say(&format!("fetching {} (to be measured beside)", PACKAGES.join(" and ")));
    files::make_folder(folder)?;
    let mut npm = Command::new("npm");
    npm.current_dir(folder)
        .args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix", "."])
        .args(PACKAGES);
    process::capture(&mut npm).map(drop)
}

fn read(said: &str) -> Outcome<BTreeMap<String, VegaTime>> {
    let times: BTreeMap<String, Value> =
        serde_json::from_str(said).map_err(|error| Failure::new(format!("vega_times.mjs: {error}")))?;
    let time = |value: &Value, name: &str| value.get(name).and_then(Value::as_f64);
    let times = times.into_iter().filter_map(|(name, value)| {
        let time = VegaTime {
            compile_us: time(&value, "compile_us")?,
            whole_us: time(&value, "whole_us")?,
        };
        Some((name, time))
    });
    Ok(times.collect())
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn what_the_script_prints_is_read() {
        let times = read(r#"{"bar":{"compile_us":2000.5,"whole_us":9000},"odd":{}}"#).unwrap();
        assert_eq!(times.len(), 1);
        assert!(times["bar"].compile_us < times["bar"].whole_us);
        assert!(read("no JSON").is_err());
    }
}
