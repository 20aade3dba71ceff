//! Names and texts that try to leave their quotes: they come back as they went in.

use plan::{
    logical::{
        AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, Origin, SourceTable,
    },
    sql::{Relation, RelationRows, SqlDialect, StoredColumn, Zones, sql},
};
use shared::{semantic::Source, table::ColumnType};

use super::databases::agree;
use crate::interpreter::{Table, Tables, Value, run};

const HOSTILE: [&str; 19] = [
    "'",
    "🦀",
    "''",
    "\"",
    "`",
    "\\",
    "\\'",
    "'; DROP TABLE things; --",
    "\" ; --",
    "`; --",
    "/* */ */",
    "-- x",
    "two\nlines",
    ":name",
    "$1",
    "%s ?",
    "Größe ☃",
    "\u{202E}x",
    "E'\\x27'",
];

fn source(name: &str) -> SourceTable {
    SourceTable {
        table: name.to_owned(),
        origin: Origin::Table(Source::Dataset(name.to_owned())),
    }
}

fn text(text: &str) -> Expression {
    Expression::Literal(Literal::Text(text.to_owned()))
}

#[test]
fn texts_are_found_as_they_are() {
    let rows = HOSTILE
        .iter()
        .map(|word| vec![Value::Text((*word).to_owned())])
        .collect();
    let table = Table {
        columns: vec!["word".to_owned()],
        rows,
    };
    let tables: Tables = [("things".to_owned(), table)].into();
    let scan = || Node::Scan {
        source: source("things"),
        columns: vec!["word".to_owned()],
    };
    let word = || Expression::column("word");
    for hostile in HOSTILE {
        let found = |function: Function| Expression::call(function, vec![word(), text(hostile)]);
        let predicates = [
            Expression::binary(BinaryOperator::Eq, word(), text(hostile)),
            Expression::binary(BinaryOperator::IsNotDistinctFrom, word(), text(hostile)),
            Expression::In {
                operand: Box::new(word()),
                list: vec![Literal::Text(hostile.to_owned()), Literal::Text("x".to_owned())],
            },
            found(Function::Contains { case: true }),
            found(Function::Contains { case: false }),
            found(Function::StartsWith { case: true }),
            found(Function::StartsWith { case: false }),
            found(Function::EndsWith { case: true }),
            found(Function::EndsWith { case: false }),
        ];
        for predicate in predicates {
            let node = scan()
                .filter(predicate)
                .project(vec![Named::same("word"), Named::new("constant", text(hostile))]);
            let expected = run(&node, &tables);
            assert!(!expected.rows.is_empty());
            let whole = agree(&node, &tables, &expected).unwrap_or_else(|difference| panic!("{difference}"));
            assert!(whole.contains("Sqlite"));
        }
    }
}

#[test]
fn names_of_tables_and_columns_stay_names() {
    // MySQL cannot have crabs in names.
    for hostile in HOSTILE.into_iter().filter(|name| *name != "🦀") {
        let columns = vec![hostile.to_owned(), format!("{hostile}2")];
        let rows = vec![
            vec![Value::Text("a".to_owned()), Value::Int(1)],
            vec![Value::Text("a".to_owned()), Value::Int(2)],
            vec![Value::Null, Value::Int(4)],
        ];
        let tables: Tables = [(
            hostile.to_owned(),
            Table {
                columns: columns.clone(),
                rows,
            },
        )]
        .into();
        let scan = || Node::Scan {
            source: source(hostile),
            columns: columns.clone(),
        };
        let groups = scan().aggregate(
            vec![Named::same(hostile)],
            vec![Named::new(
                format!("sum of {hostile}"),
                AggregateCall::Sum(Expression::column(format!("{hostile}2"))),
            )],
        );
        let node = scan().join_on(JoinKind::Left, groups, &[hostile.to_owned()]);
        let whole = agree(&node, &tables, &run(&node, &tables)).unwrap_or_else(|difference| panic!("{difference}"));
        assert!(whole.contains("Sqlite"));
    }
}

const DIALECTS: [SqlDialect; 5] = [
    SqlDialect::Postgres,
    SqlDialect::MySql(Zones::Loaded),
    SqlDialect::MariaDb(Zones::Loaded),
    SqlDialect::Sqlite,
    SqlDialect::DuckDb,
];

fn relation(name: &'static str, column: &'static str) -> impl Fn(&SourceTable) -> Relation {
    move |_| Relation {
        rows: RelationRows::Table(vec![name.to_owned()]),
        columns: vec![StoredColumn {
            name: column.to_owned(),
            kind: ColumnType::String,
            nullable: true,
            exact: true,
        }],
    }
}

#[test]
fn nul_is_refused_or_written_without_itself() {
    for dialect in DIALECTS {
        let scan = |column: &str| Node::Scan {
            source: source("t"),
            columns: vec![column.to_owned()],
        };
        assert!(sql(&scan("a\0b"), dialect, &relation("t", "a\0b")).is_err());
        assert!(sql(&scan("a"), dialect, &relation("t\0", "a")).is_err());
        let named = scan("a").project(vec![Named::new("x\0y", Expression::column("a"))]);
        let statement = sql(&named, dialect, &relation("t", "a")).unwrap();
        assert!(!statement.text.contains('\0'));
        let compared = scan("a").filter(Expression::binary(
            BinaryOperator::Eq,
            Expression::column("a"),
            text("x\0'y"),
        ));
        match sql(&compared, dialect, &relation("t", "a")) {
            Ok(statement) => assert!(!statement.text.contains('\0'), "{}", statement.text),
            Err(_) => assert_eq!(dialect, SqlDialect::Postgres),
        }
    }
}

#[test]
fn no_stage_hides_a_table() {
    for dialect in DIALECTS {
        let scan = Node::Scan {
            source: source("t"),
            columns: vec!["a".to_owned()],
        };
        let limited = Node::Limit {
            input: Box::new(scan),
            offset: 0,
            count: Some(3),
        };
        let node = limited.filter(Expression::column("a").is_null());
        let statement = sql(&node, dialect, &relation("T_Top", "a")).unwrap();
        assert!(statement.text.contains("WITH t_top2 AS ("), "{}", statement.text);
    }
}

#[test]
fn nothing_but_a_number_or_a_date_goes_without_quotes() {
    for dialect in DIALECTS {
        for literal in [
            Literal::Decimal("1; DROP TABLE t".to_owned()),
            Literal::Decimal(String::new()),
            Literal::Decimal("1e5".to_owned()),
            Literal::Date("2026-01-01'; --".to_owned()),
            Literal::Timestamp(i64::MAX),
        ] {
            let node = Node::Values {
                columns: vec!["x".to_owned()],
                rows: vec![vec![literal]],
            };
            assert!(sql(&node, dialect, &relation("t", "a")).is_err());
        }
    }
}
