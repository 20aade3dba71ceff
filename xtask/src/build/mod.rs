//! From sources to one binary: browser entries, style sheet and static files become a `dist` folder that the server embeds.

mod asset;
mod bindgen;
mod browser_entry;
mod cache;
mod ceiling;
mod compress;
mod css;
mod dist;
mod optimise;
mod public_files;
mod server;

use std::path::PathBuf;

pub use asset::Asset;
pub use browser_entry::{Part, compile, package};
pub use cache::Cache;
pub use compress::compress;
pub use css::style_sheet;
pub use public_files::collect as public_files;

use crate::{
    failure::Outcome,
    setup, step,
    workspace::{Profile, Workspace},
};

/// The `--package` names of the browser entries and the file names they get.
const ENTRIES: [(&str, &str); 2] = [("frontend-app", "app"), ("frontend-reader", "reader")];

/// Builds the assets into the profile's `dist` folder and prints their sizes. Steps whose input is unchanged are skipped.
pub fn assets(workspace: &Workspace, profile: Profile) -> Outcome<PathBuf> {
    let toolchain = setup::wasm_toolchain(workspace)?;
    let cache = Cache::open(workspace)?;
    let mut assets = public_files::collect(workspace)?;
    let style = css::style_sheet(workspace, &assets)?;
    assets.push(style);
    for (package, name) in ENTRIES {
        step::say(&format!("{package} for the browser"));
        let module = compile(workspace, profile, &toolchain, package, Part::Library)?;
        assets.extend(browser_entry::package(workspace, profile, &cache, &module, name)?);
    }
    let folder = workspace.dist(profile);
    let sizes = dist::write(&folder, &assets, profile, &cache)?;
    cache.prune();
    dist::print_sizes(&sizes);
    if profile == Profile::Release {
        ceiling::check(workspace, &sizes)?;
    }
    Ok(folder)
}

/// Builds assets and server; returns the binary.
pub fn run(workspace: &Workspace, profile: Profile) -> Outcome<PathBuf> {
    let dist = assets(workspace, profile)?;
    server::build(workspace, profile, &dist)?;
    let binary = workspace.server_binary(profile);
    step::say(&format!("built {}", binary.display()));
    Ok(binary)
}
