//! Taking something out of the model, after saying what hangs on it.

use leptos::prelude::*;
use shared::semantic::DashboardUsage;

use super::{draft::ModelDraft, used_by::UserList};
use crate::components::{Dialog, Icon, IconView};

/// What removing something would come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Consequences {
    /// Parts of the model that are made of it, by their labels.
    pub parts: Vec<String>,
    pub dashboards: Vec<DashboardUsage>,
}

/// Removes at once where nothing hangs on it; else it shows what does, and asks.
#[component]
pub fn RemoveButton(
    draft: ModelDraft,
    /// As in "Remove Revenue".
    #[prop(into)]
    what: Signal<String>,
    #[prop(into)] consequences: Callback<(), Consequences>,
    #[prop(into)] on_sure: Callback<()>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let found = RwSignal::new(Consequences::default());
    let ask = move |_| {
        let now = consequences.run(());
        if now == Consequences::default() {
            on_sure.run(());
        } else {
            found.set(now);
            open.set(true);
        }
    };
    let label = move || format!("Remove {}", what.get());
    view! {
        <button class="button button--quiet button--icon" type="button" aria-label=label title=label on:click=ask><IconView icon=Icon::Trash /></button>
        <Dialog title=Signal::derive(move || format!("Remove {}?", what.get())) open=open>
            {move || {
                let Consequences { parts, dashboards } = found.get();
                let parts = (!parts.is_empty()).then(|| view! { <p>"Made of it, and to be changed or removed as well: " {parts.join(", ")} "."</p> });
                let dashboards = (!dashboards.is_empty()).then(|| view! {
                    <p>"These dashboards use it. Their drafts lose it with the next version of the model; what readers see stays until the dashboard is published again."</p>
                    <UserList workspace=draft.workspace users=dashboards />
                });
                view! { {parts} {dashboards} }
            }}
            <p class="muted">"Nothing is stored until you save."</p>
            <div class="row">
                <button class="button button--danger" type="button" on:click=move |_| { open.set(false); on_sure.run(()); }>"Remove"</button>
                <button class="button" type="button" on:click=move |_| open.set(false)>"Keep it"</button>
            </div>
        </Dialog>
    }
}
