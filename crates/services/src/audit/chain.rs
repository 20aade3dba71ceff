//! Where an entry stands, and the hash that holds it there.

use std::fmt;

use entity::audit_entry;
use sea_orm::prelude::Uuid;
use shared::ids::WorkspaceId;

use crate::secrets::Digest;

/// A row of entries of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chain {
    /// For what belongs to no workspace: accounts, sign-ins, set-up.
    Instance,
    Workspace(WorkspaceId),
}

impl Chain {
    pub(super) fn as_uuid(self) -> Uuid {
        match self {
            Self::Instance => Uuid::nil(),
            Self::Workspace(id) => id.as_uuid(),
        }
    }

    pub(super) fn from_uuid(id: Uuid) -> Self {
        if id.is_nil() {
            Self::Instance
        } else {
            Self::Workspace(id.into())
        }
    }
}

impl fmt::Display for Chain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Instance => out.write_str("instance"),
            Self::Workspace(id) => write!(out, "workspace {id}"),
        }
    }
}

/// In front of what is hashed, so that a later form of it can be told apart.
const FORM: &[u8] = b"sightline/audit/1";

/// SHA-256 over the hash before and every column of `entry` but `words` and `hash`, each with its length in front, so that
/// no two entries are the same bytes. `previous` is empty for the first entry of a chain.
pub(super) fn hash(previous: &str, entry: &audit_entry::Model) -> String {
    let mut bytes = Bytes::default();
    bytes.field(FORM);
    bytes.field(previous.as_bytes());
    bytes.field(entry.chain_id.as_bytes());
    bytes.field(&entry.number.to_be_bytes());
    // Microseconds are what both databases keep.
    bytes.field(&entry.at.timestamp_micros().to_be_bytes());
    bytes.field(entry.actor_kind.as_bytes());
    bytes.option(entry.actor_id.as_ref().map(|id| id.as_bytes().as_slice()));
    bytes.field(entry.actor_name.as_bytes());
    bytes.field(entry.action.as_bytes());
    bytes.option(entry.object_kind.as_deref().map(str::as_bytes));
    bytes.option(entry.object_id.as_deref().map(str::as_bytes));
    bytes.option(entry.object_title.as_deref().map(str::as_bytes));
    bytes.field(entry.outcome.as_bytes());
    bytes.field(entry.detail.as_bytes());
    bytes.option(entry.request_id.as_ref().map(|id| id.as_bytes().as_slice()));
    bytes.option(entry.client.as_deref().map(str::as_bytes));
    Digest::of(bytes.0).to_hex()
}

/// What entries are searched by.
pub(super) fn words(entry: &audit_entry::Model) -> String {
    let parts = [
        entry.actor_name.as_str(),
        entry.object_title.as_deref().unwrap_or_default(),
        entry.action.as_str(),
        entry.client.as_deref().unwrap_or_default(),
    ];
    parts.join("\n").to_lowercase()
}

#[derive(Default)]
struct Bytes(Vec<u8>);

impl Bytes {
    fn field(&mut self, field: &[u8]) {
        let length = u64::try_from(field.len()).unwrap_or(u64::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(field);
    }

    /// Nothing is not the same as empty.
    fn option(&mut self, field: Option<&[u8]>) {
        match field {
            Some(field) => {
                self.0.push(1);
                self.field(field);
            }
            None => self.0.push(0),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn entry() -> audit_entry::Model {
        audit_entry::Model {
            chain_id: Uuid::from_u128(7),
            number: 3,
            at: DateTime::from_timestamp_micros(1_768_478_400_123_456).unwrap(),
            actor_kind: "user".to_owned(),
            actor_id: Some(Uuid::from_u128(8)),
            actor_name: "Ada".to_owned(),
            action: "share.create".to_owned(),
            object_kind: Some("dashboard".to_owned()),
            object_id: Some("9".to_owned()),
            object_title: Some("Sales".to_owned()),
            outcome: "ok".to_owned(),
            detail: "{}".to_owned(),
            request_id: Some(Uuid::from_u128(10)),
            client: Some("203.0.113.1".to_owned()),
            words: String::new(),
            hash: String::new(),
        }
    }

    /// Entries that are stored are checked by this for ever: when this test fails, the form has changed.
    #[test]
    fn the_form_of_what_is_hashed_stays() {
        assert_eq!(hash("", &entry()), KNOWN);
    }

    #[test]
    fn any_change_changes_the_hash() {
        type Change = fn(&mut audit_entry::Model);
        let changes: [Change; 17] = [
            |entry| entry.chain_id = Uuid::from_u128(0),
            |entry| entry.number = 4,
            |entry| entry.at += chrono::TimeDelta::microseconds(1),
            |entry| entry.actor_kind = "token".to_owned(),
            |entry| entry.actor_id = None,
            |entry| entry.actor_name = "Adb".to_owned(),
            |entry| entry.action = "share.revoke".to_owned(),
            |entry| entry.object_kind = None,
            |entry| entry.object_id = Some("8".to_owned()),
            |entry| entry.object_title = Some(String::new()),
            |entry| entry.object_title = None,
            |entry| entry.outcome = "refused".to_owned(),
            |entry| entry.detail = "{ }".to_owned(),
            |entry| entry.request_id = None,
            |entry| entry.client = None,
            |entry| entry.client = Some(String::new()),
            // What moves over a border between two fields is a change too.
            |entry| {
                entry.actor_name = "Adas".to_owned();
                entry.action = "hare.create".to_owned();
            },
        ];
        let mut seen = vec![hash("", &entry()), hash("00", &entry())];
        for (number, change) in changes.iter().enumerate() {
            let mut changed = entry();
            change(&mut changed);
            let hash = hash("", &changed);
            assert!(!seen.contains(&hash), "change {number}");
            seen.push(hash);
        }
    }

    const KNOWN: &str = "964b40f40fa7942e57ec2143a27cdb95f1f94b96b3ea1cd6bc44711b1e2704f3";
}
