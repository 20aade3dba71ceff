//! The row of filters.

use std::{collections::BTreeMap, sync::Arc};

use leptos::{html, prelude::*};
use plan::{FieldInfo, FieldList};
use shared::{
    dashboard::{Dashboard, Filter, FilterScope, FilterState, filter_key},
    ids::FilterId,
    table::Cell,
};

use super::{control::FilterControl, summary::condition_text};
use crate::components::{
    Icon, IconView,
    dashboard::{ValuesRequest, ValuesTask},
};

#[component]
pub fn FilterBar(
    document: Arc<Dashboard>,
    fields: FieldList,
    #[prop(into)] state: Signal<FilterState>,
    on_change: Callback<FilterState>,
    values: Callback<ValuesRequest, ValuesTask>,
    /// Fields whose filters may be changed here; `None`: all.
    #[prop(optional_no_strip)]
    allowed: Option<Vec<String>>,
    /// Members known already, by filter.
    #[prop(optional)]
    first: BTreeMap<FilterId, Vec<Cell>>,
    /// Where the form goes without scripts, and "Reset" with them.
    action: String,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let shown: Vec<Filter> = document.ordered_filters().into_iter().filter(|filter| !filter.hidden && !matches!(filter.scope, FilterScope::Tile(_))).cloned().collect();
    let any = !shown.is_empty();
    let read_form = {
        let document = document.clone();
        move || {
            if let Some(query) = form.get_untracked().and_then(|form| form_query(&form)) {
                on_change.run(read_state(&query, &document, &state.get_untracked()));
            }
        }
    };
    let submit = {
        let read_form = read_form.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            read_form();
        }
    };
    let reset = {
        let document = document.clone();
        move |event: web_sys::MouseEvent| {
            event.prevent_default();
            let now = state.get_untracked();
            let cleared = FilterState { filters: BTreeMap::new(), selections: BTreeMap::new(), ..now };
            let _same_document = &document;
            on_change.run(cleared);
        }
    };
    let changed = move || state.with(|state| !state.filters.is_empty() || !state.selections.is_empty());
    let page = document.clone();
    any.then(|| {
        view! {
            <form class="filters" method="get" action=action.clone() node_ref=form on:change=move |_| read_form() on:submit=submit aria-label="Filters">
                {move || state.with(|state| state.page).and_then(|id| page.ordered_pages().iter().position(|page| page.id == id)).map(|position| view! { <input type="hidden" name="p" value=(position + 1).to_string() /> })}
                {shown
                    .into_iter()
                    .map(|filter| {
                        let field = fields.dimensions.iter().find(|field| field.field == filter.target.field).cloned();
                        let open = !filter.locked && allowed.as_ref().is_none_or(|allowed| allowed.contains(&filter.target.field));
                        let first = first.get(&filter.id).cloned().unwrap_or_default();
                        view! { <OneFilter document=document.clone() filter=filter field=field state=state open=open first=first values=values /> }
                    })
                    .collect_view()}
                <noscript><button class="button" type="submit">"Apply"</button></noscript>
                {move || changed().then(|| view! { <a class="button button--quiet" href=action.clone() on:click=reset.clone()>"Reset"</a> })}
            </form>
        }
    })
}

/// The form's fields as a query string, exactly as the browser would send it.
fn form_query(form: &web_sys::HtmlFormElement) -> Option<String> {
    let data = web_sys::FormData::new_with_form(form).ok()?;
    let pairs = js_sys::Array::from(&data);
    let parameters = web_sys::UrlSearchParams::new_with_str_sequence_sequence(&pairs).ok()?;
    parameters.to_string().as_string()
}

/// The state that the form says, with the page and the clicked marks of `now`. A filter that the author has set and the
/// reader has emptied is "all", not the author's again.
fn read_state(query: &str, document: &Dashboard, now: &FilterState) -> FilterState {
    let (mut state, _unknown) = FilterState::from_query(query, document);
    state.page = now.page;
    state.selections = now.selections.clone();
    state.time_zone.clone_from(&now.time_zone);
    for filter in &document.filters {
        let authored = filter.default.is_some() || filter.condition.is_some();
        let shown = !filter.hidden && !filter.locked && !matches!(filter.scope, FilterScope::Tile(_));
        if authored && shown {
            state.filters.entry(filter.id).or_insert(None);
        }
    }
    // What stands at the author's value is not the reader's choice: addresses stay short.
    state.filters.retain(|id, chosen| {
        let author = document.filter(*id).and_then(|filter| filter.default.as_ref().or(filter.condition.as_ref()));
        chosen.as_ref() != author
    });
    state
}

#[component]
fn OneFilter(
    document: Arc<Dashboard>,
    filter: Filter,
    field: Option<FieldInfo>,
    #[prop(into)] state: Signal<FilterState>,
    /// May it be changed here?
    open: bool,
    first: Vec<Cell>,
    values: Callback<ValuesRequest, ValuesTask>,
) -> impl IntoView {
    let name = format!("f.{}", filter_key(&document, &filter));
    let label = filter
        .label
        .clone()
        .or_else(|| field.as_ref().map(|field| field.label.clone()))
        .unwrap_or_else(|| shared::semantic::humanize(filter.target.field.rsplit('.').next().unwrap_or_default()));
    let watched = filter.clone();
    let condition = Memo::new(move |_| state.with(|state| state.condition(&watched).cloned()));
    let text = move || condition_text(condition.get().as_ref());
    if open {
        view! {
            <details class="filter" name="filter">
                <summary class="filter__summary" class:filter__summary--active=move || condition.get().is_some() data-testid=format!("filter-{}", filter.target.field)>
                    <span class="filter__label">{label}</span>
                    <span class="filter__value">{text}</span>
                    <IconView icon=Icon::ChevronDown />
                </summary>
                <FilterControl name=name filter=filter field=field condition=condition state=state first=first values=values />
            </details>
        }
        .into_any()
    } else {
        view! {
            <span class="filter__summary filter__summary--locked">
                <IconView icon=Icon::Lock />
                <span class="filter__label">{label}</span>
                <span class="filter__value">{text}</span>
            </span>
        }
        .into_any()
    }
}
