//! One browser entry: compiled, bound, optimised, and named by content.

use std::path::{Path, PathBuf};

use super::{asset::Asset, bindgen, cache::Cache, optimise};
use crate::{
    failure::{Failure, Outcome, fail},
    files, process,
    setup::{WASM_TARGET as TARGET, WasmToolchain},
    step,
    workspace::{Profile, Workspace},
};

/// Compiles the package for the browser; returns the module as rustc wrote it.
pub fn compile(workspace: &Workspace, profile: Profile, toolchain: &WasmToolchain, package: &str) -> Outcome<PathBuf> {
    step::say(&format!("{package} for the browser"));
    let mut cargo = process::cargo(&workspace.root);
    cargo.args([
        "build",
        "--package",
        package,
        "--lib",
        "--target",
        TARGET,
        "--profile",
        profile.wasm(),
        "--target-dir",
    ]);
    cargo.arg(workspace.wasm_target());
    toolchain.apply(&mut cargo);
    process::run(&mut cargo)?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok(workspace.wasm_target().join(TARGET).join(profile.wasm()).join(file))
}

/// The module and its script as assets. The script names the module and its snippets by their hashed paths.
pub fn package(
    workspace: &Workspace,
    profile: Profile,
    cache: &Cache,
    module: &Path,
    name: &str,
) -> Outcome<Vec<Asset>> {
    let folder = bindgen::bind(cache, module, name)?;
    let wasm_name = format!("{name}_bg.wasm");
    let mut wasm = files::read(&folder.join(&wasm_name))?;
    if profile == Profile::Release {
        wasm = optimise::optimise(workspace, cache, &wasm)?;
    }
    let wasm = Asset::hashed(&wasm_name, wasm)?;
    let mut script = files::read_text(&folder.join(format!("{name}.js")))?;
    replace(&mut script, &wasm_name, &wasm.path)?;
    let mut assets = vec![wasm];
    for file in files::walk(&folder.join("snippets"))? {
        let relative = file
            .strip_prefix(&folder)
            .map_err(|error| Failure::new(error.to_string()))?;
        let snippet = Asset::hashed(&relative.to_string_lossy(), files::read(&file)?)?;
        replace(&mut script, &snippet.name, &snippet.path)?;
        assets.push(snippet);
    }
    assets.push(Asset::hashed(&format!("{name}.js"), script.into_bytes())?);
    Ok(assets)
}

fn replace(script: &mut String, name: &str, path: &str) -> Outcome {
    if !script.contains(name) {
        fail!("the script made by wasm-bindgen does not name {name}");
    }
    *script = script.replace(name, path);
    Ok(())
}
