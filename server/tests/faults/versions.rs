//! X04 and X22: migrations that are killed, and a program that is older than the database.

use std::{
    process::{Command, Stdio},
    time::Duration,
};

use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;
use testkit::TestDatabase;

use crate::{
    check::check,
    site::Site,
    support::process::{SERVE, command},
};

async fn a_killed_migration_is_done_again_or_not_at_all(test: TestDatabase) {
    let folder = TempDir::new().unwrap();
    let data = folder.path().join("data");
    let migrate = || {
        let mut migrate = command(&data, &["migrate"]);
        migrate
            .env("DATABASE_URL", &test.url)
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        migrate
    };
    let mut seen = Vec::new();
    // From the start of the program to some time after its end.
    for moment in (0..400).step_by(16) {
        let mut child = migrate().spawn().unwrap();
        tokio::time::sleep(Duration::from_millis(moment)).await;
        let _ = child.kill();
        child.wait().unwrap();
        seen.push((moment, test.tables().await));
    }
    let last = migrate().output().unwrap();
    assert!(last.status.success(), "{}", String::from_utf8_lossy(&last.stderr));
    let whole = test.tables().await;
    assert!(
        seen.iter().all(|(_, tables)| *tables == 0 || *tables == whole),
        "{whole}: {seen:?}"
    );
}

#[tokio::test]
async fn killed_migrations_sqlite() {
    a_killed_migration_is_done_again_or_not_at_all(TestDatabase::sqlite_without_schema().await).await;
}

#[tokio::test]
async fn killed_migrations_postgres() {
    a_killed_migration_is_done_again_or_not_at_all(TestDatabase::postgres_without_schema().await).await;
}

/// Ends by itself, and says why in one line.
pub fn refuses_to_start(serve: &mut Command, words: &str) {
    let output = serve.stderr(Stdio::piped()).output().unwrap();
    assert_ne!(output.status.code(), Some(0));
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = said.lines().filter(|line| line.contains(words)).collect();
    assert_eq!(lines.len(), 1, "{said}");
}

testkit::for_each_database! {
    async fn an_older_program_leaves_a_newer_database_alone(test: TestDatabase) {
        let (site, ledger) = Site::new(test).await;
        let writer = site.database.database.writer();
        let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_later', 1)";
        writer.execute_unprepared(newer).await.unwrap();
        refuses_to_start(&mut site.command(SERVE), "newer");
        writer.execute_unprepared("DELETE FROM seaql_migrations WHERE version = 'm9999_later'").await.unwrap();
        check(&site, &site.start(), &ledger, "an older program").await;
    }
}
