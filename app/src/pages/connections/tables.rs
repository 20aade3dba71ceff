//! The tables of a database: looked through, chosen, and made into a model.

use std::collections::BTreeSet;

use leptos::prelude::*;
use shared::{
    connection::{DatabaseSchema, DatabaseTable},
    ids::ConnectionId,
};

use crate::{
    browser,
    components::{Empty, Field, Icon, IconView, SearchField, Skeleton, Waiting, loaded},
    contexts::use_toasts,
    pages::datasets::grouped,
    server_fns::{
        connection::{connection_schema, make_model},
        dashboard::create_dashboard,
    },
    wire,
};

/// `name`: of the connection; what a model over it is called unless somebody says otherwise.
#[component]
pub fn Tables(workspace: Memo<String>, id: ConnectionId, name: String) -> impl IntoView {
    let fresh = RwSignal::new(false);
    let schema = wire::load(
        move || (workspace.get(), fresh.get()),
        move |(workspace, fresh)| connection_schema(workspace, id, fresh),
    );
    let again = Callback::new(move |()| {
        if fresh.get_untracked() {
            schema.refetch()
        } else {
            fresh.set(true)
        }
    });
    view! {
        <Suspense fallback=|| view! { <Skeleton of=Waiting::Rows /> }>
            {move || {
                let name = name.clone();
                Suspend::new(async move { loaded(schema.await, move |schema| view! { <Chooser workspace=workspace id=id name=name schema=schema again=again /> }) })
            }}
        </Suspense>
    }
}

/// Where one goes with a new model.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Dashboard,
    Model,
}

#[component]
fn Chooser(
    workspace: Memo<String>,
    id: ConnectionId,
    name: String,
    schema: DatabaseSchema,
    again: Callback<()>,
) -> impl IntoView {
    let toasts = use_toasts();
    let chosen = RwSignal::new(BTreeSet::<String>::new());
    let search = RwSignal::new(String::new());
    let title = RwSignal::new(name);
    let make = browser::action(move |next: &Next| {
        let (slug, next, title) = (workspace.get_untracked(), *next, title.get_untracked());
        let tables: Vec<String> = chosen.get_untracked().into_iter().collect();
        async move {
            let made = async {
                let (model, _) = make_model(slug.clone(), id, tables, title.clone()).await?;
                Ok(match next {
                    Next::Model => format!("/w/{slug}/models/{model}"),
                    Next::Dashboard => {
                        let made = create_dashboard(slug.clone(), title, model, None).await?;
                        format!("/w/{slug}/dashboards/{}/edit", made.summary.id)
                    }
                })
            };
            match made.await {
                Ok(address) => browser::go_to(&address),
                Err(error) => toasts.fail(&error),
            }
        }
    });
    if schema.tables.is_empty() {
        return view! { <Empty icon=Icon::Table title="No tables to read" text="The database has none, or its user may not read them. Grant it SELECT, then look again."><button class="button" type="button" on:click=move |_| again.run(())>"Look again"</button></Empty> }.into_any();
    }
    let truncated = schema.truncated;
    let tables = StoredValue::new(schema.tables);
    let nothing = move || chosen.with(BTreeSet::is_empty) || make.pending().get();
    view! {
        <section class="stack" aria-label="Tables">
            <div class="relations__head">
                <SearchField label="Find a table" placeholder="Find a table" on_find=move |text| search.set(text) />
                <button class="button" type="button" on:click=move |_| again.run(())><IconView icon=Icon::RotateCw />"Look again"</button>
            </div>
            {truncated.then(|| view! { <p class="muted">"There are more tables than are listed here."</p> })}
            <ul class="relations">
                {move || {
                    let wanted = search.get().to_lowercase();
                    tables
                        .with_value(|tables| {
                            tables
                                .iter()
                                .filter(|table| table.full_name().to_lowercase().contains(&wanted))
                                .map(|table| view! { <Relation table=table.clone() chosen=chosen /> })
                                .collect_view()
                        })
                }}
            </ul>
            <form class="card relations__make" on:submit=move |event| { event.prevent_default(); make.dispatch(Next::Dashboard); }>
                <Field label="Name of the model"><input class="input" name="model-name" required=true prop:value=title on:input=move |event| title.set(event_target_value(&event)) /></Field>
                <p class="muted" role="status">{move || match chosen.with(BTreeSet::len) { 0 => "Choose the tables you want to ask.".to_owned(), 1 => "1 table chosen.".to_owned(), count => format!("{count} tables chosen; they are joined by their keys.") }}</p>
                <div class="row">
                    <button class="button" type="button" disabled=nothing on:click=move |_| { make.dispatch(Next::Model); }>"Make a model"</button>
                    <button class="button button--primary" type="submit" disabled=nothing>"Build a dashboard"</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

#[component]
fn Relation(table: DatabaseTable, chosen: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let name = table.full_name();
    let (own, key) = (name.clone(), table.primary_key.clone());
    let references = |column: &str| {
        let keys = table.foreign_keys.iter();
        keys.filter(|key| key.columns.iter().any(|own| own == column))
            .map(|key| format!("→ {}", key.table))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let columns = table
        .columns
        .iter()
        .map(|column| {
            let note = if key.contains(&column.name) { "key".to_owned() } else { references(&column.name) };
            view! { <tr><td>{column.name.clone()}</td><td class="muted">{column.declared.clone()}</td><td class="muted">{note}</td><td class="muted table__aside">{column.comment.clone()}</td></tr> }
        })
        .collect_view();
    let about = [
        table.is_view.then(|| "view".to_owned()),
        table.rows.map(|rows| format!("about {} rows", grouped(rows))),
        Some(format!("{} columns", table.columns.len())),
    ];
    let about = about.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let is_chosen = {
        let name = name.clone();
        move || chosen.with(|chosen| chosen.contains(&name))
    };
    view! {
        <li class="relations__one">
            <input
                type="checkbox"
                aria-label=format!("Choose {name}")
                prop:checked=is_chosen
                on:change=move |event| {
                    let (own, on) = (own.clone(), event_target_checked(&event));
                    chosen.update(|chosen| { if on { chosen.insert(own); } else { chosen.remove(&own); } });
                }
            />
            <details class="relations__more">
                <summary><strong>{name}</strong>" "<span class="muted">{about}</span></summary>
                {table.comment.clone().map(|comment| view! { <p class="muted">{comment}</p> })}
                <div class="table-wrap"><table class="table"><tbody>{columns}</tbody></table></div>
            </details>
        </li>
    }
}
