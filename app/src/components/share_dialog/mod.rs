//! Handing a dashboard on: links and frames.

mod embeds;
mod links;

use leptos::prelude::*;
use plan::FieldList;
use shared::{dashboard::Dashboard, ids::DashboardId, semantic::humanize};

use crate::components::Dialog;

/// Field and label of the filters that readers can change when a link lets them.
pub fn filter_names(document: &Dashboard, fields: &FieldList) -> Vec<(String, String)> {
    let open = document
        .filters
        .iter()
        .filter(|filter| !filter.locked && !filter.hidden);
    open.map(|filter| {
        let field = &filter.target.field;
        let info = fields.dimensions.iter().find(|info| info.field == *field);
        let label = filter.label.clone().or_else(|| info.map(|info| info.label.clone()));
        (
            field.clone(),
            label.unwrap_or_else(|| humanize(field.rsplit('.').next().unwrap_or(field))),
        )
    })
    .collect()
}

/// Only what is published can be handed on; the service says so where it is not.
#[component]
pub fn ShareDialog(
    workspace: String,
    dashboard: DashboardId,
    open: RwSignal<bool>,
    /// As [`filter_names`] gives them.
    #[prop(into)]
    filters: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let embedding = RwSignal::new(false);
    let slug = StoredValue::new(workspace);
    view! {
        <Dialog title="Share" open=open wide=true>
            <div class="dashboard__tabs" role="tablist">
                <button class="dashboard__tab share__tab" type="button" role="tab" aria-selected=move || (!embedding.get()).to_string() on:click=move |_| embedding.set(false)>"Links"</button>
                <button class="dashboard__tab share__tab" type="button" role="tab" aria-selected=move || embedding.get().to_string() on:click=move |_| embedding.set(true)>"Embed in a site"</button>
            </div>
            {move || {
                if embedding.get() {
                    view! { <embeds::Embeds workspace=slug.get_value() dashboard=dashboard /> }.into_any()
                } else {
                    view! { <links::Links workspace=slug.get_value() dashboard=dashboard filters=filters.get_untracked() /> }.into_any()
                }
            }}
        </Dialog>
    }
}
