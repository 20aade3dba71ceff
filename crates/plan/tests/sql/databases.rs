//! The same plan in every database that is there, compared with what the interpreter says.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    sync::{
        Mutex,
        atomic::{self, AtomicUsize},
    },
};

use chrono::{DateTime, NaiveDateTime};
use plan::{
    logical::{Literal, Node, SourceTable},
    sql::{Bound, Relation, RelationRows, SqlDialect, StoredColumn, split, sql},
};
use serde_json::Value as Json;
use shared::table::ColumnType;

use super::session::{Session, all};
use crate::interpreter::{Table, Tables, Value, run};

struct Database {
    session: Session,
    /// What stands in its tables, and what each is called.
    loaded: BTreeMap<String, String>,
    count: usize,
}

static DATABASES: Mutex<Vec<Database>> = Mutex::new(Vec::new());

/// The interpreter's answer, after every database has given the same.
pub fn answered(node: &Node, tables: &Tables) -> Table {
    let expected = run(node, tables);
    if let Err(difference) = agree(node, tables, &expected) {
        panic!("{difference}");
    }
    expected
}

/// The same, with the databases asked about every fourth plan only.
pub fn sometimes_answered(node: &Node, tables: &Tables) -> Table {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    if COUNT.fetch_add(1, atomic::Ordering::Relaxed).is_multiple_of(4) {
        answered(node, tables)
    } else {
        run(node, tables)
    }
}

/// Which dialects computed the whole plan.
pub fn agree(node: &Node, tables: &Tables, expected: &Table) -> Result<BTreeSet<String>, String> {
    let mut databases = DATABASES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if databases.is_empty() {
        databases.extend(all().into_iter().map(|session| Database {
            session,
            loaded: BTreeMap::new(),
            count: 0,
        }));
    }
    let mut whole = BTreeSet::new();
    for database in databases.iter_mut() {
        if database.check(node, tables, expected)? {
            whole.insert(format!("{:?}", database.session.dialect));
        }
    }
    Ok(whole)
}

impl Database {
    /// Was it computed there as a whole? What was not is split, and finished by the interpreter.
    fn check(&mut self, node: &Node, tables: &Tables, expected: &Table) -> Result<bool, String> {
        let dialect = self.session.dialect;
        let mut relations = BTreeMap::new();
        for source in node.sources() {
            let name = source.origin.dataset().unwrap();
            relations.insert(name.to_owned(), self.load(name, &tables[name]));
        }
        let relation = |source: &SourceTable| {
            let name = source.origin.dataset().unwrap();
            relations[name].clone()
        };
        let whole = match sql(node, dialect, &relation) {
            Ok(statement) => {
                let got = self.ask(&statement.text, &statement.columns)?;
                same(&got, expected, is_ordered(node))
                    .map_err(|difference| format!("{dialect:?}: {difference}\n{node}\n{}", statement.text))?;
                true
            }
            Err(_) => false,
        };
        if !whole {
            let bound = |source: &SourceTable| {
                Some(Bound {
                    connection: "here".to_owned(),
                    dialect,
                    relation: relation(source),
                })
            };
            let split = split(node, &bound);
            let mut fetched = Tables::new();
            for remote in &split.remote {
                fetched.insert(remote.name.clone(), self.ask(&remote.sql, &remote.columns)?);
            }
            let got = run(&split.local, &fetched);
            same(&got, expected, is_ordered(node)).map_err(|difference| {
                format!(
                    "{dialect:?}, split: {difference}\n{node}\n{}\n{:#?}",
                    split.local, split.remote
                )
            })?;
        }
        Ok(whole)
    }

    fn ask(&mut self, text: &str, columns: &[(String, ColumnType)]) -> Result<Table, String> {
        let rows = self
            .session
            .query(text, columns.len())
            .map_err(|error| format!("{:?}: {error}\n{text}", self.session.dialect))?;
        let read = |row: Vec<Json>| {
            row.iter()
                .zip(columns)
                .map(|(cell, (_, kind))| read(cell, *kind))
                .collect()
        };
        Ok(Table {
            columns: columns.iter().map(|(name, _)| name.clone()).collect(),
            rows: rows.into_iter().map(read).collect(),
        })
    }

