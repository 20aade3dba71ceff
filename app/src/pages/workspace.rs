//! The frame of the signed-in application: where one is, and the ways to elsewhere.

use leptos::prelude::*;
use leptos_router::{
    components::{A, Outlet},
    hooks::use_params_map,
};
use shared::{
    account::{Me, WorkspaceInfo},
    permission::{PlatformRole, WorkspaceRole},
};

use crate::{
    browser,
    components::{Brand, Icon, IconView},
    contexts::use_current_user,
    rest,
};

/// The page itself stands outside the `Suspense` of who is signed in: its own resources must not be made inside another's.
#[component]
pub fn WorkspaceFrame() -> impl IntoView {
    let user = use_current_user();
    let slug = use_params_map();
    let slug = Memo::new(move |_| slug.with(|params| params.get("workspace")));
    view! {
        <div class="shell">
            <div class="shell__side">
                <a class="shell__brand" href="/">
                    <Brand />
                    <span>"Sightline"</span>
                </a>
                <Suspense fallback=|| view! { <nav class="shell__nav" aria-label="Workspace"></nav> }>
                    {move || Suspend::new(async move { user.0.await.ok().map(|me| view! { <Side me=me slug=slug /> }) })}
                </Suspense>
            </div>
            <main class="shell__main">
                <Outlet />
            </main>
        </div>
    }
}

/// Where one can go: in the workspace of the address, or outside any in the first one.
#[component]
fn Side(me: Me, slug: Memo<Option<String>>) -> impl IntoView {
    let first = me.workspaces.first().map(|workspace| workspace.slug.to_string());
    let base = Memo::new(move |_| slug.get().or_else(|| first.clone()).map(|slug| format!("/w/{slug}")));
    let owned = owned_workspaces(&me);
    let owns = move |base: &str| owned.iter().any(|slug| base.strip_prefix("/w/") == Some(slug.as_str()));
    view! {
        <WorkspacePicker workspaces=me.workspaces.clone() current=slug />
        <nav class="shell__nav" aria-label="Workspace">
            {move || {
                base.get()
                    .map(|base| {
                        view! {
                            <A href=format!("{base}/dashboards") attr:class="shell__link">
                                <IconView icon=Icon::LayoutDashboard />
                                <span>"Dashboards"</span>
                            </A>
                            <A href=format!("{base}/datasets") attr:class="shell__link">
                                <IconView icon=Icon::Database />
                                <span>"Data"</span>
                            </A>
                            <A href=format!("{base}/connections") attr:class="shell__link">
                                <IconView icon=Icon::Server />
                                <span>"Databases"</span>
                            </A>
                            <A href=format!("{base}/members") attr:class="shell__link">
                                <IconView icon=Icon::Users />
                                <span>"Members"</span>
                            </A>
                            {owns(&base)
                                .then(|| {
                                    view! {
                                        <A href=format!("{base}/audit") attr:class="shell__link">
                                            <IconView icon=Icon::History />
                                            <span>"Activity"</span>
                                        </A>
                                    }
                                })}
                        }
                    })
            }}
        </nav>
        <div class="shell__foot">
            <a class="shell__link" href="/api/docs" rel="external">
                <IconView icon=Icon::Braces />
                <span>"API"</span>
            </a>
            {(me.user.platform_role == PlatformRole::Admin)
                .then(|| {
                    view! {
                        <A href="/settings/people" attr:class="shell__link">
                            <IconView icon=Icon::Users />
                            <span>"People"</span>
                        </A>
                        <A href="/settings/groups" attr:class="shell__link">
                            <IconView icon=Icon::Group />
                            <span>"Groups"</span>
                        </A>
                        <A href="/settings/usage" attr:class="shell__link">
                            <IconView icon=Icon::Gauge />
                            <span>"Usage"</span>
                        </A>
                    }
                })}
            <A href="/settings/account" attr:class="shell__link">
                <IconView icon=Icon::User />
                <span class="shell__person">{me.user.name.clone()}</span>
            </A>
            <SignOut />
        </div>
    }
}

/// Does the person own the workspace of this address?
pub fn owns(me: &Me, slug: &str) -> bool {
    owned_workspaces(me).iter().any(|owned| owned == slug)
}

/// Addresses of the workspaces whose log the person may read.
pub fn owned_workspaces(me: &Me) -> Vec<String> {
    let owned = me
        .workspaces
        .iter()
        .filter(|workspace| workspace.role == WorkspaceRole::Owner);
    owned.map(|workspace| workspace.slug.to_string()).collect()
}

#[component]
fn WorkspacePicker(workspaces: Vec<WorkspaceInfo>, current: Memo<Option<String>>) -> impl IntoView {
    if let [only] = workspaces.as_slice() {
        return view! { <p class="shell__workspace">{only.title.to_string()}</p> }.into_any();
    }
    (workspaces.len() > 1)
        .then(|| {
        view! {
            <label class="shell__picker">
                <span class="visually-hidden">"Workspace"</span>
                <select class="input" on:change=move |event| browser::go_to(&format!("/w/{}/dashboards", event_target_value(&event)))>
                    {workspaces
                        .into_iter()
                        .map(|workspace| {
                            let slug = workspace.slug.to_string();
                            let chosen = slug.clone();
                            view! {
                                <option value=slug selected=move || current.get().as_deref() == Some(chosen.as_str())>
                                    {workspace.title.to_string()}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
        }
    })
    .into_any()
}

#[component]
fn SignOut() -> impl IntoView {
    let sign_out = crate::browser::action(|(): &()| async move {
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
