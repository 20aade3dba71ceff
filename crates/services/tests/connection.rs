//! Connections to databases, and models over them: the same numbers whichever database holds the rows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

mod data;
mod support;

use std::convert::Infallible;

use data::Data;
use futures::stream;
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use services::{ServiceError, connection::ModelRequest, dataset::LoadRequest};
use shared::{
    ErrorCode,
    connection::{Connection, ConnectionInput, DatabaseFile},
    semantic::{Answer, Model, Query},
    table::ColumnType,
};
use support::refusal;
use testkit::{MariaDatabase, TestDatabase};

const PASSWORD: &str = "sightline_test";

/// Six orders of three customers in two regions; one order has no customer, and one a customer that is not there.
const ROWS: &str = "
    INSERT INTO customers VALUES (1, 'Ada', 'north'), (2, 'Bob', 'south'), (3, 'Cem', 'north');
    INSERT INTO orders VALUES
        (1, 1, '2026-01-01', '2026-01-01 08:00:00', 10.50, 1.5),
        (2, 2, '2026-01-01', '2026-01-01 23:30:00', 20.25, 2.5),
        (3, 1, '2026-02-03', '2026-02-03 09:00:00', 30, NULL),
        (4, 9, '2026-02-04', '2026-02-04 09:00:00', 40, 1),
        (5, NULL, '2026-03-05', '2026-03-05 09:00:00', 50, 1),
        (6, 3, '2026-03-31', '2026-03-31 23:59:59', 60, 1);
    INSERT INTO order_lines VALUES (1, 1, 'pen'), (2, 1, 'pen'), (3, 1, 'ink'), (4, 3, 'pen'), (5, 4, 'ink');";

const POSTGRES: &str = "
    CREATE TABLE customers (id int PRIMARY KEY, name text, region varchar(20));
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int, day date NOT NULL, placed_at timestamp, amount numeric(12, 2), weight real);
    CREATE TABLE order_lines (id bigint PRIMARY KEY, order_id int REFERENCES orders (id), product text);
    CREATE TABLE secrets (id int, word bytea);";

const MARIADB: &str = "
    CREATE TABLE customers (id int PRIMARY KEY, name text, region varchar(20) COMMENT 'where they live') COMMENT 'people';
    CREATE TABLE orders (id int PRIMARY KEY, customer_id int, day date NOT NULL, placed_at datetime, amount decimal(12, 2), weight float);
    CREATE TABLE order_lines (id bigint PRIMARY KEY, order_id int, product text, FOREIGN KEY (order_id) REFERENCES orders (id));
    CREATE TABLE secrets (id int, word blob);";

const SQLITE: &str = "
    CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, region TEXT);
    CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER, day TEXT, placed_at DATETIME, amount NUMERIC, weight REAL);
    CREATE TABLE order_lines (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders (id), product TEXT);";

/// A PostgreSQL of the test's own with the tables; lives as long as it is held.
struct Server {
    test: TestDatabase,
    host: String,
    port: u16,
    database: String,
}

impl Server {
    async fn new() -> Self {
        let test = TestDatabase::postgres_without_schema().await;
        let statements = format!("{POSTGRES}{ROWS}");
        test.database.writer().execute_unprepared(&statements).await.unwrap();
        let (_, place) = test.url.rsplit_once('@').unwrap();
        let (address, database) = place.split_once('/').unwrap();
        let (host, port) = address.rsplit_once(':').unwrap();
        let (host, port, database) = (
            host.to_owned(),
            port.parse().unwrap(),
            database.split('?').next().unwrap().to_owned(),
        );
        Self {
            test,
            host,
            port,
            database,
        }
    }

    fn document(&self) -> Value {
        json!({"kind": "postgres", "name": "shop", "host": self.host, "port": self.port, "database": self.database,
            "user": "sightline_test", "password": PASSWORD, "tls": "off"})
    }
}

/// A MariaDB database with the tables.
async fn mariadb() -> MariaDatabase {
    let database = MariaDatabase::new().await;
    database.execute(&format!("{MARIADB}{ROWS}")).await;
    database
}

fn maria_document(database: &MariaDatabase) -> Value {
    json!({"kind": "mysql", "name": "shop", "host": database.host, "port": database.port, "database": database.name,
        "user": MariaDatabase::READER, "password": MariaDatabase::READER, "tls": "off"})
}

