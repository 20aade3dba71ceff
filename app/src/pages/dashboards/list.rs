//! The dashboards of a workspace, in folders, with the bin below.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::{
    dashboard::{DashboardSummary, Folder},
    ids::{DashboardId, FolderId},
};

use super::create::CreateDashboard;
use crate::{
    WireError, browser,
    components::{
        Dialog, Empty, Field, Icon, IconView, Menu, Moment, Skeleton, Waiting,
        access_dialog::{AccessDialog, OnlyChosen},
        loaded,
    },
    contexts::{use_current_user, use_toasts},
    pages::workspace::{owned_workspaces, use_workspace_slug},
    server_fns::dashboard::{
        DashboardList, add_sample, create_folder, delete_dashboard, delete_folder, duplicate_dashboard,
        list_dashboards, move_dashboard, rename_dashboard, restore_dashboard,
    },
    wire,
};

/// What a menu asks for.
#[derive(Clone, Debug)]
enum Wish {
    Duplicate(DashboardId),
    Rename(DashboardId, String),
    Move(DashboardId, Option<FolderId>),
    Delete(DashboardId, String),
    Restore(DashboardId),
    AddFolder(String),
    DeleteFolder(FolderId),
    Sample,
}

#[component]
pub fn DashboardsPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let list = wire::load(move || workspace.get(), list_dashboards);
    let toasts = use_toasts();
    let creating = RwSignal::new(false);
    let folder_open = RwSignal::new(false);
    let wish = crate::browser::action(move |wish: &Wish| {
        let (slug, wish) = (workspace.get_untracked(), wish.clone());
        async move {
            let undo = match &wish {
                Wish::Delete(id, title) => Some((*id, title.clone())),
                _ => None,
            };
            match grant(slug.clone(), wish).await {
                Ok(()) => {
                    if let Some((id, title)) = undo {
                        toasts.say_with(format!("“{title}” is in the bin."), "Undo", move || {
                            let slug = slug.clone();
                            leptos::task::spawn_local(async move {
                                match restore_dashboard(slug, id).await {
                                    Ok(_) => list.refetch(),
                                    Err(error) => toasts.fail(&error),
                                }
                            });
                        });
                    }
                    list.refetch();
                }
                Err(error) => toasts.fail(&error),
            }
        }
    });
    let ask = Callback::new(move |asked: Wish| {
        wish.dispatch(asked);
    });
    view! {
        <Title text="Dashboards · Sightline" />
        <div class="page">
            <header class="page__head">
                <h1>"Dashboards"</h1>
                <div class="page__actions">
                    <button class="button" type="button" on:click=move |_| folder_open.set(true)><IconView icon=Icon::FolderPlus />"New folder"</button>
                    <button class="button button--primary" type="button" data-testid="new-dashboard" on:click=move |_| creating.set(true)><IconView icon=Icon::Plus />"New dashboard"</button>
                </div>
            </header>
            <Suspense fallback=|| view! { <Skeleton of=Waiting::Rows /> }>
                {move || Suspend::new(async move { loaded(list.await, move |list| view! { <Lists workspace=workspace list=list ask=ask creating=creating /> }) })}
            </Suspense>
            <CreateDashboard workspace=workspace open=creating />
            <NewFolder open=folder_open ask=ask />
        </div>
    }
}

async fn grant(workspace: String, wish: Wish) -> Result<(), WireError> {
    match wish {
        Wish::Duplicate(id) => duplicate_dashboard(workspace, id, None).await.map(drop),
        Wish::Rename(id, title) => rename_dashboard(workspace, id, title).await.map(drop),
        Wish::Move(id, folder) => move_dashboard(workspace, id, folder).await.map(drop),
        Wish::Delete(id, _) => delete_dashboard(workspace, id).await,
        Wish::Restore(id) => restore_dashboard(workspace, id).await.map(drop),
        Wish::AddFolder(title) => create_folder(workspace, title).await.map(drop),
        Wish::DeleteFolder(id) => delete_folder(workspace, id).await,
        Wish::Sample => add_sample(workspace.clone())
            .await
            .map(|id| browser::go_to(&format!("/w/{workspace}/dashboards/{id}"))),
    }
}

