//! What must not be rounded: decimals, whole numbers of 64 bits, microseconds.

use plan::{
    logical::{AggregateCall, BinaryOperator, Expression, Function, Literal, Named, Node, Origin, SourceTable},
    sql::{Relation, RelationRows, SqlDialect, StoredColumn, sql},
};
use serde_json::Value as Json;
use shared::{semantic::Source, table::ColumnType};

use super::session::{Session, all};

fn nowhere(_: &SourceTable) -> Relation {
    Relation {
        rows: RelationRows::Table(Vec::new()),
        columns: Vec::new(),
    }
}

fn values(literals: Vec<Literal>) -> Node {
    Node::Values {
        columns: vec!["x".to_owned()],
        rows: literals.into_iter().map(|literal| vec![literal]).collect(),
    }
}

fn x() -> Expression {
    Expression::column("x")
}

fn is(value: Expression, literal: Literal) -> Expression {
    Expression::binary(BinaryOperator::Eq, value, Expression::Literal(literal))
}

/// Is the one value of the plan true?
fn holds(session: &mut Session, node: &Node) -> Option<bool> {
    let statement = sql(node, session.dialect, &nowhere).ok()?;
    let rows = session
        .query(&statement.text, 1)
        .unwrap_or_else(|error| panic!("{error}\n{}", statement.text));
    assert_eq!(rows.len(), 1);
    Some(rows[0][0] == Json::Bool(true) || rows[0][0] == 1)
}

#[test]
fn sums_of_decimals_and_of_whole_numbers_are_exact() {
    let decimal = |text: &str| Literal::Decimal(text.to_owned());
    for mut session in all() {
        let sum = |literals: Vec<Literal>, expected: Literal| {
            let total = values(literals).aggregate(Vec::new(), vec![Named::new("x", AggregateCall::Sum(x()))]);
            total.project(vec![Named::new("right", is(x(), expected))])
        };
        let tenths = sum(
            vec![decimal("0.1"), decimal("0.2"), decimal("-0.0005")],
            decimal("0.2995"),
        );
        let expected = (session.dialect != SqlDialect::Sqlite).then_some(true);
        assert_eq!(holds(&mut session, &tenths), expected, "{:?}", session.dialect);
        let large = sum(
            vec![Literal::Int(i64::MAX - 1), Literal::Int(1)],
            Literal::Int(i64::MAX),
        );
        assert_eq!(holds(&mut session, &large), Some(true), "{:?}", session.dialect);
        let small =
            values(vec![Literal::Int(i64::MIN)]).project(vec![Named::new("right", is(x(), Literal::Int(i64::MIN)))]);
        assert_eq!(holds(&mut session, &small), Some(true), "{:?}", session.dialect);
    }
}

#[test]
fn whole_numbers_multiply_in_64_bits_and_divide_to_fractions() {
    for mut session in all() {
        let wide = Expression::binary(BinaryOperator::Multiply, x(), x());
        let square = values(vec![Literal::Int(3_000_000_000)]).project(vec![Named::new(
            "right",
            is(wide, Literal::Int(9_000_000_000_000_000_000)),
        )]);
        assert_eq!(holds(&mut session, &square), Some(true));
        let two = Expression::Literal(Literal::Int(2));
        let half = Expression::binary(BinaryOperator::Divide, x(), two);
        let fraction = values(vec![Literal::Int(7)]).project(vec![Named::new("right", is(half, Literal::Float(3.5)))]);
        assert_eq!(holds(&mut session, &fraction), Some(true));
        let none = Expression::binary(BinaryOperator::Divide, x(), Expression::Literal(Literal::Int(0)));
        let nothing = values(vec![Literal::Int(7)]).project(vec![Named::new("right", none.is_null())]);
        assert_eq!(holds(&mut session, &nothing), Some(true));
    }
}

