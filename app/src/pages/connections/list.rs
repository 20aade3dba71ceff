//! The connections of a workspace.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::connection::{Connection, ConnectionOptions};

use super::form::ConnectionForm;
use crate::{
    browser,
    components::{Dialog, Empty, Icon, IconView, Moment, Skeleton, Waiting, loaded},
    contexts::use_current_user,
    pages::workspace::{owns, use_workspace_slug},
    server_fns::connection::list_connections,
    wire,
};

#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let user = use_current_user();
    let list = wire::load(move || workspace.get(), list_connections);
    view! {
        <Title text="Databases · Sightline" />
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Page /> }>
            {move || Suspend::new(async move {
                let me = user.0.await.ok();
                let list = list.await;
                let may_connect = me.is_some_and(|me| owns(&me, &workspace.get_untracked()));
                loaded(list, move |list| view! { <ConnectionList workspace=workspace list=list may_connect=may_connect /> })
            })}
        </Suspense>
    }
}

/// `may_connect`: owners make connections, everybody else uses them.
#[component]
fn ConnectionList(workspace: Memo<String>, list: Vec<Connection>, may_connect: bool) -> impl IntoView {
    let open = RwSignal::new(false);
    let made = Callback::new(move |connection: Connection| {
        browser::go_to(&format!(
            "/w/{}/connections/{}",
            workspace.get_untracked(),
            connection.id
        ));
    });
    let connect = move |label: &'static str| {
        may_connect.then(|| {
            view! { <button class="button button--primary" type="button" on:click=move |_| open.set(true)><IconView icon=Icon::Plus />{label}</button> }
        })
    };
    let content = if list.is_empty() {
        let text = if may_connect {
            "Connect a PostgreSQL, MySQL or MariaDB server or upload a SQLite file, choose tables, and build dashboards on them."
        } else {
            "An owner of the workspace can connect a PostgreSQL, MySQL or MariaDB server or a SQLite file."
        };
        view! { <Empty icon=Icon::Database title="No databases yet" text=text>{connect("Connect a database")}</Empty> }
            .into_any()
    } else {
        view! { <ConnectionTable workspace=workspace list=list /> }.into_any()
    };
    view! {
        <div class="page">
            <header class="page__head">
                <div class="page__title"><h1>"Databases"</h1><p class="muted">"Read where they are; nothing is copied, and nothing there is ever changed."</p></div>
                {connect("Connect a database")}
            </header>
            {content}
            <Dialog title="Connect a database" open=open><ConnectionForm workspace=workspace on_saved=made /></Dialog>
        </div>
    }
}

#[component]
fn ConnectionTable(workspace: Memo<String>, list: Vec<Connection>) -> impl IntoView {
    view! {
        <div class="table-wrap">
            <table class="table">
                <thead><tr><th>"Name"</th><th>"Kind"</th><th class="table__aside">"Where"</th><th class="table__number">"Tables"</th><th class="table__aside">"Changed"</th></tr></thead>
                <tbody>
                    {list
                        .into_iter()
                        .map(|connection| {
                            let place = place(&connection.options);
                            let address = format!("/w/{}/connections/{}", workspace.get_untracked(), connection.id);
                            view! {
                                <tr>
                                    <td class="table__name"><a href=address>{connection.name}</a></td>
                                    <td>{connection.options.kind().label()}</td>
                                    <td class="table__aside">{place}</td>
                                    <td class="table__number">{connection.found.map(|found| found.tables)}</td>
                                    <td class="table__aside"><Moment at=connection.updated_at /></td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
}

/// Where it is, in a word.
pub fn place(options: &ConnectionOptions) -> String {
    match options {
        ConnectionOptions::Postgres(server) | ConnectionOptions::Mysql(server) => {
            format!("{} on {}:{}", server.database, server.host, server.port)
        }
        ConnectionOptions::Sqlite { file_name, .. } => file_name.clone(),
    }
}
