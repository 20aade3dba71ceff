//! The filters readers see: name, place, what they start with, and what readers may do.

use leptos::prelude::*;
use shared::{
    dashboard::{Filter, FilterScope},
    ids::FilterId,
};

use crate::{
    components::{
        Icon, IconView, Menu,
        filter_bar::{Choice, choice_words},
    },
    designer::{
        controls::{Choose, Line, Toggle},
        editor::commands,
        fields_pane::field_icon,
        state::Designer,
    },
};

#[component]
pub fn FilterList(designer: Designer) -> impl IntoView {
    let filters = Memo::new(move |_| {
        let page = designer.page.get();
        designer.document.with(|document| {
            document
                .ordered_filters()
                .into_iter()
                .filter(|filter| match filter.scope {
                    FilterScope::Dashboard => true,
                    FilterScope::Page(own) => Some(own) == page,
                    FilterScope::Tile(_) => false,
                })
                .map(|filter| filter.id)
                .collect::<Vec<FilterId>>()
        })
    });
    view! {
        <section class="properties__section" data-drop="filters" data-testid="filter-list">
            <div class="well__head">
                <h3>"Filters"</h3>
                <AddFilter designer=designer />
            </div>
            <For each=move || filters.get() key=|id| *id children=move |id| view! { <FilterItem designer=designer id=id /> } />
            <Show when=move || filters.with(Vec::is_empty)>
                <p class="well__hint">"Drop a field here to let readers filter by it."</p>
            </Show>
        </section>
    }
}

#[component]
fn AddFilter(designer: Designer) -> impl IntoView {
    view! {
        <Menu label="Add a filter" icon=Icon::Plus testid="add-filter">
            {move || {
                designer
                    .catalog
                    .get()
                    .fields
                    .iter()
                    .filter(|field| field.kind != crate::designer::editor::FieldKind::Metric)
                    .cloned()
                    .map(|field| {
                        let (icon, label) = (field_icon(field.kind), field.label.clone());
                        view! {
                            <button class="menu__item" type="button" role="menuitem" on:click=move |_| designer.add_filter(&field, true)>
                                <IconView icon=icon />
                                {label}
                            </button>
                        }
                    })
                    .collect_view()
            }}
        </Menu>
    }
}

#[component]
fn FilterItem(designer: Designer, id: FilterId) -> impl IntoView {
    let filter = Memo::new(move |_| designer.document.with(|document| document.filter(id).cloned()));
    let label = Memo::new(move |_| {
        filter.with(|filter| {
            filter.as_ref().map_or_else(String::new, |filter| {
                let field = || designer.catalog.with(|catalog| catalog.label(&filter.target.field));
                filter.label.clone().unwrap_or_else(field)
            })
        })
    });
    let flag = move |read: fn(&Filter) -> bool| {
        Signal::derive(move || filter.with(|filter| filter.as_ref().is_some_and(read)))
    };
    let set = move |property: &'static str, value: serde_json::Value| {
        let document = designer.document.get_untracked();
        designer.run(commands::set_filter(
            &document,
            id,
            property,
            value,
            &label.get_untracked(),
        ));
    };
    // What the builder has chosen in the bar becomes where readers start.
    let keep = move |_| {
        if let Some(filter) = filter.get_untracked() {
            let now = designer.state.with_untracked(|state| state.condition(&filter).cloned());
            set("default", serde_json::to_value(&now).unwrap_or_default());
            if filter.locked {
                set("condition", serde_json::to_value(&now).unwrap_or_default());
            }
            designer.state.update(|state| {
                state.filters.remove(&id);
            });
        }
    };
    let lock = Callback::new(move |on: bool| {
        if let Some(filter) = filter.get_untracked().filter(|_| on) {
            let now = designer.state.with_untracked(|state| state.condition(&filter).cloned());
            set("condition", serde_json::to_value(&now).unwrap_or_default());
        }
        set("locked", on.into());
    });
    let start = move || {
        filter.with(|filter| {
            filter.as_ref().map_or_else(String::new, |filter| {
                let condition = if filter.locked {
                    filter.condition.as_ref()
                } else {
                    filter.default.as_ref()
                };
                choice_words(&Choice::of(condition))
            })
        })
    };
    let changed = move || designer.state.with(|state| state.filters.contains_key(&id));
    let scope = Signal::derive(move || match filter.get().map(|filter| filter.scope) {
        Some(FilterScope::Page(_)) => "page".to_owned(),
        Some(FilterScope::Dashboard | FilterScope::Tile(_)) | None => "dashboard".to_owned(),
    });
    let scopes = Signal::derive(|| {
        vec![
            ("dashboard".to_owned(), "all pages".to_owned()),
            ("page".to_owned(), "this page".to_owned()),
        ]
    });
    let set_scope = Callback::new(move |chosen: String| {
        let scope = match designer.page.get_untracked() {
            Some(page) if chosen == "page" => FilterScope::Page(page),
            Some(_) | None => FilterScope::Dashboard,
        };
        set("scope", serde_json::to_value(scope).unwrap_or_default());
    });
    let rename = Callback::new(move |text: String| {
        let text = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        set("label", serde_json::to_value(text).unwrap_or_default());
    });
    let own_label = Signal::derive(move || filter.get().and_then(|filter| filter.label).unwrap_or_default());
    let shift = move |step: i32| {
        let document = designer.document.get_untracked();
        designer.run(commands::move_filter(&document, id, step, &label.get_untracked()));
    };
    view! {
        <details class="filter-item" data-testid=format!("filter-item-{id}")>
            <summary>
                <IconView icon=Icon::ChevronRight />
                <span class="filter-item__label">{move || label.get()}</span>
                <span class="muted">{start}</span>
            </summary>
            <Line label="Name" value=own_label on_change=rename placeholder=Signal::derive(move || label.get()) />
            <Choose label="Applies to" options=scopes value=scope on_change=set_scope />
            <Toggle label="Locked: readers cannot change it" value=flag(|filter| filter.locked) on_change=lock />
            <Toggle
                label="Hidden from readers"
                value=flag(|filter| filter.hidden)
                on_change=Callback::new(move |on: bool| set("hidden", on.into()))
            />
            <Toggle
                label="Required: nothing is shown without a choice"
                value=flag(|filter| filter.required)
                on_change=Callback::new(move |on: bool| set("required", on.into()))
            />
            <div class="properties__actions">
                <Show when=changed>
                    <button class="button" type="button" on:click=keep>
                        "Start with the chosen"
                    </button>
                </Show>
                <button class="button button--quiet button--icon" type="button" aria-label="Earlier" title="Earlier" on:click=move |_| shift(-1)>
                    <IconView icon=Icon::ChevronUp />
                </button>
                <button class="button button--quiet button--icon" type="button" aria-label="Later" title="Later" on:click=move |_| shift(1)>
                    <IconView icon=Icon::ChevronDown />
                </button>
                <button
                    class="button button--quiet"
                    type="button"
                    on:click=move |_| {
                        let document = designer.document.get_untracked();
                        designer.run(commands::remove_filter(&document, id, &label.get_untracked()));
                    }
                >
                    <IconView icon=Icon::Trash />
                    "Remove"
                </button>
            </div>
        </details>
    }
}
