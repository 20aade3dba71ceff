//! Expressions of models: what is read, as which tree, and what is refused for which reason.

use guard::expression::{Aggregate, BinaryOperator, FieldReference, Function, Literal, UnaryOperator};
use guard::{
    CheckedExpression, CustomFunction, Dialect, Expression, ExpressionRules, Refusal, RefusalKind, check_expression,
};
use shared::{
    semantic::{DatePart, Grain, TimeUnit},
    table::ColumnType,
};

fn check_in(dialect: Dialect, sql: &str, aggregates: bool) -> Result<CheckedExpression, Refusal> {
    let custom = [CustomFunction {
        name: "net_price".to_owned(),
        arguments: 2,
    }];
    let rules = ExpressionRules {
        dialect,
        custom_functions: &custom,
        aggregates,
    };
    check_expression(sql, &rules)
}

/// The tree, or the reason as a text, which no assertion expects.
fn read(sql: &str) -> Expression {
    match check_in(Dialect::Postgres, sql, false) {
        Ok(checked) => checked.expression,
        Err(refusal) => text(&refusal.message),
    }
}

fn column(name: &str) -> Expression {
    Expression::Column(name.to_owned())
}

fn number(digits: &str) -> Expression {
    Expression::Literal(Literal::Number(digits.to_owned()))
}

fn text(text: &str) -> Expression {
    Expression::Literal(Literal::Text(text.to_owned()))
}

fn binary(left: Expression, operator: BinaryOperator, right: Expression) -> Expression {
    Expression::Binary {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    }
}

fn call<const N: usize>(function: Function, arguments: [Expression; N]) -> Expression {
    Expression::Call {
        function,
        arguments: arguments.to_vec(),
    }
}

#[test]
fn the_contracts_own_expression() {
    for dialect in Dialect::ALL {
        let checked = check_in(dialect, "amount * {param:fx}", false).unwrap();
        let wanted = binary(
            column("amount"),
            BinaryOperator::Multiply,
            Expression::Parameter("fx".to_owned()),
        );
        assert_eq!(checked.expression, wanted, "{}", dialect.label());
        assert!(checked.parameters.contains("fx") && checked.columns.contains("amount"));
        let checked = check_in(dialect, "date_diff(day, {customers.signed_up}, ordered_at)", false).unwrap();
        let field = FieldReference {
            table: "customers".to_owned(),
            field: "signed_up".to_owned(),
        };
        assert!(checked.fields.contains(&field));
        let wanted = call(
            Function::DateDiff(TimeUnit::Day),
            [Expression::Field(field), column("ordered_at")],
        );
        assert_eq!(checked.expression, wanted, "{}", dialect.label());
    }
}

#[test]
fn braces_in_quotes_are_text() {
    assert_eq!(read("'{param:fx}'"), text("{param:fx}"));
    assert_eq!(read("'it''s {orders.x}'"), text("it's {orders.x}"));
    assert_eq!(read("$${orders.x}$$"), text("{orders.x}"));
    assert_eq!(read("\"{param:fx}\""), column("{param:fx}"));
    assert_eq!(read("1 /* {param:fx} */"), number("1"));
    assert_eq!(read("{ param : fx }"), Expression::Parameter("fx".to_owned()));
}

