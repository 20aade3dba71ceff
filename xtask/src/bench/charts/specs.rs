//! What is drawn: the specifications of the oracle's first tier.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{failure::Outcome, files, workspace::Workspace};

/// Drawn where the oracle's specifications are not at hand.
const SPEC: &str = r#"{"$schema":"https://vega.github.io/schema/vega-lite/v6.json","data":{"values":[{"a":"A","b":28},{"a":"B","b":55},{"a":"C","b":43}]},"mark":"bar","encoding":{"x":{"field":"a","type":"nominal"},"y":{"field":"b","type":"quantitative"}}}"#;

/// A folder with `specs/NAME.vl.json` and the data they name, and which of them are drawn.
#[derive(Debug)]
pub struct Specs {
    pub folder: PathBuf,
    pub names: Vec<String>,
}

/// Tier 1 of the oracle; without the oracle one plain bar chart, and the terminal says so.
pub fn find(workspace: &Workspace, scratch: &Path) -> Outcome<Specs> {
    let oracle = workspace
        .neighbour("SIGHTLINE_ORACLE", "shared/oracle")
        .map(|folder| folder.join("charts"));
    let Some(folder) = oracle.filter(|folder| folder.join("sets.json").is_file()) else {
        crate::step::say(
            "no specifications here: neither SIGHTLINE_ORACLE nor ../shared/oracle has any; one bar chart",
        );
        let folder = scratch.join("charts");
        files::write(&folder.join("specs/bar.vl.json"), SPEC.as_bytes())?;
        return Ok(Specs {
            folder,
            names: vec!["bar".to_owned()],
        });
    };
    let sets: Value = serde_json::from_slice(&files::read(&folder.join("sets.json"))?).unwrap_or_default();
    let sets = sets.get("specs").and_then(Value::as_array).into_iter().flatten();
    let names = sets
        .filter(|set| set.get("tier").is_some_and(|tier| tier == "T1"))
        .filter_map(|set| set.get("name")?.as_str().map(str::to_owned))
        .collect();
    Ok(Specs { folder, names })
}
