//! The form above the list. It works without scripts: sending it opens the page with the filter in its address.

use leptos::prelude::*;
use shared::audit::AuditQuery;

use super::page::Log;
use crate::{
    components::{Field, Icon, IconView},
    server_fns::audit::Person,
};

/// Actions by noun, as people call them. The first ones happen in no workspace.
const OF_INSTANCE: [(&str, &str); 8] = [
    ("session", "Sign-ins and sessions"),
    ("account", "Accounts"),
    ("person", "People"),
    ("instance", "Sign-in and keys"),
    ("token", "API tokens"),
    ("workspace", "Workspaces"),
    ("access", "Refused requests"),
    ("audit", "Exports of this log"),
];
const OF_WORKSPACE: [(&str, &str); 12] = [
    ("dashboard", "Dashboards"),
    ("share", "Links"),
    ("embed", "Frames"),
    ("embed_key", "Embed keys"),
    ("dataset", "Data"),
    ("model", "Models"),
    ("folder", "Folders"),
    ("data", "Downloads"),
    ("member", "Members"),
    ("workspace", "Settings"),
    ("access", "Refused requests"),
    ("audit", "Exports of this log"),
];

#[component]
pub fn Filters(log: Log, query: AuditQuery, people: Vec<Person>) -> impl IntoView {
    let kinds: &[(&str, &str)] = match log {
        Log::Workspace(_) => &OF_WORKSPACE,
        Log::Instance => &OF_INSTANCE,
    };
    let known = kinds.iter().any(|(noun, _)| *noun == query.action) || query.action.is_empty();
    let other =
        (!known).then(|| view! { <option value=query.action.clone() selected=true>{query.action.clone()}</option> });
    let kinds = kinds
        .iter()
        .map(|(noun, words)| view! { <option value=*noun selected={query.action == *noun}>{*words}</option> })
        .collect_view();
    let narrowed = query != AuditQuery::default();
    let (action, all) = (log.page(), log.page());
    let (csv, ndjson) = (log.file(&query, "csv"), log.file(&query, "ndjson"));
    let AuditQuery {
        object, from, to, q, ..
    } = query.clone();
    view! {
        <form class="activity__filters" method="get" action=action aria-label="Narrow the list">
            <Field label="Search"><input class="input" type="search" name="q" placeholder="Person, thing or address" value=q /></Field>
            <People query=query people=people />
            <Field label="What">
                <select class="input" name="action"><option value="">"Everything"</option>{other}{kinds}</select>
            </Field>
            <Field label="From"><input class="input" type="date" name="from" value=from /></Field>
            <Field label="Until"><input class="input" type="date" name="to" value=to /></Field>
            {(!object.is_empty()).then(|| view! { <input type="hidden" name="object" value=object /> })}
            <div class="activity__buttons">
                <button class="button button--primary" type="submit">"Show"</button>
                {narrowed.then(|| view! { <a class="button" href=all>"Show all"</a> })}
                <span class="activity__gap"></span>
                <a class="button button--quiet" href=csv download="" rel="external"><IconView icon=Icon::Download />"CSV"</a>
                <a class="button button--quiet" href=ndjson download="" rel="external"><IconView icon=Icon::Download />"NDJSON"</a>
            </div>
        </form>
    }
}

/// Members of the workspace. Somebody else is kept where the address names them.
#[component]
fn People(query: AuditQuery, people: Vec<Person>) -> impl IntoView {
    if people.is_empty() {
        let chosen = query.actor.clone();
        return (!chosen.is_empty())
            .then(|| view! { <input type="hidden" name="actor" value=chosen /> })
            .into_any();
    }
    let known = query.actor.is_empty() || people.iter().any(|person| person.id == query.actor);
    let other = (!known).then(|| view! { <option value=query.actor.clone() selected=true>"Somebody else"</option> });
    let people = people
        .into_iter()
        .map(|person| {
            let selected = person.id == query.actor;
            view! { <option value=person.id selected=selected>{person.name}</option> }
        })
        .collect_view();
    view! {
        <Field label="Who">
            <select class="input" name="actor"><option value="">"Anyone"</option>{other}{people}</select>
        </Field>
    }
    .into_any()
}
