//! Servers that speak PostgreSQL's protocol.
//!
//! Each query is a read-only transaction of its own with the limits set inside it, so that a pooler between may hand the
//! session to others afterwards, and is sent by the extended protocol, which takes one statement only.

mod decode;
mod failure;
mod schema;
mod session;
mod tls;

use std::{sync::Arc, time::Duration};

use deadpool::managed::{Object, Pool, PoolError, Timeouts};
use futures::{TryStreamExt as _, future::BoxFuture};
use plan::sql::SqlDialect;
use shared::connection::{ConnectionFound, DatabaseColumn, DatabaseSchema, TlsMode};
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use self::{
    decode::decode,
    failure::explain,
    session::{Session, Sessions},
};
use super::{Connector, DatabaseError, DatabaseFault, EgressRules, Fetch, Fetched, PartWriter};
use crate::error::EngineError;

/// Where a server is, and as whom it is asked.
#[derive(Clone)]
pub struct PostgresTarget {
    pub host: String,
    pub port: u16,
    pub database: String,
    pub user: String,
    pub password: Option<Zeroizing<String>>,
    pub tls: TlsMode,
    /// PEM.
    pub certificate: Option<String>,
}

impl std::fmt::Debug for PostgresTarget {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "PostgresTarget({}:{})", self.host, self.port)
    }
}

/// Sessions of one connection at the same time; more wait.
const SESSIONS: usize = 4;

#[derive(Debug)]
pub struct Postgres {
    pool: Pool<Sessions>,
    timeout: Duration,
}

impl Postgres {
    /// `timeout`: of one query, and of waiting for a session. Nothing is dialled yet.
    ///
    /// # Errors
    /// A certificate that is none.
    pub fn new(target: PostgresTarget, rules: EgressRules, timeout: Duration) -> Result<Self, EngineError> {
        let sessions = Sessions::new(target, rules)?;
        let pool = Pool::builder(sessions)
            .max_size(SESSIONS)
            .build()
            .map_err(|error| EngineError::Protocol(format!("making a pool: {error}")))?;
        Ok(Self { pool, timeout })
    }

    async fn session(&self) -> Result<Object<Sessions>, EngineError> {
        let timeouts = Timeouts::default();
        let waiting = tokio::time::timeout(self.timeout, self.pool.timeout_get(&timeouts));
        match waiting.await {
            Ok(Ok(session)) => Ok(session),
            Ok(Err(PoolError::Backend(error))) => Err(error.into()),
            Ok(Err(error)) => Err(EngineError::Protocol(format!("waiting for a session: {error}"))),
            Err(_) => Err(EngineError::Busy { waited: self.timeout }),
        }
    }

    /// Runs `work` in a read-only transaction. When it is cancelled, times out or is dropped, the server is told to stop and
    /// the session is not used again.
    async fn reading<T>(
        &self,
        cancel: &CancellationToken,
        work: impl AsyncFnOnce(&Session) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let session = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(EngineError::Cancelled),
            session = self.session() => session?,
        };
        let mut running = Running::new(session);
        let worked = async {
            let session = running.session()?;
            session.begin(self.timeout).await?;
            work(session).await
        };
        let worked = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(EngineError::Cancelled),
            // The server stops by itself; this is for one that does not answer any more.
            worked = tokio::time::timeout(self.timeout + Duration::from_secs(2), worked) => worked,
        };
        let worked = worked.unwrap_or(Err(EngineError::TimedOut { limit: self.timeout }));
        if worked.as_ref().map_or_else(is_answered, |_| true) {
            running.finish().await;
        }
        worked
    }
}

