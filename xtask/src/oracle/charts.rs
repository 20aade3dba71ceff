//! Vega-Lite specs beside what Vega draws: `run.sh BIN` draws, compares and prints a table.

use std::{path::Path, process::Command};

use super::floor::Reached;
use crate::{
    failure::{Failure, Outcome, fail},
    files, step,
    workspace::Workspace,
};

/// Draws every spec; returns passed specs by tier.
pub fn run(workspace: &Workspace, folder: &Path, binary: &Path) -> Outcome<Reached> {
    if !folder.join("run.sh").is_file() {
        step::say("no chart cases");
        return Ok(Reached::new());
    }
    let out = workspace.target.join("oracle").join("charts");
    files::make_folder(&out)?;
    let failures = out.join("failures.json");
    let mut script = Command::new("sh");
    script
        .arg(folder.join("run.sh"))
        .arg(binary)
        .arg("--json")
        .arg(&failures)
        .env("OUT", &out);
    // Its exit code says whether every spec passes; the floor decides here.
    let output = script
        .output()
        .map_err(|error| Failure::new(format!("run.sh: {error}")))?;
    let table = String::from_utf8_lossy(&output.stdout);
    print!("{table}");
    let reached = passed(&table);
    if reached.is_empty() {
        fail!("run.sh printed no table:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    step::say(&format!("first difference of each failure: {}", failures.display()));
    Ok(reached)
}

/// Reads the lines `T1 all  PASS  TOTAL …` and `all  PASS  TOTAL …`.
fn passed(table: &str) -> Reached {
    let mut reached = Reached::new();
    for line in table.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (set, count) = match words.as_slice() {
            [tier, "all", count, ..] if tier.starts_with('T') => (format!("charts.{tier}"), count),
            ["all", count, ..] => ("charts.all".to_owned(), count),
            _ => continue,
        };
        if let Ok(count) = count.parse() {
            reached.insert(set, count);
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_read() {
        let table = "set                 pass    total\nT1 bar                4        9\nT1 all               12       40        2\nall                  14      154       10\nprocess time: median 12 ms";
        assert_eq!(
            passed(table),
            Reached::from([("charts.T1".to_owned(), 12), ("charts.all".to_owned(), 14)])
        );
    }
}
