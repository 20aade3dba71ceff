//! Plans over several databases and files.

use chrono::DateTime;
use plan::{
    logical::{
        AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, Origin, SourceTable,
    },
    query::{PlanContext, Policy, plan_query},
    sql::{Bound, SqlDialect, split},
};
use serde_json::json;
use shared::semantic::{Model, Query, Source};

use super::golden::orders;

fn scan(table: &str) -> Node {
    Node::Scan {
        source: SourceTable {
            table: table.to_owned(),
            origin: Origin::Table(Source::Dataset(table.to_owned())),
        },
        columns: vec!["country".to_owned(), "amount".to_owned()],
    }
}

/// Tables `pg…` are in PostgreSQL, `lite…` in SQLite, all others in files.
fn bound(source: &SourceTable) -> Option<Bound> {
    let (connection, dialect) = match source.table.as_str() {
        table if table.starts_with("pg") => ("warehouse", SqlDialect::Postgres),
        table if table.starts_with("lite") => ("notebook", SqlDialect::Sqlite),
        _ => return None,
    };
    Some(Bound {
        connection: connection.to_owned(),
        dialect,
        relation: orders(source),
    })
}

fn by_country(node: Node) -> Node {
    node.aggregate(
        vec![Named::same("country")],
        vec![Named::new("total", AggregateCall::Count(Expression::column("amount")))],
    )
}

fn printed(node: &Node) -> (Vec<String>, String) {
    let split = split(node, &bound);
    let queries = split
        .remote
        .into_iter()
        .map(|remote| format!("{}: {}", remote.connection, remote.sql))
        .collect();
    (queries, split.local.to_string())
}

#[test]
fn one_database_computes_the_whole() {
    let (remote, local) = printed(&by_country(scan("pg_orders")));
    assert_eq!(remote.len(), 1);
    assert_eq!(local, "Fetched fetched1 [country, total]\n");
}

#[test]
fn files_stay_where_they_are() {
    let node = by_country(scan("orders.csv"));
    let (remote, local) = printed(&node);
    assert!(remote.is_empty());
    assert_eq!(local, node.to_string());
}

#[test]
fn two_databases_each_group_their_own_rows() {
    let node = Node::union(vec![
        by_country(scan("pg_orders")),
        by_country(scan("lite_orders")),
        by_country(scan("file")),
    ]);
    let (remote, local) =
        printed(&node.join_on(JoinKind::Semi, by_country(scan("pg_orders")), &["country".to_owned()]));
    assert_eq!(
        remote,
        [
            "warehouse: SELECT \"country\", count(\"amount\") AS \"total\"\nFROM \"public\".\"orders\"\nGROUP BY \"country\"",
            "notebook: SELECT `country`, count(`amount`) AS `total`\nFROM `public`.`orders`\nGROUP BY `country`",
        ],
        "what is asked twice is fetched once"
    );
    assert_eq!(
        local,
        "Join semi on [country = country] (NULL equals NULL)\n  Union\n    Fetched fetched1 [country, total]\n    Fetched fetched2 [country, total]\n    Aggregate by [country] total := count(amount)\n      Scan file [country, amount]\n  Fetched fetched1 [country, total]\n"
    );
}

#[test]
fn what_a_database_cannot_do_is_finished_here_over_as_few_rows_as_it_can_find() {
    let is_german = Expression::binary(
        BinaryOperator::Eq,
        Expression::column("country"),
        Expression::Literal(Literal::Text("DE".to_owned())),
    );
    let pattern = Expression::call(
        Function::Matches,
        vec![
            Expression::column("country"),
            Expression::Literal(Literal::Text("^D".to_owned())),
        ],
    );
    let node = scan("lite_orders").filter(Expression::all([pattern, is_german]));
    let node = node.aggregate(
        Vec::new(),
        vec![Named::new("sum", AggregateCall::Sum(Expression::column("amount")))],
    );
    let (remote, local) = printed(&node);
    assert_eq!(
        remote,
        ["notebook: SELECT `country`, `amount`\nFROM `public`.`orders`\nWHERE `country` = 'DE'"]
    );
    assert_eq!(
        local,
        "Aggregate by [] sum := sum(amount)\n  Filter matches(country, \"^D\")\n    Fetched fetched1 [country, amount]\n"
    );
}

#[test]
fn zones_of_sqlite_are_read_here() {
    let model: Model = serde_json::from_str(include_str!("../golden/model.json")).unwrap();
    let query: Query = serde_json::from_value(json!({
        "model": "shop", "metrics": ["order_count"], "dimensions": [{ "field": "time", "grain": "month", "as": "m" }],
        "where": { "field": "orders.country", "op": "eq", "value": "DE" },
    }))
    .unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-11-20T09:00:30Z").unwrap().to_utc());
    let planned = plan_query(&query, &model, &Policy::default(), &context).unwrap();
    let lite = |source: &SourceTable| {
        Some(Bound {
            connection: "notebook".to_owned(),
            dialect: SqlDialect::Sqlite,
            relation: orders(source),
        })
    };
    let split = split(&planned.rows, &lite);
    assert_eq!(split.remote.len(), 1);
    assert_eq!(
        split.remote[0].sql,
        "SELECT `country`, `ordered_at`\nFROM `public`.`orders`\nWHERE `country` = 'DE'"
    );
    assert!(
        split
            .local
            .to_string()
            .contains("Fetched fetched1 [country, ordered_at]")
    );
}
