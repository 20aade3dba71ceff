use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),+ $(,)?) => {
        /// What was done. The text (`dashboard.publish`) is stored and never changes its meaning.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        pub enum AuditAction {
            $($(#[$doc])* #[serde(rename = $text)] $name,)+
        }

        impl AuditAction {
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

actions! {
    InstanceSetUp = "instance.set_up",
    /// Refused: the object is the account, where there is one.
    SessionSignIn = "session.sign_in",
    SessionSignOut = "session.sign_out",
    /// A person ended one of their other sessions.
    SessionEnd = "session.end",
    SessionEndOthers = "session.end_others",
    /// A one-time link was printed on the server's console.
    SessionLink = "session.link",
    AccountCreate = "account.create",
    AccountUpdate = "account.update",
    AccountPassword = "account.password",
    /// By a link that an admin, or the server's console, made.
    AccountPasswordReset = "account.password_reset",
    AccountFactorAdd = "account.factor_add",
    AccountFactorRemove = "account.factor_remove",
    AccountRecoveryCodes = "account.recovery_codes",
    /// Platform role, disabled or enabled.
    PersonUpdate = "person.update",
    PersonSignOut = "person.sign_out",
    PersonResetLink = "person.reset_link",
    PersonFactorReset = "person.factor_reset",
    GroupCreate = "group.create",
    GroupRename = "group.rename",
    GroupDelete = "group.delete",
    GroupPersonAdd = "group.person_add",
    GroupPersonRemove = "group.person_remove",
    /// Who has to have a second factor.
    InstanceSignInRules = "instance.sign_in_rules",
    /// The data keys were wrapped under another master key.
    InstanceKeyRotate = "instance.key_rotate",
    TokenCreate = "token.create",
    TokenRevoke = "token.revoke",
    WorkspaceCreate = "workspace.create",
    WorkspaceUpdate = "workspace.update",
    WorkspaceDelete = "workspace.delete",
    MemberAdd = "member.add",
    MemberUpdate = "member.update",
    MemberRemove = "member.remove",
    MemberInvite = "member.invite",
    MemberInviteEnd = "member.invite_end",
    MemberJoin = "member.join",
    /// A group got a role in the workspace, or another one.
    MemberGroupSet = "member.group_set",
    MemberGroupRemove = "member.group_remove",
    /// Who can see, or change, one dashboard or dataset.
    AccessUpdate = "access.update",
    FolderCreate = "folder.create",
    FolderUpdate = "folder.update",
    FolderDelete = "folder.delete",
    DatasetCreate = "dataset.create",
    DatasetReplace = "dataset.replace",
    DatasetRename = "dataset.rename",
    DatasetDelete = "dataset.delete",
    ConnectionCreate = "connection.create",
    ConnectionUpdate = "connection.update",
    ConnectionDelete = "connection.delete",
    ModelSave = "model.save",
    DashboardCreate = "dashboard.create",
    /// The first change a person saves after a publishing, or after a quarter of an hour; each one stands in the
    /// dashboard's own history.
    DashboardEdit = "dashboard.edit",
    DashboardRename = "dashboard.rename",
    DashboardMove = "dashboard.move",
    DashboardPublish = "dashboard.publish",
    DashboardUnpublish = "dashboard.unpublish",
    DashboardDelete = "dashboard.delete",
    DashboardRestore = "dashboard.restore",
    ShareCreate = "share.create",
    ShareUpdate = "share.update",
    ShareRevoke = "share.revoke",
    EmbedCreate = "embed.create",
    EmbedDelete = "embed.delete",
    EmbedKeyCreate = "embed_key.create",
    EmbedKeyDelete = "embed_key.delete",
    /// Rows were taken away as a file.
    DataExport = "data.export",
    AuditExport = "audit.export",
    /// Something was asked for that is not allowed; `detail.code` says why.
    AccessRefused = "access.refused",
}

impl AuditAction {
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text)
    }

    /// The part before the point, which several share: `dashboard`.
    pub fn noun(self) -> &'static str {
        self.as_str().split('.').next().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_one_stable_text() {
        for action in AuditAction::ALL {
            let text = action.as_str();
            assert_eq!(AuditAction::parse(text), Some(*action));
            assert_eq!(serde_json::to_value(action).unwrap(), text);
            let (noun, verb) = text.split_once('.').unwrap();
            assert_eq!(noun, action.noun());
            assert!(!verb.is_empty() && !verb.contains('.'), "{text}");
        }
        assert_eq!(AuditAction::parse("dashboard"), None);
    }
}
