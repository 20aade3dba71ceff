//! The connections of a workspace.

use leptos::prelude::*;
use leptos_meta::Title;
use shared::connection::{Connection, ConnectionOptions};

use super::form::ConnectionForm;
use crate::{
    browser,
    components::{Dialog, Empty, Icon, IconView, Moment, Skeleton, Waiting, loaded},
    pages::workspace::use_workspace_slug,
    server_fns::connection::list_connections,
    wire,
};

#[component]
pub fn ConnectionsPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let list = wire::load(move || workspace.get(), list_connections);
    let open = RwSignal::new(false);
    let made = Callback::new(move |connection: Connection| {
        browser::go_to(&format!(
            "/w/{}/connections/{}",
            workspace.get_untracked(),
            connection.id
        ));
    });
    view! {
        <Title text="Databases · Sightline" />
        <div class="page">
            <header class="page__head">
                <div class="page__title"><h1>"Databases"</h1><p class="muted">"Read where they are; nothing is copied, and nothing there is ever changed."</p></div>
                <button class="button button--primary" type="button" on:click=move |_| open.set(true)><IconView icon=Icon::Plus />"Connect a database"</button>
            </header>
            <Suspense fallback=|| view! { <Skeleton of=Waiting::Rows /> }>
                {move || Suspend::new(async move { loaded(list.await, move |list| view! { <ConnectionTable workspace=workspace list=list open=open /> }) })}
            </Suspense>
            <Dialog title="Connect a database" open=open><ConnectionForm workspace=workspace on_saved=made /></Dialog>
        </div>
    }
}

#[component]
fn ConnectionTable(workspace: Memo<String>, list: Vec<Connection>, open: RwSignal<bool>) -> impl IntoView {
    if list.is_empty() {
        return view! {
            <Empty icon=Icon::Database title="No databases yet" text="Connect a PostgreSQL server or upload a SQLite file, choose tables, and build dashboards on them.">
                <button class="button button--primary" type="button" on:click=move |_| open.set(true)>"Connect a database"</button>
            </Empty>
        }
        .into_any();
    }
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
    .into_any()
}

/// Where it is, in a word.
pub fn place(options: &ConnectionOptions) -> String {
    match options {
        ConnectionOptions::Postgres {
            host, port, database, ..
        } => format!("{database} on {host}:{port}"),
        ConnectionOptions::Sqlite { file_name, .. } => file_name.clone(),
    }
}
