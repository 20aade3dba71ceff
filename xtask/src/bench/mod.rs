//! `bench`: the figures the product promises, as measured on this machine. Never part of `test`: time depends on the machine.

mod board;
mod browser;
mod charts;
mod data;
mod duckdb;
mod figure;
mod machine;
mod people;
mod planning;
mod queries;
mod rate;
mod share;
mod start;

use std::path::Path;

use figure::Figure;

use crate::{
    build,
    failure::{Outcome, fail},
    files,
    instance::Instance,
    step,
    workspace::{Profile, Workspace},
};

const DOCUMENT: &str = "docs/BENCHMARKS.md";

/// Promised, and not measured by this command yet.
const NOT_HERE: [(&str, &str, &str, &str); 2] = [
    (
        "on PostgreSQL, against the same SQL by hand",
        "Superset 1.41 ×",
        "≤ 1.1 ×",
        "no run beside a PostgreSQL yet",
    ),
    ("chart → PNG", "9 to 24 ms", "< 5 ms", "pictures are SVG so far"),
];

/// What can be measured alone.
const NAMES: [&str; 8] = [
    "start", "queries", "rate", "people", "browser", "share", "charts", "planning",
];
/// Measured without the server, which then need not be compiled.
const ALONE: [&str; 2] = ["charts", "planning"];

/// Measures and prints; `quick` leaves out what needs the millions of rows, `write` keeps the table in the document. `only`: some
/// of [`NAMES`]; none means all.
pub fn run(workspace: &Workspace, quick: bool, write: bool, only: &[String]) -> Outcome {
    if let Some(unknown) = only.iter().find(|name| !NAMES.contains(&name.as_str())) {
        fail!("`{unknown}` is no figure; there are {}", NAMES.join(", "));
    }
    if write && !only.is_empty() {
        fail!("a table of some figures is not kept; leave the names or --write out");
    }
    let wanted = |name: &str| only.is_empty() || only.iter().any(|one| one == name);
    let scratch = workspace.target.join("bench");
    files::make_folder(&scratch)?;
    let mut figures = Vec::new();
    if only.iter().any(|one| !ALONE.contains(&one.as_str())) || only.is_empty() {
        figures.extend(of_the_server(workspace, &scratch, quick, write, &wanted)?);
    }
    if wanted("charts") {
        figures.extend(charts::measure(workspace, &scratch));
    }
    if wanted("planning") {
        figures.extend(planning::measure(workspace));
    }
    if only.is_empty() {
        figures.extend(browser_sizes(workspace)?);
        figures.extend(NOT_HERE.map(|(what, peer, goal, why)| Figure::missing(what, peer, goal, why)));
    }
    let text = figure::document(&machine::describe(workspace), &figures);
    println!("\n{text}");
    if write {
        files::write(&workspace.root.join(DOCUMENT), text.as_bytes())?;
        step::say(&format!("wrote {DOCUMENT}"));
    }
    Ok(())
}

/// What is asked of the running program.
fn of_the_server(
    workspace: &Workspace,
    scratch: &Path,
    quick: bool,
    write: bool,
    wanted: &impl Fn(&str) -> bool,
) -> Outcome<Vec<Figure>> {
    let binary = build::run(workspace, Profile::Release)?;
    let mut figures = Vec::new();
    if wanted("start") {
        figures.extend(start::measure(&binary, scratch)?);
    }
    if quick {
        figures.push(Figure::missing(
            "CSV of 1 M rows, ten queries, requests per second",
            "–",
            "–",
            "left out by --quick",
        ));
    } else if ["queries", "rate", "people", "browser"].into_iter().any(wanted) {
        let instance = Instance::start(&binary, scratch, &[])?;
        let account = instance.account(&binary)?;
        if wanted("queries") {
            figures.extend(queries::measure(workspace, &instance, &account)?);
        } else {
            queries::prepare(workspace, &instance, &account)?;
        }
        if wanted("rate") {
            figures.extend(rate::measure(&instance, &account));
        }
        if wanted("people") {
            figures.extend(people::measure(&instance, &account, write));
        }
        if wanted("browser") {
            figures.extend(browser::measure(workspace, &binary, &instance, &account));
        }
    }
    if wanted("share") {
        figures.extend(share::measure(&binary, scratch));
    }
    Ok(figures)
}

/// What a browser loads before anything works, compressed.
fn browser_sizes(workspace: &Workspace) -> Outcome<Vec<Figure>> {
    let manifest = files::read_text(&workspace.dist(Profile::Release).join("manifest.json"))?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap_or_default();
    let size = |name: &str| {
        manifest
            .pointer(&format!("/files/{name}/brotli_bytes"))
            .and_then(serde_json::Value::as_u64)
    };
    let entries = [
        ("reader", "WASM for a reader (brotli)", "< 350 KB"),
        ("app", "WASM for the designer (brotli)", "< 700 KB"),
    ];
    let figures = entries.map(|(entry, what, goal)| {
        let sizes = [format!("{entry}_bg.wasm"), format!("{entry}.js"), "app.css".to_owned()]
            .map(|name| size(&name).unwrap_or(0));
        let [wasm, script, style] = sizes.map(|bytes| bytes as f64 / 1000.0);
        Figure::measured(
            what,
            "Vega alone: 252 KB",
            goal,
            format!("{wasm:.0} KB + script {script:.0} KB + style {style:.0} KB"),
        )
    });
    Ok(figures.into())
}