#[test]
fn every_function_is_read_in_every_dialect() {
    let calls = [
        ("abs(x)", call(Function::Abs, [column("x")])),
        ("round(x)", call(Function::Round, [column("x")])),
        ("ROUND(x, 2)", call(Function::Round, [column("x"), number("2")])),
        ("floor(x)", call(Function::Floor, [column("x")])),
        ("ceil(x)", call(Function::Ceil, [column("x")])),
        ("ceiling(x)", call(Function::Ceil, [column("x")])),
        ("ln(x)", call(Function::Ln, [column("x")])),
        ("exp(x)", call(Function::Exp, [column("x")])),
        ("power(x, 2)", call(Function::Power, [column("x"), number("2")])),
        ("sqrt(x)", call(Function::Sqrt, [column("x")])),
        ("sign(x)", call(Function::Sign, [column("x")])),
        ("mod(x, 2)", call(Function::Mod, [column("x"), number("2")])),
        ("least(x, y)", call(Function::Least, [column("x"), column("y")])),
        ("greatest(x, y)", call(Function::Greatest, [column("x"), column("y")])),
        (
            "coalesce(x, y, 0)",
            call(Function::Coalesce, [column("x"), column("y"), number("0")]),
        ),
        ("nullif(x, 0)", call(Function::NullIf, [column("x"), number("0")])),
        (
            "if(x, 1, 0)",
            call(Function::If, [column("x"), number("1"), number("0")]),
        ),
        ("lower(x)", call(Function::Lower, [column("x")])),
        ("upper(x)", call(Function::Upper, [column("x")])),
        ("trim(x)", call(Function::Trim, [column("x")])),
        ("length(x)", call(Function::Length, [column("x")])),
        ("substring(x, 2)", call(Function::Substring, [column("x"), number("2")])),
        (
            "substring(x, 2, 3)",
            call(Function::Substring, [column("x"), number("2"), number("3")]),
        ),
        (
            "substr(x, 2, 3)",
            call(Function::Substring, [column("x"), number("2"), number("3")]),
        ),
        (
            "replace(x, 'a', 'b')",
            call(Function::Replace, [column("x"), text("a"), text("b")]),
        ),
        (
            "concat(x, '-', y)",
            call(Function::Concat, [column("x"), text("-"), column("y")]),
        ),
        ("left(x, 3)", call(Function::Left, [column("x"), number("3")])),
        ("right(x, 3)", call(Function::Right, [column("x"), number("3")])),
        (
            "starts_with(x, 'a')",
            call(Function::StartsWith, [column("x"), text("a")]),
        ),
        ("ends_with(x, 'a')", call(Function::EndsWith, [column("x"), text("a")])),
        ("contains(x, 'a')", call(Function::Contains, [column("x"), text("a")])),
        ("as_of()", call(Function::AsOf, [])),
        (
            "date_diff(month, x, as_of())",
            call(
                Function::DateDiff(TimeUnit::Month),
                [column("x"), call(Function::AsOf, [])],
            ),
        ),
        (
            "date_diff('month', x, y)",
            call(Function::DateDiff(TimeUnit::Month), [column("x"), column("y")]),
        ),
        (
            "date_add(week, 2, x)",
            call(Function::DateAdd(TimeUnit::Week), [number("2"), column("x")]),
        ),
        (
            "part(day_of_week, x)",
            call(Function::Part(DatePart::DayOfWeek), [column("x")]),
        ),
        (
            "part('quarter', x)",
            call(Function::Part(DatePart::Quarter), [column("x")]),
        ),
        (
            "extract(year FROM x)",
            call(Function::Part(DatePart::Year), [column("x")]),
        ),
        ("trunc(month, x)", call(Function::Truncate(Grain::Month), [column("x")])),
        (
            "net_price(x, 0.19)",
            Expression::Custom {
                name: "net_price".to_owned(),
                arguments: vec![column("x"), number("0.19")],
            },
        ),
    ];
    for dialect in Dialect::ALL {
        for (sql, wanted) in &calls {
            match check_in(dialect, sql, false) {
                Ok(checked) => assert_eq!(checked.expression, *wanted, "{}: {sql}", dialect.label()),
                Err(refusal) => panic!("{}: {sql}: {refusal}", dialect.label()),
            }
        }
    }
}

