//! One more that the object is given to.

use leptos::prelude::*;
use shared::{
    access::{NamedGrant, ObjectRole, Subject},
    account::{MemberInfo, Page},
    group::WorkspaceGroups,
    permission::WorkspaceRole,
};

use super::draft::Draft;
use crate::{WireError, components::loaded, rest};

#[component]
pub fn AddGrant(draft: Draft, workspace: StoredValue<String>) -> impl IntoView {
    let known = LocalResource::new(move || {
        let workspace = workspace.get_value();
        async move { candidates(&workspace).await }
    });
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                loaded(
                    known.await,
                    move |known| {
                        if known.is_empty() {
                            view! { <p class="muted">"There is nobody to choose: the workspace has no groups, and only owners."</p> }.into_any()
                        } else {
                            view! { <Choose known=known draft=draft /> }.into_any()
                        }
                    },
                )
            })}
        </Suspense>
    }
}

/// Who can be chosen. Owners see everything as it is.
async fn candidates(workspace: &str) -> Result<Vec<NamedGrant>, WireError> {
    let base = format!("/api/v1/workspaces/{workspace}");
    let groups: WorkspaceGroups = rest::get(&format!("{base}/groups")).await?;
    let members: Page<MemberInfo> = rest::get(&format!("{base}/members")).await?;
    let grant = |to: Subject, name: String| NamedGrant {
        to,
        name,
        role: ObjectRole::Viewer,
    };
    let groups = groups.items.into_iter();
    let groups = groups.map(|group| grant(Subject::Group(group.group), group.name.to_string()));
    let members = members.items.into_iter();
    let members = members
        .filter(|member| member.effective_role != WorkspaceRole::Owner)
        .map(|member| grant(Subject::User(member.user), member.name));
    Ok(groups.chain(members).collect())
}

/// What an option is called in the browser.
fn value(to: Subject) -> String {
    match to {
        Subject::User(user) => format!("user/{user}"),
        Subject::Group(group) => format!("group/{group}"),
    }
}

#[component]
fn Choose(known: Vec<NamedGrant>, draft: Draft) -> impl IntoView {
    let known = StoredValue::new(known);
    let chosen = RwSignal::new(String::new());
    let add = move |_| {
        let wanted = chosen.get_untracked();
        let found = known.with_value(|known| known.iter().find(|one| value(one.to) == wanted).cloned());
        if let Some(grant) = found {
            draft.add(grant);
        }
        chosen.set(String::new());
    };
    let options = move |groups: bool| {
        known.with_value(|known| {
            let rest = known
                .iter()
                .filter(|one| matches!(one.to, Subject::Group(_)) == groups && !draft.holds(one.to));
            rest.map(|one| view! { <option value=value(one.to)>{one.name.clone()}</option> })
                .collect_view()
        })
    };
    view! {
        <div class="row row--wide">
            <select class="input access__chosen" aria-label="Person or group to add" prop:value=chosen on:change=move |event| chosen.set(event_target_value(&event))>
                <option value="">"Choose a person or a group …"</option>
                <optgroup label="Groups">{move || options(true)}</optgroup>
                <optgroup label="People">{move || options(false)}</optgroup>
            </select>
            <button class="button" type="button" disabled=move || chosen.with(String::is_empty) on:click=add>"Add"</button>
        </div>
    }
}
