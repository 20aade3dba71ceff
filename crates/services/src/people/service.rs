use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{session, user};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::Set,
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
    prelude::Uuid,
    sea_query::{Expr, ExprTrait, Func, LikeExpr},
};
use shared::{
    AppError,
    account::Page,
    audit::{AuditAction, AuditObjectKind},
    ids::{RequestId, UserId},
    people::{PersonInfo, PersonUpdate},
    permission::{PlatformRole, Principal},
};

use super::last_admin::Admins;
use crate::{
    Context, PageRequest, ServiceResult, Services,
    audit::Event,
    factor,
    session::{end_all, end_sessions},
};

/// Longest text that is searched for, in characters.
const LONGEST_SEARCH: usize = 200;

/// Everybody on the instance. There is always at least one admin who can sign in.
#[derive(Clone, Debug)]
pub struct PeopleService {
    pub(super) context: Context,
}

/// What the list says of somebody's sessions.
#[derive(Debug, FromQueryResult)]
struct Presence {
    user_id: Uuid,
    sessions: i64,
    last_seen_at: DateTime<Utc>,
}

impl PeopleService {
    pub fn new(services: &Services, principal: Principal, request_id: RequestId) -> Self {
        Self {
            context: Context::new(services, principal, request_id),
        }
    }

    /// Sorted by e-mail address. `search`: part of a name or address, in either case of letters.
    ///
    /// # Errors
    /// 401 and 403 as `Context::admin`; 400 for an overlong search.
    pub async fn list(&self, search: Option<&str>, page: &PageRequest) -> ServiceResult<Page<PersonInfo>> {
        self.context.admin()?;
        let mut query = user::Entity::find()
            .order_by_asc(user::Column::Email)
            .limit(page.limit() + 1);
        if let Some(text) = search.map(str::trim).filter(|text| !text.is_empty()) {
            if text.chars().count() > LONGEST_SEARCH {
                return Err(AppError::malformed("Search for at most 200 characters.")
                    .with_field("search")
                    .into());
            }
            query = query.filter(contains(text));
        }
        if let Some(last) = &page.cursor {
            query = query.filter(user::Column::Email.gt(last.as_str()));
        }
        let rows = page.page(query.all(self.context.instance_reader()).await?, |row| {
            row.email.clone()
        });
        let presence = self.presence(rows.items.iter().map(|row| row.id)).await?;
        let items = rows
            .items
            .iter()
            .map(|row| info(row, presence.get(&row.id)))
            .collect::<ServiceResult<_>>()?;
        Ok(Page { items, next: rows.next })
    }

    /// # Errors
    /// 403 as `list`; 404 when there is no such person.
    pub async fn get(&self, id: UserId) -> ServiceResult<PersonInfo> {
        self.context.admin()?;
        let found = user::Entity::find_by_id(id.as_uuid())
            .one(self.context.instance_reader())
            .await?;
        let row = found.ok_or_else(|| AppError::not_found("person"))?;
        let presence = self.presence([row.id]).await?;
        info(&row, presence.get(&row.id))
    }

