//! The datasets of a workspace. A file may be dropped anywhere on the page.

use leptos::{html, prelude::*};
use leptos_meta::Title;
use send_wrapper::SendWrapper;
use shared::dataset::{DatasetSummary, limit_text};

use super::upload::{UploadDialog, UploadLimit, bytes_text, grouped};
use crate::{
    browser,
    components::{Icon, IconView, Moment, Skeleton, Waiting, access_dialog::OnlyChosen, loaded},
    pages::workspace::use_workspace_slug,
    server_fns::dataset::{list_datasets, upload_limit},
    wire,
};

const ACCEPT: &str = ".csv,.tsv,.txt,.tab,.xlsx,.xlsm,.json,.ndjson,.jsonl,.parquet";

#[component]
pub fn DatasetsPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let list = wire::load(move || workspace.get(), list_datasets);
    let limit = wire::load(move || workspace.get(), upload_limit);
    let file = RwSignal::new(None::<SendWrapper<web_sys::File>>);
    let over = RwSignal::new(false);
    let take = move |files: Option<web_sys::FileList>| {
        if let Some(first) = files.and_then(|files| files.get(0)) {
            file.set(Some(SendWrapper::new(first)));
        }
    };
    view! {
        <Title text="Data · Sightline" />
        <div
            class="page page--drop"
            class:page--over=move || over.get()
            on:dragover=move |event| { event.prevent_default(); over.set(true); }
            on:dragleave=move |_| over.set(false)
            on:drop=move |event| { event.prevent_default(); over.set(false); take(event.data_transfer().and_then(|data| data.files())); }
        >
            <header class="page__head">
                <h1>"Data"</h1>
            </header>
            <DropZone limit=limit on_files=Callback::new(move |files: SendWrapper<web_sys::FileList>| take(Some(files.take()))) />
            <Suspense fallback=|| view! { <Skeleton of=Waiting::Rows /> }>
                {move || Suspend::new(async move { loaded(list.await, move |list| view! { <DatasetTable workspace=workspace list=list /> }) })}
            </Suspense>
            <UploadDialog workspace=workspace limit=limit file=file />
        </div>
    }
}

#[component]
pub fn DropZone(limit: UploadLimit, on_files: Callback<SendWrapper<web_sys::FileList>>) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    view! {
        <label class="drop" data-testid="drop-zone">
            <IconView icon=Icon::Upload />
            <strong>"Drop a file anywhere on this page, or click to choose one"</strong>
            <span class="muted">
                "CSV, TSV, Excel, JSON, NDJSON or Parquet"
                <Suspense>{move || Suspend::new(async move { limit.await.ok().map(|bytes| format!(", up to {}", limit_text(bytes))) })}</Suspense>
            </span>
            <input
                class="visually-hidden"
                type="file"
                accept=ACCEPT
                node_ref=input
                on:change=move |event| {
                    if let Some(files) = browser::target::<web_sys::HtmlInputElement>(&event).and_then(|input| input.files()) {
                        on_files.run(SendWrapper::new(files));
                    }
                }
                on:click=move |_| {
                    // The same file may be chosen again after a correction.
                    if let Some(input) = input.get_untracked() {
                        input.set_value("");
                    }
                }
            />
        </label>
    }
}

#[component]
fn DatasetTable(workspace: Memo<String>, list: Vec<DatasetSummary>) -> impl IntoView {
    if list.is_empty() {
        return view! { <p class="muted">"No data yet. What you drop here is stored in this workspace only; every file becomes a table you can build dashboards on."</p> }.into_any();
    }
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Name"</th><th class="table__number">"Rows"</th><th class="table__number table__aside">"Columns"</th><th class="table__number table__aside">"Size"</th><th>"Changed"</th></tr></thead>
                <tbody>
                    {list
                        .into_iter()
                        .map(|dataset| {
                            view! {
                                <tr>
                                    <td class="table__name"><a href=format!("/w/{}/datasets/{}", workspace.get_untracked(), dataset.id)>{dataset.label}</a>{dataset.restricted.then(|| view! { " " <OnlyChosen /> })}</td>
                                    <td class="table__number">{grouped(dataset.rows)}</td>
                                    <td class="table__number table__aside">{dataset.column_count}</td>
                                    <td class="table__number table__aside">{bytes_text(dataset.bytes as f64)}</td>
                                    <td><Moment at=dataset.updated_at /></td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}
