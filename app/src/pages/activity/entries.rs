//! The list: one sentence an entry.

use leptos::prelude::*;
use shared::{
    account::Page,
    audit::{AuditActorKind, AuditEntry, AuditObject, AuditObjectKind, AuditOutcome, AuditQuery, Phrase},
};

use super::page::Log;
use crate::components::{Empty, Icon, Moment};

#[component]
pub fn Entries(log: Log, query: AuditQuery, page: Page<AuditEntry>, is_first: bool) -> impl IntoView {
    if page.items.is_empty() {
        let narrowed = query != AuditQuery::default();
        return nothing(log.page(), narrowed).into_any();
    }
    let rows = page
        .items
        .into_iter()
        .map(|entry| view! { <Row log=log.clone() entry=entry /> })
        .collect_view();
    let older = page.next.map(|next| log.address(&query, Some(&next)));
    view! {
        <div class="table-wrap">
            <table class="table activity">
                <thead><tr><th>"When"</th><th>"What happened"</th><th class="table__aside">"From"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <nav class="row" aria-label="Pages of the list">
            {(!is_first).then(|| view! { <a class="button" href=log.address(&query, None)>"Newest"</a> })}
            {older.map(|older| view! { <a class="button" href=older>"Older"</a> })}
        </nav>
    }
    .into_any()
}

/// `all`: address of the whole list.
fn nothing(all: String, narrowed: bool) -> impl IntoView {
    if narrowed {
        view! {
            <Empty icon=Icon::Search title="Nothing found" text="No entry fits all that is chosen above.">
                <a class="button" href=all>"Show all"</a>
            </Empty>
        }
        .into_any()
    } else {
        view! { <Empty icon=Icon::History title="Nothing has happened yet" text="Whatever is made, changed, shared or taken away from now on is listed here." /> }
            .into_any()
    }
}

#[component]
fn Row(log: Log, entry: AuditEntry) -> impl IntoView {
    let Phrase { before, after } = entry.phrase();
    let request = entry
        .detail
        .get("request")
        .and_then(|request| request.as_str().map(str::to_owned));
    let refused = entry.outcome == AuditOutcome::Refused;
    let title = entry.object.as_ref().filter(|object| !object.title.is_empty());
    let by_program = entry.actor.kind == AuditActorKind::Token;
    let person = match entry.actor.id {
        Some(id) => {
            let query = AuditQuery {
                actor: id.to_string(),
                ..AuditQuery::default()
            };
            view! { <a href=log.address(&query, None)>{entry.actor.name.clone()}</a> }.into_any()
        }
        None => view! { <span>{entry.actor.name.clone()}</span> }.into_any(),
    };
    let thing = title.map(|object| match address(&log, object) {
        Some(address) => view! { <a href=address>{object.title.clone()}</a> }.into_any(),
        None => view! { <em>{object.title.clone()}</em> }.into_any(),
    });
    view! {
        <tr>
            <td><Moment at=entry.at /></td>
            <td class="activity__what">
                <span class="activity__actor">{person}</span>
                " "{before}" "{thing}" "{after}" "
                {by_program.then(|| view! { <span class="badge">"by API token"</span> })}
                {refused.then(|| view! { <span class="badge badge--warning">"Refused"</span> })}
                {request.map(|request| view! { <code class="activity__request">{request}</code> })}
            </td>
            <td class="table__aside">{entry.client.unwrap_or_default()}</td>
        </tr>
    }
}

/// Where the thing is; what was deleted says so there.
fn address(log: &Log, object: &AuditObject) -> Option<String> {
    let Log::Workspace(slug) = log else { return None };
    match object.kind {
        AuditObjectKind::Dashboard => Some(format!("/w/{slug}/dashboards/{}", object.id)),
        AuditObjectKind::Dataset => Some(format!("/w/{slug}/datasets/{}", object.id)),
        AuditObjectKind::Connection => Some(format!("/w/{slug}/connections/{}", object.id)),
        AuditObjectKind::Model => Some(format!("/w/{slug}/models/{}", object.id)),
        AuditObjectKind::Workspace
        | AuditObjectKind::User
        | AuditObjectKind::Group
        | AuditObjectKind::Session
        | AuditObjectKind::Token
        | AuditObjectKind::Folder
        | AuditObjectKind::EmbedKey => None,
    }
}
