//! Workspace roles in words.

use leptos::prelude::*;
use shared::permission::WorkspaceRole;

pub const ROLES: [WorkspaceRole; 3] = [WorkspaceRole::Viewer, WorkspaceRole::Editor, WorkspaceRole::Owner];

pub const fn label(role: WorkspaceRole) -> &'static str {
    match role {
        WorkspaceRole::Viewer => "Viewer",
        WorkspaceRole::Editor => "Editor",
        WorkspaceRole::Owner => "Owner",
    }
}

/// What someone with this role may do, as the end of "can".
pub const fn may(role: WorkspaceRole) -> &'static str {
    match role {
        WorkspaceRole::Viewer => "read published dashboards and explore their data",
        WorkspaceRole::Editor => "build dashboards, add data, and share both where owners allow it",
        WorkspaceRole::Owner => "do everything here, members, keys and settings included",
    }
}

/// A choice of role.
#[component]
pub fn RoleSelect(
    #[prop(into)] label: String,
    #[prop(into)] role: Signal<WorkspaceRole>,
    on_choose: Callback<WorkspaceRole>,
) -> impl IntoView {
    view! {
        <select
            class="input"
            aria-label=label
            prop:value=move || role.get().as_str()
            on:change=move |event| {
                if let Some(role) = WorkspaceRole::parse(&event_target_value(&event)) {
                    on_choose.run(role);
                }
            }
        >
            {ROLES
                .map(|one| {
                    view! { <option value=one.as_str() selected=move || role.get() == one>{self::label(one)}</option> }
                })}
        </select>
    }
}
