//! `wasm-opt -Oz` from the npm package `binaryen`: about a tenth smaller, for release builds.

use std::process::Command;

use super::cache::Cache;
use crate::{failure::Outcome, files, process, setup, step, workspace::Workspace};

/// What rustc may emit for this target and every browser of the last years understands.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// The module, optimised for size.
pub fn optimise(workspace: &Workspace, cache: &Cache, module: &[u8]) -> Outcome<Vec<u8>> {
    let tools = workspace.root.join("xtask");
    setup::node_packages(&tools)?;
    let lock = files::read(&tools.join("package-lock.json"))?;
    cache.file(
        "wasm-opt",
        &[b"-Oz", FEATURES.join(" ").as_bytes(), &lock, module],
        || {
            step::say("wasm-opt -Oz");
            let folder = workspace.target.join("wasm-opt").join(std::process::id().to_string());
            let (input, output) = (folder.join("in.wasm"), folder.join("out.wasm"));
            files::write(&input, module)?;
            let mut command = Command::new(tools.join("node_modules/.bin/wasm-opt"));
            process::capture(command.arg("-Oz").args(FEATURES).arg(&input).arg("-o").arg(&output))?;
            let optimised = files::read(&output)?;
            // Scratch only; the result is in the cache.
            let _ = std::fs::remove_dir_all(&folder);
            Ok(optimised)
        },
    )
}