#[component]
fn NewFolder(open: RwSignal<bool>, ask: Callback<Wish>) -> impl IntoView {
    let title = RwSignal::new(String::new());
    view! {
        <Dialog title="New folder" open=open>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    ask.run(Wish::AddFolder(title.get_untracked()));
                    title.set(String::new());
                    open.set(false);
                }
            >
                <Field label="Name"><input class="input" required=true autofocus=true prop:value=title on:input=move |event| title.set(event_target_value(&event)) /></Field>
                <div class="row"><button class="button button--primary" type="submit">"Create folder"</button></div>
            </form>
        </Dialog>
    }
}

#[component]
fn Lists(workspace: Memo<String>, list: DashboardList, ask: Callback<Wish>, creating: RwSignal<bool>) -> impl IntoView {
    let DashboardList {
        dashboards,
        deleted,
        folders,
    } = list;
    if dashboards.is_empty() && deleted.is_empty() && folders.is_empty() {
        return view! {
            <Empty icon=Icon::LayoutDashboard title="Your first dashboard" text="Drop a file into Data, then drag its fields onto a page. Or look around in the sample first.">
                <a class="button button--primary" href=format!("/w/{}/datasets", workspace.get_untracked())>"Add data"</a>
                <button class="button" type="button" on:click=move |_| ask.run(Wish::Sample)>"Add the sample"</button>
                <button class="button" type="button" on:click=move |_| creating.set(true)>"New dashboard"</button>
            </Empty>
        }
        .into_any();
    }
    let groups = std::iter::once(None).chain(folders.iter().cloned().map(Some));
    let sections = groups
        .map(|folder| {
            let id = folder.as_ref().map(|folder| folder.id);
            let inside: Vec<DashboardSummary> = dashboards.iter().filter(|dashboard| dashboard.folder == id).cloned().collect();
            view! { <FolderSection workspace=workspace folder=folder dashboards=inside folders=folders.clone() ask=ask /> }
        })
        .collect_view();
    view! {
        <div class="stack">{sections}</div>
        {(!deleted.is_empty())
            .then(|| {
                view! {
                    <details class="card">
                        <summary>{format!("Bin ({})", deleted.len())}</summary>
                        <ul class="stack">
                            {deleted
                                .into_iter()
                                .map(|dashboard| {
                                    let id = dashboard.id;
                                    view! { <li class="row"><span>{dashboard.title}</span><button class="button" type="button" on:click=move |_| ask.run(Wish::Restore(id))>"Restore"</button></li> }
                                })
                                .collect_view()}
                        </ul>
                    </details>
                }
            })}
    }
    .into_any()
}