    /// Makes the table unless it is there.
    fn load(&mut self, name: &str, table: &Table) -> Relation {
        let dialect = self.session.dialect;
        let kinds: Vec<ColumnType> = (0..table.columns.len()).map(|at| kind_of(table, at)).collect();
        let columns: Vec<StoredColumn> = table
            .columns
            .iter()
            .zip(&kinds)
            .enumerate()
            .map(|(at, (name, kind))| StoredColumn {
                name: name.clone(),
                kind: *kind,
                nullable: table.rows.iter().any(|row| row[at].is_null()),
                exact: matches!(kind, ColumnType::Number | ColumnType::Boolean),
            })
            .collect();
        let content = format!("{name} {table:?}");
        let known = self.loaded.get(&content).cloned();
        let called = known.clone().unwrap_or_else(|| {
            self.count += 1;
            format!("{name} \"{}\" `t`", self.count)
        });
        let relation = Relation {
            rows: RelationRows::Table(vec![called.clone()]),
            columns,
        };
        if known.is_some() {
            return relation;
        }
        let quoted = quoted(dialect, &called);
        let list: Vec<String> = relation
            .columns
            .iter()
            .map(|column| {
                format!(
                    "{} {}",
                    self::quoted(dialect, &column.name),
                    type_name(dialect, column.kind)
                )
            })
            .collect();
        let mut run = |text: String| {
            self.session
                .execute(&text)
                .unwrap_or_else(|error| panic!("{dialect:?}: {error}\n{text}"));
        };
        run(format!("CREATE TEMPORARY TABLE {quoted} ({})", list.join(", ")));
        for rows in table.rows.chunks(100) {
            // What is NULL in all of them has no type to be inserted with.
            let filled: Vec<usize> = (0..table.columns.len())
                .filter(|at| rows.iter().any(|row| !row[*at].is_null()))
                .collect();
            let values = Node::Values {
                columns: filled.iter().map(|at| table.columns[*at].clone()).collect(),
                rows: rows
                    .iter()
                    .map(|row| filled.iter().map(|at| literal(&row[*at])).collect())
                    .collect(),
            };
            let into: Vec<String> = filled
                .iter()
                .map(|at| self::quoted(dialect, &table.columns[*at]))
                .collect();
            let nowhere = |_: &SourceTable| Relation {
                rows: RelationRows::Table(Vec::new()),
                columns: Vec::new(),
            };
            let text = sql(&values, dialect, &nowhere).unwrap().text;
            run(format!("INSERT INTO {quoted} ({}) {text}", into.join(", ")));
        }
        // As other programs write times.
        if dialect == SqlDialect::Sqlite {
            for column in relation
                .columns
                .iter()
                .filter(|column| column.kind == ColumnType::Timestamptz)
            {
                let column = self::quoted(dialect, &column.name);
                run(format!(
                    "UPDATE {quoted} SET {column} = replace({column}, ' ', 'T') || 'Z'"
                ));
            }
        }
        self.loaded.insert(content, called);
        relation
    }
}

