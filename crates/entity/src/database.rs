use std::time::Duration;

use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr,
    IsolationLevel, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
    prelude::Uuid,
    sqlx::{Connection as _, Sqlite, pool::PoolOptions},
};

use crate::{
    EntityError,
    workspace_reader::{WorkspaceReader, stay_in_workspace},
};

/// How long a request waits for a connection or for SQLite's write lock before it is told to come back.
const WAIT: Duration = Duration::from_secs(10);
const POSTGRES_CONNECTIONS: u32 = 16;
const SQLITE_READERS: u32 = 6;

/// The metadata database. Reads go to `reader()`, every change through `write_transaction()`.
///
/// On SQLite these are two pools: readers that cannot write, and one writer, so that writers queue here instead of meeting
/// `SQLITE_BUSY`. On Postgres both are the same pool.
#[derive(Clone, Debug)]
pub struct Database {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
}

impl Database {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://…`. Applies no migrations.
    ///
    /// # Errors
    /// `Connect` when the server does not answer, the file cannot be opened or the URL is of another kind.
    pub async fn connect(url: &str) -> Result<Self, EntityError> {
        if url.starts_with("sqlite:") {
            // The writer comes first: it makes the file and turns the write-ahead log on.
            let writer = open(sqlite_options(url, 1, false)).await?;
            let reader = open(sqlite_options(url, SQLITE_READERS, true)).await?;
            Ok(Self { reader, writer })
        } else {
            let pool = open(postgres_options(url)).await?;
            Ok(Self {
                reader: pool.clone(),
                writer: pool,
            })
        }
    }

    /// For statements that only read, and belong to no workspace or to several. On SQLite a write on it fails.
    pub const fn reader(&self) -> &DatabaseConnection {
        &self.reader
    }

    /// For statements that only read inside one workspace.
    pub const fn workspace_reader(&self, workspace_id: Uuid) -> WorkspaceReader<'_> {
        WorkspaceReader::new(&self.reader, workspace_id)
    }

    /// As `write_transaction`, seeing and writing rows of one workspace only where the database knows such a wall: see
    /// [`WorkspaceReader`].
    ///
    /// # Errors
    /// As `write_transaction`.
    pub async fn workspace_transaction(&self, workspace_id: Uuid) -> Result<DatabaseTransaction, DbErr> {
        let transaction = self.write_transaction().await?;
        stay_in_workspace(&transaction, workspace_id).await?;
        Ok(transaction)
    }

    /// Starts a transaction that may write; dropped without `commit()` it leaves no trace. On SQLite it holds the write lock
    /// from its first moment (`BEGIN IMMEDIATE`): start no second one, and do no slow work, while it is open.
    ///
    /// # Errors
    /// When no connection, or not the write lock, was to be had within 10 s.
    pub async fn write_transaction(&self) -> Result<DatabaseTransaction, DbErr> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        self.writer.begin_with_options(options).await
    }

    /// Starts a transaction that only reads and sees all tables as they are at its first statement.
    ///
    /// # Errors
    /// When no connection was to be had within 10 s.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        // A reading transaction on SQLite is that by itself, and it knows no levels.
        let options = match self.reader.get_database_backend() {
            DbBackend::Sqlite => TransactionOptions::default(),
            _ => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                sqlite_transaction_mode: None,
            },
        };
        self.reader.begin_with_options(options).await
    }

    /// Whether PostgreSQL holds this program's role to its row-level security, see [`WorkspaceReader`]; superusers stand above
    /// it. `None` on SQLite, which has none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_held_to_wall(&self) -> Result<Option<bool>, DbErr> {
        if self.reader.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let sql = "SELECT NOT (rolsuper OR rolbypassrls) AS held FROM pg_roles WHERE rolname = current_user";
        let statement = Statement::from_string(DbBackend::Postgres, sql);
        let row = self.reader.query_one_raw(statement).await?;
        row.map(|row| row.try_get("", "held")).transpose()
    }

    /// Calls `observe` after every statement of this handle and of clones made from it, for counting them.
    pub fn observe(&mut self, observe: impl Fn() + Clone + Send + Sync + 'static) {
        let other = observe.clone();
        self.reader.set_metric_callback(move |_| observe());
        self.writer.set_metric_callback(move |_| other());
    }

    /// The connection migrations run on.
    pub const fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Closes all connections; on SQLite this folds the write-ahead log into the file.
    ///
    /// # Errors
    /// When the last checkpoint cannot be written.
    pub async fn close(self) -> Result<(), DbErr> {
        self.reader.close().await?;
        self.writer.close().await
    }
}

async fn open(options: ConnectOptions) -> Result<DatabaseConnection, EntityError> {
    sea_orm::Database::connect(options).await.map_err(EntityError::Connect)
}

fn sqlite_options(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .min_connections(1)
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_pool_opts(move |pool| if read_only { pool } else { discard_broken(pool) })
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                .create_if_missing(!read_only)
                .busy_timeout(WAIT)
                .foreign_keys(true)
                .pragma("journal_mode", "WAL")
                // NORMAL may lose acknowledged commits when the power fails.
                .pragma("synchronous", "FULL")
                .pragma("trusted_schema", "OFF")
                .pragma("query_only", if read_only { "ON" } else { "OFF" })
        });
    options
}

/// On some failures, a full disk among them, SQLite ends the transaction by itself. Rolling it back fails then, the driver
/// goes on counting it as open, and what is committed later would be acknowledged without ever being written. Such a
/// connection is not used again.
fn discard_broken(pool: PoolOptions<Sqlite>) -> PoolOptions<Sqlite> {
    pool.after_release(|connection, _| {
        Box::pin(async move {
            // Behind the roll-back that a dropped transaction has sent.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

fn postgres_options(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(POSTGRES_CONNECTIONS)
        .acquire_timeout(WAIT)
        .connect_timeout(WAIT)
        .set_application_name("sightline")
        .statement_timeout(Duration::from_secs(30))
        .sqlx_logging(false);
    options
}
