//! An entry as people say it: “Ada shared *Sales* by link”.

use serde_json::Value;

use super::{AuditAction, AuditEntry, AuditOutcome};

/// What stands between the actor and the object's title, and behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    pub before: String,
    pub after: String,
}

impl AuditEntry {
    /// The whole sentence, without its full stop.
    pub fn sentence(&self) -> String {
        let Phrase { before, after } = self.phrase();
        let title = self.object.as_ref().map_or("", |object| object.title.as_str());
        let words = [self.actor.name.as_str(), before.as_str(), title, after.as_str()];
        words
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    }

    pub fn phrase(&self) -> Phrase {
        let (before, after) = self.words();
        let times = self.detail.get("times").and_then(Value::as_u64).unwrap_or(1);
        let after = match times {
            0 | 1 => after,
            times if after.is_empty() => format!("({times} times)"),
            times => format!("{after} ({times} times)"),
        };
        Phrase {
            before: before.to_owned(),
            after,
        }
    }

    fn words(&self) -> (&'static str, String) {
        let plain = |before| (before, String::new());
        match (self.action, self.outcome) {
            (AuditAction::InstanceSetUp, _) => plain("set Sightline up"),
            (AuditAction::SessionSignIn, AuditOutcome::Ok) => plain("signed in"),
            (AuditAction::SessionSignIn, AuditOutcome::Refused) if self.object.is_some() => {
                plain("failed to sign in as")
            }
            (AuditAction::SessionSignIn, AuditOutcome::Refused) => plain("failed to sign in"),
            (AuditAction::SessionSignOut, _) => plain("signed out"),
            (AuditAction::SessionEnd, _) => plain("ended one of their sessions"),
            (AuditAction::SessionEndOthers, _) => plain("ended all their other sessions"),
            (AuditAction::SessionLink, _) => plain("printed a sign-in link for"),
            (AuditAction::AccountCreate, _) => ("made the account of", self.as_role("role")),
            (AuditAction::AccountUpdate, _) => plain("changed their profile"),
            (AuditAction::AccountPassword, _) => plain("changed their password"),
            (AuditAction::AccountPasswordReset, _) => plain("set a new password by a link"),
            (AuditAction::AccountFactorAdd, _) => ("protected their account", self.by_factor("by")),
            (AuditAction::AccountFactorRemove, _) => ("took a protection from their account:", self.by_factor("")),
            (AuditAction::AccountRecoveryCodes, _) => plain("made new recovery codes"),
            (AuditAction::PersonUpdate, _) => ("changed the account of", self.person_change()),
            (AuditAction::PersonSignOut, _) => plain("signed out everywhere"),
            (AuditAction::PersonResetLink, _) => plain("made a password link for"),
            (AuditAction::PersonFactorReset, _) => plain("removed the second factors of"),
            (AuditAction::GroupCreate, _) => plain("made the group"),
            (AuditAction::GroupRename, _) => ("renamed the group", self.renamed()),
            (AuditAction::GroupDelete, _) => plain("deleted the group"),
            (AuditAction::GroupPersonAdd, _) => ("added a person to the group", self.named("person")),
            (AuditAction::GroupPersonRemove, _) => ("took a person out of the group", self.named("person")),
            (AuditAction::InstanceSignInRules, _) => plain("changed who needs a second factor"),
            (AuditAction::InstanceKeyRotate, _) => plain("took up another secret key"),
            (AuditAction::TokenCreate, _) => plain("made the API token"),
            (AuditAction::TokenRevoke, _) => plain("ended the API token"),
            (AuditAction::WorkspaceCreate, _) => plain("made the workspace"),
            (AuditAction::WorkspaceUpdate, _) => plain("changed the settings of"),
            (AuditAction::WorkspaceDelete, _) => plain("deleted the workspace"),
            (AuditAction::MemberAdd, _) => ("added", self.as_role("role")),
            (AuditAction::MemberUpdate, _) => ("changed the role of", self.changed("role")),
            (AuditAction::MemberRemove, _) => plain("removed"),
            (AuditAction::MemberInvite, _) => ("made an invitation", self.as_role("role")),
            (AuditAction::MemberInviteEnd, _) => ("ended an invitation", String::new()),
            (AuditAction::MemberJoin, _) => ("joined", self.as_role("role")),
            (AuditAction::MemberGroupSet, _) => ("gave a role to the group", self.as_role("role")),
            (AuditAction::MemberGroupRemove, _) => plain("took the role from the group"),
            (AuditAction::AccessUpdate, _) => ("changed who can see", self.restriction()),
            (AuditAction::FolderCreate, _) => plain("made the folder"),
            (AuditAction::FolderUpdate, _) => plain("changed the folder"),
            (AuditAction::FolderDelete, _) => plain("removed the folder"),
            (AuditAction::DatasetCreate, _) => plain("added the data"),
            (AuditAction::DatasetReplace, _) => ("loaded a new file into", String::new()),
            (AuditAction::DatasetRename, _) => ("renamed the data", self.renamed()),
            (AuditAction::DatasetDelete, _) => plain("deleted the data"),
            (AuditAction::ConnectionCreate, _) => plain("connected the database"),
            (AuditAction::ConnectionUpdate, _) => plain("changed the connection to"),
            (AuditAction::ConnectionDelete, _) => plain("removed the connection to"),
            (AuditAction::ModelSave, _) => plain("saved the model"),
            (AuditAction::DashboardCreate, _) => plain("made the dashboard"),
            (AuditAction::DashboardEdit, _) => plain("edited"),
            (AuditAction::DashboardRename, _) => ("renamed", self.renamed()),
            (AuditAction::DashboardMove, _) => ("moved", self.moved()),
            (AuditAction::DashboardPublish, _) => plain("published"),
            (AuditAction::DashboardUnpublish, _) => ("took", "back from readers".to_owned()),
            (AuditAction::DashboardDelete, _) => plain("deleted the dashboard"),
            (AuditAction::DashboardRestore, _) => ("brought", "back from the bin".to_owned()),
            (AuditAction::ShareCreate, _) => ("shared", "by link".to_owned()),
            (AuditAction::ShareUpdate, _) => plain("changed a link to"),
            (AuditAction::ShareRevoke, _) => plain("ended a link to"),
            (AuditAction::EmbedCreate, _) => ("let other sites show", String::new()),
            (AuditAction::EmbedDelete, _) => plain("ended a frame of"),
            (AuditAction::EmbedKeyCreate, _) => plain("made the embed key"),
            (AuditAction::EmbedKeyDelete, _) => plain("deleted the embed key"),
            (AuditAction::DataExport, _) => ("downloaded rows of", String::new()),
            (AuditAction::AuditExport, _) => plain("exported this log"),
            (AuditAction::AccessRefused, _) => ("was refused", self.refusal()),
        }
    }

