//! Handing a dashboard on: to people of the workspace, by links and in frames.

mod embeds;
mod links;

use leptos::prelude::*;
use plan::FieldList;
use shared::{dashboard::Dashboard, ids::DashboardId, semantic::humanize};

use crate::components::{Dialog, access_dialog::AccessPanel};

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

/// The tabs of the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    People,
    Links,
    Frames,
}

impl Part {
    const ALL: [Self; 3] = [Self::People, Self::Links, Self::Frames];

    const fn title(self) -> &'static str {
        match self {
            Self::People => "People",
            Self::Links => "Links",
            Self::Frames => "Embed in a site",
        }
    }
}

/// Only what is published can be handed on by links and frames; the service says so where it is not.
#[component]
pub fn ShareDialog(
    workspace: String,
    dashboard: DashboardId,
    open: RwSignal<bool>,
    /// As [`filter_names`] gives them.
    #[prop(into)]
    filters: Signal<Vec<(String, String)>>,
) -> impl IntoView {
    let part = RwSignal::new(Part::Links);
    let slug = StoredValue::new(workspace);
    view! {
        <Dialog title="Share" open=open wide=true>
            <div class="dashboard__tabs" role="tablist">
                {Part::ALL
                    .map(|one| {
                        view! { <button class="dashboard__tab share__tab" type="button" role="tab" aria-selected=move || (part.get() == one).to_string() on:click=move |_| part.set(one)>{one.title()}</button> }
                    })}
            </div>
            {move || match part.get() {
                Part::People => {
                    let base = format!("/api/v1/workspaces/{}/dashboards/{dashboard}", slug.get_value());
                    view! { <AccessPanel base=base workspace=slug.get_value() /> }.into_any()
                }
                Part::Links => view! { <links::Links workspace=slug.get_value() dashboard=dashboard filters=filters.get_untracked() /> }.into_any(),
                Part::Frames => view! { <embeds::Embeds workspace=slug.get_value() dashboard=dashboard /> }.into_any(),
            }}
        </Dialog>
    }
}
