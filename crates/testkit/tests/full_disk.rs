//! A write that finds no room must not take later ones with it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "a table that no service knows")]

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};
use testkit::TestDatabase;

async fn number(connection: &DatabaseConnection, statement: &str) -> i64 {
    let statement = Statement::from_string(connection.get_database_backend(), statement);
    let row = connection.query_one_raw(statement).await.unwrap().unwrap();
    row.try_get_by_index(0).unwrap()
}

#[tokio::test]
async fn what_is_acknowledged_after_a_full_disk_is_there() {
    let test = TestDatabase::sqlite_without_schema().await;
    let database = &test.database;
    let writer = database.writer();
    writer
        .execute_unprepared("CREATE TABLE notes (text BLOB)")
        .await
        .unwrap();
    for round in 1..=3 {
        // The limit stands for the disk: it belongs to the connection that writes.
        let pages = number(writer, "PRAGMA page_count").await;
        let room = format!("PRAGMA max_page_count = {}", pages + 1);
        writer.execute_unprepared(&room).await.unwrap();
        let transaction = database.write_transaction().await.unwrap();
        let large = "INSERT INTO notes VALUES (zeroblob(1000000))";
        assert!(transaction.execute_unprepared(large).await.is_err(), "round {round}");
        drop(transaction);

        writer
            .execute_unprepared("PRAGMA max_page_count = 1000000")
            .await
            .unwrap();
        let transaction = database.write_transaction().await.unwrap();
        transaction
            .execute_unprepared("INSERT INTO notes VALUES ('small')")
            .await
            .unwrap();
        transaction.commit().await.unwrap();
        let seen = number(database.reader(), "SELECT count(*) FROM notes").await;
        assert_eq!(seen, round, "acknowledged in round {round}");
    }
}
