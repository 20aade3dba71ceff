//! Page tabs: links, so that they work without scripts; with scripts the page stays and only the numbers change.

use leptos::prelude::*;

use super::ReaderState;

#[component]
pub fn PageTabs(reader: ReaderState) -> impl IntoView {
    let document = reader.document();
    let pages: Vec<_> = document
        .ordered_pages()
        .into_iter()
        .map(|page| (page.id, page.title.clone()))
        .collect();
    let current = Memo::new(move |_| reader.state.with(|state| state.current_page(&reader.document())));
    (pages.len() > 1).then(|| {
        view! {
            <nav class="dashboard__tabs" aria-label="Pages">
                {pages
                    .into_iter()
                    .map(|(id, title)| {
                        let state_for = move |state: &shared::dashboard::FilterState| shared::dashboard::FilterState { page: Some(id), ..state.clone() };
                        view! {
                            <a
                                class="dashboard__tab"
                                href=move || reader.state.with(|state| reader.address(&state_for(state)))
                                aria-current=move || (current.get() == Some(id)).then_some("page")
                                on:click=move |event| {
                                    if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                                        event.prevent_default();
                                        event.stop_propagation();
                                        let state = reader.state.with_untracked(state_for);
                                        reader.go(state);
                                    }
                                }
                            >
                                {title}
                            </a>
                        }
                    })
                    .collect_view()}
            </nav>
        }
    })
}
