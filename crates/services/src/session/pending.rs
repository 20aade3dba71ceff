//! Between the password and the second factor.

use chrono::{DateTime, TimeDelta, Utc};
use entity::user;
use sea_orm::EntityTrait;
use serde::{Deserialize, Serialize};
use shared::{
    AppError, ErrorCode,
    factor::{FactorNeeded, FactorProof},
    ids::UserId,
};

use super::{ClientInfo, SessionService, SignedIn, sign_in::signed_in};
use crate::{
    ServiceError, ServiceResult,
    factor::{self, Ceremony},
};

/// How long a person may look for their phone.
const LIFE: TimeDelta = TimeDelta::minutes(10);

/// What came of a first factor.
#[derive(Clone, Debug, PartialEq)]
pub enum SignIn {
    Done(SignedIn),
    /// To be kept in the session, which gives no right until it is completed.
    FactorNeeded(PendingSignIn),
}

/// A person who gave the password and not yet the second factor; kept in a session under `PendingSignIn::KEY`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PendingSignIn {
    pub user_id: UserId,
    /// As in `SessionUser`: what ends sessions ends this too.
    pub auth_epoch: i64,
    pub begun_at: DateTime<Utc>,
    /// What a passkey was last asked, where the account has one.
    #[serde(default)]
    pub passkey: Option<Ceremony>,
}

impl PendingSignIn {
    /// Key in the session's data.
    pub const KEY: &'static str = "pending";
}

impl SessionService {
    /// Where the password is enough, the end of it; else the half way.
    pub(super) fn after_first_factor(&self, user: &user::Model) -> ServiceResult<SignIn> {
        let now = self.context.now();
        if user.second_factor_at.is_none() {
            return Ok(SignIn::Done(SignedIn::new(user, now)?));
        }
        Ok(SignIn::FactorNeeded(PendingSignIn {
            user_id: user.id(),
            auth_epoch: user.auth_epoch,
            begun_at: now,
            passkey: None,
        }))
    }

    /// What the person can go on with, and the state to keep: each look asks passkeys something new.
    ///
    /// # Errors
    /// 401 when the first factor is too long ago, or the account was changed since.
    pub async fn factor_needed(&self, pending: &PendingSignIn) -> ServiceResult<(FactorNeeded, PendingSignIn)> {
        let user = self.pending_user(pending).await?;
        let (kinds, ceremony) = factor::ways(self.context.services(), self.context.instance_reader(), &user).await?;
        let needed = FactorNeeded {
            second_factor: kinds,
            passkey: ceremony.as_ref().map(|ceremony| ceremony.options.clone()),
        };
        let pending = PendingSignIn {
            passkey: ceremony,
            ..pending.clone()
        };
        Ok((needed, pending))
    }

    /// Completes a sign-in by the second factor. A code or recovery code is used up by it.
    ///
    /// # Errors
    /// 401 as `factor_needed` and for a wrong or used proof; 429 as `sign_in`, and after 10 attempts a minute for an account.
    pub async fn complete(
        &self,
        pending: &PendingSignIn,
        proof: &FactorProof,
        client: &ClientInfo,
    ) -> ServiceResult<SignedIn> {
        let user = self.pending_user(pending).await?;
        self.context.count_attempt(&user.email, client)?;
        let transaction = self.context.instance_transaction().await?;
        let ceremony = pending.passkey.as_ref();
        let proved = factor::prove(self.context.services(), &transaction, &user, proof, ceremony).await;
        if let Err(ServiceError::Refused(refusal)) = &proved {
            self.context
                .note_failed_sign_in(Some((user.id, user.name.as_str())), refusal);
        }
        proved?;
        self.context
            .commit(transaction, [signed_in(&user, "second factor")])
            .await?;
        Ok(SignedIn::new(&user, self.context.now())?)
    }

    async fn pending_user(&self, pending: &PendingSignIn) -> ServiceResult<user::Model> {
        let found = user::Entity::find_by_id(pending.user_id.as_uuid())
            .one(self.context.instance_reader())
            .await?;
        let in_time = self.context.now() - pending.begun_at < LIFE;
        let user = found.filter(|user| in_time && user.disabled_at.is_none() && user.auth_epoch == pending.auth_epoch);
        Ok(user.ok_or_else(sign_in_anew)?)
    }
}

fn sign_in_anew() -> AppError {
    AppError::new(ErrorCode::Unauthenticated, "This sign-in took too long.")
        .with_hint("Start again with your e-mail address and password.")
}
