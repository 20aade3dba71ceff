//! One session: signed in, kept in a pool, told to stop.

use std::{net::SocketAddr, time::Duration};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_postgres::{
    CancelToken, Client, Config, NoTls,
    config::SslMode,
    tls::{MakeTlsConnect, TlsConnect},
};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::{explain, explain_sign_in};
use crate::{
    connector::{
        DatabaseError, DatabaseFault, EgressRules, ServerTarget,
        server::{SIGN_IN_TIME, Session},
        tls::connector,
    },
    error::EngineError,
};

/// From one word to stop to the next, while the session still works.
const STOP_AGAIN: Duration = Duration::from_millis(250);
const STOP_TIMES: u32 = 40;

/// Makes sessions for the pool.
#[derive(Debug)]
pub struct PostgresSessions {
    target: ServerTarget,
    rules: EgressRules,
    /// `None`: in plain text.
    tls: Option<Tls>,
}

#[derive(Clone)]
struct Tls(MakeRustlsConnect);

impl std::fmt::Debug for Tls {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Tls")
    }
}

pub struct PostgresSession {
    pub client: Client,
    driver: JoinHandle<()>,
    stop: Stop,
}

/// How the server is told to stop: a connection of its own to the address that was judged and dialled.
struct Stop {
    token: CancelToken,
    address: Option<SocketAddr>,
    rules: EgressRules,
    tls: Option<Tls>,
    host: String,
}

impl std::fmt::Debug for PostgresSession {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("PostgresSession")
    }
}

impl PostgresSessions {
    pub fn new(target: ServerTarget, rules: EgressRules) -> Result<Self, DatabaseError> {
        let tls = connector(target.tls, target.certificate.as_deref())?.map(|tls| Tls(MakeRustlsConnect::new(tls)));
        Ok(Self { target, rules, tls })
    }

    fn config(&self) -> Config {
        let mut config = Config::new();
        config
            .user(&self.target.user)
            .dbname(&self.target.database)
            .application_name("Sightline")
            .ssl_mode(if self.tls.is_some() {
                SslMode::Require
            } else {
                SslMode::Disable
            });
        if let Some(password) = &self.target.password {
            config.password(password.as_bytes());
        }
        config
    }

    async fn sign_in(&self) -> Result<PostgresSession, DatabaseError> {
        let stream = self.rules.connect(&self.target.host, self.target.port).await;
        let stream = stream.map_err(DatabaseError::from)?;
        let address = stream.peer_addr().ok();
        let config = self.config();
        let (client, driver) = match &self.tls {
            Some(tls) => {
                let connect = tls_for(tls, &self.target.host)?;
                let (client, connection) = config.connect_raw(stream, connect).await.map_err(explain_sign_in)?;
                (client, tokio::spawn(drive(connection)))
            }
            None => {
                let (client, connection) = config.connect_raw(stream, NoTls).await.map_err(explain_sign_in)?;
                (client, tokio::spawn(drive(connection)))
            }
        };
        let stop = Stop {
            token: client.cancel_token(),
            address,
            rules: self.rules.clone(),
            tls: self.tls.clone(),
            host: self.target.host.clone(),
        };
        Ok(PostgresSession { client, driver, stop })
    }
}

/// Carries messages until the session ends; what goes wrong is told to whoever waits for an answer.
async fn drive(connection: impl Future<Output = Result<(), tokio_postgres::Error>> + Send) {
    if let Err(error) = connection.await {
        tracing::debug!(%error, "a session of a connected database ended");
    }
}

fn tls_for(
    tls: &Tls,
    host: &str,
) -> Result<impl TlsConnect<TcpStream, Stream: Send + 'static, Future: Send> + use<>, DatabaseError> {
    let mut make = tls.0.clone();
    MakeTlsConnect::<TcpStream>::make_tls_connect(&mut make, host)
        .map_err(|error| DatabaseError::new(DatabaseFault::Tls, error.to_string()))
}

impl Manager for PostgresSessions {
    type Type = PostgresSession;
    type Error = DatabaseError;

    async fn create(&self) -> Result<PostgresSession, DatabaseError> {
        let late = || DatabaseError::new(DatabaseFault::NoAnswer, "signing in took too long");
        tokio::time::timeout(SIGN_IN_TIME, self.sign_in())
            .await
            .map_err(|_| late())?
    }

    async fn recycle(&self, session: &mut PostgresSession, _: &Metrics) -> RecycleResult<DatabaseError> {
        if session.client.is_closed() {
            return Err(RecycleError::message("the session ended"));
        }
        Ok(())
    }
}

impl Session for PostgresSession {
    async fn begin(&mut self, timeout: Duration) -> Result<(), EngineError> {
        let milliseconds = timeout.as_millis();
        let text = format!(
            "BEGIN TRANSACTION READ ONLY; SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = {milliseconds}; \
             SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'postgres'"
        );
        Ok(self.client.batch_execute(&text).await.map_err(explain)?)
    }

    async fn end(&mut self) -> Result<(), EngineError> {
        Ok(self.client.batch_execute("ROLLBACK").await.map_err(explain)?)
    }

    /// A word that arrives between two statements stops nothing, so it is said again until the session is over: without its
    /// client it ends with what it works on.
    fn abandon(self) {
        let Self {
            client,
            mut driver,
            stop,
        } = self;
        drop(client);
        // Outside of a runtime there is nobody to carry the message; the server's own time limit holds.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                for _ in 0..STOP_TIMES {
                    let _ = tokio::time::timeout(SIGN_IN_TIME, stop.send()).await;
                    if tokio::time::timeout(STOP_AGAIN, &mut driver).await.is_ok() {
                        return;
                    }
                }
                driver.abort();
            });
        }
    }
}

impl Stop {
    async fn send(&self) {
        let Some(address) = self.address else { return };
        let Ok(stream) = self.rules.connect_to(address).await else {
            return;
        };
        let sent = match &self.tls {
            Some(tls) => match tls_for(tls, &self.host) {
                Ok(connect) => self.token.cancel_query_raw(stream, connect).await,
                Err(_) => return,
            },
            None => self.token.cancel_query_raw(stream, NoTls).await,
        };
        if let Err(error) = sent {
            tracing::debug!(%error, "a connected database could not be told to stop");
        }
    }
}
