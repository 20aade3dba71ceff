//! `wasm-bindgen`, in process: its version is the crate's, and nothing is downloaded.

use std::path::{Path, PathBuf};

use wasm_bindgen_cli_support::Bindgen;

use super::cache::Cache;
use crate::{
    failure::{Failure, Outcome},
    files,
};

/// Makes `NAME.js`, `NAME_bg.wasm` and `snippets/…` for browsers; returns their folder.
pub fn bind(cache: &Cache, module: &Path, name: &str) -> Outcome<PathBuf> {
    let input = files::read(module)?;
    cache.folder(
        "bindgen",
        &[b"web, no names, default path", name.as_bytes(), &input],
        |folder| {
            let mut bindgen = Bindgen::new();
            bindgen
                .input_bytes(name, input.clone())
                .typescript(false)
                .remove_name_section(true)
                .remove_producers_section(true);
            let result = bindgen
                .omit_default_module_path(false)
                .web(true)
                .and_then(|bindgen| bindgen.generate(folder));
            result.map_err(|error| Failure::new(format!("wasm-bindgen cannot read {}: {error:#}", module.display())))
        },
    )
}
