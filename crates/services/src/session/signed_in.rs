use chrono::{DateTime, Utc};
use entity::{EntityError, user};
use serde::{Deserialize, Serialize};
use shared::{ids::UserId, permission::UserPrincipal};

/// A proof of identity that was just given. The server renews the session's id and writes `session_user` into it.
#[derive(Clone, Debug, PartialEq)]
pub struct SignedIn {
    pub user: UserPrincipal,
    pub session_user: SessionUser,
}

/// What a session remembers, under `SessionUser::KEY`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionUser {
    pub user_id: UserId,
    /// The user's epoch at sign-in; when it moves on, the session is over.
    pub auth_epoch: i64,
    pub signed_in_at: DateTime<Utc>,
    /// When the person last proved who they are; `None`: at sign-in.
    #[serde(default)]
    pub proved_at: Option<DateTime<Utc>>,
    /// For the owner's list; see `with_client`.
    #[serde(default)]
    pub user_agent: Option<String>,
    #[serde(default)]
    pub client_address: Option<String>,
}

impl SessionUser {
    /// Key in the session's data.
    pub const KEY: &'static str = "user";

    /// Remembers where the session was begun, cut at 200 characters.
    #[must_use]
    pub fn with_client(mut self, client: &super::ClientInfo) -> Self {
        self.user_agent = client
            .user_agent
            .as_ref()
            .map(|text| text.chars().filter(|c| !c.is_control()).take(200).collect());
        self.client_address = Some(client.address.to_string());
        self
    }
}

impl SignedIn {
    pub(crate) fn new(user: &user::Model, now: DateTime<Utc>) -> Result<Self, EntityError> {
        Ok(Self {
            user: UserPrincipal {
                user_id: user.id(),
                platform_role: user.platform_role()?,
                scopes: None,
                token_id: None,
                proved_at: Some(now),
            },
            session_user: SessionUser {
                user_id: user.id(),
                auth_epoch: user.auth_epoch,
                signed_in_at: now,
                proved_at: None,
                user_agent: None,
                client_address: None,
            },
        })
    }
}
