//! A published dashboard, read by members.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_location, use_params_map};
use shared::ids::DashboardId;

use crate::{
    components::{
        Icon, IconView, Skeleton, Waiting,
        dashboard::DashboardView,
        loaded,
        share_dialog::{ShareDialog, filter_names},
    },
    page_title::page_title,
    pages::workspace::use_workspace_slug,
    server_fns::dashboard::read_page,
    wire,
};

#[component]
pub fn ReadPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<DashboardId>().ok())));
    // Filters change the address without loading the page again: only the first query counts here.
    let search = use_location().search.get_untracked();
    let page = wire::load(
        move || (workspace.get(), id.get()),
        move |(workspace, id)| {
            let search = search.clone();
            async move {
                match id {
                    Some(id) => read_page(workspace, id, search).await,
                    None => Err(shared::AppError::not_found("dashboard").into()),
                }
            }
        },
    );
    let sharing = RwSignal::new(false);
    view! {
        <Title text="Dashboard · Sightline" />
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Page /> }>
            {move || Suspend::new(async move {
                loaded(
                    page.await,
                    move |page| {
                        let title = page_title(format!("{} · Sightline", page.document.title));
                        let filters = filter_names(&page.document, &page.fields);
                        let edit = format!("{}/edit", page.path);
                        let actions = move || {
                            view! {
                                <a class="button" href=edit.clone()><IconView icon=Icon::Pencil />"Edit"</a>
                                <button class="button" type="button" on:click=move |_| sharing.set(true)><IconView icon=Icon::Share />"Share"</button>
                            }
                        };
                        view! {
                            <Title text=title />
                            <DashboardView page=page actions=ViewFn::from(actions) />
                            {move || id.get().map(|id| view! { <ShareDialog workspace=workspace.get_untracked() dashboard=id open=sharing filters=filters.clone() /> })}
                        }
                    },
                )
            })}
        </Suspense>
    }
}