#[test]
fn no_rows_give_one_row_of_aggregates_and_no_groups() {
    for mut session in all() {
        let none = || values(Vec::new());
        let whole = none().aggregate(
            Vec::new(),
            vec![
                Named::new("n", AggregateCall::CountRows),
                Named::new("least", AggregateCall::Min(x())),
            ],
        );
        let statement = sql(&whole, session.dialect, &nowhere).unwrap();
        assert_eq!(
            session.query(&statement.text, 2).unwrap(),
            [[Json::from(0), Json::Null]]
        );
        let groups = none().aggregate(vec![Named::same("x")], vec![Named::new("n", AggregateCall::CountRows)]);
        let statement = sql(&groups, session.dialect, &nowhere).unwrap();
        assert!(session.query(&statement.text, 2).unwrap().is_empty());
        let constant = vec![Named::new("x", Expression::Literal(Literal::Int(1)))];
        let one = none()
            .aggregate(Vec::new(), vec![Named::new("n", AggregateCall::CountRows)])
            .project(constant);
        let both = Node::union(vec![one, values(vec![Literal::Int(2)])]);
        let statement = sql(&both, session.dialect, &nowhere).unwrap();
        assert_eq!(session.query(&statement.text, 1).unwrap().len(), 2);
        let nothing_asked = none().aggregate(Vec::new(), Vec::new());
        let statement = sql(&nothing_asked, session.dialect, &nowhere).unwrap();
        assert_eq!(session.query(&statement.text, 1).unwrap().len(), 1);
    }
}

#[test]
fn sqlite_reads_times_whichever_way_they_are_written() {
    let mut session = all().remove(0);
    session.execute("CREATE TABLE times (written TEXT)").unwrap();
    let cases = [
        ("2026-11-20 09:00:00", "2026-11-20 09:00:00"),
        ("2026-11-20T09:00", "2026-11-20 09:00:00"),
        ("2026-11-20", "2026-11-20 00:00:00"),
        ("2026-11-20T09:00:00Z", "2026-11-20 09:00:00"),
        ("2026-11-20T09:00:00+02:00", "2026-11-20 07:00:00"),
        ("2026-11-20T09:00:00.5-01:30", "2026-11-20 10:30:00.500000"),
        ("2026-11-20 23:59:59.999999", "2026-11-20 23:59:59.999999"),
        ("2026-11-20 23:59:59.9999999Z", "2026-11-20 23:59:59.999999"),
        ("2026-11-20 09:00:00.000", "2026-11-20 09:00:00"),
    ];
    let scan = Node::Scan {
        source: SourceTable {
            table: "times".to_owned(),
            origin: Origin::Table(Source::Dataset("times".to_owned())),
        },
        columns: vec!["written".to_owned()],
    };
    let relation = |_: &SourceTable| Relation {
        rows: RelationRows::Table(vec!["main".to_owned(), "times".to_owned()]),
        columns: vec![StoredColumn {
            name: "written".to_owned(),
            kind: ColumnType::Timestamptz,
            nullable: true,
            exact: false,
        }],
    };
    let text = sql(&scan, SqlDialect::Sqlite, &relation).unwrap().text;
    for (written, expected) in cases {
        session.execute("DELETE FROM times").unwrap();
        session
            .execute(&format!("INSERT INTO times VALUES ('{written}')"))
            .unwrap();
        assert_eq!(session.query(&text, 1).unwrap(), [[Json::from(expected)]], "{written}");
    }
    // The day is that of the microsecond before midnight.
    session
        .execute("UPDATE times SET written = '2026-11-20 23:59:59.9999996'")
        .unwrap();
    let day = scan.project(vec![Named::new(
        "day",
        Expression::call(Function::Cast(ColumnType::Date), vec![Expression::column("written")]),
    )]);
    let text = sql(&day, SqlDialect::Sqlite, &relation).unwrap().text;
    assert_eq!(session.query(&text, 1).unwrap(), [[Json::from("2026-11-20")]]);
}
