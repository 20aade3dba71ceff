//! One browser entry: compiled, bound, optimised, and named by content.

use std::path::{Path, PathBuf};

use super::{asset::Asset, bindgen, cache::Cache, optimise};
use crate::{
    failure::{Failure, Outcome, fail},
    files, process,
    setup::{WASM_TARGET as TARGET, WasmToolchain},
    workspace::{Profile, Workspace},
};

/// What of a package is compiled for the browser.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    Library,
    /// With these features alone.
    Program {
        name: &'a str,
        features: &'a str,
    },
    /// Without default features.
    Example(&'a str),
}

/// Compiles a part of a package for the browser; returns the module as rustc wrote it.
pub fn compile(
    workspace: &Workspace,
    profile: Profile,
    toolchain: &WasmToolchain,
    package: &str,
    part: Part<'_>,
) -> Outcome<PathBuf> {
    let mut cargo = process::cargo(&workspace.root);
    cargo.args(["build", "--package", package]);
    let module = match part {
        Part::Library => {
            cargo.arg("--lib");
            format!("{}.wasm", package.replace('-', "_"))
        }
        Part::Program { name, features } => {
            cargo.args(["--bin", name, "--no-default-features", "--features", features]);
            format!("{name}.wasm")
        }
        Part::Example(name) => {
            cargo.args(["--example", name, "--no-default-features"]);
            format!("examples/{name}.wasm")
        }
    };
    cargo.args(["--target", TARGET, "--profile", profile.wasm(), "--target-dir"]);
    cargo.arg(workspace.wasm_target());
    toolchain.apply(&mut cargo);
    process::run(&mut cargo)?;
    Ok(workspace.wasm_target().join(TARGET).join(profile.wasm()).join(module))
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
