use std::{collections::BTreeMap, fmt::Display};

use serde_json::{Value, json};
use shared::{
    audit::{AuditAction, AuditActor, AuditActorKind, AuditObject, AuditObjectKind, AuditOutcome},
    ids::{UserId, WorkspaceId},
};

use super::Chain;

/// Something to remember. Who did it follows from the context, unless it says so itself.
///
/// No secret is ever part of it: no password, token, ticket, and nothing a person typed to prove who they are.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    pub(super) chain: Chain,
    pub(super) action: AuditAction,
    pub(super) actor: Option<AuditActor>,
    pub(super) object: Option<AuditObject>,
    pub(super) outcome: AuditOutcome,
    pub(super) detail: BTreeMap<String, Value>,
}

impl Event {
    pub fn in_workspace(id: WorkspaceId, action: AuditAction) -> Self {
        Self::new(Chain::Workspace(id), action)
    }

    pub fn of_instance(action: AuditAction) -> Self {
        Self::new(Chain::Instance, action)
    }

    pub(super) fn new(chain: Chain, action: AuditAction) -> Self {
        Self {
            chain,
            action,
            actor: None,
            object: None,
            outcome: AuditOutcome::Ok,
            detail: BTreeMap::new(),
        }
    }

    /// What it was done to.
    #[must_use]
    pub fn about(mut self, kind: AuditObjectKind, id: impl Display, title: impl Into<String>) -> Self {
        self.object = Some(AuditObject {
            kind,
            id: id.to_string(),
            title: title.into(),
        });
        self
    }

    /// Somebody else than the caller as the context knows it: one who has just proved who they are.
    #[must_use]
    pub fn by_person(mut self, id: UserId, name: &str) -> Self {
        self.actor = Some(AuditActor {
            kind: AuditActorKind::User,
            id: Some(id.as_uuid()),
            name: name.to_owned(),
        });
        self
    }

    /// At the server's console, where nobody proves who they are.
    #[must_use]
    pub fn by_console(mut self) -> Self {
        self.actor = Some(AuditActor::system("The server's console"));
        self
    }

    #[must_use]
    pub fn with(mut self, key: &str, value: impl Into<Value>) -> Self {
        self.detail.insert(key.to_owned(), value.into());
        self
    }

    /// What was and what is; left out when they are the same.
    #[must_use]
    pub fn changed(self, key: &str, old: impl Into<Value>, new: impl Into<Value>) -> Self {
        let (old, new) = (old.into(), new.into());
        if old == new {
            self
        } else {
            self.with(key, json!({"old": old, "new": new}))
        }
    }
}
