//! Parts of a page that only the browser can draw.

use leptos::prelude::*;

/// Draws its children once the page runs in the browser. The server leaves them out: what they show is fetched with the
/// person's own session, and an answer that came while the page is being hydrated would not fit what the server drew.
#[component]
pub fn InBrowser(children: ChildrenFn) -> impl IntoView {
    let runs = RwSignal::new(false);
    Effect::new(move |_| runs.set(true));
    move || runs.get().then(|| children())
}
