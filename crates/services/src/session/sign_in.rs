use std::net::IpAddr;

use chrono::TimeDelta;
use entity::{one_time_link, user};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use shared::{
    AppError, ErrorCode,
    account::SignInRequest,
    audit::{AuditAction, AuditObjectKind},
    names::Email,
};

use super::{SessionService, SignIn, attempts::MINUTE};
use crate::{
    ServiceResult,
    audit::{Event, Untold, commit_untold},
    rate_limit::RateKey,
    secrets::{Digest, NewPassword, Verdict, random_token},
};

/// As stored in `one_time_links.purpose`.
const PURPOSE: &str = "sign_in";
const LINK_LIFE: TimeDelta = TimeDelta::minutes(5);
/// Bytes of an address that is looked at; no hash runs for a longer one.
const LONGEST_INPUT: usize = 1024;

/// Who is at the other end, as far as the connection tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientInfo {
    /// Behind listed proxies: the address they report.
    pub address: IpAddr,
    pub user_agent: Option<String>,
}

impl SessionService {
    /// Proves a person by e-mail and password, which may be half of it. Unknown accounts take as long and answer the same.
    ///
    /// # Errors
    /// 401 when they do not match; 400 for an oversized address or password; 429 after 5 attempts a minute for an account from one
    /// address or 20 from one address.
    pub async fn sign_in(&self, request: &SignInRequest, client: &ClientInfo) -> ServiceResult<SignIn> {
        if request.email.len() > LONGEST_INPUT {
            return Err(AppError::malformed("This e-mail address is too long to be one.").into());
        }
        let email = Email::try_from(request.email.as_str()).ok();
        self.context.count_attempt(&request.email, client)?;
        let found = match &email {
            Some(email) => {
                let by_email = user::Entity::find().filter(user::Column::Email.eq(email.as_str()));
                by_email
                    .one(self.context.instance_reader())
                    .await?
                    .filter(|user| user.disabled_at.is_none())
            }
            None => None,
        };
        let stored = found.as_ref().and_then(|user| user.password_hash.as_deref());
        let verdict = self
            .context
            .services()
            .passwords()
            .verify(&request.password, stored)
            .await?;
        let user = match (found, verdict) {
            (Some(user), Verdict::Right) => user,
            (Some(user), Verdict::RightButWeak) => {
                self.store_stronger_hash(&user, &request.password).await?;
                user
            }
            (found @ Some(_), Verdict::Wrong) | (found @ None, _) => {
                let refusal = AppError::new(ErrorCode::Unauthenticated, "E-mail address and password do not match.");
                let account = found.as_ref().map(|user| (user.id, user.name.as_str()));
                self.context.note_failed_sign_in(account, &refusal);
                return Err(refusal.into());
            }
        };
        let begun = self.after_first_factor(&user)?;
        if matches!(begun, SignIn::Done(_)) {
            self.context.record(signed_in(&user, "password")).await?;
        }
        Ok(begun)
    }

    async fn store_stronger_hash(&self, user: &user::Model, password: &str) -> ServiceResult<()> {
        let hash = self
            .context
            .services()
            .passwords()
            .hash(NewPassword::verified(password))
            .await?;
        let transaction = self.context.instance_transaction().await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash))
            .filter(
                user::Column::Id
                    .eq(user.id)
                    .and(user::Column::PasswordHash.eq(user.password_hash.clone())),
            )
            .exec(&transaction)
            .await?;
        Ok(commit_untold(transaction, Untold::Rehash).await?)
    }

    /// For the console of the server's owner: the secret part of a link that signs `email` in once, within 5 minutes. Behind
    /// no door of the network.
    ///
    /// # Errors
    /// 404 when there is no such account.
    pub async fn sign_in_link(&self, email: &Email) -> ServiceResult<String> {
        let transaction = self.context.instance_transaction().await?;
        let user = user::Entity::find()
            .filter(
                user::Column::Email
                    .eq(email.as_str())
                    .and(user::Column::DisabledAt.is_null()),
            )
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::not_found("account"))?;
        let (token, now) = (random_token()?, self.context.now());
        let link = one_time_link::ActiveModel {
            token_hash: Set(Digest::of(&token).to_hex()),
            purpose: Set(PURPOSE.to_owned()),
            user_id: Set(Some(user.id)),
            created_at: Set(now),
            expires_at: Set(now + LINK_LIFE),
        };
        link.insert(&transaction).await?;
        let event = Event::of_instance(AuditAction::SessionLink).by_console().about(
            AuditObjectKind::User,
            user.id,
            user.name.as_str(),
        );
        self.context.commit(transaction, [event]).await?;
        Ok(token)
    }

    /// Uses such a link; it stands for the password.
    ///
    /// # Errors
    /// 404 when it was never made, is used or has expired; 429 as `sign_in`.
    pub async fn redeem_link(&self, token: &str, client: &ClientInfo) -> ServiceResult<SignIn> {
        let (limits, now) = (self.context.services().config().rate_limits, self.context.now());
        self.context.services().rates().count(
            RateKey::SignInAddress(client.address),
            limits.sign_in_address,
            MINUTE,
            now,
        )?;
        let hash = Digest::of(token).to_hex();
        let transaction = self.context.instance_transaction().await?;
        let link = one_time_link::Entity::find_by_id(hash.clone())
            .filter(
                one_time_link::Column::Purpose
                    .eq(PURPOSE)
                    .and(one_time_link::Column::ExpiresAt.gt(now)),
            )
            .one(&transaction)
            .await?;
        // The delete decides who used it: of two at once, one removes a row.
        let used = one_time_link::Entity::delete_by_id(hash)
            .exec(&transaction)
            .await?
            .rows_affected
            == 1;
        let user = match link.and_then(|link| link.user_id) {
            Some(id) if used => user::Entity::find_by_id(id).one(&transaction).await?,
            Some(_) | None => None,
        };
        let user = user
            .filter(|user| user.disabled_at.is_none())
            .ok_or_else(|| AppError::not_found("sign-in link"))?;
        let begun = self.after_first_factor(&user)?;
        let event = matches!(begun, SignIn::Done(_)).then(|| signed_in(&user, "link"));
        self.context.commit(transaction, event).await?;
        Ok(begun)
    }
}

/// `by`: how the person proved who they are.
pub(super) fn signed_in(user: &user::Model, by: &str) -> Event {
    Event::of_instance(AuditAction::SessionSignIn)
        .by_person(user.id(), &user.name)
        .with("by", by)
}
