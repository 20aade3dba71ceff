//! `wasm-bindgen`, in process: its version is the crate's, and nothing is downloaded.

use std::path::{Path, PathBuf};

use walrus::ModuleConfig;
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
            let unread =
                |error: &dyn std::fmt::Display| Failure::new(format!("cannot read {}: {error:#}", module.display()));
            // As `wasm-bindgen` reads a module itself.
            let parsed = ModuleConfig::new()
                .strict_validate(false)
                .generate_dwarf(false)
                .generate_name_section(false)
                .generate_producers_section(false)
                .parse(&input)
                .map_err(|error| unread(&error))?;
            let mut bindgen = Bindgen::new();
            bindgen.input_module(name, parsed).typescript(false);
            let result = bindgen
                .omit_default_module_path(false)
                .web(true)
                .and_then(|bindgen| bindgen.generate(folder));
            result.map_err(|error| unread(&error))
        },
    )
}
