//! One session: signed in, kept in a pool, told to stop.

use std::{net::SocketAddr, time::Duration};

use deadpool::managed::{Manager, Metrics, RecycleError, RecycleResult};
use mysql_async::{Conn, Opts, OptsBuilder, SslOpts, prelude::Queryable as _};
use shared::connection::TlsMode;

use super::{
    failure::{explain, explain_sign_in},
    probe::{Features, TimeLimit, probe},
};
use crate::{
    connector::{
        DatabaseError, DatabaseFault, EgressRules, ServerTarget,
        server::{SIGN_IN_TIME, Session},
        tls::authorities,
    },
    error::EngineError,
};

/// A row that is longer is refused, so that a hostile server does not fill the memory with one.
const MOST_ROW_BYTES: usize = 64 << 20;

/// A kept session that does not answer by then is replaced by a new one.
const PING_TIME: Duration = Duration::from_secs(2);

/// Queries print texts with backslashes as the server reads them from the start, and differences of unsigned numbers may be
/// below zero.
const SQL_MODE: &str = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_UNSIGNED_SUBTRACTION";

/// Makes sessions for the pool.
#[derive(Debug)]
pub struct MysqlSessions {
    target: ServerTarget,
    rules: EgressRules,
    /// `None`: in plain text.
    tls: Option<SslOpts>,
}

pub struct MysqlSession {
    pub conn: Conn,
    pub features: Features,
    /// To the address that was judged and dialled.
    opts: Opts,
}

impl std::fmt::Debug for MysqlSession {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("MysqlSession")
    }
}

impl MysqlSessions {
    pub fn new(target: ServerTarget, rules: EgressRules) -> Result<Self, DatabaseError> {
        let tls = tls(&target)?;
        Ok(Self { target, rules, tls })
    }

    fn opts(&self, address: SocketAddr) -> Opts {
        let host = self
            .target
            .host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        OptsBuilder::default()
            .ip_or_hostname(host)
            .resolved_ips(Some(vec![address.ip()]))
            .tcp_port(address.port())
            // A server on this machine would tell the driver of a socket that nobody has judged.
            .prefer_socket(false)
            .user(Some(self.target.user.clone()))
            .pass(self.target.password.as_ref().map(|password| password.to_string()))
            .db_name(Some(self.target.database.clone()))
            .max_allowed_packet(Some(MOST_ROW_BYTES))
            .stmt_cache_size(0)
            .ssl_opts(self.tls.clone())
            .into()
    }

    async fn sign_in(&self) -> Result<MysqlSession, DatabaseError> {
        let address = self.rules.answering(&self.target.host, self.target.port).await?;
        let opts = self.opts(address);
        let mut conn = Conn::new(opts.clone()).await.map_err(explain_sign_in)?;
        let features = probe(&mut conn).await?;
        Ok(MysqlSession { conn, features, opts })
    }
}

fn tls(target: &ServerTarget) -> Result<Option<SslOpts>, DatabaseError> {
    let options = SslOpts::default();
    Ok(match target.tls {
        TlsMode::Off => None,
        TlsMode::Verify => {
            let known = authorities(target.certificate.as_deref())?;
            let known = known.into_iter().map(|certificate| certificate.to_vec().into());
            let options = options.with_disable_built_in_roots(true);
            Some(options.with_root_certs(known.collect()))
        }
        TlsMode::Encrypt => {
            let options = options.with_danger_accept_invalid_certs(true);
            Some(options.with_danger_skip_domain_validation(true))
        }
    })
}

impl Manager for MysqlSessions {
    type Type = MysqlSession;
    type Error = DatabaseError;

    async fn create(&self) -> Result<MysqlSession, DatabaseError> {
        let late = || DatabaseError::new(DatabaseFault::NoAnswer, "signing in took too long");
        tokio::time::timeout(SIGN_IN_TIME, self.sign_in())
            .await
            .map_err(|_| late())?
    }

    async fn recycle(&self, session: &mut MysqlSession, _: &Metrics) -> RecycleResult<DatabaseError> {
        let answer = tokio::time::timeout(PING_TIME, session.conn.ping()).await;
        match answer {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(RecycleError::message("the session ended")),
        }
    }
}

impl Session for MysqlSession {
    async fn begin(&mut self, timeout: Duration) -> Result<(), EngineError> {
        let limit = match self.features.limit {
            TimeLimit::ExecutionTime => format!(", max_execution_time = {}", timeout.as_millis()),
            TimeLimit::StatementTime => format!(", max_statement_time = {}", timeout.as_secs_f64()),
            TimeLimit::None => String::new(),
        };
        let settings = format!("SET SESSION time_zone = '+00:00', sql_mode = '{SQL_MODE}'{limit}");
        self.conn.query_drop(settings).await.map_err(explain)?;
        let begin = self.conn.query_drop("START TRANSACTION READ ONLY");
        Ok(begin.await.map_err(explain)?)
    }

    async fn end(&mut self) -> Result<(), EngineError> {
        Ok(self.conn.query_drop("ROLLBACK").await.map_err(explain)?)
    }

    /// By a session of its own, which ends this one on the server.
    fn abandon(self) {
        let Self { conn, opts, .. } = self;
        // Outside of a runtime there is nobody to carry the message; the server's own time limit holds.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let stopped = tokio::time::timeout(SIGN_IN_TIME, async {
                    let mut other = Conn::new(opts).await?;
                    other.query_drop(format!("KILL {}", conn.id())).await?;
                    other.disconnect().await
                });
                match stopped.await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::debug!(%error, "a connected database could not be told to stop"),
                    Err(_) => tracing::debug!("a connected database did not take the word to stop in time"),
                }
                drop(conn);
            });
        }
    }
}
