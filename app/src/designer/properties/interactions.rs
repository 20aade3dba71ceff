//! What clicking marks of this visual does to the others on its page.

use leptos::prelude::*;
use shared::{dashboard::InteractionKind, ids::TileId};

use super::pane::Selected;
use crate::{
    browser,
    designer::{
        controls::Choose,
        editor::{commands, tile_title},
    },
};

#[component]
pub fn Interactions(selected: Selected) -> impl IntoView {
    let designer = selected.designer;
    let from = selected.tile;
    let others = Memo::new(move |_| {
        designer.document.with(|document| {
            let page = document.tile(from).map(|tile| tile.page);
            document
                .tiles
                .iter()
                .filter(|tile| tile.id != from && Some(tile.page) == page && tile.visual().is_some())
                .map(|tile| {
                    let title = designer.catalog.with(|catalog| tile_title(tile, catalog));
                    (tile.id, title)
                })
                .collect::<Vec<(TileId, String)>>()
        })
    });
    let set = move |to: TileId, chosen: &str| {
        let kind = if chosen == "none" {
            InteractionKind::None
        } else {
            InteractionKind::Filter
        };
        let document = designer.document.get_untracked();
        designer.run(commands::set_interaction(
            &document,
            from,
            to,
            kind,
            browser::new_uuid(),
        ));
    };
    view! {
        <Show when=move || !others.with(Vec::is_empty)>
            <details class="properties__section properties__fold">
                <summary>"Clicking marks here"</summary>
                <For
                    each=move || others.get()
                    key=Clone::clone
                    children=move |(to, title)| {
                        let value = Signal::derive(move || {
                            let kind = designer.document.with(|document| document.interaction(from, to));
                            if kind == InteractionKind::None { "none".to_owned() } else { "filter".to_owned() }
                        });
                        let options = Signal::derive(|| {
                            vec![
                                ("filter".to_owned(), "is filtered".to_owned()),
                                ("none".to_owned(), "stays as it is".to_owned()),
                            ]
                        });
                        let change = Callback::new(move |chosen: String| set(to, &chosen));
                        view! { <Choose label=title options=options value=value on_change=change /> }
                    }
                />
            </details>
        </Show>
    }
}
