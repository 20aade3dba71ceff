//! The schema comes up once, whoever starts first, and a newer one is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use migrations::{MigrateError, migrate};
use sea_orm_migration::sea_orm::ConnectionTrait;
use testkit::TestDatabase;

async fn servers_that_start_together(test: TestDatabase) {
    let other = entity::Database::connect(&test.url).await.unwrap();
    let (one, two) = tokio::join!(migrate(test.database.writer()), migrate(other.writer()));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(one.is_empty() != two.is_empty(), "{one:?} {two:?}");
    assert!(migrate(test.database.writer()).await.unwrap().is_empty());
}

async fn a_newer_schema(test: TestDatabase) {
    let writer = test.database.writer();
    writer
        .execute_unprepared("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m9999_future', 0)")
        .await
        .unwrap();
    let error = migrate(writer).await.unwrap_err();
    assert!(
        matches!(&error, MigrateError::NewerSchema { unknown } if unknown == "m9999_future"),
        "{error:?}"
    );
    assert!(error.to_string().contains("newer version"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starting_together_sqlite() {
    servers_that_start_together(TestDatabase::sqlite_without_schema().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn starting_together_postgres() {
    servers_that_start_together(TestDatabase::postgres_without_schema().await).await;
}

#[tokio::test]
async fn newer_schema_sqlite() {
    a_newer_schema(TestDatabase::sqlite().await).await;
}

#[tokio::test]
async fn newer_schema_postgres() {
    a_newer_schema(TestDatabase::postgres().await).await;
}
