//! Browser entry of shared links and frames: hydrates the dashboard with the data the page carries.
#![recursion_limit = "512"]

use app::reader::{ReaderApp, page_from_document};
use leptos::prelude::*;
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    if let Some(page) = page_from_document() {
        leptos::mount::hydrate_body(move || view! { <ReaderApp page=page /> });
        app::browser::mark_hydrated();
    }
}