    fn text(&self, key: &str) -> Option<&str> {
        self.detail.get(key).and_then(Value::as_str)
    }

    fn as_role(&self, key: &str) -> String {
        self.text(key).map(|role| format!("as {role}")).unwrap_or_default()
    }

    /// `(Ada)`.
    fn named(&self, key: &str) -> String {
        self.text(key).map(|name| format!("({name})")).unwrap_or_default()
    }

    fn restriction(&self) -> String {
        let changed = self
            .detail
            .get("restricted")
            .and_then(|change| change.get("new")?.as_bool());
        match changed {
            Some(true) => "to chosen people".to_owned(),
            Some(false) => "to everybody in the workspace".to_owned(),
            None => String::new(),
        }
    }

    /// `by a passkey`.
    fn by_factor(&self, by: &str) -> String {
        let factor = match self.text("factor") {
            Some("totp") => "codes of an app",
            Some("passkey") => "a passkey",
            Some(_) | None => "",
        };
        format!("{by} {factor}").trim().to_owned()
    }

    fn person_change(&self) -> String {
        let disabled = self
            .detail
            .get("disabled")
            .and_then(|change| change.get("new")?.as_bool());
        let enabled = match disabled {
            Some(true) => "disabled",
            Some(false) => "enabled",
            None => "",
        };
        let role = self.changed("role");
        match (enabled, role.is_empty()) {
            ("", _) => role,
            (enabled, true) => format!("({enabled})"),
            (enabled, false) => format!("{role} ({enabled})"),
        }
    }

