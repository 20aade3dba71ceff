//! A compiler that knows `wasm32-unknown-unknown`: rustup's target, or Debian's `rustc-web` where rustup cannot download.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome, fail},
    files, process,
    setup::system_packages,
    step,
    workspace::Workspace,
};

/// The target of everything the browser runs.
pub const TARGET: &str = "wasm32-unknown-unknown";
/// Debian's compiler and the place of its libraries.
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_LIBRARIES: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
/// Says for which compiler the libraries were built; another version cannot read them.
const DEBIAN_STAMP: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/sightline-rustc-version";
/// `rustc-web` skips rustup's own target, to try the other way on a machine that has both.
const CHOICE: &str = "SIGHTLINE_WASM_TOOLCHAIN";

/// How WebAssembly is compiled on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WasmToolchain {
    /// The toolchain's own target; nothing special.
    Rustup,
    /// Debian's compiler with libraries built from its sources, linked by rustup's `rust-lld`.
    Debian { linker: PathBuf },
}

impl WasmToolchain {
    /// Sets what cargo needs to compile for the browser.
    pub fn apply(&self, command: &mut Command) {
        match self {
            Self::Rustup => {}
            Self::Debian { linker } => {
                command
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
            }
        }
    }
}

/// Finds or installs a way to compile for the browser.
///
/// # Errors
/// When neither way works; the message says what to do by hand.
pub fn ensure(workspace: &Workspace) -> Outcome<WasmToolchain> {
    let sysroot = process::capture(Command::new("rustc").args(["--print", "sysroot"]))?;
    let sysroot = PathBuf::from(sysroot.trim());
    let only_debian = env::var(CHOICE).is_ok_and(|choice| choice == "rustc-web");
    if !only_debian && has_standard_library(&sysroot.join("lib/rustlib").join(TARGET).join("lib")) {
        return Ok(WasmToolchain::Rustup);
    }
    let debian = WasmToolchain::Debian {
        linker: rust_lld(&sysroot)?,
    };
    if debian_is_ready() {
        return Ok(debian);
    }
    if !only_debian {
        step::say(&format!("the target {TARGET} is missing: rustup target add {TARGET}"));
        match process::capture(Command::new("rustup").args(["target", "add", TARGET])) {
            Ok(_) => return Ok(WasmToolchain::Rustup),
            Err(error) => step::say(&format!("rustup could not: {error}")),
        }
    }
    install_debian(workspace, &debian)?;
    Ok(debian)
}

/// The linker that rustup's toolchain ships.
fn rust_lld(sysroot: &Path) -> Outcome<PathBuf> {
    let verbose = process::capture(Command::new("rustc").arg("-vV"))?;
    let host = verbose.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or_else(|| Failure::new("`rustc -vV` names no host"))?;
    Ok(sysroot.join("lib/rustlib").join(host).join("bin/rust-lld"))
}

fn has_standard_library(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().any(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

fn debian_is_ready() -> bool {
    let built_for = fs::read_to_string(DEBIAN_STAMP);
    let installed = process::capture(Command::new(DEBIAN_RUSTC).arg("-vV"));
    has_standard_library(Path::new(DEBIAN_LIBRARIES))
        && matches!((built_for, installed), (Ok(built), Ok(now)) if built == now)
}

/// Builds the standard library for the browser from Debian's sources and puts it where Debian's compiler looks.
fn install_debian(workspace: &Workspace, debian: &WasmToolchain) -> Outcome {
    step::say("using Debian's compiler instead (packages rustc-web and rust-web-src); this happens once");
    let missing = [
        (DEBIAN_RUSTC, "rustc-web"),
        ("/usr/lib/rustlib/src/rust/library/Cargo.toml", "rust-web-src"),
    ];
    let missing: Vec<&str> = missing
        .iter()
        .filter(|(path, _)| !Path::new(path).exists())
        .map(|(_, name)| *name)
        .collect();
    if !missing.is_empty() {
        system_packages::install(&missing)?;
    }
    let scratch = workspace.cache.join("wasm-standard-library");
    files::write(
        &scratch.join("Cargo.toml"),
        b"[package]\nname = \"scratch\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[lib]\ncrate-type = [\"cdylib\"]\n\n[workspace]\n",
    )?;
    files::write(&scratch.join("src/lib.rs"), b"")?;
    step::say("building the standard library for the browser");
    let mut cargo = process::cargo(&scratch);
    cargo.args([
        "build",
        "--release",
        "-Zbuild-std=std,panic_abort",
        "--target",
        TARGET,
        "--target-dir",
        "target",
    ]);
    cargo.env("RUSTC_BOOTSTRAP", "1");
    debian.apply(&mut cargo);
    process::capture(&mut cargo)?;
    copy_libraries(&scratch.join("target").join(TARGET).join("release/deps"))
}

fn copy_libraries(from: &Path) -> Outcome {
    let to = Path::new(DEBIAN_LIBRARIES);
    if let Err(error) = fs::create_dir_all(to) {
        fail!(
            "cannot make {DEBIAN_LIBRARIES} ({error}); run once with the rights to write there, or install the target with rustup"
        );
    }
    for library in files::walk(from)?
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "rlib"))
    {
        let Some(name) = library.file_name() else { continue };
        let place = to.join(name);
        fs::copy(&library, &place).map_err(|error| Failure::io("write", &place, &error))?;
    }
    let version = process::capture(Command::new(DEBIAN_RUSTC).arg("-vV"))?;
    files::write(Path::new(DEBIAN_STAMP), version.as_bytes())
}
