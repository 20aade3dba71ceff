//! The chart crate in a browser: how much code it is by itself, and how long a drawing takes in Chromium.

use std::{path::Path, process::Command};

use serde_json::Value;

use super::{Spread, missing, specs::Specs};
use crate::{
    bench::figure::Figure,
    build::{self, Asset, Part},
    failure::{Failure, Outcome},
    files, process, setup,
    workspace::{Profile, Workspace},
};

const WEIGHT: (&str, &str, &str) = ("chart: WASM that only draws (brotli)", "Vega alone: 252 KB", "–");
const TIME: (&str, &str, &str) = ("chart: drawn in Chromium", "–", "–");
/// An example of the chart crate.
const EXAMPLE: &str = "browser";
const ROUNDS: &str = "15";

/// Bytes and milliseconds.
pub fn measure(workspace: &Workspace, specs: &Specs, scratch: &Path) -> [Figure; 2] {
    let folder = scratch.join("chart-in-browser");
    match assets(workspace) {
        Ok(assets) => [
            weight(workspace, &assets).unwrap_or_else(|error| missing(WEIGHT, error)),
            times(workspace, specs, &folder, &assets).map_or_else(|error| missing(TIME, error), |seen| time(&seen)),
        ],
        Err(error) => [WEIGHT, TIME].map(|names| missing(names, &error)),
    }
}

/// Compiled as the browser's entries are, with what they leave out left out.
fn assets(workspace: &Workspace) -> Outcome<Vec<Asset>> {
    let toolchain = setup::wasm_toolchain(workspace)?;
    let module = build::compile(workspace, Profile::Release, &toolchain, "chart", Part::Example(EXAMPLE))?;
    build::package(
        workspace,
        Profile::Release,
        &build::Cache::open(workspace)?,
        &module,
        "chart",
    )
}

fn weight(workspace: &Workspace, assets: &[Asset]) -> Outcome<Figure> {
    let cache = build::Cache::open(workspace)?;
    let module = assets.iter().find(|asset| asset.name.ends_with(".wasm"));
    let module = module.ok_or_else(|| Failure::new("there is no module"))?;
    let packed = build::compress(module, Profile::Release, &cache)?
        .brotli
        .unwrap_or_default();
    let (what, peer, goal) = WEIGHT;
    let said = format!(
        "{:.0} KB ({:.0} KB plain)",
        packed.len() as f64 / 1e3,
        module.content.len() as f64 / 1e3
    );
    Ok(Figure::measured(what, peer, goal, said))
}

fn times(workspace: &Workspace, specs: &Specs, folder: &Path, assets: &[Asset]) -> Outcome<Value> {
    for asset in assets {
        files::write(&folder.join(&asset.path), &asset.content)?;
    }
    let script = assets.iter().find(|asset| asset.name == "chart.js");
    let script = script.ok_or_else(|| Failure::new("there is no script"))?;
    let journeys = workspace.root.join("end2end");
    setup::node_packages(&journeys)?;
    let mut node = Command::new("node");
    node.current_dir(&journeys)
        .arg("bench/charts.js")
        .arg(folder)
        .arg(&script.path)
        .arg(&specs.folder)
        .arg(ROUNDS)
        .args(&specs.names)
        .env("CHROMIUM", setup::browser()?);
    let said = process::capture(&mut node)?;
    serde_json::from_str(&said).map_err(|error| Failure::new(format!("bench/charts.js: {error}")))
}

fn time(seen: &Value) -> Figure {
    let specs = seen.get("specs").and_then(Value::as_object);
    let number = |times: &Value, name: &str| times.get(name).and_then(Value::as_f64);
    let all = |name: &str| Spread::of(specs.into_iter().flatten().filter_map(|(_, times)| number(times, name)));
    let tile = |name: &str| seen.get("tile").and_then(|tile| number(tile, name)).unwrap_or_default();
    let (draw, shown) = (all("drawMs"), all("shownMs"));
    let (what, peer, goal) = TIME;
    Figure::measured(
        what,
        peer,
        goal,
        format!(
            "{:.2} ms median, p95 {:.1} ms, {:.2} ms with its layout in the page ({} specs) · {:.2} ms, {:.2} ms with layout for 36 stacked columns of 4",
            draw.median,
            draw.p95,
            shown.median,
            specs.map_or(0, serde_json::Map::len),
            tile("drawMs"),
            tile("shownMs"),
        ),
    )
}
