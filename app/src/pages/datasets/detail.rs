//! One dataset: what its columns hold, its rows, what was rejected.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use send_wrapper::SendWrapper;
use shared::{
    dataset::{DatasetDetail, Rejects},
    ids::DatasetId,
};

use super::{
    column_card::ColumnCard,
    list::DropZone,
    rows::RowsTable,
    upload::{UploadDialog, bytes_text, grouped},
};
use crate::{
    WireError, browser,
    components::{
        Dialog, FormProblem, Icon, IconView, Menu, Skeleton, Waiting,
        access_dialog::{AccessDialog, OnlyChosen},
        loaded,
    },
    contexts::use_toasts,
    page_title::page_title,
    pages::workspace::use_workspace_slug,
    server_fns::{
        dashboard::create_dashboard,
        dataset::{dataset_profile, delete_dataset, upload_limit},
    },
    wire,
};

#[component]
pub fn DatasetPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<DatasetId>().ok())));
    let detail = wire::load(
        move || (workspace.get(), id.get()),
        |(workspace, id)| async move {
            match id {
                Some(id) => dataset_profile(workspace, id).await,
                None => Err(shared::AppError::not_found("dataset").into()),
            }
        },
    );
    view! {
        <Title text="Dataset · Sightline" />
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Page /> }>
            {move || Suspend::new(async move { loaded(detail.await, move |detail| view! { <Detail workspace=workspace detail=detail /> }) })}
        </Suspense>
    }
}

#[component]
fn Detail(workspace: Memo<String>, detail: DatasetDetail) -> impl IntoView {
    let toasts = use_toasts();
    let id = detail.summary.id;
    let model = detail.model.clone();
    let title = detail.summary.label.clone();
    let (replacing, deleting, seeing) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let restricted = RwSignal::new(detail.summary.restricted);
    let base = format!("/api/v1/workspaces/{}/datasets/{id}", workspace.get_untracked());
    let file = RwSignal::new(None::<SendWrapper<web_sys::File>>);
    let limit = wire::load(move || workspace.get(), upload_limit);
    let create = {
        let (model, title) = (model.clone(), title.clone());
        crate::browser::action(move |(): &()| {
            let (slug, model, title) = (workspace.get_untracked(), model.clone(), title.clone());
            async move {
                match create_dashboard(slug.clone(), title, model, None).await {
                    Ok(made) => browser::go_to(&format!("/w/{slug}/dashboards/{}/edit", made.summary.id)),
                    Err(error) => toasts.fail(&error),
                }
            }
        })
    };
    let problem = RwSignal::new(None::<WireError>);
    let delete = crate::browser::action(move |(): &()| async move {
        let slug = workspace.get_untracked();
        match delete_dataset(slug.clone(), id).await {
            Ok(()) => browser::go_to(&format!("/w/{slug}/datasets")),
            Err(error) => problem.set(Some(error)),
        }
    });
    let summary = &detail.summary;
    let facts = format!(
        "{} rows · {} columns · {} · version {} · from {}",
        grouped(summary.rows),
        summary.column_count,
        bytes_text(summary.bytes as f64),
        summary.version,
        detail.file_name
    );
    view! {
        <Title text=page_title(format!("{title} · Sightline")) />
        <div class="page">
            <header class="page__head">
                <div class="page__title"><h1>{title.clone()}{move || restricted.get().then(|| view! { " " <OnlyChosen /> })}</h1><p class="muted">{facts}</p></div>
                <div class="page__actions">
                    <a class="button" href=move || format!("/w/{}/models/{model}", workspace.get())><IconView icon=Icon::SlidersHorizontal />"What the columns mean"</a>
                    <button class="button button--primary" type="button" data-testid="dashboard-from-dataset" on:click=move |_| { create.dispatch(()); }><IconView icon=Icon::LayoutDashboard />"Build a dashboard"</button>
                    <Menu label="More">
                        <button class="menu__item" type="button" role="menuitem" on:click=move |_| replacing.set(true)><IconView icon=Icon::RefreshCw />"Load a new version"</button>
                        <button class="menu__item" type="button" role="menuitem" on:click=move |_| seeing.set(true)><IconView icon=Icon::Lock />"Who can see this"</button>
                        <button class="menu__item menu__item--danger" type="button" role="menuitem" on:click=move |_| deleting.set(true)><IconView icon=Icon::Trash />"Delete"</button>
                    </Menu>
                </div>
            </header>
            <RejectsNotice rejects=detail.rejects.clone() />
            <section class="columns">{detail.columns.iter().cloned().map(|column| view! { <ColumnCard column=column rows=detail.summary.rows /> }).collect_view()}</section>
            <section class="stack">
                <h2>"Rows"</h2>
                <RowsTable workspace=workspace dataset=id columns=detail.columns.clone() total=detail.summary.rows />
            </section>
            <Dialog title="Load a new version" open=replacing>
                <p>"Dashboards switch to the new rows when they are complete; until then they keep the old ones."</p>
                <DropZone limit=limit on_files=Callback::new(move |files: SendWrapper<web_sys::FileList>| {
                    if let Some(first) = files.get(0) {
                        replacing.set(false);
                        file.set(Some(SendWrapper::new(first)));
                    }
                }) />
            </Dialog>
            <UploadDialog workspace=workspace limit=limit file=file replace=id />
            <AccessDialog title=title base=base workspace=workspace.get_untracked() open=seeing on_change=Callback::new(move |now| restricted.set(now)) />
            <Dialog title="Delete this dataset?" open=deleting>
                <p>"Dashboards that use it keep their tiles, but each tile will say that its data is gone. This cannot be undone."</p>
                <FormProblem problem=problem />
                <div class="row">
                    <button class="button button--danger" type="button" on:click=move |_| { delete.dispatch(()); }>"Delete dataset"</button>
                    <button class="button" type="button" on:click=move |_| deleting.set(false)>"Keep it"</button>
                </div>
            </Dialog>
        </div>
    }
}

#[component]
fn RejectsNotice(rejects: Rejects) -> impl IntoView {
    (rejects.count > 0).then(|| {
        view! {
            <details class="card">
                <summary>
                    {match rejects.count {
                        1 => "1 row of the file was not loaded".to_owned(),
                        count => format!("{} rows of the file were not loaded", grouped(count)),
                    }}
                </summary>
                <table class="table">
                    <thead><tr><th>"Line"</th><th>"Column"</th><th>"Value"</th><th>"Reason"</th></tr></thead>
                    <tbody>
                        {rejects
                            .first
                            .into_iter()
                            .map(|reject| view! { <tr><td>{reject.line}</td><td>{reject.column.unwrap_or_default()}</td><td>{reject.value.unwrap_or_default()}</td><td>{reject.reason}</td></tr> })
                            .collect_view()}
                    </tbody>
                </table>
            </details>
        }
    })
}
