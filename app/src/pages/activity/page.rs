use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use shared::{audit::AuditQuery, dashboard::encode, permission::PlatformRole};

use super::{entries::Entries, filters::Filters};
use crate::{
    components::{Icon, IconView, Skeleton, Waiting, loaded},
    contexts::use_current_user,
    pages::workspace::use_workspace_slug,
    server_fns::audit::list_activity,
    wire,
};

/// Whose log is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Log {
    /// Of the workspace at this address.
    Workspace(String),
    Instance,
}

impl Log {
    /// Address of the page.
    pub fn page(&self) -> String {
        match self {
            Self::Workspace(slug) => format!("/w/{slug}/audit"),
            Self::Instance => "/settings/audit".to_owned(),
        }
    }

    /// Address of the page with a filter, from the newest entry on or from `cursor`.
    pub fn address(&self, query: &AuditQuery, cursor: Option<&str>) -> String {
        with_pairs(
            &self.page(),
            query.pairs().into_iter().chain(cursor.map(|cursor| ("cursor", cursor))),
        )
    }

    /// Address of the file of all that is found.
    pub fn file(&self, query: &AuditQuery, format: &'static str) -> String {
        let list = match self {
            Self::Workspace(slug) => format!("/api/v1/workspaces/{slug}/audit/export"),
            Self::Instance => "/api/v1/audit/export".to_owned(),
        };
        with_pairs(&list, query.pairs().into_iter().chain([("format", format)]))
    }

    fn workspace(&self) -> Option<String> {
        match self {
            Self::Workspace(slug) => Some(slug.clone()),
            Self::Instance => None,
        }
    }
}

fn with_pairs<'a>(path: &str, pairs: impl Iterator<Item = (&'static str, &'a str)>) -> String {
    let query: Vec<String> = pairs.map(|(name, text)| format!("{name}={}", encode(text))).collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

/// The log of the workspace in the address.
#[component]
pub fn ActivityPage() -> impl IntoView {
    let slug = use_workspace_slug();
    let log = Memo::new(move |_| Log::Workspace(slug.get()));
    let user = use_current_user();
    let whole = move || {
        Suspend::new(async move {
            let admin = user
                .0
                .await
                .is_ok_and(|me| me.user.platform_role == PlatformRole::Admin);
            admin.then(|| view! { <a class="button" href=Log::Instance.page()><IconView icon=Icon::Globe />"Whole instance"</a> })
        })
    };
    view! {
        <Title text="Activity · Sightline" />
        <div class="page">
            <header class="page__head">
                <div class="page__title">
                    <h1>"Activity"</h1>
                    <p class="muted">"Who did what in this workspace. Entries are never changed or removed."</p>
                </div>
                <div class="page__actions"><Suspense>{whole}</Suspense></div>
            </header>
            <Found log=log />
        </div>
    }
}

/// Accounts, sign-ins and refusals of the whole instance.
#[component]
pub fn InstanceActivityPage() -> impl IntoView {
    let log = Memo::new(|_| Log::Instance);
    view! {
        <Title text="Activity of the instance · Sightline" />
        <div class="page">
            <header class="page__head">
                <div class="page__title">
                    <h1>"Activity of the instance"</h1>
                    <p class="muted">"Accounts, sign-ins, tokens and refused requests. What is done inside a workspace stands under Activity there."</p>
                </div>
            </header>
            <Found log=log />
        </div>
    }
}

/// The filter is the address, so that what was found can be kept and sent.
#[component]
fn Found(log: Memo<Log>) -> impl IntoView {
    let map = use_query_map();
    let query = Memo::new(move |_| {
        map.with(|map| {
            let text = |name| map.get(name).unwrap_or_default();
            AuditQuery {
                actor: text("actor"),
                action: text("action"),
                object: text("object"),
                from: text("from"),
                to: text("to"),
                q: text("q"),
            }
        })
    });
    let cursor = Memo::new(move |_| map.with(|map| map.get("cursor")));
    let found = wire::load(
        move || (log.get(), query.get(), cursor.get()),
        |(log, query, cursor)| list_activity(log.workspace(), query, cursor),
    );
    view! {
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Rows /> }>
            {move || Suspend::new(async move {
                loaded(
                    found.await,
                    move |found| {
                        let (log, query) = (log.get_untracked(), query.get_untracked());
                        view! {
                            <Filters log=log.clone() query=query.clone() people=found.people />
                            <Entries log=log query=query page=found.entries is_first=cursor.get_untracked().is_none() />
                        }
                    },
                )
            })}
        </Suspense>
    }
}
