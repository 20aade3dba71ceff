use entity::{session, user};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use shared::{
    AppError,
    account::SessionInfo,
    audit::{AuditAction, AuditObjectKind},
    ids::{RequestId, SessionId},
    permission::{PlatformRole, Principal, UserPrincipal},
};
use tower_sessions_core::session::Id;

use super::{SessionUser, SignedIn, store::hash_of};
use crate::{
    Context, ServiceResult, Services,
    audit::{Event, Untold, commit_untold},
    factor::required_of,
};

/// Sign-in, and a person's own sessions.
#[derive(Clone, Debug)]
pub struct SessionService {
    pub(super) context: Context,
}

impl SessionService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// The principal behind a session's memory, asked on every request: `Anonymous` when the account is gone or disabled,
    /// its epoch has moved on, or the session's absolute life is over; `Unprotected` when the instance asks for a second factor
    /// that is not set up yet.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn authenticate(&self, remembered: &SessionUser) -> ServiceResult<Principal> {
        let Some(user) = user::Entity::find_by_id(remembered.user_id.as_uuid())
            .one(self.context.instance_reader())
            .await?
        else {
            return Ok(Principal::Anonymous);
        };
        let signed_in = SignedIn::new(&user, remembered.signed_in_at)?;
        let limits = self.context.services().config().sessions;
        let life = match signed_in.user.platform_role {
            PlatformRole::Admin => limits.absolute_admin,
            PlatformRole::Analyst | PlatformRole::Executive | PlatformRole::Developer => limits.absolute,
        };
        let over = self.context.now() >= remembered.signed_in_at + life;
        if over || user.disabled_at.is_some() || user.auth_epoch != remembered.auth_epoch {
            return Ok(Principal::Anonymous);
        }
        let has_nothing_to_ask = user.password_hash.is_none() && user.second_factor_at.is_none();
        let proved_at = if has_nothing_to_ask {
            self.context.now()
        } else {
            remembered.proved_at.unwrap_or(remembered.signed_in_at)
        };
        let person = UserPrincipal {
            proved_at: Some(proved_at),
            ..signed_in.user
        };
        if user.second_factor_at.is_none() && required_of(self.context.services(), person.platform_role).await? {
            return Ok(Principal::Unprotected(person));
        }
        Ok(Principal::User(person))
    }

    /// The caller's live sessions, latest first. `current`: the id in the caller's cookie.
    ///
    /// # Errors
    /// 401 and 403 as `Context::session_user`.
    pub async fn list(&self, current: Option<Id>) -> ServiceResult<Vec<SessionInfo>> {
        let user = self.context.session_user()?;
        let current = current.map(hash_of);
        let rows = session::Entity::find()
            .filter(session::Column::UserId.eq(user.user_id.as_uuid()))
            .filter(session::Column::ExpiresAt.gt(self.context.now()))
            .order_by_desc(session::Column::LastSeenAt)
            .all(self.context.instance_reader())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| SessionInfo {
                id: row.id.into(),
                created_at: row.created_at,
                last_seen_at: row.last_seen_at,
                user_agent: row.user_agent,
                client_address: row.client_address,
                current: current.as_ref() == Some(&row.id_hash),
            })
            .collect())
    }

    /// Ends one of the caller's sessions.
    ///
    /// # Errors
    /// 404 when it is not one of the caller's.
    pub async fn end(&self, id: SessionId) -> ServiceResult<()> {
        let user = self.context.session_user()?;
        let transaction = self.context.instance_transaction().await?;
        let ended = session::Entity::delete_many()
            .filter(session::Column::Id.eq(id.as_uuid()))
            .filter(session::Column::UserId.eq(user.user_id.as_uuid()))
            .exec(&transaction)
            .await?;
        if ended.rows_affected == 0 {
            return Err(AppError::not_found("session").into());
        }
        let event = Event::of_instance(AuditAction::SessionEnd).about(AuditObjectKind::Session, id, "");
        self.context.commit(transaction, [event]).await
    }

    /// Ends the caller's sessions but `current`; answers how many.
    ///
    /// # Errors
    /// 401 and 403 as `Context::session_user`.
    pub async fn end_others(&self, current: Option<Id>) -> ServiceResult<u64> {
        let user = self.context.session_user()?;
        let transaction = self.context.instance_transaction().await?;
        let mut others = session::Entity::delete_many().filter(session::Column::UserId.eq(user.user_id.as_uuid()));
        if let Some(current) = current {
            others = others.filter(session::Column::IdHash.ne(hash_of(current)));
        }
        let ended = others.exec(&transaction).await?.rows_affected;
        if ended == 0 {
            commit_untold(transaction, Untold::Session).await?;
            return Ok(0);
        }
        let event = Event::of_instance(AuditAction::SessionEndOthers).with("sessions", ended);
        self.context.commit(transaction, [event]).await?;
        Ok(ended)
    }

    /// Says that the caller signs out, before the session is ended; of nobody it says nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn sign_out(&self) -> ServiceResult<()> {
        match self.context.principal() {
            Principal::User(_) | Principal::Unprotected(_) => {
                self.context
                    .record(Event::of_instance(AuditAction::SessionSignOut))
                    .await
            }
            Principal::Anonymous | Principal::Share(_) | Principal::Embed(_) => Ok(()),
        }
    }
}
