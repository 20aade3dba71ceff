//! PostgreSQL's own wall between workspaces, behind that of the code.

use entity::{Database, dashboard, member};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, DbBackend, EntityTrait, IntoActiveModel, PaginatorTrait,
    QueryResult, Set, Statement,
    prelude::{Expr, Uuid},
};
use testkit::TestDatabase;

use crate::{
    support::Client,
    world::{CONTENT, Caller, OTHER, W, World},
};

async fn rows(connection: &impl ConnectionTrait, sql: &str) -> Vec<QueryResult> {
    let statement = Statement::from_string(DbBackend::Postgres, sql);
    connection.query_all_raw(statement).await.unwrap()
}

async fn count(connection: &impl ConnectionTrait, table: &str, condition: &str) -> i64 {
    let sql = format!("SELECT count(*) AS rows FROM {table} WHERE {condition}");
    rows(connection, &sql).await[0].try_get("", "rows").unwrap()
}

/// Every table whose rows belong to workspaces, with the column that says to which.
async fn tables(database: &Database) -> Vec<(String, String)> {
    let sql = "SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema = 'public' AND (column_name IN ('workspace_id', 'chain_id')
                 OR table_name = 'workspaces' AND column_name = 'id') ORDER BY table_name";
    let name = |row: &QueryResult, column| row.try_get::<String>("", column).unwrap();
    let rows = rows(database.reader(), sql).await;
    rows.iter()
        .map(|row| (name(row, "table_name"), name(row, "column_name")))
        .collect()
}

async fn id(client: &Client, workspace: &str) -> Uuid {
    let found = client.get(workspace).await.expect(200);
    found["id"].as_str().unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn statements_that_forget_their_workspace_reach_no_other_postgres() {
    let test = TestDatabase::postgres().await;
    let database = Database::connect(&test.url).await.unwrap();
    let world = World::on(test).await;
    let olga = world.client(Caller::Outsider).await;
    let (ours, theirs) = (id(&world.ann, W).await, id(&olga, OTHER).await);

    let tables = tables(&database).await;
    assert!(tables.len() >= CONTENT.len(), "{tables:?}");
    let behind = database.workspace_reader(ours);
    let mut in_both = 0;
    for (table, column) in &tables {
        let (mine, other) = (format!("{column} = '{ours}'"), format!("{column} = '{theirs}'"));
        let all = database.reader();
        assert_eq!(count(&behind, table, &other).await, 0, "{table}");
        assert_eq!(
            count(&behind, table, &mine).await,
            count(all, table, &mine).await,
            "{table}"
        );
        in_both += i64::from(count(all, table, &mine).await.min(count(all, table, &other).await) > 0);
    }
    // A table without rows proves nothing.
    assert!(in_both >= 12, "{in_both} tables have rows of both workspaces");

    // Whole rows through the entities, as services read them, without any condition.
    assert!(dashboard::Entity::find().count(database.reader()).await.unwrap() > 1);
    let seen = dashboard::Entity::find().all(&behind).await.unwrap();
    assert!(
        !seen.is_empty() && seen.iter().all(|row| row.workspace_id == ours),
        "{seen:?}"
    );

    nothing_of_others_is_written(&database, ours, theirs).await;
}

#[tokio::test]
async fn superusers_are_known_to_stand_above_it_postgres() {
    let test = TestDatabase::postgres().await;
    assert_eq!(test.database.is_held_to_wall().await.unwrap(), Some(true));
    let superuser = std::env::var("SIGHTLINE_TEST_POSTGRES").unwrap();
    let superuser = Database::connect(&superuser).await.unwrap();
    assert_eq!(superuser.is_held_to_wall().await.unwrap(), Some(false));
    let file = TestDatabase::sqlite().await;
    assert_eq!(file.database.is_held_to_wall().await.unwrap(), None);
}

async fn nothing_of_others_is_written(database: &Database, ours: Uuid, theirs: Uuid) {
    let transaction = database.workspace_transaction(ours).await.unwrap();
    let changed = dashboard::Entity::update_many()
        .col_expr(dashboard::Column::Title, Expr::value("Taken"))
        .exec(&transaction)
        .await
        .unwrap();
    assert_eq!(changed.rows_affected, count_in(&transaction, ours).await);
    let gone = dashboard::Entity::delete_by_id(a_dashboard_of(database, theirs).await)
        .exec(&transaction)
        .await
        .unwrap();
    assert_eq!(gone.rows_affected, 0);
    drop(transaction);

    let (mine, someone) = members(database, ours, theirs).await;
    let transaction = database.workspace_transaction(ours).await.unwrap();
    let mut smuggled = mine.into_active_model().reset_all();
    (smuggled.workspace_id, smuggled.user_id) = (Set(theirs), Set(someone));
    let refused = smuggled.insert(&transaction).await.unwrap_err().to_string();
    assert!(refused.contains("row-level security"), "{refused}");
}

async fn count_in(transaction: &DatabaseTransaction, workspace: Uuid) -> u64 {
    let condition = format!("workspace_id = '{workspace}'");
    u64::try_from(count(transaction, "dashboards", &condition).await).unwrap()
}

async fn a_dashboard_of(database: &Database, workspace: Uuid) -> Uuid {
    let rows = dashboard::Entity::find().all(database.reader()).await.unwrap();
    rows.iter().find(|row| row.workspace_id == workspace).unwrap().id
}

/// A member of `ours`, and somebody who is none of `theirs`.
async fn members(database: &Database, ours: Uuid, theirs: Uuid) -> (member::Model, Uuid) {
    let rows = member::Entity::find().all(database.reader()).await.unwrap();
    let mine: Vec<_> = rows.iter().filter(|row| row.workspace_id == ours).collect();
    let there = |user: Uuid| rows.iter().any(|row| row.workspace_id == theirs && row.user_id == user);
    let someone = mine.iter().find(|row| !there(row.user_id)).unwrap().user_id;
    (mine[0].clone(), someone)
}
