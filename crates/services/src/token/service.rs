use chrono::TimeDelta;
use entity::{api_token, user};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, ModelTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};
use shared::{
    AppError,
    account::{TokenCreate, TokenCreated, TokenInfo},
    audit::{AuditAction, AuditObjectKind},
    ids::{RequestId, TokenId},
    names::Email,
    permission::{Principal, Scope, UserPrincipal},
};

use super::format;
use crate::{
    Context, ServiceResult, Services,
    audit::{Event, Untold, commit_untold},
    secrets::{Digest, random_token},
};

const DEFAULT_LIFE: TimeDelta = TimeDelta::days(90);
const LONGEST_LIFE: TimeDelta = TimeDelta::days(365);
/// How often "last used" is written.
const USED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// A person's API tokens, and the proof they give.
#[derive(Clone, Debug)]
pub struct TokenService {
    context: Context,
}

impl TokenService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Makes a token that acts as the caller, cut to its scopes (default: read). The answer is the only one that shows it.
    ///
    /// # Errors
    /// 401 and 403 as `Context::session_user` and `Context::require_recent_proof`; 422 for a life of nothing or over 365 days.
    pub async fn create(&self, request: TokenCreate) -> ServiceResult<TokenCreated> {
        self.context.session_user()?;
        self.context.require_recent_proof()?;
        let owner = self.context.user_row().await?;
        self.create_for(&owner, request, |event| event).await
    }

    /// The same from the console of the server's owner; behind no door of the network.
    ///
    /// # Errors
    /// 404 when there is no such account; otherwise as `create`.
    pub async fn create_for_email(&self, email: &Email, request: TokenCreate) -> ServiceResult<TokenCreated> {
        let owner = user::Entity::find()
            .filter(user::Column::Email.eq(email.as_str()))
            .one(self.context.instance_reader())
            .await?;
        let owner = owner.ok_or_else(|| AppError::not_found("account"))?;
        self.create_for(&owner, request, Event::by_console).await
    }

    async fn create_for(
        &self,
        owner: &user::Model,
        request: TokenCreate,
        by: fn(Event) -> Event,
    ) -> ServiceResult<TokenCreated> {
        let life = match request.expires_in {
            Some(life) => i64::try_from(life.0)
                .ok()
                .and_then(TimeDelta::try_seconds)
                .unwrap_or(TimeDelta::MAX),
            None => DEFAULT_LIFE,
        };
        if life <= TimeDelta::zero() || life > LONGEST_LIFE {
            return Err(
                AppError::invalid("expires_in", "A token lives at least a second and at most 365 days.").into(),
            );
        }
        let mut scopes = request.scopes;
        if scopes.is_empty() {
            scopes.push(Scope::Read);
        }
        scopes.dedup();
        let (id, secret, now) = (self.context.new_id::<TokenId>(), random_token()?, self.context.now());
        let row = api_token::ActiveModel {
            id: Set(id.as_uuid()),
            user_id: Set(owner.id),
            name: Set(request.name.into()),
            secret_hash: Set(Digest::of(&secret).to_hex()),
            scopes: Set(serde_json::to_value(&scopes)?),
            auth_epoch: Set(owner.auth_epoch),
            created_at: Set(now),
            expires_at: Set(now + life),
            last_used_at: Set(None),
        };
        let transaction = self.context.instance_transaction().await?;
        let row = row.insert(&transaction).await?;
        let event = about_token(AuditAction::TokenCreate, &row)
            .with("owner", owner.id.to_string())
            .with("scopes", row.scopes.clone())
            .with("expires_at", row.expires_at.to_rfc3339());
        self.context.commit(transaction, [by(event)]).await?;
        tracing::info!(token.id = %id, user.id = %owner.id(), "API token made");
        Ok(TokenCreated {
            token: format::write(id, &secret),
            info: row.info()?,
        })
    }

    /// The caller's tokens, newest first.
    ///
    /// # Errors
    /// 401 and 403 as `Context::session_user`.
    pub async fn list(&self) -> ServiceResult<Vec<TokenInfo>> {
        let user = self.context.session_user()?;
        let rows = api_token::Entity::find()
            .filter(api_token::Column::UserId.eq(user.user_id.as_uuid()))
            .order_by_desc(api_token::Column::CreatedAt)
            .all(self.context.instance_reader())
            .await?;
        Ok(rows.iter().map(api_token::Model::info).collect::<Result<_, _>>()?)
    }

    /// Ends one of the caller's tokens at once.
    ///
    /// # Errors
    /// 404 when it is not one of the caller's.
    pub async fn revoke(&self, id: TokenId) -> ServiceResult<()> {
        let user = self.context.session_user()?;
        let transaction = self.context.instance_transaction().await?;
        let row = api_token::Entity::find_by_id(id.as_uuid())
            .filter(api_token::Column::UserId.eq(user.user_id.as_uuid()))
            .lock_exclusive()
            .one(&transaction)
            .await?
            .ok_or_else(|| AppError::not_found("API token"))?;
        let event = about_token(AuditAction::TokenRevoke, &row);
        row.delete(&transaction).await?;
        self.context.commit(transaction, [event]).await?;
        tracing::info!(token.id = %id, "API token revoked");
        Ok(())
    }

    /// The principal behind the text after `Authorization: Bearer`.
    ///
    /// # Errors
    /// 401 when it is malformed, unknown, expired or revoked, or its owner is disabled or has changed the password.
    pub async fn authenticate(&self, bearer: &str) -> ServiceResult<Principal> {
        let refusal = || AppError::unauthenticated().with_hint("This API token is not valid (any more).");
        let parts = format::read(bearer).ok_or_else(refusal)?;
        let found = api_token::Entity::find_by_id(parts.id.as_uuid())
            .find_also_related(user::Entity)
            .one(self.context.instance_reader())
            .await?;
        let Some((token, Some(owner))) = found else {
            return Err(refusal().into());
        };
        let now = self.context.now();
        let right = Digest::of(parts.secret).matches_hex(&token.secret_hash);
        if !right || token.expires_at <= now || owner.disabled_at.is_some() || owner.auth_epoch != token.auth_epoch {
            return Err(refusal().into());
        }
        if token.last_used_at.is_none_or(|used| now - used >= USED_EVERY) {
            // Reading goes on where that cannot be written, as on a full disk.
            if let Err(error) = self.touch(parts.id).await {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "a token's last use could not be noted"
                );
            }
        }
        Ok(Principal::User(UserPrincipal {
            user_id: owner.id(),
            platform_role: owner.platform_role()?,
            scopes: Some(token.scopes()?),
            token_id: Some(parts.id),
            proved_at: None,
        }))
    }

    async fn touch(&self, id: TokenId) -> ServiceResult<()> {
        let transaction = self.context.instance_transaction().await?;
        api_token::Entity::update_many()
            .col_expr(api_token::Column::LastUsedAt, Expr::value(self.context.now()))
            .filter(api_token::Column::Id.eq(id.as_uuid()))
            .exec(&transaction)
            .await?;
        Ok(commit_untold(transaction, Untold::Use).await?)
    }
}

fn about_token(action: AuditAction, token: &api_token::Model) -> Event {
    Event::of_instance(action).about(AuditObjectKind::Token, token.id, token.name.as_str())
}
