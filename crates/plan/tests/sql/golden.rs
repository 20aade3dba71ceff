//! One file per query and dialect. `GOLDEN=write` writes what is printed now.

use std::{fs, path::PathBuf};

use chrono::DateTime;
use plan::{
    logical::SourceTable,
    query::{PlanContext, Policy, plan_query},
    sql::{Relation, RelationRows, SqlDialect, StoredColumn, Zones, sql},
};
use serde_json::Value as Json;
use shared::{
    semantic::{Model, Query},
    table::ColumnType,
};

const DIALECTS: [(&str, SqlDialect); 5] = [
    ("postgres", SqlDialect::Postgres),
    ("mysql", SqlDialect::MySql(Zones::Loaded)),
    ("mariadb", SqlDialect::MariaDb(Zones::Missing)),
    ("sqlite", SqlDialect::Sqlite),
    ("duckdb", SqlDialect::DuckDb),
];

/// Orders as a database of their own would have them.
pub fn orders(_: &SourceTable) -> Relation {
    let column = |name: &str, kind: ColumnType| StoredColumn {
        name: name.to_owned(),
        kind,
        nullable: matches!(name, "country" | "channel" | "amount"),
        exact: true,
    };
    Relation {
        rows: RelationRows::Table(vec!["public".to_owned(), "orders".to_owned()]),
        columns: vec![
            column("ordered_at", ColumnType::Timestamptz),
            column("logged_at", ColumnType::Timestamp),
            column("shipped_on", ColumnType::Date),
            column("country", ColumnType::String),
            column("channel", ColumnType::String),
            column("customer_id", ColumnType::String),
            column("gift", ColumnType::Boolean),
            column("amount", ColumnType::Decimal),
        ],
    }
}

fn with_numbers(mut relation: Relation) -> Relation {
    for column in &mut relation.columns {
        if column.kind == ColumnType::Decimal {
            column.kind = ColumnType::Number;
        }
    }
    relation
}

#[test]
fn statements_print_as_kept() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let model: Model = serde_json::from_str(&fs::read_to_string(folder.join("model.json")).unwrap()).unwrap();
    let context = PlanContext::new(DateTime::parse_from_rfc3339("2026-11-20T09:00:30Z").unwrap().to_utc());
    let write = std::env::var("GOLDEN").is_ok_and(|value| value == "write");
    let mut moved = Vec::new();
    let mut names: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    names.sort();
    for path in names {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        if path.extension().is_none_or(|extension| extension != "json") || name == "model" {
            continue;
        }
        let case: Json = serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let query: Query = serde_json::from_value(case["query"].clone()).unwrap();
        let policy: Policy =
            serde_json::from_value(case.get("policy").cloned().unwrap_or_else(|| serde_json::json!({}))).unwrap();
        for (dialect_name, dialect) in DIALECTS {
            // SQLite has neither zones nor decimals.
            let mut model = model.clone();
            if dialect == SqlDialect::Sqlite {
                model.time_zone = "UTC".to_owned();
            }
            let Ok(planned) = plan_query(&query, &model, &policy, &context) else {
                continue;
            };
            let orders = |source: &SourceTable| match dialect {
                SqlDialect::Sqlite => with_numbers(orders(source)),
                _ => orders(source),
            };
            let printed = match sql(&planned.rows, dialect, &orders) {
                Ok(statement) => format!("{}\n", statement.text),
                Err(unsupported) => format!("-- {unsupported}\n"),
            };
            let kept = folder.join("sql").join(dialect_name).join(format!("{name}.sql"));
            if write {
                fs::create_dir_all(kept.parent().unwrap()).unwrap();
                fs::write(&kept, &printed).unwrap();
            } else if fs::read_to_string(&kept).ok().as_deref() != Some(printed.as_str()) {
                moved.push(format!("{dialect_name} {name}:\n{printed}"));
            }
        }
    }
    assert!(
        moved.is_empty(),
        "statements have moved; look, then run with GOLDEN=write\n{}",
        moved.join("\n")
    );
}
