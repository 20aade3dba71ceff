//! Servers that speak MySQL's protocol, MariaDB among them. What differs between them is asked of the server, not concluded
//! from its name.
//!
//! Queries are sent as prepared statements, which are one statement only; the driver would take several as plain text.

mod decode;
mod failure;
mod probe;
mod schema;
mod session;

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use mysql_async::prelude::Queryable as _;
use plan::sql::SqlDialect;
use shared::connection::{ConnectionFound, DatabaseColumn, DatabaseSchema};
use tokio::sync::OnceCell;
use tokio_util::sync::CancellationToken;

use self::{
    decode::decode,
    failure::explain,
    session::{MysqlSession, MysqlSessions},
};
use super::{
    Connector, DatabaseError, DatabaseFault, EgressRules, Fetch, Fetched, PartWriter, ServerTarget, server::SessionPool,
};
use crate::error::EngineError;

#[derive(Debug)]
struct Mysql {
    sessions: SessionPool<MysqlSessions>,
    dialect: OnceCell<SqlDialect>,
}

impl Connector for Mysql {
    fn dialect<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<SqlDialect, EngineError>> {
        Box::pin(async move {
            let ask = || {
                self.sessions
                    .reading(cancel, async |session| Ok(session.features.dialect))
            };
            self.dialect.get_or_try_init(ask).await.copied()
        })
    }

    fn look<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<ConnectionFound, EngineError>> {
        Box::pin(
            self.sessions
                .reading(cancel, async |session| schema::look(session).await),
        )
    }

    fn schema<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<DatabaseSchema, EngineError>> {
        Box::pin(
            self.sessions
                .reading(cancel, async |session| schema::read(session).await),
        )
    }

    fn describe<'a>(
        &'a self,
        query: &'a str,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Vec<DatabaseColumn>, EngineError>> {
        Box::pin(
            self.sessions
                .reading(cancel, async |session| schema::describe(session, query).await),
        )
    }

    fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Fetched, EngineError>> {
        Box::pin(
            self.sessions
                .reading(cancel, async |session| rows(session, fetch).await),
        )
    }
}

async fn rows(session: &mut MysqlSession, fetch: &Fetch) -> Result<Fetched, EngineError> {
    let statement = session.conn.prep(fetch.sql.as_str()).await.map_err(explain)?;
    // Before it runs: what changes anything gives no columns, and not all of that is refused in a read-only transaction.
    let given = statement.columns().len();
    if given != fetch.columns.len() {
        let detail = format!("{given} columns came, {} were expected", fetch.columns.len());
        return Err(DatabaseError::new(DatabaseFault::Query, detail).into());
    }
    let mut result = session.conn.exec_iter(&statement, ()).await.map_err(explain)?;
    let kinds: Vec<_> = fetch.columns.iter().map(|(_, kind)| *kind).collect();
    let mut writer = PartWriter::new(fetch);
    while let Some(row) = result.next().await.map_err(explain)? {
        let values = decode(row, &kinds)?;
        if writer.push(values.into_iter())? {
            writer = writer.flush_aside().await?;
        }
    }
    drop(result);
    session.conn.close(statement).await.map_err(explain)?;
    writer.finish_aside().await
}

/// `timeout`: of one query. Nothing is dialled yet.
///
/// # Errors
/// A certificate that is none.
pub fn connector(
    target: ServerTarget,
    rules: EgressRules,
    timeout: Duration,
) -> Result<Arc<dyn Connector>, EngineError> {
    let sessions = SessionPool::new(MysqlSessions::new(target, rules)?, timeout)?;
    let dialect = OnceCell::new();
    Ok(Arc::new(Mysql { sessions, dialect }))
}
