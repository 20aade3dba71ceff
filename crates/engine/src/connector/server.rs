//! Servers that are signed in to: where they are, and their sessions.
//!
//! Each query is a read-only transaction of its own with its limits set inside, so that a pooler between may hand the session
//! to others afterwards.

use std::time::Duration;

use deadpool::managed::{Manager, Object, Pool, PoolError, Timeouts};
use shared::connection::TlsMode;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{DatabaseError, DatabaseFault};
use crate::error::EngineError;

/// Where a server is, and as whom it is asked.
#[derive(Clone)]
pub struct ServerTarget {
    pub host: String,
    pub port: u16,
    pub database: String,
    pub user: String,
    pub password: Option<Zeroizing<String>>,
    pub tls: TlsMode,
    /// PEM.
    pub certificate: Option<String>,
}

impl std::fmt::Debug for ServerTarget {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ServerTarget({}:{})", self.host, self.port)
    }
}

/// Sessions of one connection at the same time; more wait.
const SESSIONS: usize = 4;

/// From dialling to being signed in.
pub const SIGN_IN_TIME: Duration = Duration::from_secs(10);

/// One that was signed in.
pub trait Session: Send {
    /// Begins a transaction that only reads, with limits that hold inside it.
    fn begin(&mut self, timeout: Duration) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// Ends the transaction.
    fn end(&mut self) -> impl Future<Output = Result<(), EngineError>> + Send;

    /// Tells the server to stop what the session does, and ends it; returns at once.
    fn abandon(self);
}

/// The sessions of one connection.
pub struct SessionPool<M: Manager> {
    pool: Pool<M>,
    timeout: Duration,
}

impl<M: Manager> std::fmt::Debug for SessionPool<M> {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("SessionPool")
            .field("pool", &self.pool.status())
            .finish_non_exhaustive()
    }
}

impl<M: Manager<Error = DatabaseError>> SessionPool<M>
where
    M::Type: Session,
{
    /// `timeout`: of one query, and of waiting for a session. Nothing is dialled yet.
    ///
    /// # Errors
    /// None that was seen; the pool has a place for them.
    pub fn new(manager: M, timeout: Duration) -> Result<Self, EngineError> {
        let pool = Pool::builder(manager)
            .max_size(SESSIONS)
            .build()
            .map_err(|error| EngineError::Protocol(format!("making a pool: {error}")))?;
        Ok(Self { pool, timeout })
    }

    async fn session(&self) -> Result<Object<M>, EngineError> {
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
    ///
    /// # Errors
    /// As `work`; cancel, time-out, and what keeps a session from being made.
    pub async fn reading<T>(
        &self,
        cancel: &CancellationToken,
        work: impl AsyncFnOnce(&mut M::Type) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let session = tokio::select! {
            biased;
            () = cancel.cancelled() => return Err(EngineError::Cancelled),
            session = self.session() => session?,
        };
        let mut running = Running(Some(session));
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
        | DatabaseFault::TooOld
        | DatabaseFault::Lost
        | DatabaseFault::NoDatabaseFile => false,
    }
}

/// A session in the middle of a transaction.
struct Running<M: Manager>(Option<Object<M>>)
where
    M::Type: Session;

impl<M: Manager> Running<M>
where
    M::Type: Session,
{
    fn session(&mut self) -> Result<&mut M::Type, EngineError> {
        let session = self.0.as_deref_mut();
        session.ok_or_else(|| EngineError::Protocol("a session was taken twice".to_owned()))
    }

    /// Ends the transaction and gives the session back, unless it broke.
    async fn finish(&mut self) {
        let Some(mut session) = self.0.take() else { return };
        if session.end().await.is_err() {
            drop(Object::take(session));
        }
    }
}

impl<M: Manager> Drop for Running<M>
where
    M::Type: Session,
{
    fn drop(&mut self) {
        if let Some(session) = self.0.take() {
            Object::take(session).abandon();
        }
    }
}
