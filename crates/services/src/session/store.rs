use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use entity::session;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, SqlErr, sea_query::Expr};
use serde_json::Value;
use time::OffsetDateTime;
use tower_sessions_core::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};
use uuid::Uuid;

use super::SessionUser;
use crate::{
    Services,
    audit::{Untold, commit_untold},
    secrets::Digest,
};

/// How much later than stored a session may have been seen, so that reading pages does not write all the time.
const SEEN_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Sessions in the metadata database, keyed by SHA-256 of the cookie's id. It decides itself when a session ends (idle and
/// absolute limits of the configuration), whatever expiry the session layer asks for; use it with `Expiry::OnSessionEnd`.
#[derive(Clone, Debug)]
pub struct DatabaseSessionStore {
    services: Services,
}

/// The stored name of a session id.
pub(super) fn hash_of(id: Id) -> String {
    Digest::of(id.0.to_le_bytes()).to_hex()
}

impl DatabaseSessionStore {
    pub fn new(services: &Services) -> Self {
        Self {
            services: services.clone(),
        }
    }

    /// Removes sessions that have ended; for a timer.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_expired(&self) -> crate::ServiceResult<u64> {
        let transaction = self.services.database().write_transaction().await?;
        let now = self.services.clock().now();
        let removed = session::Entity::delete_many()
            .filter(session::Column::ExpiresAt.lte(now))
            .exec(&transaction)
            .await?;
        commit_untold(transaction, Untold::Housekeeping).await?;
        Ok(removed.rows_affected)
    }

    fn idle_end(&self, created: DateTime<Utc>, now: DateTime<Utc>) -> DateTime<Utc> {
        let limits = self.services.config().sessions;
        (now + limits.idle).min(created + limits.absolute)
    }

    async fn insert(&self, record: &Record) -> std::result::Result<(), sea_orm::DbErr> {
        let now = self.services.clock().now();
        let memory = Memory::of(record);
        let row = session::ActiveModel {
            id_hash: Set(hash_of(record.id)),
            id: Set(Uuid::now_v7()),
            user_id: Set(memory.user_id),
            auth_epoch: Set(memory.auth_epoch),
            data: Set(memory.data),
            user_agent: Set(memory.user_agent),
            client_address: Set(memory.client_address),
            created_at: Set(now),
            last_seen_at: Set(now),
            expires_at: Set(self.idle_end(now, now)),
        };
        let transaction = self.services.database().write_transaction().await?;
        row.insert(&transaction).await?;
        commit_untold(transaction, Untold::Session).await
    }

    /// Moves the idle limit on, at most once a minute. Reading goes on where that cannot be written, as on a full disk.
    async fn touch(&self, row: &session::Model, now: DateTime<Utc>) {
        if let Err(error) = self.write_seen(row, now).await {
            tracing::warn!(%error, "a session's last use could not be noted");
        }
    }

    async fn write_seen(&self, row: &session::Model, now: DateTime<Utc>) -> std::result::Result<(), sea_orm::DbErr> {
        let transaction = self.services.database().write_transaction().await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastSeenAt, Expr::value(now))
            .col_expr(
                session::Column::ExpiresAt,
                Expr::value(self.idle_end(row.created_at, now)),
            )
            .filter(session::Column::IdHash.eq(row.id_hash.as_str()))
            .exec(&transaction)
            .await?;
        commit_untold(transaction, Untold::Session).await
    }
}

#[async_trait]
impl SessionStore for DatabaseSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        loop {
            match self.insert(record).await {
                Ok(()) => return Ok(()),
                Err(error) if matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
                    record.id = Id::default()
                }
                Err(error) => return Err(backend(&error)),
            }
        }
    }

    /// Changes a session that is still there; one that was ended meanwhile does not come back.
    async fn save(&self, record: &Record) -> Result<()> {
        let memory = Memory::of(record);
        let write = async {
            let transaction = self.services.database().write_transaction().await?;
            session::Entity::update_many()
                .col_expr(session::Column::UserId, Expr::value(memory.user_id))
                .col_expr(session::Column::AuthEpoch, Expr::value(memory.auth_epoch))
                .col_expr(session::Column::UserAgent, Expr::value(memory.user_agent))
                .col_expr(session::Column::ClientAddress, Expr::value(memory.client_address))
                .col_expr(session::Column::Data, Expr::value(memory.data))
                .filter(session::Column::IdHash.eq(hash_of(record.id)))
                .exec(&transaction)
                .await?;
            commit_untold(transaction, Untold::Session).await
        };
        write.await.map_err(|error| backend(&error))
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = session::Entity::find_by_id(hash_of(*id))
            .one(self.services.database().reader())
            .await;
        let now = self.services.clock().now();
        let Some(row) = found
            .map_err(|error| backend(&error))?
            .filter(|row| row.expires_at > now)
        else {
            return Ok(None);
        };
        if now - row.last_seen_at >= SEEN_EVERY {
            self.touch(&row, now).await;
        }
        let data = serde_json::from_str(&row.data).map_err(|error| Error::Decode(error.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(row.expires_at.timestamp())
            .map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date,
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let write = async {
            let transaction = self.services.database().write_transaction().await?;
            session::Entity::delete_by_id(hash_of(*id)).exec(&transaction).await?;
            commit_untold(transaction, Untold::Session).await
        };
        write.await.map_err(|error| backend(&error))
    }
}

/// The session layer answers 500 for these and logs the text.
fn backend(error: &sea_orm::DbErr) -> Error {
    Error::Backend(error.to_string())
}

/// A record as columns.
struct Memory {
    data: String,
    user_id: Option<Uuid>,
    auth_epoch: Option<i64>,
    user_agent: Option<String>,
    client_address: Option<String>,
}

impl Memory {
    fn of(record: &Record) -> Self {
        let data: &HashMap<String, Value> = &record.data;
        let user: Option<SessionUser> = data
            .get(SessionUser::KEY)
            .and_then(|value| serde_json::from_value(value.clone()).ok());
        let object: serde_json::Map<String, Value> =
            data.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        Self {
            data: Value::Object(object).to_string(),
            user_id: user.as_ref().map(|user| user.user_id.as_uuid()),
            auth_epoch: user.as_ref().map(|user| user.auth_epoch),
            user_agent: user.as_ref().and_then(|user| user.user_agent.clone()),
            client_address: user.and_then(|user| user.client_address),
        }
    }
}
