use sea_orm_migration::{
    prelude::*,
    sea_orm::{
        ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
        TransactionOptions, TransactionTrait,
    },
};

use crate::{
    MigrateError, m0001_identity, m0002_content, m0003_sharing, m0004_audit, m0005_account_protection, m0006_data_keys,
    m0007_usage, m0008_groups_and_rights, m0009_workspace_wall, m0010_connections,
};

/// Every migration, oldest first. A released migration is never edited: a change is a new file at the end.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_identity::Migration),
            Box::new(m0002_content::Migration),
            Box::new(m0003_sharing::Migration),
            Box::new(m0004_audit::Migration),
            Box::new(m0005_account_protection::Migration),
            Box::new(m0006_data_keys::Migration),
            Box::new(m0007_usage::Migration),
            Box::new(m0008_groups_and_rights::Migration),
            Box::new(m0009_workspace_wall::Migration),
            Box::new(m0010_connections::Migration),
        ]
    }
}

/// Names of all migrations this program knows, oldest first.
pub fn names() -> Vec<String> {
    Migrator::migrations().iter().map(|one| one.name().to_owned()).collect()
}

/// Any fixed number: servers that start together on one Postgres queue behind it.
const ADVISORY_LOCK: i64 = 0x0053_4947_4854;

/// Brings the schema up to date and answers the names of the migrations it applied, oldest first.
///
/// All pending migrations run in one transaction, so a process killed at any statement leaves the old schema. The
/// transaction is also the lock: `BEGIN IMMEDIATE` on SQLite, an advisory lock on Postgres.
///
/// # Errors
/// `NewerSchema` when the database knows a migration this binary does not; `Database` when a statement fails.
#[expect(
    clippy::disallowed_methods,
    reason = "the schema itself; the audit log begins with it"
)]
pub async fn migrate(db: &DatabaseConnection) -> Result<Vec<String>, MigrateError> {
    let options = TransactionOptions {
        sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
        ..Default::default()
    };
    let transaction = db.begin_with_options(options).await?;
    if transaction.get_database_backend() == DbBackend::Postgres {
        let lock = format!("SELECT pg_advisory_xact_lock({ADVISORY_LOCK})");
        transaction
            .execute_raw(Statement::from_string(DbBackend::Postgres, lock))
            .await?;
    }
    refuse_newer_schema(&transaction).await?;
    let pending = Migrator::get_pending_migrations(&transaction)
        .await?
        .iter()
        .map(|one| one.name().to_owned())
        .collect();
    Migrator::up(&transaction, None).await?;
    transaction.commit().await?;
    Ok(pending)
}

async fn refuse_newer_schema(transaction: &DatabaseTransaction) -> Result<(), MigrateError> {
    let known = names();
    let applied = Migrator::get_migration_models(transaction).await?;
    match applied.into_iter().find(|one| !known.contains(&one.version)) {
        Some(unknown) => Err(MigrateError::NewerSchema {
            unknown: unknown.version,
        }),
        None => Ok(()),
    }
}