    /// `from viewer to editor`, of a detail `{"old":…,"new":…}`.
    fn changed(&self, key: &str) -> String {
        let part = |part| {
            self.detail
                .get(key)
                .and_then(|change| change.get(part))
                .and_then(Value::as_str)
        };
        match (part("old"), part("new")) {
            (Some(old), Some(new)) if old == new => String::new(),
            (Some(old), Some(new)) => format!("from {old} to {new}"),
            (None, Some(new)) => format!("to {new}"),
            (Some(_) | None, None) => String::new(),
        }
    }

    /// The title it has from then on; the old one is the object's.
    fn renamed(&self) -> String {
        let new = self.detail.get("title").and_then(|change| change.get("new")?.as_str());
        new.map(|new| format!("to “{new}”")).unwrap_or_default()
    }

    fn moved(&self) -> String {
        match self.text("folder") {
            Some(folder) => format!("into {folder}"),
            None => "out of its folder".to_owned(),
        }
    }

    fn refusal(&self) -> String {
        let why = match self.text("code") {
            Some("forbidden") => "for lack of rights",
            Some("not_found") => "as no member",
            Some("unauthenticated") => "because the proof of identity did not hold",
            Some("too_many_requests") => "for asking too often",
            Some("cross_site") => "because another site sent the request",
            Some("gone") => "because the link has ended",
            Some(_) | None => "",
        };
        why.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use serde_json::json;

    use super::*;
    use crate::audit::{AuditActor, AuditActorKind, AuditObject, AuditObjectKind};

    fn entry(action: AuditAction, title: Option<&str>, detail: Value) -> AuditEntry {
        AuditEntry {
            number: 1,
            at: DateTime::default(),
            actor: AuditActor {
                kind: AuditActorKind::User,
                id: None,
                name: "Ada".to_owned(),
            },
            action,
            object: title.map(|title| AuditObject {
                kind: AuditObjectKind::Dashboard,
                id: "1".to_owned(),
                title: title.to_owned(),
            }),
            outcome: AuditOutcome::Ok,
            detail: serde_json::from_value(detail).unwrap(),
            request_id: None,
            client: None,
            hash: String::new(),
        }
    }

    #[test]
    fn entries_read_as_sentences() {
        let said = |action, title, detail| entry(action, title, detail).sentence();
        assert_eq!(
            said(AuditAction::ShareCreate, Some("Sales"), json!({})),
            "Ada shared Sales by link"
        );
        assert_eq!(
            said(
                AuditAction::MemberUpdate,
                Some("Bob"),
                json!({"role": {"old": "viewer", "new": "editor"}})
            ),
            "Ada changed the role of Bob from viewer to editor"
        );
        assert_eq!(said(AuditAction::SessionSignIn, None, json!({})), "Ada signed in");
        assert_eq!(
            said(
                AuditAction::AccessRefused,
                Some("Acme"),
                json!({"code": "forbidden", "times": 12})
            ),
            "Ada was refused Acme for lack of rights (12 times)"
        );
        let mut refused = entry(AuditAction::SessionSignIn, Some("Bob"), json!({}));
        refused.outcome = AuditOutcome::Refused;
        assert_eq!(refused.sentence(), "Ada failed to sign in as Bob");
    }
}
