//! Microseconds from a Vega-Lite spec to its SVG, in one process.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use super::figure::Figure;
use crate::{
    failure::{Failure, Outcome},
    files, process,
    workspace::Workspace,
};

const WHAT: &str = "chart: spec → SVG";
const PEER: &str = "Vega in Node 13 ms median";
const GOAL: &str = "< 0.2 ms native";
const ROUNDS: &str = "200";
/// Drawn where the oracle's specs are not at hand.
const SPEC: &str = r#"{"$schema":"https://vega.github.io/schema/vega-lite/v6.json","data":{"values":[{"a":"A","b":28},{"a":"B","b":55},{"a":"C","b":43}]},"mark":"bar","encoding":{"x":{"field":"a","type":"nominal"},"y":{"field":"b","type":"quantitative"}}}"#;

/// The median over all specs that are drawn.
pub fn measure(workspace: &Workspace, binary: &Path, scratch: &Path) -> Figure {
    match medians(workspace, binary, scratch) {
        Ok((mut times, of)) if !times.is_empty() => {
            times.sort_by(f64::total_cmp);
            let middle = times.get(times.len() / 2).copied().unwrap_or_default();
            let last = times.last().copied().unwrap_or_default();
            Figure::measured(
                WHAT,
                PEER,
                GOAL,
                format!(
                    "{middle:.0} µs median, {last:.0} µs at most ({} of {of} specs)",
                    times.len()
                ),
            )
        }
        Ok(_) => Figure::missing(WHAT, PEER, GOAL, "no spec was drawn"),
        Err(error) => Figure::missing(WHAT, PEER, GOAL, error),
    }
}

/// Median of each spec in µs, and how many specs there are.
fn medians(workspace: &Workspace, binary: &Path, scratch: &Path) -> Outcome<(Vec<f64>, usize)> {
    let (specs, data) = specs(workspace, scratch)?;
    let mut times = Vec::new();
    for spec in &specs {
        let mut command = Command::new(binary);
        command
            .arg("render")
            .arg(spec)
            .arg("--out")
            .arg(scratch.join("chart.svg"))
            .arg("--data-dir")
            .arg(&data);
        // A spec outside the subset is refused; it has no time.
        let Ok(said) = process::capture(command.args(["--bench", ROUNDS])) else {
            continue;
        };
        let said: serde_json::Value =
            serde_json::from_str(&said).map_err(|error| Failure::new(format!("render --bench: {error}")))?;
        times.extend(said.get("median_us").and_then(serde_json::Value::as_f64));
    }
    Ok((times, specs.len()))
}

/// Tier 1 of the oracle's specs and their data folder, or the one spec of this file.
fn specs(workspace: &Workspace, scratch: &Path) -> Outcome<(Vec<PathBuf>, PathBuf)> {
    if let Some(folder) = workspace
        .neighbour("SIGHTLINE_ORACLE", "shared/oracle")
        .map(|folder| folder.join("charts"))
    {
        let sets: serde_json::Value =
            serde_json::from_slice(&files::read(&folder.join("sets.json"))?).unwrap_or_default();
        let sets = sets
            .get("specs")
            .and_then(serde_json::Value::as_array)
            .into_iter()
            .flatten();
        let names = sets
            .filter(|set| set.get("tier").is_some_and(|tier| tier == "T1"))
            .filter_map(|set| set.get("name")?.as_str());
        return Ok((
            names.map(|name| folder.join(format!("specs/{name}.vl.json"))).collect(),
            folder,
        ));
    }
    let spec = scratch.join("chart.vl.json");
    files::write(&spec, SPEC.as_bytes())?;
    Ok((vec![spec], scratch.to_path_buf()))
}
