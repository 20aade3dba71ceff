//! Rights on an object in words.

use shared::{
    access::{AccessReason, ObjectRole, PersonAccess},
    permission::WorkspaceRole,
};

pub const EVERYBODY: &str = "Everybody in the workspace, by their role";
pub const ONLY_CHOSEN_AND_OWNERS: &str = "Only chosen people and the owners";
pub const ONLY_CHOSEN: &str = "Only chosen people";

pub const fn can(role: ObjectRole) -> &'static str {
    match role {
        ObjectRole::Viewer => "Can view",
        ObjectRole::Editor => "Can edit",
    }
}

/// As [`can`], for every role.
pub const fn may(role: WorkspaceRole) -> &'static str {
    match role {
        WorkspaceRole::Viewer => can(ObjectRole::Viewer),
        WorkspaceRole::Editor => can(ObjectRole::Editor),
        WorkspaceRole::Owner => "Can do everything",
    }
}

/// Why somebody sees it.
pub fn reason(person: &PersonAccess) -> String {
    match (&person.by, person.role) {
        (AccessReason::Role, WorkspaceRole::Viewer) => "Viewer in the workspace".to_owned(),
        (AccessReason::Role, WorkspaceRole::Editor) => "Editor in the workspace".to_owned(),
        (AccessReason::Role, WorkspaceRole::Owner) => "Owner of the workspace".to_owned(),
        (AccessReason::RoleOfGroup(group), _) => format!("By the group {group}"),
        (AccessReason::Grant, _) => "Chosen here".to_owned(),
        (AccessReason::GrantOfGroup(group), _) => format!("By the group {group}, chosen here"),
    }
}

/// What is open to people without an account; `None`: nothing.
pub fn outside(links: u64, frames: u64) -> Option<String> {
    let count = |number: u64, noun: &str| match number {
        0 => None,
        1 => Some(format!("1 {noun}")),
        many => Some(format!("{many} {noun}s")),
    };
    let parts: Vec<String> = [count(links, "link"), count(frames, "frame")]
        .into_iter()
        .flatten()
        .collect();
    let verb = if links + frames == 1 { "is" } else { "are" };
    (!parts.is_empty()).then(|| format!("{} {verb} open to people outside.", parts.join(" and ")))
}

#[cfg(test)]
mod tests {
    use super::outside;

    #[test]
    fn what_is_open_is_counted() {
        assert_eq!(outside(0, 0), None);
        let words = |links, frames| outside(links, frames).unwrap_or_default();
        assert_eq!(words(1, 0), "1 link is open to people outside.");
        assert_eq!(words(0, 3), "3 frames are open to people outside.");
        assert_eq!(words(2, 1), "2 links and 1 frame are open to people outside.");
    }
}
