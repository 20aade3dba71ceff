use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, ExecResult, QueryResult, Statement,
    TransactionOptions, TransactionTrait, prelude::Uuid,
};

/// Reads inside one workspace. On PostgreSQL the database itself hides the rows of all others (row-level security,
/// migration `m0009`), so that a statement which forgets to name its workspace finds nothing of theirs; that costs two
/// round trips more for each statement. SQLite has no such thing: there statements run as they are.
#[derive(Clone, Copy, Debug)]
pub struct WorkspaceReader<'a> {
    connection: &'a DatabaseConnection,
    workspace_id: Uuid,
}

impl<'a> WorkspaceReader<'a> {
    pub(crate) const fn new(connection: &'a DatabaseConnection, workspace_id: Uuid) -> Self {
        Self {
            connection,
            workspace_id,
        }
    }

    /// A transaction that sees this workspace alone and cannot write; `None` where the database has no such wall.
    async fn behind_wall(&self) -> Result<Option<DatabaseTransaction>, DbErr> {
        if self.connection.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let transaction = self
            .connection
            .begin_with_options(TransactionOptions::default())
            .await?;
        let sql = "SELECT set_config('transaction_read_only', 'on', true), set_config('sightline.workspace', $1, true)";
        set(&transaction, sql, self.workspace_id).await?;
        Ok(Some(transaction))
    }
}

/// Lets `transaction` see and write rows of one workspace only, until it ends. Nothing on SQLite.
///
/// # Errors
/// When the database fails.
pub(crate) async fn stay_in_workspace(transaction: &DatabaseTransaction, workspace_id: Uuid) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        let sql = "SELECT set_config('sightline.workspace', $1, true)";
        set(transaction, sql, workspace_id).await?;
    }
    Ok(())
}

async fn set(transaction: &DatabaseTransaction, sql: &str, workspace_id: Uuid) -> Result<(), DbErr> {
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [workspace_id.to_string().into()]);
    transaction.query_one_raw(statement).await.map(drop)
}

// A transaction that only read is dropped, which rolls it back when its connection returns to the pool: one round trip
// that nobody waits for.
#[async_trait::async_trait]
impl ConnectionTrait for WorkspaceReader<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.connection.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        match self.behind_wall().await? {
            Some(transaction) => transaction.execute_raw(statement).await,
            None => self.connection.execute_raw(statement).await,
        }
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        match self.behind_wall().await? {
            Some(transaction) => transaction.execute_unprepared(sql).await,
            None => self.connection.execute_unprepared(sql).await,
        }
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        match self.behind_wall().await? {
            Some(transaction) => transaction.query_one_raw(statement).await,
            None => self.connection.query_one_raw(statement).await,
        }
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        match self.behind_wall().await? {
            Some(transaction) => transaction.query_all_raw(statement).await,
            None => self.connection.query_all_raw(statement).await,
        }
    }
}
