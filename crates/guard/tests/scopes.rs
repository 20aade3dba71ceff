//! Which table a name means, what is sent, and what is told of it.

use guard::{CheckedQuery, Dialect, QueryRules, Refusal, Relations, check_query};

fn check(dialect: Dialect, sql: &str) -> Result<CheckedQuery, Refusal> {
    let relations = Relations::new("shop")
        .with("shop", "orders")
        .with("shop", "Customers")
        .with("archive", "orders");
    let rules = QueryRules {
        dialect,
        relations: &relations,
        row_limit: 100,
    };
    check_query(sql, &rules)
}

/// The printed query, or the reason.
fn printed(dialect: Dialect, sql: &str) -> String {
    match check(dialect, sql) {
        Ok(checked) => checked.query().to_owned(),
        Err(refusal) => refusal.message,
    }
}

#[test]
fn a_common_table_expression_hides_no_table() {
    let cases = [
        // Its own body still reads the table.
        (
            "WITH orders AS (SELECT * FROM orders) SELECT * FROM orders",
            r#"WITH "orders" AS (SELECT * FROM "shop"."orders") SELECT * FROM "orders""#,
        ),
        // A name with a schema is always the table.
        (
            "WITH orders AS (SELECT 1) SELECT * FROM shop.orders",
            r#"WITH "orders" AS (SELECT 1) SELECT * FROM "shop"."orders""#,
        ),
        // One that comes later is not there yet.
        (
            "WITH a AS (SELECT * FROM orders), orders AS (SELECT 1) SELECT * FROM a, orders",
            r#"WITH "a" AS (SELECT * FROM "shop"."orders"), "orders" AS (SELECT 1) SELECT * FROM "a", "orders""#,
        ),
        // Outside of the query it belongs to it is not there any more.
        (
            "SELECT * FROM (WITH orders AS (SELECT 1) SELECT * FROM orders) AS x, orders",
            r#"SELECT * FROM (WITH "orders" AS (SELECT 1) SELECT * FROM "orders") AS x, "shop"."orders""#,
        ),
        // Inside of sub-queries it is.
        (
            "WITH orders AS (SELECT 1 AS a) SELECT (SELECT max(a) FROM orders), 2 IN (SELECT a FROM ORDERS)",
            r#"WITH "orders" AS (SELECT 1 AS a) SELECT (SELECT max(a) FROM "orders"), 2 IN (SELECT a FROM "orders")"#,
        ),
        // The inner one of two is meant.
        (
            "WITH x AS (SELECT 1) SELECT * FROM (WITH x AS (SELECT * FROM x) SELECT * FROM x) AS y",
            r#"WITH "x" AS (SELECT 1) SELECT * FROM (WITH "x" AS (SELECT * FROM "x") SELECT * FROM "x") AS y"#,
        ),
        // In another case it is another name.
        (
            r#"WITH "Orders" AS (SELECT 1) SELECT * FROM orders"#,
            r#"WITH "Orders" AS (SELECT 1) SELECT * FROM "shop"."orders""#,
        ),
    ];
    for (sql, wanted) in cases {
        assert_eq!(printed(Dialect::Postgres, sql), wanted);
    }
}

#[test]
fn tables_are_found_as_each_database_finds_them() {
    assert_eq!(
        printed(Dialect::Postgres, r#"SELECT a FROM "Customers""#),
        r#"SELECT a FROM "shop"."Customers""#
    );
    assert!(printed(Dialect::Postgres, "SELECT a FROM Customers").starts_with("There is no table Customers"));
    assert_eq!(
        printed(Dialect::MySql, "SELECT CUSTOMERS.a FROM CUSTOMERS"),
        "SELECT CUSTOMERS.a FROM `shop`.`Customers` AS CUSTOMERS"
    );
    assert_eq!(
        printed(Dialect::Sqlite, "SELECT a FROM archive.orders o"),
        r#"SELECT a FROM "archive"."orders" AS o"#
    );
}

#[test]
fn what_is_sent_and_what_is_told() {
    let sql = "SELECT lower(name), sum(a) FROM orders JOIN archive.orders AS old USING (id) GROUP BY 1 -- done";
    let checked = check(Dialect::Postgres, sql).expect("passes");
    assert_eq!(
        checked.sql(),
        r#"SELECT * FROM (SELECT lower(name), sum(a) FROM "shop"."orders" JOIN "archive"."orders" AS "old" USING(id) GROUP BY 1) AS q LIMIT 101"#
    );
    let relations: Vec<String> = checked.relations().iter().map(ToString::to_string).collect();
    assert_eq!(relations, ["archive.orders", "shop.orders"]);
    assert!(checked.functions().iter().eq(["lower", "sum"]));

    let refusal = check(Dialect::Postgres, "SELECT a\nFROM ordres").expect_err("unknown");
    assert_eq!(
        refusal.message,
        "There is no table ordres that this query may read. Did you mean orders?"
    );
    assert_eq!(refusal.place.map(|place| (place.line, place.column)), Some((2, 6)));
    let refusal = check(Dialect::Postgres, "SELECT pg_sleep(1) FROM secrets FOR UPDATE").expect_err("three reasons");
    assert_eq!(refusal.kind.as_str(), "lock", "the first in the order of kinds");
}

#[test]
fn an_empty_list_reads_no_table() {
    let relations = Relations::default();
    let rules = QueryRules {
        dialect: Dialect::Sqlite,
        relations: &relations,
        row_limit: 1,
    };
    assert!(check_query("SELECT 1", &rules).is_ok());
    assert!(check_query("SELECT * FROM x", &rules).is_err());
}
