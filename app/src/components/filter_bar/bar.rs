//! The bar itself: one control per filter that applies to the page.

use std::{collections::BTreeMap, sync::Arc};

use leptos::{ev, html, prelude::*};
use plan::{FieldList, catalog::FieldInfo};
use shared::{
    dashboard::{Dashboard, Filter, FilterScope, FilterState, filter_key},
    ids::FilterId,
    semantic::DimensionType,
    table::Cell,
};
use wasm_bindgen::JsCast;

use super::{
    choice::{Choice, cell_member, choice_words},
    form::kept_pairs,
    list::{ListControl, MemberSource},
    number::NumberControl,
    range::RangeControl,
};
use crate::components::{
    Icon, IconView,
    dashboard::{ValuesRequest, ValuesTask},
};

/// Of the form, for buttons that stand outside of it.
pub const FILTER_FORM: &str = "filters";

/// Filters of the whole dashboard and of the shown page. Without scripts it is a form whose button reads "Apply".
#[component]
pub fn FilterBar(
    #[prop(into)] document: Signal<Arc<Dashboard>>,
    /// Labels and types of the filters' fields.
    #[prop(into)]
    fields: Signal<FieldList>,
    state: Signal<FilterState>,
    /// The reader chose something.
    on_change: Callback<FilterState>,
    /// Asks for members of a filter's field.
    values: Callback<ValuesRequest, ValuesTask>,
    /// Fields whose filters may be changed; `None`: all. The others are shown as they stand.
    #[prop(optional_no_strip)]
    allowed: Option<Vec<String>>,
    /// Where the form goes without scripts.
    #[prop(into)]
    action: String,
    /// What opens the page again in a frame; the form is then sent in a body, so that it stays out of addresses.
    #[prop(optional_no_strip)]
    bearer: Option<String>,
    /// Members to list before anything was asked, so that lists work without scripts.
    #[prop(optional)]
    members: BTreeMap<FilterId, Vec<Cell>>,
) -> impl IntoView {
    let form = NodeRef::<html::Form>::new();
    let method = if bearer.is_some() { "post" } else { "get" };
    close_on_outside_press(form);
    let shown = Memo::new(move |_| {
        let document = document.get();
        let page = state.with(|state| state.current_page(&document));
        document
            .ordered_filters()
            .into_iter()
            .filter(|filter| !filter.hidden)
            .filter(|filter| match filter.scope {
                FilterScope::Dashboard => true,
                FilterScope::Page(own) => Some(own) == page,
                FilterScope::Tile(_) => false,
            })
            .cloned()
            .collect::<Vec<Filter>>()
    });
    let changed = Memo::new(move |_| state.with(|state| !state.filters.is_empty()));
    let reset = move |_| {
        on_change.run(FilterState {
            filters: BTreeMap::new(),
            ..state.get_untracked()
        });
    };
    let kept = move || state.with(|state| document.with(|document| kept_pairs(state, document)));
    let control = move |filter: Filter| {
        let open_to_change = !filter.locked
            && allowed
                .as_ref()
                .is_none_or(|allowed| allowed.contains(&filter.target.field));
        let known = members
            .get(&filter.id)
            .map(|cells| cells.iter().map(cell_member).collect());
        view! {
            <FilterControl
                filter=filter
                document=document
                fields=fields
                state=state
                on_change=on_change
                values=values
                editable=open_to_change
                known=known.unwrap_or_default()
            />
        }
    };
    view! {
        <form
            class="filter-bar"
            class:filter-bar--empty=move || shown.with(Vec::is_empty)
            id=FILTER_FORM
            method=method
            action=action
            aria-label="Filters"
            data-testid="filter-bar"
            node_ref=form
            on:submit=|event| event.prevent_default()
        >
            <For each=move || shown.get() key=|filter| (filter.id, format!("{filter:?}")) children=control />
            <Show when=move || changed.get()>
                <button class="button button--quiet" type="button" data-testid="filters-reset" on:click=reset>
                    <IconView icon=Icon::RotateCw />
                    "Reset"
                </button>
            </Show>
            {move || {
                kept()
                    .into_iter()
                    .map(|(name, value)| view! { <input type="hidden" name=name value=value /> })
                    .collect_view()
            }}
            {bearer.map(|bearer| view! { <input type="hidden" name="bearer" value=bearer /> })}
            <noscript>
                <button class="button" type="submit">
                    "Apply"
                </button>
            </noscript>
        </form>
    }
}