    /// Changes a person's platform role, or disables or enables them. A new role and disabling end the person's sessions and
    /// API tokens at once.
    ///
    /// # Errors
    /// 403 as `list` and `Context::require_recent_proof`; 404 when there is no such person; 409 when no admin who can sign in
    /// would be left.
    pub async fn update(&self, id: UserId, update: PersonUpdate) -> ServiceResult<PersonInfo> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        let admins = Admins::lock(&transaction).await?;
        let row = locked(&transaction, id).await?;
        let role = update.platform_role.unwrap_or(row.platform_role()?);
        let disabled = update.disabled.unwrap_or(row.disabled_at.is_some());
        if disabled || role != PlatformRole::Admin {
            admins.keep_one(&row)?;
        }
        let is_less = role != row.platform_role()? || (disabled && row.disabled_at.is_none());
        let mut changed = row.clone().into_active_model();
        if role != row.platform_role()? {
            changed.platform_role = Set(role.as_str().to_owned());
        }
        if disabled != row.disabled_at.is_some() {
            changed.disabled_at = Set(disabled.then(|| self.context.now()));
        }
        if changed.is_changed() {
            changed.update(&transaction).await?;
        }
        if is_less {
            end_all(&transaction, row.id).await?;
        }
        let event = about(AuditAction::PersonUpdate, &row)
            .changed("role", row.platform_role.as_str(), role.as_str())
            .changed("disabled", row.disabled_at.is_some(), disabled);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %id, user.platform_role = role.as_str(), user.disabled = disabled, "person changed");
        let row = user::Entity::find_by_id(id.as_uuid())
            .one(self.context.instance_reader())
            .await?
            .ok_or_else(|| AppError::not_found("person"))?;
        let presence = self.presence([row.id]).await?;
        info(&row, presence.get(&row.id))
    }

    /// Signs a person out everywhere; their API tokens go on. Answers how many browsers that were.
    ///
    /// # Errors
    /// 403 as `update`; 404 when there is no such person.
    pub async fn end_sessions(&self, id: UserId) -> ServiceResult<u64> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        let row = locked(&transaction, id).await?;
        let ended = end_sessions(&transaction, id.as_uuid()).await?;
        let event = about(AuditAction::PersonSignOut, &row);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %id, sessions = ended, "person signed out everywhere");
        Ok(ended)
    }

    /// Takes all second factors from a person who lost them, and ends their sessions and API tokens.
    ///
    /// # Errors
    /// 403 as `update`; 404 when there is no such person.
    pub async fn reset_factors(&self, id: UserId) -> ServiceResult<()> {
        self.context.admin()?;
        self.context.require_recent_proof()?;
        let transaction = self.context.instance_transaction().await?;
        let row = locked(&transaction, id).await?;
        factor::forget(&transaction, id.as_uuid(), self.context.now()).await?;
        let event = about(AuditAction::PersonFactorReset, &row);
        self.context.commit(transaction, [event]).await?;
        tracing::info!(user.id = %id, "second factors of a person removed");
        Ok(())
    }

    /// Live sessions by user, in one statement for all of a page.
    async fn presence(&self, users: impl IntoIterator<Item = Uuid>) -> ServiceResult<HashMap<Uuid, Presence>> {
        let found = session::Entity::find()
            .select_only()
            .column(session::Column::UserId)
            .column_as(session::Column::IdHash.count(), "sessions")
            .column_as(session::Column::LastSeenAt.max(), "last_seen_at")
            .filter(session::Column::UserId.is_in(users))
            .filter(session::Column::ExpiresAt.gt(self.context.now()))
            .group_by(session::Column::UserId)
            .into_model::<Presence>()
            .all(self.context.instance_reader())
            .await?;
        Ok(found.into_iter().map(|one| (one.user_id, one)).collect())
    }
}

/// Something done to a person.
pub(super) fn about(action: AuditAction, user: &user::Model) -> Event {
    Event::of_instance(action).about(AuditObjectKind::User, user.id(), user.name.as_str())
}

/// The row of a person, locked until the transaction ends.
pub(crate) async fn locked(transaction: &DatabaseTransaction, id: UserId) -> ServiceResult<user::Model> {
    let found = user::Entity::find_by_id(id.as_uuid())
        .lock_exclusive()
        .one(transaction)
        .await?;
    Ok(found.ok_or_else(|| AppError::not_found("person"))?)
}

/// Name or address holds `text`; what stands for anything in a pattern stands for itself.
fn contains(text: &str) -> Condition {
    let mut pattern = String::from("%");
    for letter in text.to_lowercase().chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    let like = |column: user::Column| Func::lower(Expr::col(column)).like(LikeExpr::new(pattern.clone()).escape('\\'));
    Condition::any()
        .add(like(user::Column::Email))
        .add(like(user::Column::Name))
}

fn info(row: &user::Model, presence: Option<&Presence>) -> ServiceResult<PersonInfo> {
    let user = row.info()?;
    Ok(PersonInfo {
        id: user.id,
        email: user.email,
        name: user.name,
        platform_role: user.platform_role,
        created_at: row.created_at,
        disabled_at: row.disabled_at,
        has_second_factor: row.second_factor_at.is_some(),
        sessions: presence
            .and_then(|one| u64::try_from(one.sessions).ok())
            .unwrap_or_default(),
        last_seen_at: presence.map(|one| one.last_seen_at),
    })
}
