//! The bar itself.

use leptos::prelude::*;

use super::{history::HistoryPanel, more::MoreMenu, publish::PublishButton, save_note::SaveNote};
use crate::{
    components::{Icon, IconView},
    designer::{
        inline_text::InlineText,
        state::{Designer, Typing},
    },
};

#[component]
pub fn TopBar(designer: Designer) -> impl IntoView {
    let history_open = RwSignal::new(false);
    let list = designer
        .workspace
        .with_value(|workspace| format!("/w/{workspace}/dashboards"));
    let title = Memo::new(move |_| designer.document.with(|document| document.title.clone()));
    let undo_title = move || {
        designer
            .undo_name
            .get()
            .map_or_else(|| "Nothing to undo".to_owned(), |name| format!("Undo: {name} (Ctrl+Z)"))
    };
    let redo_title = move || {
        designer.redo_name.get().map_or_else(
            || "Nothing to redo".to_owned(),
            |name| format!("Redo: {name} (Ctrl+Shift+Z)"),
        )
    };
    view! {
        <header class="designer-top" data-testid="top-bar">
            <a class="button button--quiet button--icon" href=list aria-label="All dashboards" title="All dashboards">
                <IconView icon=Icon::ChevronLeft />
            </a>
            {move || match designer.typing.get() {
                Some(Typing::Dashboard) => {
                    view! { <InlineText designer=designer target=Typing::Dashboard text=title.get_untracked() label="Dashboard title" /> }
                        .into_any()
                }
                Some(Typing::Page(_) | Typing::Tile(_) | Typing::Pill(..)) | None => {
                    view! {
                        <h1 class="designer-top__title">
                            <button
                                type="button"
                                title="Rename (F2)"
                                data-testid="dashboard-title"
                                on:click=move |_| designer.start_typing(Typing::Dashboard)
                            >
                                {move || title.get()}
                            </button>
                        </h1>
                    }
                        .into_any()
                }
            }}
            <SaveNote designer=designer />
            <div class="designer-top__group" role="group" aria-label="History">
                <button
                    class="button button--quiet button--icon"
                    type="button"
                    aria-label=undo_title
                    title=undo_title
                    data-testid="undo"
                    disabled=move || designer.undo_name.with(Option::is_none)
                    on:click=move |_| designer.undo()
                >
                    <IconView icon=Icon::Undo />
                </button>
                <button
                    class="button button--quiet button--icon"
                    type="button"
                    aria-label=redo_title
                    title=redo_title
                    data-testid="redo"
                    disabled=move || designer.redo_name.with(Option::is_none)
                    on:click=move |_| designer.redo()
                >
                    <IconView icon=Icon::Redo />
                </button>
                <button
                    class="button button--quiet button--icon"
                    type="button"
                    aria-label="History"
                    title="History"
                    data-testid="history"
                    on:click=move |_| history_open.set(true)
                >
                    <IconView icon=Icon::History />
                </button>
            </div>
            <div class="designer-top__group" role="group" aria-label="Add">
                <button class="button button--quiet" type="button" data-testid="add-text" title="Add text" on:click=move |_| designer.insert_text()>
                    <IconView icon=Icon::Type />
                    <span class="designer-top__word">"Text"</span>
                </button>
                <button class="button button--quiet" type="button" data-testid="add-frame" title="Add a frame" on:click=move |_| designer.insert_frame()>
                    <IconView icon=Icon::Square />
                    <span class="designer-top__word">"Frame"</span>
                </button>
            </div>
            <span class="designer-top__space"></span>
            <button
                class="button button--quiet button--icon"
                type="button"
                aria-label="Keyboard shortcuts"
                title="Keyboard shortcuts (Shift+?)"
                on:click=move |_| designer.shortcuts_open.set(true)
            >
                <IconView icon=Icon::Keyboard />
            </button>
            <MoreMenu designer=designer />
            <PublishButton designer=designer />
            <HistoryPanel designer=designer open=history_open />
        </header>
    }
}
