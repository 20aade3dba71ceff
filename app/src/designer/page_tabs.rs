//! Tabs of the pages: shown, renamed, dragged, copied, deleted.

use leptos::prelude::*;
use shared::ids::PageId;

use super::{
    drag::Gesture,
    inline_text::InlineText,
    state::{Designer, Typing},
};
use crate::{
    components::{Icon, IconView, Menu},
    designer::editor::commands,
};

#[component]
pub fn PageTabs(designer: Designer) -> impl IntoView {
    let pages = Memo::new(move |_| {
        designer.document.with(|document| {
            document
                .ordered_pages()
                .into_iter()
                .enumerate()
                .map(|(position, page)| (position, page.id, page.title.clone()))
                .collect::<Vec<(usize, PageId, String)>>()
        })
    });
    view! {
        <nav class="page-tabs" aria-label="Pages" data-testid="page-tabs">
            <For
                each=move || pages.get()
                key=Clone::clone
                children=move |(position, id, title)| view! { <PageTab designer=designer position=position id=id title=title /> }
            />
            <Show when=move || !designer.preview.get()>
                <button
                    class="button button--quiet button--icon"
                    type="button"
                    aria-label="Add page"
                    title="Add page"
                    data-testid="add-page"
                    on:click=move |_| designer.add_page()
                >
                    <IconView icon=Icon::Plus />
                </button>
            </Show>
        </nav>
    }
}

#[component]
fn PageTab(designer: Designer, position: usize, id: PageId, title: String) -> impl IntoView {
    let current = Memo::new(move |_| designer.page.get() == Some(id));
    let typing = Memo::new(move |_| designer.typing.get() == Some(Typing::Page(id)));
    let title = StoredValue::new(title);
    let shift = move |to: Option<usize>| {
        if let Some(to) = to {
            let document = designer.document.get_untracked();
            designer.run(commands::move_page(&document, id, to));
        }
    };
    view! {
        <div
            class="page-tab"
            class:page-tab--current=move || current.get()
            data-page-position=position.to_string()
            on:pointerdown=move |event| {
                if !typing.get_untracked() && !designer.preview.get_untracked() {
                    designer.drag.begin(&event, Gesture::Page { page: id, position: None });
                }
            }
        >
            {move || {
                if typing.get() {
                    view! { <InlineText designer=designer target=Typing::Page(id) text=title.get_value() label="Page title" /> }.into_any()
                } else {
                    view! {
                        <button
                            class="page-tab__name"
                            type="button"
                            aria-current=move || current.get().then_some("page")
                            data-testid=format!("page-{position}")
                            on:click=move |_| {
                                if !designer.drag.just_ended() {
                                    designer.show(id);
                                }
                            }
                            on:dblclick=move |_| designer.start_typing(Typing::Page(id))
                        >
                            {title.get_value()}
                        </button>
                    }
                        .into_any()
                }
            }}
            <Show when=move || current.get() && !designer.preview.get()>
                <Menu label="Change page" icon=Icon::ChevronDown testid="page-menu">
                    <button class="menu__item" type="button" role="menuitem" on:click=move |_| designer.typing.set(Some(Typing::Page(id)))>
                        "Rename"
                    </button>
                    <button class="menu__item" type="button" role="menuitem" on:click=move |_| designer.duplicate_page(id)>
                        "Duplicate"
                    </button>
                    <button class="menu__item" type="button" role="menuitem" on:click=move |_| shift(position.checked_sub(1))>
                        "Move left"
                    </button>
                    <button class="menu__item" type="button" role="menuitem" on:click=move |_| shift(Some(position + 1))>
                        "Move right"
                    </button>
                    <hr class="menu__line" />
                    <button class="menu__item menu__item--danger" type="button" role="menuitem" on:click=move |_| designer.remove_page(id)>
                        "Delete"
                    </button>
                </Menu>
            </Show>
        </div>
    }
}
