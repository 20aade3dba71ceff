//! With nothing selected: the page and the filters.

use leptos::prelude::*;
use shared::dashboard::{Collision, PageSize};

use super::filter_list::FilterList;
use crate::designer::{
    controls::{Choose, Line},
    editor::commands,
    state::Designer,
};

const COLLISIONS: [(Collision, &str, &str); 3] = [
    (Collision::Push, "push", "move down"),
    (Collision::Shrink, "shrink", "make room by shrinking"),
    (Collision::Overlap, "overlap", "stay; tiles may overlap"),
];

/// A slide: 16 to 9.
const SLIDE: PageSize = PageSize::Fixed {
    width_px: 1280,
    height_px: 720,
};

#[component]
pub fn PageProperties(designer: Designer) -> impl IntoView {
    let page = Memo::new(move |_| {
        let id = designer.page.get();
        designer
            .document
            .with(|document| id.and_then(|id| document.page(id).cloned()))
    });
    let title = Signal::derive(move || page.get().map(|page| page.title).unwrap_or_default());
    let rename = Callback::new(move |text: String| {
        let document = designer.document.get_untracked();
        let page = designer.page.get_untracked();
        designer.run(page.and_then(|page| commands::rename_page(&document, page, &text)));
    });
    let collision = Signal::derive(move || {
        let now = page.get().map(|page| page.collision).unwrap_or_default();
        let found = COLLISIONS.iter().find(|(collision, _, _)| *collision == now);
        found.map_or_else(String::new, |(_, name, _)| (*name).to_owned())
    });
    let collisions = Signal::derive(|| {
        COLLISIONS
            .iter()
            .map(|(_, name, words)| ((*name).to_owned(), (*words).to_owned()))
            .collect::<Vec<_>>()
    });
    let set_collision = Callback::new(move |chosen: String| {
        let document = designer.document.get_untracked();
        let found = COLLISIONS
            .iter()
            .find(|(_, name, _)| *name == chosen)
            .map(|(collision, _, _)| *collision);
        let edit = found
            .zip(designer.page.get_untracked())
            .and_then(|(collision, page)| commands::set_collision(&document, page, collision));
        designer.run(edit);
    });
    let size = Signal::derive(move || match page.get().map(|page| page.size) {
        Some(PageSize::Fixed { .. }) => "slide".to_owned(),
        Some(PageSize::Fluid) | None => "fluid".to_owned(),
    });
    let sizes = Signal::derive(|| {
        vec![
            ("fluid".to_owned(), "the window".to_owned()),
            ("slide".to_owned(), "a slide of 1280 × 720 px".to_owned()),
        ]
    });
    let set_size = Callback::new(move |chosen: String| {
        let document = designer.document.get_untracked();
        let size = if chosen == "slide" { SLIDE } else { PageSize::Fluid };
        let page = designer.page.get_untracked();
        designer.run(page.and_then(|page| commands::set_page_size(&document, page, size)));
    });
    view! {
        <header class="pane-head">
            <h2>"Page"</h2>
        </header>
        <div class="properties__body">
            <section class="properties__section">
                <Line label="Title" value=title on_change=rename testid="page-title" />
                <Choose label="As wide as" options=sizes value=size on_change=set_size testid="page-size" />
                <Choose
                    label="Tiles in the way"
                    options=collisions
                    value=collision
                    on_change=set_collision
                    testid="collision"
                />
            </section>
            <FilterList designer=designer />
            <p class="properties__hint">"Select a tile to change it. Shift+? lists the keys."</p>
        </div>
    }
}
