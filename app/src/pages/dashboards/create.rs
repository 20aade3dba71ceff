//! A new dashboard on a dataset.

use leptos::prelude::*;
use shared::dataset::DatasetSummary;

use crate::{
    WireError, browser,
    components::{Dialog, Empty, Field, FormProblem, Icon, loaded},
    server_fns::{dashboard::create_dashboard, dataset::list_datasets},
};

/// Asks for a name and the data, then opens the designer.
#[component]
pub fn CreateDashboard(workspace: Memo<String>, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog title="New dashboard" open=open>
            <CreateForm workspace=workspace />
        </Dialog>
    }
}

#[component]
fn CreateForm(workspace: Memo<String>) -> impl IntoView {
    let datasets = LocalResource::new(move || list_datasets(workspace.get()));
    view! {
        <Suspense fallback=|| view! { <p class="muted">"Loading your data …"</p> }>
            {move || Suspend::new(async move {
                loaded(
                    datasets.await,
                    move |list| {
                        if list.is_empty() {
                            view! {
                                <Empty icon=Icon::Database title="First, some data" text="A dashboard shows the numbers of a file. Add one and come back.">
                                    <a class="button button--primary" href=format!("/w/{}/datasets", workspace.get_untracked())>"Add data"</a>
                                </Empty>
                            }
                                .into_any()
                        } else {
                            view! { <ChooseForm workspace=workspace datasets=list /> }.into_any()
                        }
                    },
                )
            })}
        </Suspense>
    }
}

#[component]
fn ChooseForm(workspace: Memo<String>, datasets: Vec<DatasetSummary>) -> impl IntoView {
    let problem = RwSignal::new(None::<WireError>);
    let title = RwSignal::new(String::new());
    let model = RwSignal::new(datasets.first().map(|dataset| dataset.name.clone()).unwrap_or_default());
    let create = crate::browser::action(move |(): &()| {
        let (slug, model) = (workspace.get_untracked(), model.get_untracked());
        let title = Some(title.get_untracked())
            .filter(|title| !title.trim().is_empty())
            .unwrap_or_else(|| "Untitled dashboard".to_owned());
        async move {
            match create_dashboard(slug.clone(), title, model, None).await {
                Ok(made) => browser::go_to(&format!("/w/{slug}/dashboards/{}/edit", made.summary.id)),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    view! {
        <form class="stack" on:submit=move |event| { event.prevent_default(); create.dispatch(()); }>
            <Field label="Name"><input class="input" name="title" placeholder="Untitled dashboard" autofocus=true prop:value=title on:input=move |event| title.set(event_target_value(&event)) /></Field>
            <Field label="Data">
                <select class="input" name="model" on:change=move |event| model.set(event_target_value(&event))>
                    {datasets.into_iter().map(|dataset| view! { <option value=dataset.name.clone()>{format!("{} ({} rows)", dataset.label, dataset.rows)}</option> }).collect_view()}
                </select>
            </Field>
            <FormProblem problem=problem />
            <div class="row"><button class="button button--primary" type="submit" disabled=move || create.pending().get()>"Create and design"</button></div>
        </form>
    }
}
