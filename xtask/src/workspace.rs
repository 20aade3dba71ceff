//! Where things are: the checkout, the target folder, the caches.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::failure::{Failure, Outcome};

/// Folders of this checkout and of this machine.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// `CARGO_TARGET_DIR`, else `target` in the checkout. Absolute.
    pub target: PathBuf,
    /// What outlives a checkout and is no build output: scratch npm folders, bench data. Absolute.
    pub cache: PathBuf,
}

impl Workspace {
    /// Finds the folders from the environment that cargo gives.
    ///
    /// # Errors
    /// When the checkout has moved since the tool was built and cargo did not say where it is.
    pub fn find() -> Outcome<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = manifest
            .parent()
            .map(Path::to_path_buf)
            .filter(|root| root.join("Cargo.toml").is_file());
        let root = root.ok_or_else(|| Failure::new("the checkout was not found; start this tool as `cargo xtask`"))?;
        let target = match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => root.join(folder),
            None => root.join("target"),
        };
        let home = env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
        let home = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
        let cache = home.map_or_else(|| target.join("cache"), |home| home.join("sightline"));
        Ok(Self { root, target, cache })
    }

    /// Cargo's target folder of the browser entries; their own, so that native builds never wait for them.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// The folder that the server embeds (`SIGHTLINE_DIST`).
    pub fn dist(&self, profile: Profile) -> PathBuf {
        self.target.join("dist").join(profile.as_str())
    }

    /// The server's binary.
    pub fn server_binary(&self, profile: Profile) -> PathBuf {
        let folder = match profile {
            Profile::Dev => "debug",
            Profile::Release => "release",
        };
        self.target.join(folder).join("sightline")
    }

    /// Cargo's words for every native package: without the browser entries, and without this tool, which has its own
    /// tests and would only unify features differently.
    pub fn native_selection(&self) -> [&'static str; 7] {
        [
            "--workspace",
            "--exclude",
            "frontend-app",
            "--exclude",
            "frontend-reader",
            "--exclude",
            "xtask",
        ]
    }

    /// A folder beside the checkout, or where this environment variable points.
    pub fn neighbour(&self, variable: &str, path: &str) -> Option<PathBuf> {
        let folder = env::var_os(variable).map_or_else(|| self.root.join("..").join(path), PathBuf::from);
        fs::canonicalize(folder).ok().filter(|folder| folder.is_dir())
    }
}

/// How the server is compiled and how much work goes into the assets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build: WASM as rustc leaves it, compiled in pieces.
    Dev,
    /// To be handed on: `wasm-opt -Oz`, brotli at its highest level.
    Release,
}

impl Profile {
    /// Name of the folder below `dist`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }

    /// Name of the cargo profile for the browser.
    pub fn wasm(self) -> &'static str {
        match self {
            Self::Dev => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }
}
