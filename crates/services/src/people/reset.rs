use chrono::{DateTime, TimeDelta, Utc};
use entity::{password_reset, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use shared::{
    AppError, ErrorCode,
    audit::AuditAction,
    ids::{RequestId, UserId},
    names::Email,
    people::{PasswordReset, ResetInfo, ResetLink},
    permission::Principal,
};
use uuid::Uuid;

use super::{
    PeopleService,
    service::{about, locked},
};
use crate::{
    Context, ServiceError, ServiceResult, Services,
    account::hash_new,
    audit::Event,
    mail::{Letter, sends_no_mail},
    rate_limit::RateKey,
    secrets::{Digest, random_token},
    session::{ClientInfo, MINUTE, end_all},
};

const LIFE: TimeDelta = TimeDelta::hours(24);
const HOUR: TimeDelta = TimeDelta::hours(1);

impl PeopleService {
    /// Makes a link with which a person sets a new password, once, within 24 hours. Links made for them before end.
    ///
    /// # Errors
    /// 403 as `PeopleService::update`; 404 when there is no such person; 409 when they are disabled; 429 after 3 an hour.
    pub async fn reset_link(&self, id: UserId) -> ServiceResult<ResetLink> {
        let admin = self.context.admin()?.user_id;
        self.context.require_recent_proof()?;
        let (services, now) = (self.context.services(), self.context.now());
        let limit = services.config().rate_limits.resets_per_hour;
        services.rates().count(RateKey::Resets(id), limit, HOUR, now)?;
        let transaction = self.context.instance_transaction().await?;
        let user = locked(&transaction, id).await?;
        let link = make(services, &transaction, &user, Some(admin)).await?;
        let event = about(AuditAction::PersonResetLink, &user);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %id, "reset link made");
        Ok(link)
    }
}

/// The same from the console of the server's owner; behind no door of the network.
///
/// # Errors
/// 404 when there is no such account; 409 when it is disabled.
pub async fn reset_link_for(services: &Services, email: &Email) -> ServiceResult<ResetLink> {
    let transaction = services.database().write_transaction().await?;
    let user = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .one(&transaction)
        .await?
        .ok_or_else(|| AppError::not_found("account"))?;
    let link = make(services, &transaction, &user, None).await?;
    let event = about(AuditAction::PersonResetLink, &user).by_console();
    Context::system(services).commit(transaction, [event]).await?;
    tracing::info!(user.id = %user.id(), "reset link made from the console");
    Ok(link)
}

async fn make(
    services: &Services,
    connection: &impl ConnectionTrait,
    user: &user::Model,
    created_by: Option<UserId>,
) -> ServiceResult<ResetLink> {
    if user.disabled_at.is_some() {
        return Err(AppError::conflict("This person is disabled and cannot sign in.")
            .with_hint("Enable them first.")
            .into());
    }
    end_links(connection, user.id).await?;
    let (token, now) = (random_token()?, services.clock().now());
    let row = password_reset::ActiveModel {
        token_hash: Set(Digest::of(&token).to_hex()),
        user_id: Set(user.id),
        created_by: Set(created_by.map(UserId::as_uuid)),
        created_at: Set(now),
        expires_at: Set(now + LIFE),
        used_at: Set(None),
    };
    row.insert(connection).await?;
    Ok(ResetLink {
        url: format!("{}/reset/{token}", services.config().public_url),
        expires_at: now + LIFE,
    })
}

/// Links of a user that were not used are used up: they answer "gone", not "never was".
async fn end_links(connection: &impl ConnectionTrait, user: Uuid) -> ServiceResult<()> {
    password_reset::Entity::update_many()
        .col_expr(
            password_reset::Column::UsedAt,
            Expr::col(password_reset::Column::CreatedAt),
        )
        .filter(password_reset::Column::UserId.eq(user))
        .filter(password_reset::Column::UsedAt.is_null())
        .exec(connection)
        .await?;
    Ok(())
}

/// What the holder of a reset link may do.
#[derive(Clone, Debug)]
pub struct ResetService {
    context: Context,
}

