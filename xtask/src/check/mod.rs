//! What must hold in the source tree, besides tests: format, lints, arrows between crates, ways out, style, documents, names.

mod docs;
mod egress;
mod format;
mod layers;
mod lints;
mod names;
pub mod sources;
mod style;

use crate::{
    failure::{Outcome, fail},
    step::Steps,
    workspace::Workspace,
};

/// The checks, the quick ones first.
const NAMES: [&str; 7] = ["format", "layers", "egress", "style", "docs", "names", "lints"];

/// Runs the named checks; all of them when none is named.
pub fn run(workspace: &Workspace, only: &[String], steps: &mut Steps) -> Outcome {
    if let Some(unknown) = only.iter().find(|name| !NAMES.contains(&name.as_str())) {
        fail!("`{unknown}` is no check; they are {}", NAMES.join(", "));
    }
    for name in NAMES
        .iter()
        .filter(|name| only.is_empty() || only.iter().any(|only| only == *name))
    {
        steps.run(name, || one(workspace, name))?;
    }
    Ok(())
}

fn one(workspace: &Workspace, name: &str) -> Outcome {
    match name {
        "format" => format::run(workspace),
        "layers" => report(layers::run(workspace)?),
        "egress" => report(egress::run(workspace)?),
        "style" => report(style::run(workspace)?),
        "docs" => report(docs::run(workspace)?),
        "names" => report(names::run(workspace)?),
        _ => lints::run(workspace),
    }
}

/// Prints what was found and fails when there is something.
fn report(problems: Vec<String>) -> Outcome {
    for problem in &problems {
        println!("   {problem}");
    }
    match problems.len() {
        0 => Ok(()),
        1 => fail!("one problem, see above"),
        count => fail!("{count} problems, see above"),
    }
}
