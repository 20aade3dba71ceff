//! Page tabs: links, so that they work without scripts; with scripts the page stays and only the numbers change. In a
//! frame, whose addresses open nothing, they are buttons of the filters' form.

use leptos::{ev::MouseEvent, prelude::*};
use shared::dashboard::FilterState;

use super::ReaderState;
use crate::components::filter_bar::FILTER_FORM;

#[component]
pub fn PageTabs(reader: ReaderState) -> impl IntoView {
    let document = reader.document();
    let pages: Vec<_> = document
        .ordered_pages()
        .into_iter()
        .map(|page| (page.id, page.title.clone()))
        .collect();
    let in_frame = reader.embed().is_some();
    let current = Memo::new(move |_| reader.state.with(|state| state.current_page(&reader.document())));
    (pages.len() > 1).then(|| {
        view! {
            <nav class="dashboard__tabs" aria-label="Pages">
                {pages
                    .into_iter()
                    .enumerate()
                    .map(|(index, (id, title))| {
                        let state_for = move |state: &FilterState| FilterState { page: Some(id), ..state.clone() };
                        let here = move || (current.get() == Some(id)).then_some("page");
                        let go = move |event: MouseEvent| {
                            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                                event.prevent_default();
                                event.stop_propagation();
                                let state = reader.state.with_untracked(state_for);
                                reader.go(state);
                            }
                        };
                        if in_frame {
                            let number = (index + 1).to_string();
                            view! {
                                <button class="dashboard__tab" type="submit" form=FILTER_FORM name="p" value=number aria-current=here on:click=go>
                                    {title}
                                </button>
                            }
                            .into_any()
                        } else {
                            let address = move || reader.state.with(|state| reader.address(&state_for(state)));
                            view! {
                                <a class="dashboard__tab" href=address aria-current=here on:click=go>
                                    {title}
                                </a>
                            }
                            .into_any()
                        }
                    })
                    .collect_view()}
            </nav>
        }
    })
}
