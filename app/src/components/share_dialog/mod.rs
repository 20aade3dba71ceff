//! Handing a dashboard on: links and frames.

mod embeds;
mod links;

use leptos::prelude::*;
use shared::ids::DashboardId;

use crate::components::Dialog;

/// Only what is published can be handed on; the service says so where it is not.
#[component]
pub fn ShareDialog(workspace: String, dashboard: DashboardId, open: RwSignal<bool>) -> impl IntoView {
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
                    view! { <links::Links workspace=slug.get_value() dashboard=dashboard /> }.into_any()
                }
            }}
        </Dialog>
    }
}
