//! Servers that speak PostgreSQL's protocol.
//!
//! Queries are sent by the extended protocol, which takes one statement only.

mod decode;
mod failure;
mod schema;
mod session;

use std::{sync::Arc, time::Duration};

use futures::{TryStreamExt as _, future::BoxFuture};
use plan::sql::SqlDialect;
use shared::connection::{ConnectionFound, DatabaseColumn, DatabaseSchema};
use tokio_util::sync::CancellationToken;

use self::{
    decode::decode,
    failure::explain,
    session::{PostgresSession, PostgresSessions},
};
use super::{
    Connector, DatabaseError, DatabaseFault, EgressRules, Fetch, Fetched, PartWriter, ServerTarget, server::SessionPool,
};
use crate::error::EngineError;

#[derive(Debug)]
struct Postgres(SessionPool<PostgresSessions>);

impl Connector for Postgres {
    fn dialect<'a>(&'a self, _: &'a CancellationToken) -> BoxFuture<'a, Result<SqlDialect, EngineError>> {
        Box::pin(async { Ok(SqlDialect::Postgres) })
    }

    fn look<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<ConnectionFound, EngineError>> {
        Box::pin(self.0.reading(cancel, async |session| schema::look(session).await))
    }

    fn schema<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<DatabaseSchema, EngineError>> {
        Box::pin(self.0.reading(cancel, async |session| schema::read(session).await))
    }

    fn describe<'a>(
        &'a self,
        query: &'a str,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Vec<DatabaseColumn>, EngineError>> {
        Box::pin(
            self.0
                .reading(cancel, async |session| schema::describe(session, query).await),
        )
    }

    fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Fetched, EngineError>> {
        Box::pin(self.0.reading(cancel, async |session| rows(session, fetch).await))
    }
}

async fn rows(session: &PostgresSession, fetch: &Fetch) -> Result<Fetched, EngineError> {
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
            writer = writer.flush_aside().await?;
        }
    }
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
    let sessions = PostgresSessions::new(target, rules)?;
    Ok(Arc::new(Postgres(SessionPool::new(sessions, timeout)?)))
}
