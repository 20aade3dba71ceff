//! The frame of the signed-in application: where one is, and the ways to elsewhere.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet},
    hooks::use_params_map,
};
use shared::account::{Me, WorkspaceInfo};

use crate::{
    browser,
    components::{Brand, Icon, IconView, Notice, NoticeKind, loaded},
    contexts::use_current_user,
    rest,
};

/// The workspace of the address; on pages outside any, the first one.
#[derive(Clone, Debug, PartialEq)]
pub struct CurrentWorkspace(pub Option<WorkspaceInfo>);

#[component]
pub fn WorkspaceFrame() -> impl IntoView {
    let user = use_current_user();
    let params = use_params_map();
    let slug = Memo::new(move |_| params.with(|params| params.get("workspace")));
    view! {
        <Suspense fallback=|| view! { <div class="shell"><div class="shell__side"></div><main class="shell__main" aria-busy="true"></main></div> }>
            {move || Suspend::new(async move {
                let me = user.0.await;
                loaded(me, move |me| view! { <Frame me=me slug=slug /> })
            })}
        </Suspense>
    }
}

#[component]
fn Frame(me: Me, slug: Memo<Option<String>>) -> impl IntoView {
    let workspaces = me.workspaces.clone();
    let current = Memo::new(move |_| match slug.get() {
        Some(slug) => workspaces
            .iter()
            .find(|workspace| workspace.slug.as_str() == slug || workspace.id.to_string() == slug)
            .cloned(),
        None => workspaces.first().cloned(),
    });
    provide_context(current);
    let base = move || current.get().map(|workspace| format!("/w/{}", workspace.slug));
    let lost = move || slug.get().is_some() && current.get().is_none();
    view! {
        <div class="shell">
            <div class="shell__side">
                <a class="shell__brand" href="/"><Brand /><span>"Sightline"</span></a>
                <WorkspacePicker workspaces=me.workspaces.clone() current=current />
                <nav class="shell__nav" aria-label="Workspace">
                    {move || {
                        base()
                            .map(|base| {
                                view! {
                                    <A href=format!("{base}/dashboards") attr:class="shell__link"><IconView icon=Icon::LayoutDashboard /><span>"Dashboards"</span></A>
                                    <A href=format!("{base}/datasets") attr:class="shell__link"><IconView icon=Icon::Database /><span>"Data"</span></A>
                                }
                            })
                    }}
                </nav>
                <div class="shell__foot">
                    <a class="shell__link" href="/api/docs"><IconView icon=Icon::Braces /><span>"API"</span></a>
                    <A href="/settings/account" attr:class="shell__link"><IconView icon=Icon::User /><span>{me.user.name.clone()}</span></A>
                    <SignOut />
                </div>
            </div>
            <main class="shell__main">
                {move || {
                    if lost() {
                        view! {
                            <div class="page page--narrow">
                                <Notice kind=NoticeKind::Error>
                                    <span class="notice__title">"There is no such workspace, or you are no member of it."</span>
                                    <span>"Ask one of its owners to add you."</span>
                                </Notice>
                            </div>
                        }
                            .into_any()
                    } else {
                        view! { <Outlet /> }.into_any()
                    }
                }}
            </main>
        </div>
    }
}

#[component]
fn WorkspacePicker(workspaces: Vec<WorkspaceInfo>, current: Memo<Option<WorkspaceInfo>>) -> impl IntoView {
    (workspaces.len() > 1).then(|| {
        view! {
            <label>
                <span class="visually-hidden">"Workspace"</span>
                <select class="input" on:change=move |event| browser::go_to(&format!("/w/{}/dashboards", event_target_value(&event)))>
                    {workspaces
                        .into_iter()
                        .map(|workspace| {
                            let slug = workspace.slug.to_string();
                            let chosen = slug.clone();
                            view! {
                                <option value=slug selected=move || current.get().is_some_and(|current| current.slug.as_str() == chosen)>
                                    {workspace.title.to_string()}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
        }
    })
}

#[component]
fn SignOut() -> impl IntoView {
    let sign_out = Action::new_local(|(): &()| async move {
        let done: Result<serde_json::Value, _> =
            rest::send("DELETE", "/api/v1/session", &serde_json::Value::Null, None).await;
        if done.is_ok() {
            browser::go_to("/login");
        }
    });
    view! {
        <button class="shell__link button--quiet" type="button" on:click=move |_| { sign_out.dispatch(()); }>
            <IconView icon=Icon::LogOut />
            <span>"Sign out"</span>
        </button>
    }
}

/// Address part of the current workspace.
pub fn use_workspace_slug() -> Memo<String> {
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get("workspace").unwrap_or_default()))
}
