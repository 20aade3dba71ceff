//! The rights of an object while they are changed.

use leptos::prelude::*;
use shared::access::{AccessUpdate, Grant, NamedGrant, ObjectAccess, ObjectRole, Subject};

#[derive(Clone, Copy)]
pub struct Draft {
    /// As the server said last.
    saved: RwSignal<ObjectAccess>,
    pub restricted: RwSignal<bool>,
    grants: RwSignal<Vec<NamedGrant>>,
}

impl Draft {
    pub fn new(access: ObjectAccess) -> Self {
        Self {
            restricted: RwSignal::new(access.restricted),
            grants: RwSignal::new(access.grants.clone()),
            saved: RwSignal::new(access),
        }
    }

    pub const fn saved(self) -> RwSignal<ObjectAccess> {
        self.saved
    }

    pub fn grants(self) -> Vec<NamedGrant> {
        self.grants.get()
    }

    pub fn has_none(self) -> bool {
        self.grants.with(Vec::is_empty)
    }

    pub fn may_change(self) -> bool {
        self.saved.with_untracked(|access| access.may_change)
    }

    /// Whether there is something to save.
    pub fn changed(self) -> bool {
        let restricted = self.restricted.get();
        self.saved
            .with(|saved| restricted != saved.restricted || self.grants.with(|grants| !same(grants, &saved.grants)))
    }

    pub fn holds(self, to: Subject) -> bool {
        self.grants.with(|grants| grants.iter().any(|grant| grant.to == to))
    }

    pub fn role(self, to: Subject) -> Option<ObjectRole> {
        self.grants
            .with(|grants| grants.iter().find(|grant| grant.to == to).map(|grant| grant.role))
    }

    pub fn give(self, to: Subject, role: ObjectRole) {
        self.grants.update(|grants| {
            if let Some(grant) = grants.iter_mut().find(|grant| grant.to == to) {
                grant.role = role;
            }
        });
    }

    pub fn add(self, grant: NamedGrant) {
        self.grants.update(|grants| grants.push(grant));
    }

    pub fn remove(self, to: Subject) {
        self.grants.update(|grants| grants.retain(|grant| grant.to != to));
    }

    /// The whole list, as it is saved.
    pub fn update(self) -> AccessUpdate {
        let grants = self.grants.get_untracked();
        AccessUpdate {
            restricted: self.restricted.get_untracked(),
            grants: grants
                .iter()
                .map(|&NamedGrant { to, role, .. }| Grant { to, role })
                .collect(),
        }
    }

    /// Takes up what the server made of it.
    pub fn take(self, access: ObjectAccess) {
        self.restricted.set(access.restricted);
        self.grants.set(access.grants.clone());
        self.saved.set(access);
    }
}

/// Whether the same are given the same, in whatever order.
fn same(left: &[NamedGrant], right: &[NamedGrant]) -> bool {
    let holds = |grant: &NamedGrant| {
        right
            .iter()
            .any(|other| (other.to, other.role) == (grant.to, grant.role))
    };
    left.len() == right.len() && left.iter().all(holds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grant(number: u128, role: ObjectRole) -> NamedGrant {
        NamedGrant {
            to: Subject::User(uuid::Uuid::from_u128(number).into()),
            name: "Ada".to_owned(),
            role,
        }
    }

    #[test]
    fn the_order_of_rights_is_no_change() {
        let (view, edit) = (ObjectRole::Viewer, ObjectRole::Editor);
        let before = [grant(1, view), grant(2, edit)];
        assert!(same(&before, &[grant(2, edit), grant(1, view)]));
        assert!(!same(&before, &[grant(1, edit), grant(2, edit)]));
        assert!(!same(&before, &[grant(1, view)]));
        assert!(!same(&before, &[grant(1, view), grant(2, edit), grant(3, view)]));
    }
}
