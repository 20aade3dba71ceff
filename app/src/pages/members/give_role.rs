//! A role for one more group.

use leptos::prelude::*;
use shared::{group::GroupName, ids::GroupId, permission::WorkspaceRole};

use super::role::RoleSelect;

#[component]
pub fn GiveRole(
    /// Those without a role here; at least one.
    others: Vec<GroupName>,
    on_give: Callback<(GroupId, WorkspaceRole)>,
) -> impl IntoView {
    let chosen = RwSignal::new(others.first().map(|first| first.group));
    let role = RwSignal::new(WorkspaceRole::Viewer);
    let give = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if let Some(group) = chosen.get_untracked() {
            on_give.run((group, role.get_untracked()));
        }
    };
    view! {
        <form class="row row--wide" on:submit=give>
            <span>"Give a group a role:"</span>
            <select class="input" aria-label="Group" on:change=move |event| chosen.set(event_target_value(&event).parse().ok())>
                {others
                    .into_iter()
                    .map(|one| view! { <option value=one.group.to_string() selected=move || chosen.get() == Some(one.group)>{one.name.to_string()}</option> })
                    .collect_view()}
            </select>
            <span>"as"</span>
            <RoleSelect label="Role of the group" role=role on_choose=Callback::new(move |chosen| role.set(chosen)) />
            <button class="button" type="submit">"Add"</button>
        </form>
    }
}
