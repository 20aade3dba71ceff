//! What must hold in the source tree, besides tests: format, lints, arrows between crates, style, documents, names.

mod docs;
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

/// Runs every check; the quick ones first.
pub fn run(workspace: &Workspace, steps: &mut Steps) -> Outcome {
    steps.run("format", || format::run(workspace))?;
    steps.run("layers", || report(layers::run(workspace)?))?;
    steps.run("style", || report(style::run(workspace)?))?;
    steps.run("docs", || report(docs::run(workspace)?))?;
    steps.run("names", || report(names::run(workspace)?))?;
    steps.run("lints", || lints::run(workspace))
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
