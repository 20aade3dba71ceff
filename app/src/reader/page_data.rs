//! The page's data inside the page: written by the server, read once by the browser before it hydrates.

use leptos::prelude::*;

use crate::components::dashboard::ReaderPage;

const ELEMENT: &str = "page-data";

/// A block of JSON that no script runs. `<` is escaped, so that no text inside can end the block.
#[component]
pub fn PageScript(page: ReaderPage) -> impl IntoView {
    let text = serde_json::to_string(&page).unwrap_or_default().replace('<', "\\u003c");
    view! { <script type="application/json" id=ELEMENT inner_html=text></script> }
}

/// What [`PageScript`] wrote; `None` on pages without it.
pub fn page_from_document() -> Option<ReaderPage> {
    let text = web_sys::window()?
        .document()?
        .get_element_by_id(ELEMENT)?
        .text_content()?;
    serde_json::from_str(&text).ok()
}