#[test]
fn operators_keep_their_order() {
    use BinaryOperator::{Add, And, Divide, Equal, Greater, Multiply, Or, Subtract};
    let sum = binary(number("1"), Add, binary(number("2"), Multiply, number("3")));
    assert_eq!(read("1 + 2 * 3"), sum);
    let left = binary(binary(column("a"), Subtract, column("b")), Divide, column("c"));
    assert_eq!(read("(a - b) / c"), left);
    let conditions = binary(
        binary(column("a"), Equal, number("1")),
        Or,
        binary(binary(column("b"), Greater, number("2")), And, column("c")),
    );
    assert_eq!(read("a = 1 OR b > 2 AND c"), conditions);
    let negated = Expression::Unary {
        operator: UnaryOperator::Negate,
        operand: Box::new(number("1.50")),
    };
    assert_eq!(read("-1.50"), negated);
}

#[test]
fn conditions_and_cases() {
    let boxed = |expression| Box::new(expression);
    assert_eq!(
        read("x IS NOT NULL"),
        Expression::IsNull {
            operand: boxed(column("x")),
            negated: true
        }
    );
    assert_eq!(
        read("x NOT IN ('a', 'b')"),
        Expression::In {
            operand: boxed(column("x")),
            list: vec![text("a"), text("b")],
            negated: true
        }
    );
    assert_eq!(
        read("x BETWEEN 1 AND 2"),
        Expression::Between {
            operand: boxed(column("x")),
            low: boxed(number("1")),
            high: boxed(number("2")),
            negated: false
        }
    );
    assert_eq!(
        read("x NOT ILIKE 'a!%' ESCAPE '!'"),
        Expression::Like {
            operand: boxed(column("x")),
            pattern: boxed(text("a!%")),
            escape: Some('!'),
            ignore_case: true,
            negated: true
        }
    );
    let case = |operand: Option<&str>, condition| Expression::Case {
        operand: operand.map(|name| Box::new(column(name))),
        branches: vec![(condition, text("one"))],
        otherwise: Some(boxed(text("other"))),
    };
    let is_one = binary(column("x"), BinaryOperator::Equal, number("1"));
    assert_eq!(read("CASE WHEN x = 1 THEN 'one' ELSE 'other' END"), case(None, is_one));
    assert_eq!(
        read("CASE x WHEN 1 THEN 'one' ELSE 'other' END"),
        case(Some("x"), number("1"))
    );
    assert_eq!(
        read("CAST(x AS numeric)"),
        Expression::Cast {
            operand: boxed(column("x")),
            to: ColumnType::Decimal
        }
    );
    assert_eq!(read("x::timestamptz"), read("CAST(x AS timestamp with time zone)"));
}

#[test]
fn literals_and_names() {
    assert_eq!(
        read("DATE '2026-11-20'"),
        Expression::Literal(Literal::Date("2026-11-20".to_owned()))
    );
    let timestamp = Expression::Literal(Literal::Timestamp("2026-11-20 09:30:00".to_owned()));
    assert_eq!(read("TIMESTAMP '2026-11-20T09:30:00'"), timestamp);
    let week = Expression::Literal(Literal::Interval {
        count: 7,
        unit: TimeUnit::Day,
    });
    assert_eq!(read("INTERVAL '7 days'"), week);
    assert_eq!(read("INTERVAL 7 DAY"), week);
    assert_eq!(read("NULL"), Expression::Literal(Literal::Null));
    assert_eq!(read("TRUE"), Expression::Literal(Literal::Boolean(true)));
    assert_eq!(read("0.1"), number("0.1"), "a decimal stays text");
    assert_eq!(read("E'a\\'b'"), text("a'b"));
    assert_eq!(read("Amount"), column("amount"));
    assert_eq!(read("\"Amount\""), column("Amount"));
    let quoted = |dialect, sql| check_in(dialect, sql, false).unwrap().expression;
    assert_eq!(quoted(Dialect::MySql, "`Amount`"), column("Amount"));
    assert_eq!(quoted(Dialect::MySql, "'it\\'s'"), text("it's"));
    assert_eq!(quoted(Dialect::Sqlite, "[order date]"), column("order date"));
    assert_eq!(quoted(Dialect::DuckDb, "Amount"), column("Amount"));
}