#[component]
fn FilterControl(
    filter: Filter,
    document: Signal<Arc<Dashboard>>,
    fields: Signal<FieldList>,
    state: Signal<FilterState>,
    on_change: Callback<FilterState>,
    values: Callback<ValuesRequest, ValuesTask>,
    editable: bool,
    known: Vec<Option<String>>,
) -> impl IntoView {
    let id = filter.id;
    let field = filter.target.field.clone();
    let info = fields.with_untracked(|fields| fields.dimensions.iter().find(|info| info.field == field).cloned());
    let label = filter
        .label
        .clone()
        .or_else(|| info.as_ref().map(|info| info.label.clone()))
        .unwrap_or_else(|| shared::semantic::humanize(field.rsplit('.').next().unwrap_or(&field)));
    let key = document.with_untracked(|document| filter_key(document, &filter));
    let name = format!("f.{key}");
    let own = filter.clone();
    let choice = Signal::from(Memo::new(move |_| {
        state.with(|state| Choice::of(state.condition(&own)))
    }));
    let words = move || choice_words(&choice.get());
    let target = field.clone();
    let on_choice = Callback::new(move |choice: Choice| {
        let mut next = state.get_untracked();
        next.filters.insert(id, choice.condition(&target));
        on_change.run(next);
    });
    let open = RwSignal::new(false);
    if !editable {
        return view! {
            <span class="filter filter--fixed" data-testid=format!("filter-{key}") title="This filter is fixed">
                <IconView icon=Icon::Lock />
                <span class="filter__label">{label}</span>
                <strong>{words}</strong>
            </span>
        }
        .into_any();
    }
    let missing = move || filter.required && matches!(choice.get(), Choice::All);
    let source = MemberSource {
        filter: id,
        state,
        values,
    };
    let has_fiscal_years = info.as_ref().is_some_and(FieldInfo::has_fiscal_years);
    let kind = info.map(|info| info.kind);
    let panel = match kind {
        Some(DimensionType::Time) => {
            view! { <RangeControl name=name choice=choice on_choice=on_choice has_fiscal_years=has_fiscal_years /> }
                .into_any()
        }
        Some(DimensionType::Number) => {
            view! { <NumberControl name=name choice=choice on_choice=on_choice /> }.into_any()
        }
        Some(
            DimensionType::String | DimensionType::Bool | DimensionType::Bin | DimensionType::Geo | DimensionType::Json,
        )
        | None => {
            let open = Signal::from(open);
            view! { <ListControl name=name choice=choice on_choice=on_choice source=source open=open known=known /> }
                .into_any()
        }
    };
    view! {
        <details
            class="filter"
            class:filter--active=move || !matches!(choice.get(), Choice::All)
            class:filter--missing=missing
            data-testid=format!("filter-{key}")
            on:toggle=move |event| {
                let details = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
                open.set(details.is_some_and(|details| details.has_attribute("open")));
            }
        >
            <summary class="filter__summary">
                <span class="filter__label">{label}</span>
                <strong class="filter__value">{words}</strong>
                <IconView icon=Icon::ChevronDown />
            </summary>
            <div class="filter__panel">{panel}</div>
        </details>
    }
    .into_any()
}

/// An open control closes when the pointer goes down anywhere else, and on Escape.
fn close_on_outside_press(form: NodeRef<html::Form>) {
    let close = move |keep: Option<web_sys::Node>| {
        let Some(form) = form.get_untracked() else { return };
        let Ok(open) = form.query_selector_all("details[open]") else {
            return;
        };
        for index in 0..open.length() {
            let Some(details) = open.item(index) else { continue };
            let inside = keep.as_ref().is_some_and(|keep| details.contains(Some(keep)));
            if !inside && let Some(details) = details.dyn_ref::<web_sys::Element>() {
                // Removing an attribute that is there cannot fail.
                let _removed = details.remove_attribute("open");
            }
        }
    };
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        close(
            event
                .target()
                .and_then(|target| target.dyn_into::<web_sys::Node>().ok()),
        );
    });
    let escaped = window_event_listener(ev::keydown, move |event| {
        if event.key() == "Escape" {
            close(None);
        }
    });
    on_cleanup(move || {
        pressed.remove();
        escaped.remove();
    });
}
