//! The audit log.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use shared::{
    account::Page,
    audit::{AuditEntry, AuditQuery},
};

use crate::{WireError, wire::Json};

/// Somebody to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// As a filter has it.
    pub id: String,
    pub name: String,
}

/// What the page of a log shows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Activity {
    pub entries: Page<AuditEntry>,
    /// Members of the workspace, by name; none for the log of the instance.
    pub people: Vec<Person>,
}

/// `workspace` `None`: the log of the instance.
#[server(prefix = "/api/fn", endpoint = "audit/list", input = Json, output = Json)]
pub async fn list_activity(
    workspace: Option<String>,
    query: AuditQuery,
    cursor: Option<String>,
) -> Result<Activity, WireError> {
    use super::request::{answer, request};
    let workspace = workspace.map(|text| text.parse()).transpose()?;
    let filter = query.filter()?;
    let page = services::PageRequest { limit: None, cursor };
    let entries = answer(
        request(services::AuditService::new)?
            .list(workspace.as_ref(), &filter, &page)
            .await,
    )?;
    let people = match &workspace {
        Some(workspace) => answer(request(services::MemberService::new)?.list(workspace).await)?,
        None => Vec::new(),
    };
    let people = people.into_iter().map(|member| Person {
        id: member.user.to_string(),
        name: member.name,
    });
    Ok(Activity {
        entries,
        people: people.collect(),
    })
}
