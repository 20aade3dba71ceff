//! Set-up by itself: what a build or test needs is installed when it is missing, and named while that happens.
//! Everything checks first, so that a second call takes no time.

mod components;
mod mariadb_programs;
mod node_packages;
mod postgres_programs;
mod python_packages;
mod system_packages;
mod test_runner;
mod wasm_target;

pub use node_packages::install as node_packages;
pub use python_packages::{databases_python, python_with};
pub use system_packages::{browser, mariadb, postgres};
pub use test_runner::{TestRunner, find as test_runner};
pub use wasm_target::{TARGET as WASM_TARGET, WasmToolchain, ensure as wasm_toolchain};

use crate::{failure::Outcome, step, workspace::Workspace};

/// Everything that `test` needs; what is there already is only named.
pub fn everything(workspace: &Workspace) -> Outcome<TestRunner> {
    components::ensure()?;
    match wasm_toolchain(workspace)? {
        WasmToolchain::Rustup => step::say(&format!("{WASM_TARGET}: rustup's target")),
        WasmToolchain::Debian { .. } => step::say(&format!("{WASM_TARGET}: Debian's compiler")),
    }
    step::say(&format!("browser: {}", browser()?.display()));
    step::say(&format!("PostgreSQL: {}", postgres()?.program("postgres").display()));
    step::say(&format!("MariaDB: {}", mariadb()?.server.display()));
    node_packages(&workspace.root.join("xtask"))?;
    let journeys = workspace.root.join("end2end");
    if journeys.join("package-lock.json").is_file() {
        node_packages(&journeys)?;
    }
    Ok(test_runner())
}
