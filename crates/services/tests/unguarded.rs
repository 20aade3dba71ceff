//! What stands behind the guard: the servers' own catalogues held against its lists, and connectors that are sent what it
//! would never let through.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use engine::{
    CancellationToken, Connector, EgressRules, Engine, EngineConfig, Fetch, ObjectStorage, PartLimits, ServerTarget,
};
use guard::{Dialect, QueryRules, Relations, check_query};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use shared::{connection::TlsMode, table::ColumnType};
use tempfile::TempDir;
use testkit::{MariaDatabase, TestDatabase};

/// Who owns the test's database: may change everything in it, so that nothing but the connector forbids it.
const OWNER: &str = "sightline_test";

async fn texts(database: &DatabaseConnection, query: &str) -> Vec<String> {
    let statement = Statement::from_string(database.get_database_backend(), query);
    let rows = database.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get::<String>("", "name").unwrap())
        .collect()
}

/// Names of the list that is a file of the guard.
fn listed(list: &str) -> BTreeSet<&str> {
    let lines = list.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split(' ').next()).collect()
}

/// Those of the names that a query may call in some way.
fn callable(dialect: Dialect, schema: &str, names: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    let relations = Relations::new(schema).with(schema, "t");
    let rules = QueryRules {
        dialect,
        relations: &relations,
        row_limit: 10,
    };
    let passes = |name: &String| {
        let calls = [
            format!("SELECT {name}()"),
            format!("SELECT {name}(a) FROM t"),
            format!("SELECT {name}(a, 1) FROM t"),
            format!("SELECT {name}('a', 'b', 'c')"),
            format!("SELECT {name}(*) FROM t"),
            format!("SELECT {name}(a) OVER (ORDER BY a) FROM t"),
            format!("SELECT {name}"),
            format!("SELECT * FROM {name}(1)"),
            format!("SELECT * FROM {name}(1, 2)"),
            format!("SELECT pg_catalog.{name}(1)"),
            format!("SELECT \"{name}\"(1)"),
        ];
        calls
            .iter()
            .any(|call| check_query(call, &rules).is_ok_and(|checked| calls_it(&checked, name)))
    };
    names.into_iter().filter(passes).collect()
}

/// A name alone may be a column, and words such as CAST are no calls.
fn calls_it(checked: &guard::CheckedQuery, name: &str) -> bool {
    checked
        .functions()
        .iter()
        .any(|called| called.eq_ignore_ascii_case(name))
}

#[tokio::test]
async fn no_function_of_postgres_is_called_that_is_not_listed() {
    let test = TestDatabase::postgres_without_schema().await;
    let database = test.database.reader();
    let all = texts(database, "SELECT DISTINCT proname::text AS name FROM pg_proc").await;
    assert!(all.len() > 2_000, "{}", all.len());
    let callable = callable(Dialect::Postgres, "public", all.clone());
    let listed = listed(include_str!("../../guard/src/functions/postgres.txt"));
    let beside: Vec<_> = callable.iter().filter(|name| !listed.contains(name.as_str())).collect();
    assert!(beside.is_empty(), "{beside:?}");
    assert!(
        callable.len() > 100 && all.len() - callable.len() > 1_800,
        "{} of {}",
        callable.len(),
        all.len()
    );
    // The catalogue itself knows which functions may do more than compute.
    let acting = "SELECT DISTINCT proname::text AS name FROM pg_proc WHERE provolatile = 'v' AND prokind = 'f'";
    let acting: BTreeSet<_> = texts(database, acting).await.into_iter().collect();
    let clocks = ["clock_timestamp", "gen_random_uuid", "random", "timeofday"];
    let acting: Vec<_> = callable
        .intersection(&acting)
        .filter(|name| !clocks.contains(&name.as_str()))
        .collect();
    assert!(acting.is_empty(), "{acting:?}");
}

#[tokio::test]
async fn no_function_of_mariadb_is_called_that_is_not_listed() {
    let server = MariaDatabase::new().await;
    let all = server
        .texts("SELECT lower(FUNCTION) FROM information_schema.SQL_FUNCTIONS")
        .await;
    assert!(all.len() > 200, "{}", all.len());
    let callable = callable(Dialect::MySql, &server.name, all);
    let listed = listed(include_str!("../../guard/src/functions/mysql.txt"));
    let beside: Vec<_> = callable.iter().filter(|name| !listed.contains(name.as_str())).collect();
    assert!(beside.is_empty() && callable.len() > 50, "{beside:?}");
}

#[tokio::test]
async fn no_function_of_sqlite_is_called_that_is_not_listed() {
    let database = sea_orm::Database::connect("sqlite::memory:").await.unwrap();
    let all = texts(&database, "SELECT DISTINCT name FROM pragma_function_list").await;
    assert!(all.len() > 80, "{}", all.len());
    let callable = callable(Dialect::Sqlite, "main", all);
    let listed = listed(include_str!("../../guard/src/functions/sqlite.txt"));
    let beside: Vec<_> = callable.iter().filter(|name| !listed.contains(name.as_str())).collect();
    assert!(beside.is_empty() && callable.len() > 40, "{beside:?}");
}

fn engine(folder: &Path) -> Engine {
    let store = ObjectStorage::local(&folder.join("objects")).unwrap();
    let worker = PathBuf::from(env!("CARGO_BIN_EXE_services-worker"));
    let mut config = EngineConfig::new(worker, Vec::new(), folder.join("temp"), store);
    config.database_egress = EgressRules::loopback();
    Engine::new(config)
}

