//! Envelope encryption: secrets are sealed under data keys, one for each workspace and one for the instance, and the master key
//! seals nothing but these. Another master key is taken up by wrapping the data keys anew; what they sealed stays as it is.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::{DateTime, Utc};
use entity::{Database, data_key, user};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, OnConflict},
};
use shared::{audit::AuditAction, ids::WorkspaceId};
use uuid::Uuid;

use super::SecretKey;
use crate::{
    Context, ServiceError, ServiceResult, Services,
    audit::{Event, Untold, commit_untold},
};

/// The master key, and while it is being replaced the one before.
#[derive(Clone, Debug)]
pub struct MasterKeys {
    pub current: SecretKey,
    pub previous: Option<SecretKey>,
}

impl From<SecretKey> for MasterKeys {
    fn from(current: SecretKey) -> Self {
        Self {
            current,
            previous: None,
        }
    }
}

/// Why the keys of a database cannot be used; `Display` is one clear line for the operator.
#[derive(Debug, thiserror::Error)]
pub enum KeyringError {
    #[error(
        "the secret key is not the one this database's keys are wrapped under: set the right one, or, while it is being \
         replaced, the one before as SIGHTLINE_SECRET_KEY_PREVIOUS_FILE"
    )]
    OtherMaster,
    #[error("the key of {0} is damaged")]
    Damaged(String),
    #[error("the database failed")]
    Database(#[from] DbErr),
    #[error(transparent)]
    Other(Box<ServiceError>),
}

impl From<ServiceError> for KeyringError {
    fn from(error: ServiceError) -> Self {
        match error {
            ServiceError::Database(error) => Self::Database(error),
            other => Self::Other(Box::new(other)),
        }
    }
}

/// The keys of a running instance. A clone is one reference count.
#[derive(Clone)]
pub struct Keyring(Arc<Parts>);

struct Parts {
    masters: MasterKeys,
    instance: SecretKey,
    workspaces: Mutex<HashMap<WorkspaceId, SecretKey>>,
}

impl Keyring {
    /// Unwraps the instance's key; makes it for a database that has none. A database whose people were there before data keys
    /// were goes on with its master key in that place, so that what was signed with it holds.
    ///
    /// # Errors
    /// `OtherMaster` when it is wrapped under a key that is not given.
    pub async fn open(database: &Database, masters: MasterKeys, now: DateTime<Utc>) -> Result<Self, KeyringError> {
        let instance = match find(database.reader(), data_key::Model::INSTANCE).await? {
            Some(row) => row,
            None => {
                let people = user::Entity::find().count(database.reader()).await?;
                let key = if people == 0 {
                    SecretKey::random()?
                } else {
                    masters.current.clone()
                };
                keep(database, &masters.current, None, &key, now).await?
            }
        };
        Ok(Self(Arc::new(Parts {
            instance: masters.unwrap(&instance)?,
            masters,
            workspaces: Mutex::default(),
        })))
    }

    /// What belongs to no workspace is signed, hashed and sealed with it.
    pub fn instance(&self) -> &SecretKey {
        &self.0.instance
    }

    /// The key of a workspace, made at its first use. It may write: never to be called within a write transaction.
    ///
    /// # Errors
    /// When the database fails, or the key is wrapped under a master key that this process was not given.
    pub(crate) async fn workspace(
        &self,
        database: &Database,
        id: WorkspaceId,
        now: DateTime<Utc>,
    ) -> ServiceResult<SecretKey> {
        if let Some(key) = self.known().get(&id) {
            return Ok(key.clone());
        }
        let row = match find(database.reader(), &id.to_string()).await? {
            Some(row) => row,
            None => keep(database, &self.0.masters.current, Some(id), &SecretKey::random()?, now).await?,
        };
        let key = self.0.masters.unwrap(&row).map_err(|error| {
            tracing::error!(%error, workspace.id = %id, "the key of a workspace cannot be used");
            ServiceError::Unsealed
        })?;
        self.known().insert(id, key.clone());
        Ok(key)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<WorkspaceId, SecretKey>> {
        self.0.workspaces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Keyring {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Keyring")
    }
}

impl MasterKeys {
    fn unwrap(&self, row: &data_key::Model) -> Result<SecretKey, KeyringError> {
        let master = [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|key| key.fingerprint() == row.master)
            .ok_or(KeyringError::OtherMaster)?;
        master
            .unwrap_key(&row.scope, &row.wrapped)
            .map_err(|_| KeyringError::Damaged(row.scope.clone()))
    }
}

/// How many data keys are wrapped under which master key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyCount {
    pub current: usize,
    pub previous: usize,
    /// Under a key that is not given: what they sealed cannot be opened.
    pub other: usize,
}

/// Counts the data keys of a database, and changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn count_keys(database: &Database, masters: &MasterKeys) -> Result<KeyCount, DbErr> {
    let mut count = KeyCount::default();
    let previous = masters.previous.as_ref().map(SecretKey::fingerprint);
    for row in data_key::Entity::find().all(database.reader()).await? {
        if row.master == masters.current.fingerprint() {
            count.current += 1;
        } else if Some(&row.master) == previous.as_ref() {
            count.previous += 1;
        } else {
            count.other += 1;
        }
    }
    Ok(count)
}