fn quoted(dialect: SqlDialect, name: &str) -> String {
    match dialect {
        SqlDialect::MySql(_) | SqlDialect::MariaDb(_) => format!("`{}`", name.replace('`', "``")),
        SqlDialect::Postgres | SqlDialect::Sqlite | SqlDialect::DuckDb => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

fn type_name(dialect: SqlDialect, kind: ColumnType) -> &'static str {
    match (dialect, kind) {
        (SqlDialect::Sqlite, ColumnType::Number) => "REAL",
        (SqlDialect::Sqlite, ColumnType::Integer | ColumnType::Boolean) => "INTEGER",
        // Compares without case unless told otherwise.
        (SqlDialect::Sqlite, _) => "TEXT COLLATE NOCASE",
        (SqlDialect::MySql(_) | SqlDialect::MariaDb(_), ColumnType::String) => "text",
        (SqlDialect::MySql(_) | SqlDialect::MariaDb(_), ColumnType::Timestamp) => "datetime(6)",
        (SqlDialect::MySql(_) | SqlDialect::MariaDb(_), ColumnType::Timestamptz) => "timestamp(6) NULL",
        (SqlDialect::MySql(_) | SqlDialect::MariaDb(_), ColumnType::Number) => "double",
        (_, ColumnType::Integer) => "integer",
        (_, ColumnType::Number) => "double precision",
        (_, ColumnType::Boolean) => "boolean",
        (_, ColumnType::Date) => "date",
        (_, ColumnType::Timestamp) => "timestamp",
        (_, ColumnType::Timestamptz) => "timestamptz",
        (_, _) => "text",
    }
}

fn kind_of(table: &Table, at: usize) -> ColumnType {
    let mut values = table.rows.iter().map(|row| &row[at]).filter(|value| !value.is_null());
    let is_float = table.rows.iter().any(|row| matches!(row[at], Value::Float(_)));
    match values.next() {
        Some(Value::Int(_)) if !is_float => ColumnType::Integer,
        Some(Value::Int(_) | Value::Float(_)) => ColumnType::Number,
        Some(Value::Bool(_)) => ColumnType::Boolean,
        Some(Value::Date(_)) => ColumnType::Date,
        Some(Value::Wall(_)) => ColumnType::Timestamp,
        Some(Value::Instant(_)) => ColumnType::Timestamptz,
        Some(Value::Text(_)) => ColumnType::String,
        // A column of nothing has the type its name says.
        Some(Value::Null) | None => match table.columns[at].as_str() {
            "ordered_at" => ColumnType::Timestamptz,
            "logged_at" => ColumnType::Timestamp,
            "shipped_on" => ColumnType::Date,
            "gift" => ColumnType::Boolean,
            "amount" => ColumnType::Number,
            _ => ColumnType::String,
        },
    }
}

fn literal(value: &Value) -> Literal {
    match value {
        Value::Null => Literal::Null,
        Value::Bool(truth) => Literal::Bool(*truth),
        Value::Int(whole) => Literal::Int(*whole),
        Value::Float(number) => Literal::Float(*number),
        Value::Text(text) => Literal::Text(text.clone()),
        Value::Date(days) => Literal::Date(
            DateTime::from_timestamp(days * 86_400, 0)
                .unwrap()
                .date_naive()
                .to_string(),
        ),
        Value::Wall(wall) => Literal::Timestamp(*wall),
        Value::Instant(instant) => Literal::Instant(*instant),
    }
}

/// A cell as the database's driver gives it.
fn read(cell: &Json, kind: ColumnType) -> Value {
    if cell.is_null() {
        return Value::Null;
    }
    let number = || match cell {
        Json::String(text) => text.parse::<f64>().unwrap(),
        other => other.as_f64().unwrap_or_else(|| panic!("{other} is no number")),
    };
    match kind {
        ColumnType::Integer => {
            let number = number();
            assert!(number.fract() == 0.0, "{number} is not whole");
            Value::Int(number as i64)
        }
        ColumnType::Number | ColumnType::Decimal => Value::Float(number()),
        ColumnType::Boolean => Value::Bool(cell.as_bool().unwrap_or_else(|| cell.as_i64().unwrap() != 0)),
        ColumnType::Date => {
            assert_eq!(cell.as_str().unwrap().len(), 10, "{cell} is a date");
            Value::Date(micros(cell) / 86_400_000_000)
        }
        ColumnType::Timestamp => Value::Wall(micros(cell)),
        ColumnType::Timestamptz => Value::Instant(micros(cell)),
        ColumnType::String | ColumnType::Time | ColumnType::Json | ColumnType::Geo => {
            Value::Text(cell.as_str().unwrap_or_else(|| panic!("{cell} is no text")).to_owned())
        }
    }
}

fn micros(cell: &Json) -> i64 {
    let text = cell
        .as_str()
        .unwrap_or_else(|| panic!("{cell} is no time"))
        .replace('T', " ");
    if let Ok(instant) = DateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S%.f%:z") {
        return instant.timestamp_micros();
    }
    let whole = if text.len() == 10 {
        format!("{text} 00:00:00")
    } else {
        text
    };
    NaiveDateTime::parse_from_str(&whole, "%Y-%m-%d %H:%M:%S%.f")
        .unwrap_or_else(|error| panic!("{whole}: {error}"))
        .and_utc()
        .timestamp_micros()
}

fn is_ordered(node: &Node) -> bool {
    match node {
        Node::Sort { .. } => true,
        Node::Limit { input, .. } => is_ordered(input),
        _ => false,
    }
}

fn same(got: &Table, expected: &Table, ordered: bool) -> Result<(), String> {
    if got.columns != expected.columns {
        return Err(format!("columns {:?} instead of {:?}", got.columns, expected.columns));
    }
    let (mut got, mut expected) = (got.rows.clone(), expected.rows.clone());
    if !ordered {
        got.sort_by(|a, b| by_words_then_numbers(a, b));
        expected.sort_by(|a, b| by_words_then_numbers(a, b));
    }
    let alike = |a: &Vec<Value>, b: &Vec<Value>| a.iter().zip(b).all(|(a, b)| is_alike(a, b));
    if got.len() == expected.len() && got.iter().zip(&expected).all(|(a, b)| alike(a, b)) {
        Ok(())
    } else {
        let texts = |rows: &[Vec<Value>]| rows.iter().map(|row| format!("{row:?}")).collect::<Vec<_>>();
        Err(format!(
            "\n  got      {:#?}\n  expected {:#?}",
            texts(&got),
            texts(&expected)
        ))
    }
}

/// Numbers, which may differ a little, decide last.
fn by_words_then_numbers(a: &[Value], b: &[Value]) -> Ordering {
    let words = |row: &[Value]| {
        let word = |value: &Value| value.number().map_or_else(|| format!("{value:?}"), |_| String::new());
        row.iter().map(word).collect::<Vec<_>>()
    };
    let numbers = |row: &[Value]| row.iter().filter_map(Value::number).collect::<Vec<_>>();
    words(a).cmp(&words(b)).then_with(|| {
        let pairs = numbers(a).into_iter().zip(numbers(b));
        pairs.fold(Ordering::Equal, |order, (a, b)| {
            order.then((a + 0.0).total_cmp(&(b + 0.0)))
        })
    })
}

/// Numbers to a millionth, everything else exactly.
fn is_alike(a: &Value, b: &Value) -> bool {
    match (a.number(), b.number()) {
        (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * a.abs().max(b.abs()).max(1e-6),
        _ => a == b,
    }
}