fn target(host: &str, port: u16, database: &str, user: &str, password: &str) -> ServerTarget {
    ServerTarget {
        host: host.to_owned(),
        port,
        database: database.to_owned(),
        user: user.to_owned(),
        password: Some(password.to_owned().into()),
        tls: TlsMode::Off,
        certificate: None,
    }
}

/// Sends each as it stands; whether it answers is the server's affair. `table` has three rows before and after.
async fn send(connector: &Arc<dyn Connector>, folder: &Path, table: &str, statements: &[&str]) {
    for (number, sql) in statements.iter().enumerate() {
        let fetch = Fetch {
            sql: (*sql).to_owned(),
            columns: vec![("a".to_owned(), ColumnType::Integer)],
            folder: folder.to_owned(),
            stem: format!("s{number}"),
            limits: PartLimits {
                rows: 1_000,
                bytes: 1 << 20,
            },
        };
        let cancel = CancellationToken::new();
        let _ = connector.fetch(&fetch, &cancel).await;
        // A session that somebody has talked into something must not do it to the next question either.
        let fetch = Fetch {
            sql: format!("SELECT a FROM {table}"),
            stem: format!("n{number}"),
            ..fetch
        };
        let fetched = connector
            .fetch(&fetch, &cancel)
            .await
            .unwrap_or_else(|error| panic!("after {sql}: {error:?}"));
        assert_eq!(fetched.rows, 3, "{sql}");
    }
}

#[tokio::test]
async fn postgres_changes_nothing_without_the_guard() {
    let (test, folder) = (TestDatabase::postgres_without_schema().await, TempDir::new().unwrap());
    let writer = test.database.writer();
    let tables = "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2), (3); CREATE SEQUENCE s";
    writer.execute_unprepared(tables).await.unwrap();
    let (_, place) = test.url.rsplit_once('@').unwrap();
    let (address, database) = place.split_once('/').unwrap();
    let (host, port) = address.rsplit_once(':').unwrap();
    let database = database.split('?').next().unwrap();
    let written = folder.path().join("written");
    let connector = engine(folder.path())
        .postgres(target(host, port.parse().unwrap(), database, OWNER, OWNER))
        .unwrap();
    let copy = format!("COPY public.t TO '{}'", written.display());
    let program = format!("COPY public.t TO PROGRAM 'touch {}'", written.display());
    let export = format!("SELECT lo_export(lo_from_bytea(0, 'x'), '{}')", written.display());
    let statements = [
        "DELETE FROM public.t RETURNING a",
        "UPDATE public.t SET a = 9 RETURNING a",
        "INSERT INTO public.t VALUES (9) RETURNING a",
        "WITH gone AS (DELETE FROM public.t RETURNING a) SELECT a FROM gone",
        "SELECT a INTO public.z FROM public.t",
        "CREATE TABLE public.z (a int)",
        "TRUNCATE public.t",
        "DO $$ BEGIN DELETE FROM public.t; END $$",
        "SELECT 1 AS a; DELETE FROM public.t",
        "COMMIT",
        "COMMIT; DELETE FROM public.t",
        "SET TRANSACTION READ WRITE",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT nextval('public.s')",
        "SELECT lo_from_bytea(0, 'x')",
        "SELECT pg_read_file('/etc/passwd')",
        copy.as_str(),
        program.as_str(),
        export.as_str(),
    ];
    send(&connector, folder.path(), "public.t", &statements).await;
    assert_eq!(
        texts(writer, "SELECT a::text AS name FROM t ORDER BY a").await,
        ["1", "2", "3"]
    );
    assert_eq!(
        texts(
            writer,
            "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = 'public'"
        )
        .await,
        ["t"]
    );
    assert_eq!(
        texts(writer, "SELECT last_value::text || is_called AS name FROM s").await,
        ["1false"]
    );
    assert!(
        texts(writer, "SELECT oid::text AS name FROM pg_largeobject_metadata")
            .await
            .is_empty()
    );
    assert!(!written.exists());
}

#[tokio::test]
async fn mariadb_changes_nothing_without_the_guard() {
    let (server, folder) = (MariaDatabase::new().await, TempDir::new().unwrap());
    server
        .execute(&format!(
            "CREATE TABLE t (a int); INSERT INTO t VALUES (1), (2), (3); GRANT ALL ON {}.* TO {}",
            server.name,
            MariaDatabase::READER
        ))
        .await;
    let reader = MariaDatabase::READER;
    let connector = engine(folder.path())
        .mysql(target(&server.host, server.port, &server.name, reader, reader))
        .unwrap();
    let written = std::env::temp_dir().join(format!("{}-written", server.name));
    let outfile = format!("SELECT a INTO OUTFILE '{}' FROM t", written.display());
    let statements = [
        "DELETE FROM t RETURNING a",
        "UPDATE t SET a = 9",
        "INSERT INTO t VALUES (9) RETURNING a",
        "REPLACE INTO t VALUES (9)",
        "CREATE TABLE z (a int)",
        "CREATE TABLE z AS SELECT a FROM t",
        "TRUNCATE t",
        "DROP TABLE t",
        "SELECT 1 AS a; DELETE FROM t",
        "COMMIT",
        "SET TRANSACTION READ WRITE",
        "SET SESSION TRANSACTION READ WRITE",
        "START TRANSACTION READ WRITE",
        "LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE t",
        "SELECT load_file('/etc/passwd')",
        outfile.as_str(),
    ];
    send(&connector, folder.path(), "t", &statements).await;
    assert_eq!(
        server
            .texts(&format!("SELECT a FROM {}.t ORDER BY a", server.name))
            .await,
        ["1", "2", "3"]
    );
    let tables = format!(
        "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = '{}'",
        server.name
    );
    assert_eq!(server.texts(&tables).await, ["t"]);
    assert!(!written.exists());
}
