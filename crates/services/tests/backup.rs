//! What a backup keeps of the schema. What comes back is proved over HTTP, in the server's tests.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait as _, DbBackend, Statement};

testkit::for_each_database! {
    async fn every_table_is_kept_or_left_out(test: TestDatabase) {
        let (kept, left_out) = services::backup::tables();
        let connection = test.database.reader();
        let backend = connection.get_database_backend();
        let list = match backend {
            DbBackend::Sqlite => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
            _ => "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
        };
        let rows = connection.query_all_raw(Statement::from_string(backend, list)).await.unwrap();
        let there: BTreeSet<String> = rows.iter().map(|row| row.try_get("", "name").unwrap()).collect();
        let known: BTreeSet<String> = kept.iter().chain(&left_out).map(|name| (*name).to_owned()).collect();
        assert_eq!(there, known, "a new table is kept, or left out for a reason");
    }
}
