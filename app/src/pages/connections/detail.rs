//! One connection: what is there, and the way from tables to a dashboard.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use shared::{connection::Connection, ids::ConnectionId};

use super::{form::ConnectionForm, list::place, tables::Tables};
use crate::{
    WireError, browser,
    components::{ConfirmButton, Dialog, FormProblem, Notice, NoticeKind, Skeleton, Waiting, loaded},
    contexts::{use_current_user, use_toasts},
    page_title::page_title,
    pages::workspace::{owns, use_workspace_slug},
    server_fns::connection::{delete_connection, get_connection},
    wire,
};

#[component]
pub fn ConnectionPage() -> impl IntoView {
    let workspace = use_workspace_slug();
    let user = use_current_user();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").and_then(|id| id.parse::<ConnectionId>().ok())));
    let detail = wire::load(
        move || (workspace.get(), id.get()),
        |(workspace, id)| async move {
            match id {
                Some(id) => get_connection(workspace, id).await,
                None => Err(shared::AppError::not_found("connection").into()),
            }
        },
    );
    view! {
        <Title text="Database · Sightline" />
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Page /> }>
            {move || Suspend::new(async move {
                let me = user.0.await.ok();
                let connection = detail.await;
                let may_change = me.is_some_and(|me| owns(&me, &workspace.get_untracked()));
                let again = Callback::new(move |()| detail.refetch());
                loaded(connection, move |connection| view! { <Detail workspace=workspace connection=connection may_change=may_change on_change=again /> })
            })}
        </Suspense>
    }
}

#[component]
fn Detail(workspace: Memo<String>, connection: Connection, may_change: bool, on_change: Callback<()>) -> impl IntoView {
    let toasts = use_toasts();
    let id = connection.id;
    let changing = RwSignal::new(false);
    let problem = RwSignal::new(None::<WireError>);
    let remove = browser::action(move |(): &()| {
        let slug = workspace.get_untracked();
        async move {
            match delete_connection(slug.clone(), id).await {
                Ok(()) => browser::go_to(&format!("/w/{slug}/connections")),
                Err(error) => problem.set(Some(error)),
            }
        }
    });
    let saved = Callback::new(move |_: Connection| {
        changing.set(false);
        toasts.say("Connection saved.");
        on_change.run(());
    });
    let found = connection.found.clone();
    let server = found.as_ref().map(|found| found.server.clone());
    let about = [server, Some(place(&connection.options))]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(", ");
    let name = connection.name.clone();
    let (model_name, kept) = (name.clone(), StoredValue::new(connection));
    view! {
        <Title text=page_title(format!("{name} · Sightline")) />
        <div class="page">
            <header class="page__head">
                <div class="page__title"><h1>{name}</h1><p class="muted">{about}</p></div>
                {may_change
                    .then(|| {
                        view! {
                            <div class="row">
                                <button class="button" type="button" on:click=move |_| changing.set(true)>"Change"</button>
                                <ConfirmButton label="Remove" question="It goes, unless a model reads it." on_sure=move |()| { remove.dispatch(()); } />
                            </div>
                        }
                    })}
            </header>
            <FormProblem problem=problem />
            {found
                .is_some_and(|found| found.can_write)
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Warning>
                            <span>"The database's user may change data. Sightline never does, but a user who can only read is safer."</span>
                        </Notice>
                    }
                })}
            <Tables workspace=workspace id=id name=model_name />
            <Dialog title="Change the connection" open=changing><ConnectionForm workspace=workspace connection=kept.get_value() on_saved=saved /></Dialog>
        </div>
    }
}