#[component]
fn FolderSection(
    workspace: Memo<String>,
    folder: Option<Folder>,
    dashboards: Vec<DashboardSummary>,
    folders: Vec<Folder>,
    ask: Callback<Wish>,
) -> impl IntoView {
    if folder.is_none() && dashboards.is_empty() {
        return ().into_any();
    }
    let empty = dashboards.is_empty();
    let head = folder.map(|folder| {
        let id = folder.id;
        view! {
            <h2 class="row">
                <IconView icon=Icon::Folder />
                {folder.title}
                {empty.then(|| view! { <button class="button button--quiet" type="button" on:click=move |_| ask.run(Wish::DeleteFolder(id))>"Remove empty folder"</button> })}
            </h2>
        }
    });
    view! {
        <section class="stack">
            {head}
            {if empty {
                view! { <p class="muted">"Nothing in here yet. Move a dashboard here from its menu."</p> }.into_any()
            } else {
                view! {
                    <div class="table-wrap">
                        <table class="table">
                            <thead><tr><th>"Name"</th><th class="table__aside">"Data"</th><th>"State"</th><th class="table__aside">"Changed"</th><th><span class="visually-hidden">"Actions"</span></th></tr></thead>
                            <tbody>{dashboards.into_iter().map(|dashboard| view! { <DashboardRow workspace=workspace dashboard=dashboard folders=folders.clone() ask=ask /> }).collect_view()}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }}
        </section>
    }
    .into_any()
}

#[component]
fn DashboardRow(
    workspace: Memo<String>,
    dashboard: DashboardSummary,
    folders: Vec<Folder>,
    ask: Callback<Wish>,
) -> impl IntoView {
    let id = dashboard.id;
    let address = format!("/w/{}/dashboards/{id}", workspace.get_untracked());
    let (edit, published) = (format!("{address}/edit"), dashboard.published_revision);
    let target = if published.is_some() { address } else { edit.clone() };
    let (badge, state) = match published {
        None => ("badge", "Draft"),
        Some(revision) if revision < dashboard.revision => ("badge badge--warning", "Published, newer draft"),
        Some(_) => ("badge badge--good", "Published"),
    };
    let (renaming, seeing) = (RwSignal::new(false), RwSignal::new(false));
    let restricted = RwSignal::new(dashboard.restricted);
    let base = format!("/api/v1/workspaces/{}/dashboards/{id}", workspace.get_untracked());
    let title = RwSignal::new(dashboard.title.clone());
    let name = dashboard.title.clone();
    let user = use_current_user();
    // Read when the menu is opened; by then it is known who is signed in.
    let activity = move || {
        let slug = workspace.get_untracked();
        let me = user.0.get_untracked()?.ok()?;
        owned_workspaces(&me)
            .contains(&slug)
            .then(|| view! { <a class="menu__item" role="menuitem" href=format!("/w/{slug}/audit?object={id}")><IconView icon=Icon::History />"Activity"</a> })
    };
    let moves = {
        let (here, folders) = (dashboard.folder, folders);
        move || {
            let places = std::iter::once((None, "No folder".to_owned()))
                .chain(folders.iter().map(|folder| (Some(folder.id), folder.title.clone())));
            places
                .filter(|(folder, _)| *folder != here)
                .map(|(folder, label)| view! { <button class="menu__item" type="button" role="menuitem" on:click=move |_| ask.run(Wish::Move(id, folder))><IconView icon=Icon::Folder />{format!("Move to {label}")}</button> })
                .collect_view()
        }
    };
    view! {
        <tr>
            <td class="table__name"><a href=target>{dashboard.title.clone()}</a>{move || restricted.get().then(|| view! { " " <OnlyChosen /> })}</td>
            <td class="table__aside">{shared::semantic::humanize(&dashboard.model)}</td>
            <td><span class=badge>{state}</span></td>
            <td class="table__aside"><Moment at=dashboard.updated_at /></td>
            <td>
                <div class="table__buttons">
                <a class="button table__aside" href=edit>"Edit"</a>
                <Menu label=format!("More for {name}")>
                    <button class="menu__item" type="button" role="menuitem" on:click=move |_| renaming.set(true)><IconView icon=Icon::Pencil />"Rename"</button>
                    <button class="menu__item" type="button" role="menuitem" on:click=move |_| ask.run(Wish::Duplicate(id))><IconView icon=Icon::Copy />"Duplicate"</button>
                    {moves()}
                    <button class="menu__item" type="button" role="menuitem" on:click=move |_| seeing.set(true)><IconView icon=Icon::Lock />"Who can see this"</button>
                    {activity()}
                    <hr class="menu__line" />
                    <button class="menu__item menu__item--danger" type="button" role="menuitem" on:click=move |_| ask.run(Wish::Delete(id, title.get_untracked()))><IconView icon=Icon::Trash />"Delete"</button>
                </Menu>
                </div>
                <Dialog title="Rename" open=renaming>
                    <form class="stack" on:submit=move |event| { event.prevent_default(); renaming.set(false); ask.run(Wish::Rename(id, title.get_untracked())); }>
                        <Field label="Name"><input class="input" required=true autofocus=true prop:value=title on:input=move |event| title.set(event_target_value(&event)) /></Field>
                        <div class="row"><button class="button button--primary" type="submit">"Rename"</button></div>
                    </form>
                </Dialog>
                <AccessDialog title=dashboard.title base=base workspace=workspace.get_untracked() open=seeing on_change=Callback::new(move |now| restricted.set(now)) />
            </td>
        </tr>
    }
}