fn input(document: Value) -> ConnectionInput {
    serde_json::from_value(document).unwrap()
}

async fn connect(data: &Data, document: Value) -> Connection {
    data.connections(&data.ann())
        .create(&data.acme(), input(document))
        .await
        .unwrap()
}

/// The bytes of a SQLite database with the tables.
async fn sqlite_file() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("made.db");
    let database = sea_orm::Database::connect(format!("sqlite:{}?mode=rwc", path.display()))
        .await
        .unwrap();
    database.execute_unprepared(&format!("{SQLITE}{ROWS}")).await.unwrap();
    database.close().await.unwrap();
    std::fs::read(path).unwrap()
}

async fn send(data: &Data, name: &str, bytes: Vec<u8>) -> Result<DatabaseFile, ServiceError> {
    let pieces = stream::iter([Ok::<_, Infallible>(bytes)]);
    data.connections(&data.ann()).receive(&data.acme(), name, pieces).await
}

/// A model over the tables of the connection, with metrics of its own.
async fn model_over(data: &Data, connection: &Connection, tables: &[&str]) -> Model {
    let asked = ModelRequest {
        tables: tables.iter().map(|table| (*table).to_owned()).collect(),
        name: Some("Shop".to_owned()),
    };
    let connections = data.connections(&data.ann());
    let proposed = connections
        .propose_model(&data.acme(), connection.id, &asked)
        .await
        .unwrap();
    let mut document = serde_json::to_value(proposed).unwrap();
    let metrics = document["metrics"].as_array_mut().unwrap();
    metrics
        .push(json!({"name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "expr": {"col": "amount"}}));
    metrics
        .push(json!({"name": "weight", "type": "simple", "table": "orders", "agg": "avg", "expr": {"col": "weight"}}));
    metrics.push(
        json!({"name": "middle", "type": "simple", "table": "orders", "agg": "median", "expr": {"col": "amount"}}),
    );
    metrics.push(json!({"name": "buyers", "type": "simple", "table": "orders", "agg": "count_distinct", "expr": {"col": "customer_id"}}));
    metrics.push(json!({"name": "basket", "type": "ratio", "numerator": "revenue", "denominator": "orders_count"}));
    serde_json::from_value(document).unwrap()
}

async fn store(data: &Data, model: Model) {
    let name = model.model.to_string();
    data.models(&data.ann())
        .put(&data.acme(), &name, model, None)
        .await
        .unwrap();
}

async fn ask(data: &Data, mut query: Value) -> Result<Answer, ServiceError> {
    query["model"] = json!("shop");
    let query: Query = serde_json::from_value(query).unwrap();
    data.queries(&data.ann()).run(&data.acme(), query, None).await
}

/// Rows as texts; numbers without zeros at the end, since databases differ in how many digits they keep.
async fn rows(data: &Data, query: Value) -> Vec<String> {
    let answer = ask(data, query.clone())
        .await
        .unwrap_or_else(|error| panic!("{query}: {error:?}"));
    let cell = |cell: &shared::table::Cell| {
        let text = serde_json::to_value(cell).unwrap();
        let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
        match text.parse::<f64>() {
            Ok(number) => number.to_string(),
            Err(_) => text,
        }
    };
    answer
        .rows
        .iter()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>().join(" "))
        .collect()
}

/// Until so many queries are at work in the database.
async fn wait_for(wanted: i64, active: &impl AsyncFn() -> i64) {
    for _ in 0..200 {
        if active().await == wanted {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("never {wanted} at work");
}

/// What every database has to answer.
async fn answers_are_right(data: &Data) {
    let cases = [
        (
            json!({"metrics": ["revenue", "orders_count", "buyers"]}),
            vec!["210.75 6 4"],
        ),
        (
            json!({"metrics": ["revenue", "basket"], "dimensions": ["customers.region"], "sort": [{"by": "revenue"}]}),
            vec!["south 20.25 20.25", "null 90 45", "north 100.5 33.5"],
        ),
        (
            json!({"metrics": ["revenue", "order_lines_count"], "dimensions": [{"field": "orders.day", "grain": "month", "as": "m"}],
                "sort": [{"by": "m"}]}),
            vec!["2026-01-01 30.75 3", "2026-02-01 70 2", "2026-03-01 110 0"],
        ),
        (json!({"metrics": ["weight", "middle"]}), vec!["1.4 35"]),
        (
            json!({"metrics": ["revenue"], "where": {"field": "order_lines.product", "op": "eq", "value": "pen"}}),
            vec!["40.5"],
        ),
        (
            json!({"metrics": ["revenue"], "where": {"not": {"field": "customers.region", "op": "contains", "value": "NOR"}}}),
            vec!["20.25"],
        ),
        (
            json!({"metrics": ["revenue"], "dimensions": ["customers.name"],
                "top": {"n": 1, "by": "revenue", "field": "customers.name", "others": true}}),
            vec!["null 90", "Others 120.75"],
        ),
        (
            json!({"metrics": ["revenue"], "dimensions": [{"field": "orders.placed_at", "part": "hour"}],
                "sort": [{"by": "revenue", "dir": "desc"}], "limit": 2}),
            vec!["9 120", "23 80.25"],
        ),
        (
            json!({"dimensions": ["customers.name"], "sort": [{"by": "customers.name"}]}),
            vec!["Ada", "Bob", "Cem"],
        ),
    ];
    for (query, mut expected) in cases {
        let mut found = rows(data, query.clone()).await;
        if query.get("sort").is_none() && query.get("top").is_none() {
            found.sort();
            expected.sort_unstable();
        }
        assert_eq!(found, expected, "{query}");
    }
}

testkit::for_each_database! {
    async fn a_postgres_is_connected_looked_into_and_asked(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, Server::new().await);
        let made = connect(&data, server.document()).await;
        assert!(made.has_password);
        let found = made.found.clone().unwrap();
        assert!(found.server.starts_with("PostgreSQL 1"), "{found:?}");
        assert_eq!((found.tables, found.can_write), (4, true));
        let listed = data.connections(&data.ann()).list(&data.acme()).await.unwrap();
        assert_eq!(listed, std::slice::from_ref(&made));

        let schema = data.connections(&data.ann()).schema(&data.acme(), made.id, false).await.unwrap();
        let orders = schema.table("public.orders").unwrap();
        let kinds: Vec<_> = orders.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
        assert_eq!(kinds, [
            ("id", ColumnType::Integer), ("customer_id", ColumnType::Integer), ("day", ColumnType::Date),
            ("placed_at", ColumnType::Timestamp), ("amount", ColumnType::Decimal), ("weight", ColumnType::Number),
        ]);
        assert_eq!(orders.primary_key, ["id"]);
        assert_eq!(schema.table("secrets").unwrap().columns.len(), 1);

        let model = model_over(&data, &made, &["orders", "customers", "public.order_lines"]).await;
        let joins: Vec<_> = model.joins.iter().map(|join| format!("{} {}", join.from, join.to)).collect();
        assert_eq!(joins, ["orders customers", "order_lines orders"]);
        store(&data, model).await;
        answers_are_right(&data).await;

        // Everything was computed there, and can be seen.
        let query = serde_json::from_value(json!({"model": "shop", "metrics": ["revenue"], "dimensions": ["customers.region"]})).unwrap();
        let explanation = data.queries(&data.ann()).explain(&data.acme(), &query).await.unwrap();
        assert_eq!(explanation.sql.len(), 1);
        assert!(explanation.sql[0].contains(r#""public"."orders""#), "{}", explanation.sql[0]);
        let answer = ask(&data, json!({"metrics": ["revenue"], "dimensions": ["customers.region"]})).await.unwrap();
        assert_eq!(answer.sql, explanation.sql);
        let members = data.queries(&data.ann()).values(&data.acme(), "shop", None, "customers.name", "a", 10).await.unwrap();
        assert_eq!(members.len(), 1);
    }

    async fn a_mariadb_is_connected_looked_into_and_asked(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, mariadb().await);
        let made = connect(&data, maria_document(&server)).await;
        let found = made.found.clone().unwrap();
        assert!(found.server.starts_with("MariaDB 1"), "{found:?}");
        assert_eq!((found.tables, found.can_write), (4, false));

        let schema = data.connections(&data.ann()).schema(&data.acme(), made.id, false).await.unwrap();
        let orders = schema.table("orders").unwrap();
        assert_eq!(orders.full_name(), format!("{}.orders", server.name));
        let kinds: Vec<_> = orders.columns.iter().map(|column| (column.name.as_str(), column.kind)).collect();
        assert_eq!(kinds, [
            ("id", ColumnType::Integer), ("customer_id", ColumnType::Integer), ("day", ColumnType::Date),
            ("placed_at", ColumnType::Timestamp), ("amount", ColumnType::Decimal), ("weight", ColumnType::Number),
        ]);
        assert_eq!(orders.primary_key, ["id"]);
        assert_eq!(schema.table("secrets").unwrap().columns.len(), 1);
        let customers = schema.table("customers").unwrap();
        assert_eq!((customers.comment.as_deref(), customers.columns[2].comment.as_deref()), (Some("people"), Some("where they live")));

        let model = model_over(&data, &made, &["orders", "customers", "order_lines"]).await;
        let joins: Vec<_> = model.joins.iter().map(|join| format!("{} {}", join.from, join.to)).collect();
        assert_eq!(joins, ["orders customers", "order_lines orders"]);
        store(&data, model).await;
        answers_are_right(&data).await;
        let answer = ask(&data, json!({"metrics": ["revenue"], "dimensions": ["customers.region"]})).await.unwrap();
        assert_eq!(answer.sql.len(), 1);
        assert!(answer.sql[0].contains("`orders`"), "{}", answer.sql[0]);

        // What somebody wrote is checked as MySQL reads it, and cannot do more.
        let document = |text: &str| json!({"format": 1, "model": "shop", "tables": [{"name": "big", "connection": made.name, "source": {"sql": text}}],
            "metrics": [{"name": "big_count", "type": "simple", "table": "big", "agg": "count"}]});
        let text = r"SELECT id, 'it\'s \\' AS note FROM orders WHERE amount > 15";
        store(&data, serde_json::from_value(document(text)).unwrap()).await;
        assert_eq!(rows(&data, json!({"metrics": ["big_count"]})).await, ["5"]);
        for text in ["SELECT sleep(1)", "SELECT 1; DELETE FROM orders", "SELECT load_file('/etc/passwd')", "SELECT user FROM mysql.user",
            "SELECT 1 INTO OUTFILE '/tmp/x'", "SELECT /*!50000 sleep(1) */ 1"] {
            let model: Model = serde_json::from_value(document(text)).unwrap();
            let error = refusal(data.models(&data.ann()).put(&data.acme(), "shop", model, None).await);
            assert_eq!((error.http_status(), error.field.as_deref()), (422, Some("tables.0.source")), "{text}: {error:?}");
        }
    }

    async fn values_of_mariadb_are_read_as_they_are(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, MariaDatabase::new().await);
        server.execute("SET time_zone = '+02:00', sql_mode = '';
            CREATE TABLE kinds (id int PRIMARY KEY, yes tinyint(1), bits bit(1), small smallint unsigned, vast bigint unsigned, years year, long_day time,
                kind enum('a', 'b'), doc json, at datetime(6), seen timestamp(3) NULL, born date, label varchar(10), packed varbinary(5), spaced varchar(10) COLLATE utf8mb4_general_ci);
            INSERT INTO kinds VALUES
                (1, 1, b'1', 3, 18446744073709551615, 2024, '-100:00:01', 'a', '{\"x\": 1}', '2026-01-02 03:04:05.000006', '2026-01-02 03:04:05.5', '2026-01-02', 'ä\\\\', 'x', 'a'),
                (2, 0, b'0', 1, 0, 1999, '00:00:00', 'b', NULL, NULL, NULL, '0000-00-00', '', 'y', 'A'),
                (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'a ');
            CREATE VIEW seen_kinds AS SELECT id, yes FROM kinds").await;
        let made = connect(&data, maria_document(&server)).await;
        let schema = data.connections(&data.ann()).schema(&data.acme(), made.id, false).await.unwrap();
        assert!(schema.table("seen_kinds").unwrap().is_view);
        let names: Vec<_> = schema.table("kinds").unwrap().columns.iter().map(|column| column.name.as_str()).collect();
        assert!(!names.contains(&"packed") && names.len() == 14, "{names:?}");
        let model = model_over(&data, &made, &["kinds"]).await;
        let mut document = serde_json::to_value(model).unwrap();
        document["metrics"] = json!([{"name": "kinds_count", "type": "simple", "table": "kinds", "agg": "count"},
            {"name": "less", "type": "simple", "table": "kinds", "agg": "sum", "expr": {"sql": "small - 2"}}]);
        store(&data, serde_json::from_value(document).unwrap()).await;
        let by = |field: &str| json!({"metrics": ["kinds_count"], "dimensions": [format!("kinds.{field}")]});
        for (field, expected) in [
            ("yes", vec!["false 1", "null 1", "true 1"]),
            ("bits", vec!["false 1", "null 1", "true 1"]),
            ("vast", vec!["0 1", "18446744073709552000 1", "null 1"]),
            ("years", vec!["1999 1", "2024 1", "null 1"]),
            ("long_day", vec!["-100:00:01 1", "00:00:00 1", "null 1"]),
            ("kind", vec!["a 1", "b 1", "null 1"]),
            ("at", vec!["2026-01-02T03:04:05.000006Z 1", "null 2"]),
            ("seen", vec!["2026-01-02T01:04:05.500Z 1", "null 2"]),
            ("born", vec!["2026-01-02 1", "null 2"]),
            ("label", vec![" 1", "null 1", "ä\\ 1"]),
            ("spaced", vec!["A 1", "a  1", "a 1"]),
        ] {
            let mut found = rows(&data, by(field)).await;
            found.sort();
            assert_eq!(found, expected, "{field}");
        }
        // Differences of unsigned numbers go below zero.
        assert_eq!(rows(&data, json!({"metrics": ["less"]})).await, ["0"]);
        let found = rows(&data, json!({"metrics": ["kinds_count"], "where": {"field": "kinds.label", "op": "eq", "value": "ä\\"}})).await;
        assert_eq!(found, ["1"]);
    }

    async fn a_cancelled_question_stops_in_mariadb(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, mariadb().await);
        let made = connect(&data, maria_document(&server)).await;
        server.execute("INSERT INTO orders SELECT seq, seq % 7, '2026-01-01', NULL, seq, seq FROM seq_100_to_60000").await;
        let pairs = "SELECT a.id FROM orders AS a JOIN orders AS b ON a.id <> b.id WHERE sqrt(a.id + b.id) < 1";
        let document = json!({"format": 1, "model": "shop", "tables": [{"name": "pairs", "connection": made.name, "source": {"sql": pairs}}],
            "metrics": [{"name": "pair_count", "type": "simple", "table": "pairs", "agg": "count"}]});
        store(&data, serde_json::from_value(document).unwrap()).await;
        let (queries, id) = (data.queries(&data.ann()), uuid::Uuid::now_v7().into());
        let (asked, acme) = (queries.clone(), data.acme());
        let query: Query = serde_json::from_value(json!({"model": "shop", "metrics": ["pair_count"]})).unwrap();
        let running = tokio::spawn(async move { asked.run(&acme, query, Some(id)).await });
        let active = format!("SELECT count(*) FROM information_schema.PROCESSLIST WHERE DB = '{}' AND INFO LIKE '%sqrt%'", server.name);
        let active = async || server.number(&active).await;
        wait_for(1, &active).await;
        queries.cancel(&data.acme(), id).await.unwrap();
        assert_eq!(refusal(running.await.unwrap()).code, ErrorCode::Cancelled);
        wait_for(0, &active).await;
    }

    async fn what_is_wrong_with_a_mariadb_is_said_by_option(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, MariaDatabase::new().await);
        let connections = data.connections(&data.ann());
        for (option, value, field) in [
            ("database", json!("nothing_of_this_name"), "database"),
            ("password", json!("wrong"), "password"),
            ("port", json!(1), "port"),
            ("port", json!("x"), "port"),
            ("host", json!("10.255.0.1"), "host"),
            ("tls", json!("verify"), "tls"),
            ("tls", json!("encrypt"), "tls"),
            ("certificate", json!("none"), "certificate"),
        ] {
            let mut wrong = maria_document(&server);
            wrong[option] = value.clone();
            if option == "certificate" {
                wrong["tls"] = json!("verify");
            }
            let Ok(wrong) = serde_json::from_value(wrong) else {
                assert_eq!(value, json!("x"));
                continue;
            };
            let error = refusal(connections.test(&data.acme(), None, &wrong).await);
            assert_eq!((error.http_status(), error.field.as_deref()), (422, Some(field)), "{value}: {error:?}");
        }
        // Another protocol on that port, either way.
        let postgres = Server::new().await;
        let mut crossed = maria_document(&server);
        crossed["port"] = json!(postgres.port);
        let error = refusal(connections.test(&data.acme(), None, &input(crossed)).await);
        assert_eq!(error.http_status(), 422, "{error:?}");
        let mut crossed = postgres.document();
        crossed["port"] = json!(server.port);
        let error = refusal(connections.test(&data.acme(), None, &input(crossed)).await);
        assert_eq!((error.http_status(), error.field.as_deref()), (422, Some("port")), "{error:?}");
        // No kind becomes another.
        let made = connect(&data, maria_document(&server)).await;
        let error = refusal(connections.update(&data.acme(), made.id, input(postgres.document())).await);
        assert_eq!(error.field.as_deref(), Some("kind"));
    }

    async fn an_uploaded_sqlite_is_connected_and_asked(test: TestDatabase) {
        let data = Data::new(test).await;
        let file = send(&data, "C:\\shop.sqlite", sqlite_file().await).await.unwrap();
        assert_eq!(file.file_name, "shop.sqlite");
        let made = connect(&data, json!({"kind": "sqlite", "name": "shop", "file": file.file})).await;
        assert_eq!(made.found.as_ref().map(|found| (found.tables, found.can_write)), Some((3, false)));
        store(&data, model_over(&data, &made, &["orders", "customers", "order_lines"]).await).await;
        answers_are_right(&data).await;

        assert_eq!(refusal(send(&data, "shop.csv", vec![1]).await).http_status(), 415);
        let text = "region,amount\n".repeat(1000).into_bytes();
        let error = refusal(send(&data, "shop.db", text).await);
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::Invalid, Some("file")));
        // Of the two files, the refused one is gone; the connected one is never swept.
        let stored = || data.files().iter().filter(|path| path.extension().is_some_and(|ending| ending == "sqlite")).count();
        send(&data, "other.db", sqlite_file().await).await.unwrap();
        assert_eq!(stored(), 2);
        data.instance.clock.advance(chrono::TimeDelta::hours(2));
        assert_eq!(services::ConnectionService::sweep(data.services()).await.unwrap(), 1);
        assert_eq!(stored(), 1);
        answers_are_right(&data).await;
    }

    async fn tables_of_databases_files_and_queries_meet_in_one_model(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, Server::new().await);
        let made = connect(&data, server.document()).await;
        data.upload("people.csv", "ID,Nick,Region\n1,A,up\n2,B,down\n3,C,up\n", LoadRequest::default()).await.unwrap();
        let document = json!({"format": 1, "model": "shop", "tables": [
            {"name": "orders", "connection": made.id.to_string(), "source": {"sql": "SELECT id, customer_id AS who, amount FROM orders WHERE amount > 15"},
                "primary_key": ["id"], "dimensions": [{"name": "amount", "type": "number", "expr": {"col": "amount"}}]},
            {"name": "people", "source": {"dataset": "people"}, "primary_key": ["id"],
                "dimensions": [{"name": "region", "type": "string", "expr": {"col": "region"}}]}],
            "joins": [{"name": "buyer", "from": "orders", "to": "people", "on": [["who", "id"]], "cardinality": "many_to_one"}],
            "metrics": [{"name": "revenue", "type": "simple", "table": "orders", "agg": "sum", "expr": {"col": "amount"}}]});
        store(&data, serde_json::from_value(document.clone()).unwrap()).await;
        let query = json!({"metrics": ["revenue"], "dimensions": ["people.region"], "sort": [{"by": "people.region"}]});
        assert_eq!(rows(&data, query).await, ["down 20.25", "up 90", "null 90"]);

        let models = data.models(&data.ann());
        for (at, source, connection) in [
            ("tables.0.source", json!({"sql": "DELETE FROM orders"}), json!("shop")),
            ("tables.0.source", json!({"sql": "SELECT pg_sleep(1)"}), json!("shop")),
            ("tables.0.source", json!({"sql": "SELECT rolname FROM pg_catalog.pg_roles"}), json!("shop")),
            ("tables.0.source", json!({"sql": "SELECT id, id FROM orders"}), json!("shop")),
            ("tables.0.source", json!({"table": "nothing"}), json!("shop")),
            ("tables.0.connection", json!({"table": "orders"}), json!("other")),
            ("tables.0.connection", json!({"table": "orders"}), Value::Null),
            ("tables.0.connection", json!({"dataset": "people"}), json!("shop")),
            ("joins.0.on", json!({"sql": "SELECT id, amount FROM orders"}), json!("shop")),
        ] {
            let mut wrong = document.clone();
            wrong["tables"][0]["source"] = source.clone();
            wrong["tables"][0]["connection"] = connection;
            let model: Model = serde_json::from_value(wrong).unwrap();
            let error = refusal(models.put(&data.acme(), "shop", model, None).await);
            assert_eq!((error.http_status(), error.field.as_deref()), (422, Some(at)), "{source}: {error:?}");
        }

        // What went away is said, and the rest of the model stays.
        server.test.database.writer().execute_unprepared("ALTER TABLE orders RENAME TO sales").await.unwrap();
        data.instance.clock.advance(chrono::TimeDelta::minutes(2));
        let error = refusal(ask(&data, json!({"metrics": ["revenue"]})).await);
        assert_eq!((error.code, error.http_status()), (ErrorCode::SourceGone, 410), "{error:?}");
    }

    async fn what_is_kept_of_a_database_is_never_older_than_it_may_be(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, Server::new().await);
        let made = connect(&data, server.document()).await;
        let mut document = serde_json::to_value(model_over(&data, &made, &["orders", "customers"]).await).unwrap();
        document["rollups"] = json!([{"name": "regions", "metrics": ["revenue"], "dimensions": ["customers.region"], "refresh": "1h"}]);
        store(&data, serde_json::from_value(document).unwrap()).await;
        let asked = || json!({"metrics": ["revenue"], "where": {"field": "customers.region", "op": "eq", "value": "south"}});
        let make_due = || services::RollupService::make_due(data.services());
        assert_eq!(make_due().await.unwrap(), 1);
        let answer = ask(&data, asked()).await.unwrap();
        assert_eq!((answer.sql.len(), answer.rows[0][0].as_f64()), (0, Some(20.25)));
        server.test.database.writer().execute_unprepared("UPDATE orders SET amount = 21 WHERE id = 2").await.unwrap();
        let later = |minutes| data.instance.clock.advance(chrono::TimeDelta::minutes(minutes));
        later(31);
        assert_eq!(rows(&data, asked()).await, ["20.25"]);
        assert_eq!(make_due().await.unwrap(), 1);
        later(1);
        assert_eq!(rows(&data, asked()).await, ["21"]);
        // Nobody made it anew for too long: the rows are read.
        server.test.database.writer().execute_unprepared("UPDATE orders SET amount = 22 WHERE id = 2").await.unwrap();
        later(90);
        let answer = ask(&data, asked()).await.unwrap();
        assert_eq!((answer.sql.len(), answer.rows[0][0].as_f64()), (1, Some(22.0)));
        // What cannot be made says why, and is tried again.
        server.test.database.writer().execute_unprepared("ALTER TABLE orders RENAME COLUMN amount TO price").await.unwrap();
        assert_eq!(make_due().await.unwrap(), 0);
        let rollups = services::RollupService::new(data.services(), data.ann(), support::request());
        let listed = rollups.list(&data.acme(), "shop").await.unwrap();
        assert_eq!(listed[0].state, shared::semantic::RollupState::Failed, "{listed:?}");
        assert!(listed[0].error.is_some());
        server.test.database.writer().execute_unprepared("ALTER TABLE orders RENAME COLUMN price TO amount").await.unwrap();
        assert_eq!(make_due().await.unwrap(), 0);
        later(11);
        assert_eq!(make_due().await.unwrap(), 1);
    }

    async fn a_cancelled_question_stops_in_the_database(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, Server::new().await);
        let made = connect(&data, server.document()).await;
        let many = "INSERT INTO orders SELECT n, n % 7, '2026-01-01', NULL, n, n FROM generate_series(100, 60000) AS n";
        server.test.database.writer().execute_unprepared(many).await.unwrap();
        let pairs = "SELECT a.id FROM orders AS a JOIN orders AS b ON a.id <> b.id WHERE sqrt(a.id + b.id) < 1";
        let document = json!({"format": 1, "model": "shop", "tables": [{"name": "pairs", "connection": made.name, "source": {"sql": pairs}}],
            "metrics": [{"name": "pair_count", "type": "simple", "table": "pairs", "agg": "count"}]});
        store(&data, serde_json::from_value(document).unwrap()).await;
        let (queries, id) = (data.queries(&data.ann()), uuid::Uuid::now_v7().into());
        let asked = queries.clone();
        let acme = data.acme();
        let query: Query = serde_json::from_value(json!({"model": "shop", "metrics": ["pair_count"]})).unwrap();
        let running = tokio::spawn(async move { asked.run(&acme, query, Some(id)).await });
        let active = async || {
            let text = "SELECT count(*) AS active FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%sqrt%' AND pid <> pg_backend_pid()";
            let writer = server.test.database.writer();
            let statement = sea_orm::Statement::from_string(writer.get_database_backend(), text);
            writer.query_one_raw(statement).await.unwrap().unwrap().try_get::<i64>("", "active").unwrap()
        };
        wait_for(1, &active).await;
        queries.cancel(&data.acme(), id).await.unwrap();
        assert_eq!(refusal(running.await.unwrap()).code, ErrorCode::Cancelled);
        wait_for(0, &active).await;
    }

    async fn what_is_wrong_is_said_by_option_and_secrets_stay(test: TestDatabase) {
        let (data, server) = (Data::new(test).await, Server::new().await);
        let connections = data.connections(&data.ann());
        for (option, value, field) in [
            ("database", json!("nothing_of_this_name"), "database"),
            ("port", json!(1), "port"),
            ("host", json!("no-such-host.invalid"), "host"),
            ("host", json!("10.255.0.1"), "host"),
            ("host", json!("169.254.169.254"), "host"),
            ("host", json!("127.0.0.1/x"), "host"),
            ("host", json!(""), "host"),
            ("tls", json!("verify"), "tls"),
            ("certificate", json!("none"), "certificate"),
        ] {
            let mut wrong = server.document();
            wrong[option] = value.clone();
            if option == "certificate" {
                wrong["tls"] = json!("verify");
            }
            for error in [
                refusal(connections.test(&data.acme(), None, &input(wrong.clone())).await),
                refusal(connections.create(&data.acme(), input(wrong.clone())).await),
            ] {
                assert_eq!((error.http_status(), error.field.as_deref()), (422, Some(field)), "{value}: {error:?}");
                assert!(!format!("{error:?}").contains(PASSWORD));
            }
        }
        assert_eq!(connections.list(&data.acme()).await.unwrap(), []);

        let made = connect(&data, server.document()).await;
        assert_eq!(refusal(connections.create(&data.acme(), input(server.document())).await).http_status(), 409);
        let said = serde_json::to_string(&made).unwrap();
        assert!(!said.contains("password\":\""), "{said}");

        // Without a password the kept one goes on, but only to whom it was given for.
        let mut change = server.document();
        change.as_object_mut().unwrap().remove("password");
        change["name"] = json!("warehouse");
        let changed = connections.update(&data.acme(), made.id, input(change.clone())).await.unwrap();
        assert_eq!((changed.name.as_str(), changed.has_password), ("warehouse", true));
        for (option, value) in [("host", json!("localhost")), ("port", json!(1)), ("user", json!("postgres"))] {
            let mut elsewhere = change.clone();
            elsewhere[option] = value;
            let error = refusal(connections.update(&data.acme(), made.id, input(elsewhere)).await);
            assert_eq!((error.http_status(), error.field.as_deref()), (422, Some("password")), "{option}");
        }

        store(&data, model_over(&data, &changed, &["orders"]).await).await;
        let error = refusal(connections.delete(&data.acme(), made.id).await);
        assert_eq!((error.http_status(), error.candidates), (409, vec!["shop".to_owned()]));
        change["name"] = json!("other");
        assert_eq!(refusal(connections.update(&data.acme(), made.id, input(change)).await).http_status(), 409);
    }
}