/// `rewrap_keys` from the console of the server's owner, remembered in the audit log.
///
/// # Errors
/// As `rewrap_keys`.
pub async fn rotate_keys(services: &Services, masters: &MasterKeys) -> Result<usize, KeyringError> {
    let wrapped = rewrap_keys(services.database(), masters).await?;
    if wrapped > 0 {
        let event = Event::of_instance(AuditAction::InstanceKeyRotate)
            .by_console()
            .with("keys", wrapped);
        Context::system(services).record(event).await?;
        tracing::info!(keys = wrapped, "data keys were wrapped under the current secret key");
    }
    Ok(wrapped)
}

/// Wraps every data key under the current master key, one after the other, and answers how many it wrapped. It may be killed at
/// any moment and run again: until the end both master keys are needed, afterwards the current one alone.
///
/// # Errors
/// `OtherMaster` and `Damaged` before anything is written for that key.
async fn rewrap_keys(database: &Database, masters: &MasterKeys) -> Result<usize, KeyringError> {
    let current = masters.current.fingerprint();
    let scopes: Vec<String> = data_key::Entity::find()
        .select_only()
        .column(data_key::Column::Scope)
        .filter(data_key::Column::Master.ne(current.as_str()))
        .order_by_asc(data_key::Column::Scope)
        .into_tuple()
        .all(database.reader())
        .await?;
    let mut wrapped = 0;
    for scope in scopes {
        let transaction = database.write_transaction().await?;
        let found = data_key::Entity::find_by_id(scope)
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let Some(row) = found.filter(|row| row.master != current) else {
            continue;
        };
        let key = masters.unwrap(&row)?;
        data_key::Entity::update_many()
            .col_expr(
                data_key::Column::Wrapped,
                Expr::value(masters.current.wrap_key(&row.scope, &key)?),
            )
            .col_expr(data_key::Column::Master, Expr::value(current.as_str()))
            .filter(data_key::Column::Scope.eq(row.scope.as_str()))
            .exec(&transaction)
            .await?;
        commit_untold(transaction, Untold::Rewrap).await?;
        wrapped += 1;
    }
    Ok(wrapped)
}

/// Puts a new key of the instance in place of all data keys: what they sealed stays sealed for ever.
pub(crate) async fn start_anew(
    connection: &impl ConnectionTrait,
    master: &SecretKey,
    now: DateTime<Utc>,
) -> ServiceResult<()> {
    data_key::Entity::delete_many().exec(connection).await?;
    let row = row_of(master, None, &SecretKey::random()?, now)?;
    data_key::Entity::insert(row).exec_without_returning(connection).await?;
    Ok(())
}

async fn find(connection: &impl ConnectionTrait, scope: &str) -> Result<Option<data_key::Model>, DbErr> {
    data_key::Entity::find_by_id(scope).one(connection).await
}

/// Keeps `key`, unless another process was first; answers what is kept.
async fn keep(
    database: &Database,
    master: &SecretKey,
    workspace: Option<WorkspaceId>,
    key: &SecretKey,
    now: DateTime<Utc>,
) -> ServiceResult<data_key::Model> {
    let row = row_of(master, workspace, key, now)?;
    let scope = scope_of(workspace);
    let transaction = database.write_transaction().await?;
    let first_wins = OnConflict::column(data_key::Column::Scope).do_nothing().to_owned();
    data_key::Entity::insert(row)
        .on_conflict(first_wins)
        .exec_without_returning(&transaction)
        .await?;
    let kept = find(&transaction, &scope).await?;
    commit_untold(transaction, Untold::DataKey).await?;
    kept.ok_or(ServiceError::Unsealed)
}

fn row_of(
    master: &SecretKey,
    workspace: Option<WorkspaceId>,
    key: &SecretKey,
    now: DateTime<Utc>,
) -> ServiceResult<data_key::ActiveModel> {
    let scope = scope_of(workspace);
    Ok(data_key::ActiveModel {
        wrapped: Set(master.wrap_key(&scope, key)?),
        scope: Set(scope),
        workspace_id: Set(workspace.map(|id| -> Uuid { id.as_uuid() })),
        master: Set(master.fingerprint()),
        created_at: Set(now),
    })
}

fn scope_of(workspace: Option<WorkspaceId>) -> String {
    workspace.map_or_else(|| data_key::Model::INSTANCE.to_owned(), |id| id.to_string())
}