#[test]
fn aggregates_only_where_they_are_allowed() {
    let sum = check_in(Dialect::Postgres, "sum(a * b) / count(DISTINCT c)", true)
        .unwrap()
        .expression;
    let aggregate = |function, distinct, argument| Expression::Aggregate {
        function,
        distinct,
        argument: Some(Box::new(argument)),
    };
    let product = binary(column("a"), BinaryOperator::Multiply, column("b"));
    let wanted = binary(
        aggregate(Aggregate::Sum, false, product),
        BinaryOperator::Divide,
        aggregate(Aggregate::Count, true, column("c")),
    );
    assert_eq!(sum, wanted);
    assert!(check_in(Dialect::Postgres, "count(*)", true).is_ok());
    assert_eq!(
        check_in(Dialect::Postgres, "count(*)", false).unwrap_err().kind,
        RefusalKind::Aggregate
    );
}

#[test]
fn what_an_expression_may_not_be() {
    use RefusalKind as Kind;
    let refused = [
        ("(SELECT 1)", Kind::Subquery),
        ("x IN (SELECT a FROM secrets)", Kind::Subquery),
        ("EXISTS (SELECT 1)", Kind::Subquery),
        ("x = (SELECT password FROM users LIMIT 1)", Kind::Subquery),
        ("coalesce((SELECT 1), 2)", Kind::Subquery),
        ("CASE WHEN (SELECT true) THEN 1 END", Kind::Subquery),
        ("x = ANY (SELECT 1)", Kind::Construct),
        ("ARRAY(SELECT 1)", Kind::Subquery),
        ("orders.amount", Kind::QualifiedColumn),
        ("public.orders.amount", Kind::QualifiedColumn),
        ("sum(amount)", Kind::Aggregate),
        ("string_agg(x, ',')", Kind::Aggregate),
        ("rank() OVER (ORDER BY x)", Kind::Window),
        ("sum(x) OVER ()", Kind::Window),
        ("row_number()", Kind::Window),
        ("pg_sleep(10)", Kind::Function),
        ("\"pg_sleep\"(10)", Kind::Function),
        ("pg_catalog.lower(x)", Kind::Function),
        ("PG_SLEEP(1) IS NULL", Kind::Function),
        ("now()", Kind::Function),
        ("current_date", Kind::Function),
        ("current_user", Kind::Function),
        ("lowr(x)", Kind::Function),
        ("abs()", Kind::Arguments),
        ("abs(1, 2)", Kind::Arguments),
        ("net_price(1)", Kind::Arguments),
        ("date_diff(fortnight, a, b)", Kind::Arguments),
        ("trunc(x)", Kind::Arguments),
        ("trunc(decade, x)", Kind::Arguments),
        ("part(dow, x)", Kind::Arguments),
        ("extract(epoch FROM x)", Kind::Arguments),
        ("abs(*)", Kind::Arguments),
        ("abs(DISTINCT x)", Kind::Arguments),
        ("x::regclass", Kind::CastType),
        ("CAST(x AS numeric(10, 2))", Kind::CastType),
        ("$1", Kind::Variable),
        (":x", Kind::Variable),
        ("{x}", Kind::Placeholder),
        ("{param:}", Kind::Placeholder),
        ("{Param:fx}", Kind::Placeholder),
        ("{param:fx", Kind::Placeholder),
        ("{user:name}", Kind::Placeholder),
        ("{a.b.c}", Kind::Placeholder),
        ("{'a'.b}", Kind::Placeholder),
        ("}", Kind::Placeholder),
        ("x; DROP TABLE orders", Kind::SeveralStatements),
        ("x) FROM orders; --", Kind::SeveralStatements),
        ("x FROM orders", Kind::Unreadable),
        ("x, y", Kind::Unreadable),
        ("x AS y", Kind::Unreadable),
        ("x) OR (1=1", Kind::Unreadable),
        ("", Kind::Unreadable),
        ("-- nothing", Kind::Unreadable),
        ("SELECT 1", Kind::Unreadable),
        ("1 /*!50000 + 1 */", Kind::ExecutableComment),
        ("x ~ '^a'", Kind::Construct),
        ("x -> 'a'", Kind::Construct),
        ("x OPERATOR(pg_catalog.+) 1", Kind::Construct),
        ("x AT TIME ZONE 'UTC'", Kind::Construct),
        ("ARRAY[1]", Kind::Construct),
        ("x[1]", Kind::Construct),
        ("(x, y)", Kind::Construct),
        ("DATE '2026-02-30'", Kind::Construct),
        ("DATE 'now'", Kind::Construct),
        ("TIMESTAMP 'infinity'", Kind::Construct),
        ("INTERVAL '1 day 2 hours'", Kind::Construct),
        ("0x1F", Kind::Construct),
        ("1_000", Kind::Construct),
        ("X'ff'", Kind::Construct),
        ("U&\"\\0061\"", Kind::EscapedName),
        ("'a\u{0}b'", Kind::Character),
    ];
    let mut problems = Vec::new();
    for (sql, kind) in refused {
        match check_in(Dialect::Postgres, sql, false) {
            Ok(checked) => problems.push(format!("{sql} passed as {:?}", checked.expression)),
            Err(refusal) if refusal.kind != kind => problems.push(format!("{sql}: {:?} {refusal}", refusal.kind)),
            Err(_) => {}
        }
    }
    for sql in ["@a", "@@version", "@a := 1"] {
        let kind = check_in(Dialect::MySql, sql, false).map_err(|refusal| refusal.kind);
        if !matches!(kind, Err(Kind::Variable | Kind::Construct)) {
            problems.push(format!("{sql}: {kind:?}"));
        }
    }
    let long = format!("1{}", "+1".repeat(20_000));
    assert_eq!(
        check_in(Dialect::Postgres, &long, false).unwrap_err().kind,
        Kind::TooDeep
    );
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn messages_help() {
    let told = |sql: &str| check_in(Dialect::Postgres, sql, false).unwrap_err().message;
    assert!(told("lowr(x)").ends_with("Did you mean lower?"), "{}", told("lowr(x)"));
    assert!(told("netprice(x)").ends_with("Did you mean net_price?"));
    assert!(told("date_trunc('month', x)").ends_with("Did you mean trunc?"));
    assert!(told("orders.amount").contains("{orders.amount}"));
    assert!(told("current_date").contains("as_of()"));
    let place = check_in(Dialect::Postgres, "1 +\n  lowr(x)", false)
        .unwrap_err()
        .place
        .unwrap();
    assert_eq!((place.line, place.column), (2, 3));
}

/// Just below what is refused, on a small stack.
#[test]
fn the_deepest_that_is_read_does_not_overflow_the_stack() {
    let run = || {
        let deep = [
            format!("1{}", "+1".repeat(295)),
            format!("x{}", "::bigint".repeat(295)),
            format!("x {}", "IS NULL ".repeat(295)),
            format!("x {}", "OR y ".repeat(290)),
            format!("{}x{}", "abs(".repeat(20), ")".repeat(20)),
            format!("x {}", "BETWEEN 1 AND 2 ".repeat(110)),
        ];
        for sql in deep {
            match check_in(Dialect::Postgres, &sql, false) {
                Ok(checked) => assert_eq!(checked.clone(), checked),
                Err(refusal) => panic!("{sql}: {refusal}"),
            }
        }
    };
    std::thread::Builder::new()
        .stack_size(1024 * 1024)
        .spawn(run)
        .unwrap()
        .join()
        .unwrap();
}
