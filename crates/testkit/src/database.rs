use std::{env, thread};

use entity::Database;
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use tempfile::TempDir;
use uuid::Uuid;

/// The server tests may make databases on, such as `postgres://user@127.0.0.1:54399/postgres`; `cargo xtask test` sets it.
const POSTGRES_VARIABLE: &str = "SIGHTLINE_TEST_POSTGRES";

/// Who owns the databases: no superuser, since those stand above row-level security.
const ROLE: &str = "sightline_test";

/// Tests that begin together make it together.
const ORDINARY_ROLE: &str = "DO $$ BEGIN
    CREATE ROLE sightline_test LOGIN PASSWORD 'sightline_test';
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$";

/// A migrated database of one test's own; gone when this is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    pub database: Database,
    /// For a second connection to the same database.
    pub url: String,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder { _folder: TempDir },
    Server { _database: ServerDatabase },
}

impl TestDatabase {
    /// In a file of a temporary folder.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite() -> Self {
        let test = Self::sqlite_without_schema().await;
        migrations::migrate(test.database.writer())
            .await
            .expect("migrate SQLite");
        test
    }

    /// The same before any migration.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite_without_schema() -> Self {
        let folder = TempDir::new().expect("make a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("sightline.sqlite").display());
        let database = Database::connect(&url).await.expect("open SQLite");
        Self {
            database,
            url,
            place: Place::Folder { _folder: folder },
        }
    }

    /// A database of its own on the test server.
    ///
    /// # Panics
    /// When `SIGHTLINE_TEST_POSTGRES` is not set: a test that did not run must not look like one that passed.
    pub async fn postgres() -> Self {
        let test = Self::postgres_without_schema().await;
        migrations::migrate(test.database.writer())
            .await
            .expect("migrate Postgres");
        test
    }

    /// The same before any migration.
    ///
    /// # Panics
    /// As `postgres`.
    pub async fn postgres_without_schema() -> Self {
        let server = env::var(POSTGRES_VARIABLE).unwrap_or_else(|_| {
            panic!("{POSTGRES_VARIABLE} is not set; `cargo xtask test` starts a Postgres and sets it")
        });
        let name = format!("sightline_test_{}", Uuid::now_v7().simple());
        run(&server, ORDINARY_ROLE).await;
        run(&server, &format!("CREATE DATABASE {name} OWNER {ROLE}")).await;
        let url = with_role(&with_database(&server, &name));
        let owned = ServerDatabase { server, name };
        let database = Database::connect(&url).await.expect("open Postgres");
        Self {
            database,
            url,
            place: Place::Server { _database: owned },
        }
    }
}

impl TestDatabase {
    /// How many tables there are.
    ///
    /// # Panics
    /// When the database does not say.
    pub async fn tables(&self) -> i64 {
        let statement = match &self.place {
            Place::Folder { .. } => "SELECT count(*) AS tables FROM sqlite_master WHERE type = 'table'",
            Place::Server { .. } => "SELECT count(*) AS tables FROM pg_tables WHERE schemaname = 'public'",
        };
        let reader = self.database.reader();
        let statement = Statement::from_string(reader.get_database_backend(), statement);
        let row = reader
            .query_one_raw(statement)
            .await
            .expect("count tables")
            .expect("a row");
        row.try_get("", "tables").expect("a number")
    }
}

/// Replaces the last path segment of a Postgres URL, keeping its options.
fn with_database(server: &str, name: &str) -> String {
    let (address, options) = server
        .split_once('?')
        .map_or((server, None), |(address, options)| (address, Some(options)));
    let after_scheme = address.find("://").map_or(0, |at| at + 3);
    let base = match address.rfind('/') {
        Some(at) if at >= after_scheme => address.split_at(at).0,
        _ => address,
    };
    options.map_or_else(
        || format!("{base}/{name}"),
        |options| format!("{base}/{name}?{options}"),
    )
}

/// Signs in as the owner of test databases.
fn with_role(url: &str) -> String {
    let after_scheme = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(after_scheme);
    let address_ends = rest.find(['/', '?']).unwrap_or(rest.len());
    let host = rest
        .get(..address_ends)
        .and_then(|address| address.rfind('@'))
        .and_then(|at| rest.get(at + 1..))
        .unwrap_or(rest);
    format!("{scheme}{ROLE}:{ROLE}@{host}")
}

async fn run(server: &str, statement: &str) {
    let connection: DatabaseConnection = sea_orm::Database::connect(server)
        .await
        .expect("reach the test Postgres");
    connection
        .execute_unprepared(statement)
        .await
        .expect("run a statement on the test Postgres");
    connection.close().await.expect("leave the test Postgres");
}

#[derive(Debug)]
struct ServerDatabase {
    server: String,
    name: String,
}

impl Drop for ServerDatabase {
    /// On a thread with a runtime of its own, because drop cannot wait; joined, so that the process does not end first.
    fn drop(&mut self) {
        let (server, statement) = (
            self.server.clone(),
            format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name),
        );
        let worker = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Ok(runtime) = runtime {
                runtime.block_on(run(&server, &statement));
            }
        });
        if worker.join().is_err() {
            // The server goes away with the test run; a left-over database must not hide the test's own result.
        }
    }
}
