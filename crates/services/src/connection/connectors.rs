//! Open ways to databases. One is kept for each state of a connection, with what was seen there; a changed connection gets
//! another.

use std::{sync::Arc, time::Duration};

use engine::{CancellationToken, Connector, Engine, ObjectKey, ServerTarget};
use entity::connection;
use moka::future::Cache;
use shared::{
    connection::{ConnectionOptions, DatabaseColumn, DatabaseSchema, ServerOptions},
    ids::ConnectionId,
};
use zeroize::Zeroizing;

use super::change::password_of;
use crate::{Context, ServiceError, ServiceResult};

/// The state of a connection.
type State = (ConnectionId, i32);

#[derive(Clone, Debug)]
pub struct Connectors {
    open: Cache<State, Arc<dyn Connector>>,
    schemas: Cache<State, Arc<DatabaseSchema>>,
    /// Of stored files, which never change.
    file_schemas: Cache<State, Arc<DatabaseSchema>>,
    queries: Cache<(State, String), Arc<Vec<DatabaseColumn>>>,
}

/// A schema that is older is asked for again.
const SCHEMA_LIFE: Duration = Duration::from_secs(300);
/// Sessions nobody uses end after this long.
const IDLE: Duration = Duration::from_secs(600);

impl Connectors {
    pub fn new() -> Self {
        Self {
            open: Cache::builder().max_capacity(500).time_to_idle(IDLE).build(),
            schemas: Cache::builder().max_capacity(100).time_to_live(SCHEMA_LIFE).build(),
            file_schemas: Cache::new(100),
            queries: Cache::builder().max_capacity(1_000).time_to_live(SCHEMA_LIFE).build(),
        }
    }

    /// The way to the database of a row.
    ///
    /// # Errors
    /// When its password cannot be opened, or its certificate is none.
    pub async fn of(&self, context: &Context, row: &connection::Model) -> ServiceResult<Arc<dyn Connector>> {
        let state = state_of(row);
        if let Some(known) = self.open.get(&state).await {
            return Ok(known);
        }
        let key = row
            .file_id()
            .map(|file| ObjectKey::database_file(row.workspace_id(), file));
        let password = password_of(context, row).await?;
        let connector = connector(context.data()?.engine(), &row.options()?, key, password)?;
        self.open.insert(state, Arc::clone(&connector)).await;
        Ok(connector)
    }

    /// Tables of the database, a server's as they were at most five minutes ago.
    ///
    /// # Errors
    /// As the database says.
    pub async fn schema(&self, context: &Context, row: &connection::Model) -> ServiceResult<Arc<DatabaseSchema>> {
        let connector = self.of(context, row).await?;
        let asked = async {
            let cancel = CancellationToken::new();
            let _dropped = cancel.clone().drop_guard();
            connector.schema(&cancel).await.map(Arc::new)
        };
        let kept = if row.file_id.is_some() {
            &self.file_schemas
        } else {
            &self.schemas
        };
        let schema = kept.try_get_with(state_of(row), asked).await;
        schema.map_err(ServiceError::from)
    }

    /// Forgets what was seen, so that it is looked at anew.
    pub async fn forget_schema(&self, row: &connection::Model) {
        self.schemas.invalidate(&state_of(row)).await;
    }

    /// The columns that a checked query gives.
    ///
    /// # Errors
    /// As the database says.
    pub async fn describe(
        &self,
        context: &Context,
        row: &connection::Model,
        query: &str,
    ) -> ServiceResult<Arc<Vec<DatabaseColumn>>> {
        let connector = self.of(context, row).await?;
        let asked = async {
            let cancel = CancellationToken::new();
            let _dropped = cancel.clone().drop_guard();
            connector.describe(query, &cancel).await.map(Arc::new)
        };
        let columns = self
            .queries
            .try_get_with((state_of(row), query.to_owned()), asked)
            .await;
        columns.map_err(ServiceError::from)
    }
}

fn state_of(row: &connection::Model) -> State {
    (row.id(), row.revision)
}

/// A way to what the options say; `file` is where a SQLite database is stored.
///
/// # Errors
/// A certificate that is none.
pub fn connector(
    engine: &Engine,
    options: &ConnectionOptions,
    file: Option<ObjectKey>,
    password: Option<Zeroizing<String>>,
) -> ServiceResult<Arc<dyn Connector>> {
    match options {
        ConnectionOptions::Postgres(options) => Ok(engine.postgres(target(options, password))?),
        ConnectionOptions::Mysql(options) => Ok(engine.mysql(target(options, password))?),
        ConnectionOptions::Sqlite { .. } => {
            let file = file.ok_or_else(|| shared::AppError::not_found("database file"))?;
            Ok(engine.sqlite(file))
        }
    }
}

fn target(options: &ServerOptions, password: Option<Zeroizing<String>>) -> ServerTarget {
    ServerTarget {
        host: options.host.clone(),
        port: options.port,
        database: options.database.clone(),
        user: options.user.clone(),
        password,
        tls: options.tls,
        certificate: options.certificate.clone(),
    }
}
