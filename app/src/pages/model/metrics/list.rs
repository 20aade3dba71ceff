//! All metrics, and the way to a new one.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::{card::MetricCard, kind::NewKind, preview::Previews};
use crate::{
    components::{Empty, Icon, IconView, MenuAnchor, MenuPanel, SearchField},
    contexts::use_toasts,
    pages::model::draft::ModelDraft,
};

/// A list that is longer than this can be searched.
const MANY: usize = 8;

#[component]
pub fn MetricsView(draft: ModelDraft) -> impl IntoView {
    let previews = Previews::new(draft);
    let query = use_query_map();
    let open = RwSignal::new(query.with_untracked(|query| query.get("metric")));
    let search = RwSignal::new(String::new());
    let all = draft.metrics();
    let shown = Memo::new(move |_| {
        let wanted = search.with(|text| text.trim().to_lowercase());
        let names = all.get();
        draft.edited.with(|model| {
            let found = |name: &String| {
                let label = model.metric(name).map(|metric| metric.display_label().to_lowercase());
                name.contains(&wanted) || label.is_some_and(|label| label.contains(&wanted))
            };
            names.into_iter().filter(found).collect::<Vec<_>>()
        })
    });
    view! {
        <div class="row model__tools">
            <Show when=move || all.with(|all| all.len() > MANY)>
                <SearchField label="Search metrics" placeholder="Search metrics" on_find=move |text| search.set(text) />
            </Show>
            {draft.may_edit.then(|| view! { <AddMetric draft=draft open=open /> })}
        </div>
        <Show when=move || all.with(Vec::is_empty)>
            <Empty icon=Icon::Sigma title="No metrics yet" text="A metric is a number with a name and one meaning for everybody: revenue, orders, margin." />
        </Show>
        <fieldset class="stack stack--tight bare" disabled=!draft.may_edit>
            <legend class="visually-hidden">"Metrics"</legend>
            <For each=move || shown.get() key=Clone::clone let:name>
                <MetricCard draft=draft name=name previews=previews open=open />
            </For>
        </fieldset>
    }
}

#[component]
fn AddMetric(draft: ModelDraft, open: RwSignal<Option<String>>) -> impl IntoView {
    let toasts = use_toasts();
    let menu = RwSignal::new(None::<MenuAnchor>);
    let add = move |kind: NewKind| match draft.edited.with_untracked(|model| kind.begin(model)) {
        Some(metric) => {
            open.set(Some(metric.name.to_string()));
            draft.edit(|model| model.metrics.insert(0, metric));
        }
        None => toasts.say("This type is made of other metrics. Add a simple one first."),
    };
    let show = move |event: web_sys::MouseEvent| {
        let button = crate::browser::target::<web_sys::Element>(event.as_ref())
            .and_then(|element| element.closest("button").ok().flatten());
        if let Some(button) = button {
            let bounds = button.get_bounding_client_rect();
            menu.set(Some(MenuAnchor::Button {
                top: bounds.top(),
                right: bounds.right(),
                bottom: bounds.bottom(),
            }));
        }
    };
    view! {
        <button class="button" type="button" aria-haspopup="menu" on:click=show>
            <IconView icon=Icon::Plus />
            "Add a metric"
        </button>
        <MenuPanel label="Add a metric" open=menu>
            {NewKind::ALL.into_iter().map(|kind| view! { <button class="menu__item" type="button" role="menuitem" on:click=move |_| add(kind)>{kind.label()}</button> }).collect_view()}
        </MenuPanel>
    }
}
