//! Databases, one folder per kind behind one trait: what a connection can say about itself, and how rows are fetched.
//!
//! Rows come as Parquet parts in a folder of the asker's, so that memory stays flat and the worker that finishes the query
//! reads them as it reads datasets.

mod cells;
mod egress;
mod failure;
pub(crate) mod mysql;
mod part;
pub(crate) mod postgres;
mod server;
pub(crate) mod sqlite;
mod tls;

use std::{fmt, path::PathBuf};

use futures::future::BoxFuture;
use plan::sql::SqlDialect;
use serde::{Deserialize, Serialize};
use shared::{
    AppError,
    connection::{ConnectionFound, DatabaseColumn, DatabaseSchema},
    table::ColumnType,
};
use tokio_util::sync::CancellationToken;

pub use cells::Value;
pub use egress::{EgressError, EgressRules};
pub use failure::{DatabaseError, DatabaseFault};
pub use part::{PartLimits, PartWriter};
pub use server::ServerTarget;

use crate::error::EngineError;

/// A query as it is sent, and where its rows go.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fetch {
    /// One read-only query, printed by us.
    pub sql: String,
    /// What it gives, by position.
    pub columns: Vec<(String, ColumnType)>,
    /// An existing folder; parts are written there as `{stem}-{number}.parquet`.
    pub folder: PathBuf,
    pub stem: String,
    pub limits: PartLimits,
}

/// Rows that were fetched, in the order they came; at least one part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fetched {
    pub parts: Vec<PathBuf>,
    pub rows: u64,
}

/// One database. Sessions only read, and end with the query's limit.
pub trait Connector: fmt::Debug + Send + Sync {
    /// How queries are written for it; a server may have to be asked once.
    ///
    /// # Errors
    /// As `look`.
    fn dialect<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<SqlDialect, EngineError>>;

    /// What is there, or in words why it cannot be reached.
    ///
    /// # Errors
    /// `EngineError::Database`, cancel, time-out.
    fn look<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<ConnectionFound, EngineError>>;

    /// Tables and views that the role can read.
    ///
    /// # Errors
    /// As `look`.
    fn schema<'a>(&'a self, cancel: &'a CancellationToken) -> BoxFuture<'a, Result<DatabaseSchema, EngineError>>;

    /// The columns that a query of the asker's own gives, which was checked before.
    ///
    /// # Errors
    /// As `look`; a name that two columns have.
    fn describe<'a>(
        &'a self,
        query: &'a str,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Vec<DatabaseColumn>, EngineError>>;

    /// # Errors
    /// As `look`; `limit` for more rows or bytes than the limits say.
    fn fetch<'a>(
        &'a self,
        fetch: &'a Fetch,
        cancel: &'a CancellationToken,
    ) -> BoxFuture<'a, Result<Fetched, EngineError>>;
}

/// Two columns of a query have one name.
fn twice(name: &str) -> EngineError {
    let message = format!("The query gives two columns called {name}.");
    EngineError::Refused {
        public: AppError::invalid("sql", message).with_hint("Give each a name of its own with AS."),
        detail: None,
    }
}
