//! Properties of texts and frames, and of several tiles at once.

use leptos::prelude::*;
use shared::{dashboard::Content, ids::TileId};

use crate::{
    components::{Icon, IconView},
    designer::{
        controls::{Line, Toggle},
        editor::commands,
        state::{Designer, Typing},
    },
};

/// Duplicate, lock, order, delete: for any selection.
#[component]
pub fn TileActions(designer: Designer) -> impl IntoView {
    let locked = Memo::new(move |_| {
        let selection = designer.selection.get();
        designer.document.with(|document| {
            !selection.is_empty()
                && selection
                    .iter()
                    .all(|id| document.tile(*id).is_some_and(|tile| tile.locked))
        })
    });
    view! {
        <section class="properties__section">
            <div class="properties__actions">
                <button class="button" type="button" on:click=move |_| designer.duplicate()>
                    <IconView icon=Icon::Copy />
                    "Duplicate"
                </button>
                <button class="button" type="button" data-testid="delete-tiles" on:click=move |_| designer.delete()>
                    <IconView icon=Icon::Trash />
                    "Delete"
                </button>
                <button class="button" type="button" on:click=move |_| designer.change_order(true)>
                    <IconView icon=Icon::ArrowUp />
                    "Forward"
                </button>
                <button class="button" type="button" on:click=move |_| designer.change_order(false)>
                    <IconView icon=Icon::ArrowDown />
                    "Backward"
                </button>
            </div>
            <Toggle label="Locked in place" value=locked on_change=Callback::new(move |on| designer.lock(on)) />
        </section>
    }
}

#[component]
pub fn SeveralProperties(designer: Designer) -> impl IntoView {
    view! {
        <header class="pane-head">
            <h2>{move || format!("{} tiles", designer.selection.with(std::collections::BTreeSet::len))}</h2>
        </header>
        <div class="properties__body">
            <TileActions designer=designer />
        </div>
    }
}

/// A text or a frame.
#[component]
pub fn BoxProperties(designer: Designer, tile: TileId) -> impl IntoView {
    let content = Memo::new(move |_| {
        designer
            .document
            .with(|document| document.tile(tile).map(|tile| tile.content.clone()))
    });
    let is_text = Memo::new(move |_| matches!(content.get(), Some(Content::Text(_))));
    let markdown = Signal::derive(move || match content.get() {
        Some(Content::Text(text)) => text.markdown,
        Some(Content::Visual(_) | Content::Frame(_)) | None => String::new(),
    });
    let title = Signal::derive(move || match content.get() {
        Some(Content::Frame(frame)) => frame.title.unwrap_or_default(),
        Some(Content::Visual(_) | Content::Text(_)) | None => String::new(),
    });
    let rename = Callback::new(move |text: String| designer.typed(Typing::Tile(tile), &text));
    view! {
        <header class="pane-head">
            <h2>{move || if is_text.get() { "Text" } else { "Frame" }}</h2>
        </header>
        <div class="properties__body">
            <section class="properties__section">
                {move || {
                    if is_text.get() {
                        view! {
                            <label class="field">
                                <span class="field__label">"Markdown"</span>
                                <textarea
                                    class="input properties__text"
                                    rows="10"
                                    data-testid="text-markdown"
                                    prop:value=move || markdown.get()
                                    on:change=move |event| {
                                        let document = designer.document.get_untracked();
                                        designer.run(commands::set_text(&document, tile, &event_target_value(&event)));
                                    }
                                ></textarea>
                                <span class="field__hint">"# Heading, **bold**, [link](https://…), - list"</span>
                            </label>
                        }
                            .into_any()
                    } else {
                        view! { <Line label="Title" value=title on_change=rename /> }.into_any()
                    }
                }}
            </section>
            <TileActions designer=designer />
        </div>
    }
}