/// Did the server itself end the query, so that nothing of it is on its way any more?
fn is_answered(error: &EngineError) -> bool {
    let EngineError::Database(error) = error else {
        return false;
    };
    match error.fault {
        DatabaseFault::NoRight | DatabaseFault::Gone | DatabaseFault::TooLong | DatabaseFault::Query => true,
        DatabaseFault::UnknownHost
        | DatabaseFault::NotAllowed
        | DatabaseFault::NothingListens
        | DatabaseFault::NoAnswer
        | DatabaseFault::NoTls
        | DatabaseFault::Tls
        | DatabaseFault::Certificate
        | DatabaseFault::SignIn
        | DatabaseFault::UnknownDatabase
        | DatabaseFault::Full
        | DatabaseFault::Value
        | DatabaseFault::OtherProtocol
        | DatabaseFault::Lost
        | DatabaseFault::NoDatabaseFile => false,
    }
}

/// A session in the middle of a transaction.
struct Running(Option<Object<Sessions>>);

impl Running {
    const fn new(session: Object<Sessions>) -> Self {
        Self(Some(session))
    }

    fn session(&self) -> Result<&Session, EngineError> {
        let session = self.0.as_deref();
        session.ok_or_else(|| EngineError::Protocol("a session was taken twice".to_owned()))
    }

    /// Ends the transaction and gives the session back, unless it broke.
    async fn finish(&mut self) {
        let Some(session) = self.0.take() else { return };
        if session.end().await.is_err() {
            drop(Object::take(session));
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(session) = self.0.take() {
            Object::take(session).abandon();
        }
    }
}

impl Connector for Postgres {
    fn dialect(&self) -> SqlDialect {
        SqlDialect::Postgres
    }

    fn look<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<ConnectionFound, EngineError>> {
        Box::pin(self.reading(cancel, async |session| schema::look(session).await))
    }

    fn schema<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<DatabaseSchema, EngineError>> {
        Box::pin(self.reading(cancel, async |session| schema::read(session).await))
    }

    fn describe<'a>(
        &'a self,
        query: &'a str,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Vec<DatabaseColumn>, EngineError>> {
        Box::pin(self.reading(cancel, async |session| schema::describe(session, query).await))
    }

    fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Fetched, EngineError>> {
        Box::pin(self.reading(cancel, async |session| rows(session, fetch).await))
    }
}

async fn rows(session: &Session, fetch: &Fetch) -> Result<Fetched, EngineError> {
    let statement = session.client.prepare(&fetch.sql).await.map_err(explain)?;
    let given = statement.columns();
    if given.len() != fetch.columns.len() {
        let detail = format!("{} columns came, {} were expected", given.len(), fetch.columns.len());
        return Err(DatabaseError::new(DatabaseFault::Query, detail).into());
    }
    let kinds: Vec<_> = fetch.columns.iter().map(|(_, kind)| *kind).collect();
    let none: [&(dyn tokio_postgres::types::ToSql + Sync); 0] = [];
    let stream = session.client.query_raw(&statement, none).await.map_err(explain)?;
    tokio::pin!(stream);
    let mut writer = PartWriter::new(fetch);
    while let Some(row) = stream.try_next().await.map_err(explain)? {
        let values = decode(&row, &kinds)?;
        if writer.push(values.into_iter())? {
            writer = on_disk(writer, |writer| writer.flush()).await?;
        }
    }
    tokio::task::spawn_blocking(move || writer.finish())
        .await
        .map_err(|error| EngineError::Protocol(format!("writing fetched rows: {error}")))?
}

/// Writing is work for a thread of its own.
async fn on_disk(
    mut writer: PartWriter,
    write: impl FnOnce(&mut PartWriter) -> Result<(), EngineError> + Send + 'static,
) -> Result<PartWriter, EngineError> {
    tokio::task::spawn_blocking(move || write(&mut writer).map(|()| writer))
        .await
        .map_err(|error| EngineError::Protocol(format!("writing fetched rows: {error}")))?
}

/// A connector as the engine hands it out.
pub fn connector(
    target: PostgresTarget,
    rules: EgressRules,
    timeout: Duration,
) -> Result<Arc<dyn Connector>, EngineError> {
    Ok(Arc::new(Postgres::new(target, rules, timeout)?))
}
