//! The page's data inside the page: written by the server, read once by the browser before it hydrates.

use leptos::prelude::*;

use crate::{components::dashboard::ReaderPage, wire};

const ELEMENT: &str = "page-data";

/// A block of JSON that no script runs. `<` is escaped, so that no text inside can end the block.
#[component]
pub fn PageScript(page: ReaderPage) -> impl IntoView {
    // The browser takes the block as it is, and need not be able to write it.
    let text = if cfg!(feature = "ssr") {
        wire::write(&page).unwrap_or_default().replace('<', "\\u003c")
    } else {
        String::new()
    };
    view! { <script type="application/json" id=ELEMENT inner_html=text></script> }
}

/// What [`PageScript`] wrote; `None` on pages without it.
pub fn page_from_document() -> Option<ReaderPage> {
    let text = web_sys::window()?
        .document()?
        .get_element_by_id(ELEMENT)?
        .text_content()?;
    wire::read(&text).ok()
}
