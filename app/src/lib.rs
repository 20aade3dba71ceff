//! The user interface, one tree for three builds: rendered on the server (`ssr`), hydrated in the browser (`hydrate`), and
//! a client-only gallery (`csr`). May use `chart`, `plan` and `shared`; on the server also `services`.
#![recursion_limit = "512"]

#[cfg(not(erase_components))]
compile_error!(
    "pages and browser would not agree: build with the flags of `.cargo/config.toml`; `RUSTFLAGS` replaces them"
);

mod app;
pub mod browser;
pub mod components;
pub mod contexts;
pub mod designer;
mod error;
#[cfg(feature = "csr")]
pub mod gallery;
mod page_title;
pub mod pages;
mod passkey;
pub mod reader;
mod rest;
pub mod server_fns;
mod shell;
mod wire;

pub use app::App;
pub use error::WireError;
pub use shell::{Assets, Entry, shell};
