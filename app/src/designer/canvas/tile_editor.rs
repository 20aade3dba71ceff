//! Typing into a tile: a visual's title, or the words of a text tile.

use leptos::{html, prelude::*};
use shared::{dashboard::Content, ids::TileId};

use crate::designer::{
    editor::tile_title,
    inline_text::InlineText,
    state::{Designer, Typing},
};

#[component]
pub fn TileEditor(designer: Designer, id: TileId) -> impl IntoView {
    let tile = designer.tile_untracked(id)?;
    Some(match &tile.content {
        Content::Text(text) => {
            view! { <TextEditor designer=designer id=id markdown=text.markdown.clone() /> }.into_any()
        }
        Content::Visual(_) | Content::Frame(_) => {
            let title = designer.catalog.with_untracked(|catalog| tile_title(&tile, catalog));
            view! {
                <div class="designer-tile__rename">
                    <InlineText designer=designer target=Typing::Tile(id) text=title label="Title" />
                </div>
            }
            .into_any()
        }
    })
}

/// Markdown as it is typed; leaving the field keeps it, Escape too (undo takes it back).
#[component]
fn TextEditor(designer: Designer, id: TileId, markdown: String) -> impl IntoView {
    let area = NodeRef::<html::Textarea>::new();
    Effect::new(move |_| {
        if let Some(area) = area.get()
            && area.focus().is_err()
        {
            leptos::logging::warn!("the text could not be focused");
        }
    });
    let finish = move || {
        if designer.typing.get_untracked() == Some(Typing::Tile(id))
            && let Some(area) = area.get_untracked()
        {
            designer.typed(Typing::Tile(id), &area.value());
        }
    };
    view! {
        <textarea
            class="designer-tile__text"
            aria-label="Text, in Markdown"
            data-testid="text-editor"
            node_ref=area
            prop:value=markdown
            on:pointerdown=|event| event.stop_propagation()
            on:click=|event| event.stop_propagation()
            on:dblclick=|event| event.stop_propagation()
            on:blur=move |_| finish()
            on:keydown=move |event| {
                event.stop_propagation();
                if event.key() == "Escape" {
                    finish();
                }
            }
        ></textarea>
    }
}