impl ResetService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Sends a reset link to the address, if somebody who may sign in has it; says nothing of whether. What is done for a
    /// known address is done later, so that neither the answer nor its time tells.
    ///
    /// # Errors
    /// 409 where no mail server is set; 429 after 20 a minute from one client. More than 3 an hour for one account are not
    /// sent.
    pub async fn ask(&self, email: Email, client: &ClientInfo) -> ServiceResult<()> {
        let (services, now) = (self.context.services().clone(), self.context.now());
        let Some(post) = services.config().post.clone() else {
            return Err(sends_no_mail()
                .with_hint("Ask an administrator for a link that sets a new password.")
                .into());
        };
        let limit = services.config().rate_limits.sign_in_address;
        let key = RateKey::SignInAddress(client.address);
        services.rates().count(key, limit, MINUTE, now)?;
        let context = self.context.clone();
        tokio::spawn(async move {
            match link_by_mail(&context, &email).await {
                Ok(Some(link)) => {
                    post.send(&email, Letter::new_password(&link.url, link.expires_at))
                        .await;
                }
                Ok(None) => {}
                Err(error) => tracing::warn!(%error, "no reset link was sent"),
            }
        });
        Ok(())
    }

    /// Whose password the link sets.
    ///
    /// # Errors
    /// 404 for an unknown link, 410 for a used or expired one.
    pub async fn info(&self, token: &str) -> ServiceResult<ResetInfo> {
        let (reset, user) = open(self.context.instance_reader(), token, self.context.now()).await?;
        Ok(ResetInfo {
            email: user.info()?.email,
            expires_at: reset.expires_at,
        })
    }

    /// Sets a new password, once, and ends every session and API token of the account. Signing in follows as always.
    ///
    /// # Errors
    /// As `info`; 422 for a weak password; 429 after 20 attempts a minute from one client.
    pub async fn redeem(&self, token: &str, request: &PasswordReset, client: &ClientInfo) -> ServiceResult<()> {
        let (services, now) = (self.context.services(), self.context.now());
        let limit = services.config().rate_limits.sign_in_address;
        let key = RateKey::SignInAddress(client.address);
        services.rates().count(key, limit, MINUTE, now)?;
        let (reset, user) = open(self.context.instance_reader(), token, now).await?;
        let info = user.info()?;
        let hash = hash_new(services, &request.password, &info.email, &info.name).await?;
        let transaction = self.context.instance_transaction().await?;
        // The update decides who used it: of two at once, one changes a row.
        let used = password_reset::Entity::update_many()
            .col_expr(password_reset::Column::UsedAt, Expr::value(now))
            .filter(password_reset::Column::TokenHash.eq(reset.token_hash.as_str()))
            .filter(password_reset::Column::UsedAt.is_null())
            .exec(&transaction)
            .await?;
        if used.rows_affected == 0 {
            return Err(used_up());
        }
        end_links(&transaction, user.id).await?;
        user::Entity::update_many()
            .col_expr(user::Column::PasswordHash, Expr::value(hash))
            .filter(user::Column::Id.eq(user.id))
            .exec(&transaction)
            .await?;
        end_all(&transaction, user.id).await?;
        let event = Event::of_instance(AuditAction::AccountPasswordReset).by_person(user.id(), &user.name);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %info.id, "password set by a link");
        Ok(())
    }
}

/// `None` where nobody who may sign in has the address.
async fn link_by_mail(context: &Context, email: &Email) -> ServiceResult<Option<ResetLink>> {
    let services = context.services();
    let transaction = context.instance_transaction().await?;
    let user = user::Entity::find()
        .filter(user::Column::Email.eq(email.as_str()))
        .filter(user::Column::DisabledAt.is_null())
        // Of two at once, the second ends the first one's link.
        .lock_exclusive()
        .one(&transaction)
        .await?;
    let Some(user) = user else { return Ok(None) };
    let limit = services.config().rate_limits.resets_per_hour;
    services
        .rates()
        .count(RateKey::Resets(user.id()), limit, HOUR, context.now())?;
    let link = make(services, &transaction, &user, None).await?;
    let event = about(AuditAction::PersonResetLink, &user).with("by", "mail");
    context.commit(transaction, [event]).await?;
    tracing::info!(user.id = %user.id(), "reset link sent");
    Ok(Some(link))
}

async fn open(
    connection: &impl ConnectionTrait,
    token: &str,
    now: DateTime<Utc>,
) -> ServiceResult<(password_reset::Model, user::Model)> {
    let found = password_reset::Entity::find_by_id(Digest::of(token).to_hex())
        .find_also_related(user::Entity)
        .one(connection)
        .await?;
    match found {
        Some((reset, Some(user)))
            if reset.used_at.is_none() && reset.expires_at > now && user.disabled_at.is_none() =>
        {
            Ok((reset, user))
        }
        Some((_, Some(_))) => Err(used_up()),
        Some((_, None)) | None => Err(AppError::not_found("reset link").into()),
    }
}

fn used_up() -> ServiceError {
    AppError::new(
        ErrorCode::Gone,
        "This link has been used, replaced by a newer one, or has expired.",
    )
    .with_hint("Ask an administrator for a new one.")
    .into()
}
