//! Plans in, answers out: one test per kind of node, through a real worker process.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod support;

use plan::logical::{
    AggregateCall as Call, BinaryOperator as Op, Expression as E, Function, JoinKind, Literal as L, Named, Node,
    PlannedTotals, SortKey, UnaryOperator, WindowCall,
};
use shared::{
    ErrorCode,
    semantic::{DatePart, Grain, Interpolation, SortDirection, Span, TimeUnit, WeekStart},
    table::ColumnType as T,
};
use support::{Bench, bench, planned, source, table};

const SALES: &str = "id,region,amount,day,at\n\
    1,North,10,2026-03-28,2026-03-29T00:30:00Z\n\
    2,North,20,2026-03-29,2026-03-29T01:30:00Z\n\
    3,South,,2026-03-29,2026-10-25T00:30:00Z\n\
    4,,5,2026-11-01,2026-10-25T01:30:00Z\n\
    5,Ürban,9223372036854775807,2026-11-02,2026-10-24T22:30:00Z\n";

fn col(name: &str) -> E {
    E::column(name)
}

fn scan(columns: &[&str]) -> Node {
    Node::Scan {
        source: source("sales"),
        columns: columns.iter().map(|name| (*name).to_owned()).collect(),
    }
}

fn sorted(input: Node, columns: &[&str]) -> Node {
    let keys = columns
        .iter()
        .map(|column| SortKey {
            column: (*column).to_owned(),
            direction: SortDirection::Asc,
        })
        .collect();
    Node::Sort {
        input: Box::new(input),
        keys,
    }
}

fn project(input: Node, columns: Vec<(&str, E)>) -> Node {
    let columns = columns
        .into_iter()
        .map(|(name, value)| Named::new(name, value))
        .collect();
    Node::Project {
        input: Box::new(input),
        columns,
    }
}

fn aggregate(input: Node, keys: Vec<(&str, E)>, measures: Vec<(&str, Call)>) -> Node {
    Node::Aggregate {
        input: Box::new(input),
        keys: keys.into_iter().map(|(name, value)| Named::new(name, value)).collect(),
        measures: measures
            .into_iter()
            .map(|(name, value)| Named::new(name, value))
            .collect(),
    }
}

async fn answer(bench: &Bench, rows: Node, columns: &[(&str, T)]) -> Vec<String> {
    let key = bench.store("sales.csv", SALES, '1').await;
    let answer = bench.run(&planned(rows, columns), &[("sales", &key)]).await.unwrap();
    table(&answer.rows)
}

/// One expression over all five rows.
async fn values(bench: &Bench, expression: E, kind: T) -> Vec<String> {
    let node = project(
        sorted(scan(&["id", "region", "amount", "day", "at"]), &["id"]),
        vec![("x", expression)],
    );
    answer(bench, node, &[("x", kind)]).await
}

#[tokio::test]
async fn groups_keep_null_and_counts_are_exact() {
    let bench = bench();
    let small = Node::Filter {
        input: Box::new(scan(&["id", "region", "amount"])),
        predicate: E::binary(Op::Lt, col("id"), E::Literal(L::Int(5))),
    };
    let measures = vec![
        ("rows", Call::CountRows),
        ("filled", Call::Count(col("amount"))),
        ("different", Call::CountDistinct(col("amount"))),
        ("total", Call::Sum(col("amount"))),
        ("mean", Call::Avg(col("amount"))),
        ("low", Call::Min(col("amount"))),
        ("high", Call::Max(col("id"))),
        ("spread", Call::Stddev(col("amount"))),
    ];
    let node = sorted(aggregate(small, vec![("region", col("region"))], measures), &["region"]);
    let columns = [
        ("region", T::String),
        ("rows", T::Integer),
        ("filled", T::Integer),
        ("different", T::Integer),
        ("total", T::Integer),
        ("mean", T::Number),
        ("low", T::Integer),
        ("high", T::Integer),
        ("spread", T::Number),
    ];
    assert_eq!(
        answer(&bench, node, &columns).await,
        [
            "North|2|2|2|30|15|10|2|7.0710678118654755",
            "South|1|0|0|∅|∅|∅|3|∅",
            "∅|1|1|1|5|5|5|4|∅"
        ]
    );
}

#[tokio::test]
async fn nothing_gives_one_row_without_keys_and_none_with() {
    let bench = bench();
    let none = || Node::Filter {
        input: Box::new(scan(&["id", "amount"])),
        predicate: E::Literal(L::Bool(false)),
    };
    let measures = || {
        vec![
            ("n", Call::CountRows),
            ("total", Call::Sum(col("amount"))),
            ("d", Call::CountDistinct(col("id"))),
        ]
    };
    let columns = [("n", T::Integer), ("total", T::Integer), ("d", T::Integer)];
    assert_eq!(
        answer(&bench, aggregate(none(), vec![], measures()), &columns).await,
        ["0|∅|0"]
    );
    assert!(
        answer(&bench, aggregate(none(), vec![("id", col("id"))], measures()), &columns)
            .await
            .is_empty()
    );
    let distinct = aggregate(scan(&["region"]), vec![("region", col("region"))], vec![]);
    assert_eq!(
        answer(&bench, sorted(distinct, &["region"]), &[("region", T::String)]).await,
        ["North", "South", "Ürban", "∅"]
    );
}

#[tokio::test]
async fn sums_never_wrap_around() {
    let bench = bench();
    let key = bench.store("sales.csv", SALES, '1').await;
    let node = aggregate(scan(&["amount"]), vec![], vec![("total", Call::Sum(col("amount")))]);
    let error = bench
        .run(&planned(node, &[("total", T::Integer)]), &[("sales", &key)])
        .await
        .unwrap_err();
    assert_eq!(error.app_error().code, ErrorCode::Limit, "{error:?}");
}

#[tokio::test]
async fn percentiles_first_and_last() {
    let bench = bench();
    let values = |percent: f64, interpolation| Call::Percentile {
        argument: col("id"),
        p: percent,
        interpolation,
    };
    let by_day = |argument: &str| (col(argument), Some(E::unary(UnaryOperator::Negate, col("id"))));
    let (first, order) = by_day("amount");
    let node = aggregate(
        scan(&["id", "amount"]),
        vec![],
        vec![
            ("median", Call::Median(col("id"))),
            ("c", values(0.9, Interpolation::Continuous)),
            ("d", values(0.5, Interpolation::Discrete)),
            ("e", values(0.21, Interpolation::Discrete)),
            ("last", Call::Last { argument: first, order }),
            (
                "first",
                Call::First {
                    argument: col("amount"),
                    order: None,
                },
            ),
        ],
    );
    let columns = [
        ("median", T::Number),
        ("c", T::Number),
        ("d", T::Number),
        ("e", T::Number),
        ("last", T::Integer),
        ("first", T::Integer),
    ];
    assert_eq!(answer(&bench, node, &columns).await, ["3|4.6|3|2|10|10"]);
}

#[tokio::test]
async fn times_are_converted_before_they_are_cut() {
    let bench = bench();
    let cut = |grain, field: &str, zone: Option<&str>, week_start| {
        E::call(
            Function::Truncate {
                grain,
                week_start,
                zone: zone.map(str::to_owned),
            },
            vec![col(field)],
        )
    };
    let berlin = Some("Europe/Berlin");
    let hours = values(&bench, cut(Grain::Hour, "at", berlin, WeekStart::Monday), T::Timestamp).await;
    assert_eq!(
        hours,
        [
            "2026-03-29T01:00:00",
            "2026-03-29T03:00:00",
            "2026-10-25T02:00:00",
            "2026-10-25T02:00:00",
            "2026-10-25T00:00:00"
        ]
    );
    let days = values(&bench, cut(Grain::Day, "at", berlin, WeekStart::Monday), T::Date).await;
    assert_eq!(
        days,
        ["2026-03-29", "2026-03-29", "2026-10-25", "2026-10-25", "2026-10-25"]
    );
    let weeks = values(&bench, cut(Grain::Week, "day", None, WeekStart::Sunday), T::Date).await;
    assert_eq!(
        weeks,
        ["2026-03-22", "2026-03-29", "2026-03-29", "2026-11-01", "2026-11-01"]
    );
    let weeks = values(&bench, cut(Grain::Week, "day", None, WeekStart::Monday), T::Date).await;
    assert_eq!(weeks.first().map(String::as_str), Some("2026-03-23"));
    let quarters = values(&bench, cut(Grain::Quarter, "day", None, WeekStart::Monday), T::Date).await;
    assert_eq!(quarters.last().map(String::as_str), Some("2026-10-01"));
    let part = |part, zone: Option<&str>| {
        E::call(
            Function::Part {
                part,
                zone: zone.map(str::to_owned),
            },
            vec![col("at")],
        )
    };
    assert_eq!(
        values(&bench, part(DatePart::Hour, berlin), T::Integer).await,
        ["1", "3", "2", "2", "0"]
    );
    assert_eq!(
        values(&bench, part(DatePart::DayOfWeek, None), T::Integer).await,
        ["7", "7", "7", "7", "6"]
    );
    let instants = E::call(
        Function::TruncateInstant {
            grain: Grain::Hour,
            zone: "Europe/Berlin".to_owned(),
        },
        vec![col("at")],
    );
    assert_eq!(
        values(&bench, instants, T::Timestamptz).await.get(2..4),
        Some(&["2026-10-25T00:00:00Z".to_owned(), "2026-10-25T01:00:00Z".to_owned()][..])
    );
}

#[tokio::test]
async fn wall_clocks_that_never_or_twice_happened() {
    let bench = bench();
    let read = |clock: &str| {
        let micros = clock
            .parse::<chrono::NaiveDateTime>()
            .unwrap()
            .and_utc()
            .timestamp_micros();
        E::call(
            Function::ToInstant {
                zone: "Europe/Berlin".to_owned(),
            },
            vec![E::Literal(L::Timestamp(micros))],
        )
    };
    for (clock, instant) in [
        ("2026-03-29T02:30:00", "2026-03-29T01:30:00Z"),
        ("2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
        ("2026-07-01T00:00:00", "2026-06-30T22:00:00Z"),
    ] {
        assert_eq!(
            values(&bench, read(clock), T::Timestamptz)
                .await
                .first()
                .map(String::as_str),
            Some(instant),
            "{clock}"
        );
    }
    let moved = E::call(
        Function::Shift {
            months: -1,
            microseconds: 86_400_000_000,
        },
        vec![E::Literal(L::Date("2026-03-31".to_owned()))],
    );
    assert_eq!(
        values(&bench, moved, T::Date).await.first().map(String::as_str),
        Some("2026-03-01")
    );
}

#[tokio::test]
async fn text_is_found_whatever_its_case() {
    let bench = bench();
    let search =
        |function, needle: &str| E::call(function, vec![col("region"), E::Literal(L::Text(needle.to_owned()))]);
    assert_eq!(
        values(&bench, search(Function::Contains { case: false }, "ÜR"), T::Boolean).await,
        ["false", "false", "false", "∅", "true"]
    );
    assert_eq!(
        values(&bench, search(Function::Contains { case: true }, "ÜR"), T::Boolean)
            .await
            .last()
            .map(String::as_str),
        Some("false")
    );
    assert_eq!(
        values(&bench, search(Function::StartsWith { case: false }, "nor"), T::Boolean)
            .await
            .first()
            .map(String::as_str),
        Some("true")
    );
    assert_eq!(
        values(&bench, search(Function::EndsWith { case: false }, "T."), T::Boolean)
            .await
            .first()
            .map(String::as_str),
        Some("false")
    );
    assert_eq!(
        values(&bench, search(Function::Matches, "^[NS]o"), T::Boolean).await,
        ["true", "true", "true", "∅", "false"]
    );
    let key = bench.store("sales.csv", SALES, '1').await;
    let broken = project(scan(&["region"]), vec![("x", search(Function::Matches, "("))]);
    let error = bench
        .run(&planned(broken, &[("x", T::Boolean)]), &[("sales", &key)])
        .await
        .unwrap_err();
    assert_eq!(error.app_error().code, ErrorCode::Invalid, "{error:?}");
}

#[tokio::test]
async fn three_valued_logic() {
    let bench = bench();
    let amount = || col("amount");
    let ten = || E::Literal(L::Int(10));
    assert_eq!(
        values(&bench, E::binary(Op::Ne, amount(), ten()), T::Boolean).await,
        ["false", "true", "∅", "true", "true"]
    );
    assert_eq!(
        values(
            &bench,
            E::binary(Op::Gt, amount(), E::Literal(L::Float(9.5))),
            T::Boolean
        )
        .await,
        ["true", "true", "∅", "false", "true"]
    );
    assert_eq!(
        values(
            &bench,
            E::binary(Op::IsNotDistinctFrom, amount(), E::null()),
            T::Boolean
        )
        .await,
        ["false", "false", "true", "false", "false"]
    );
    let list = |list| E::In {
        operand: Box::new(col("region")),
        list,
    };
    assert_eq!(
        values(&bench, list(vec![L::Text("North".into()), L::Null]), T::Boolean).await,
        ["true", "true", "false", "∅", "false"]
    );
    assert_eq!(
        values(&bench, list(vec![]), T::Boolean).await,
        ["false", "false", "false", "false", "false"]
    );
    let zero = E::binary(Op::Subtract, col("id"), E::Literal(L::Int(2)));
    assert_eq!(
        values(&bench, E::binary(Op::Divide, ten(), zero), T::Number).await,
        ["-10", "∅", "10", "5", "3.3333333333333335"]
    );
    let bins = E::call(Function::Bin { edges: vec![2.0, 4.0] }, vec![col("id")]);
    assert_eq!(values(&bench, bins, T::Number).await, ["∅", "2", "2", "4", "4"]);
    let case = E::Case {
        branches: vec![(E::binary(Op::Gt, amount(), ten()), E::Literal(L::Text("big".into())))],
        otherwise: Box::new(E::null()),
    };
    assert_eq!(values(&bench, case, T::String).await, ["∅", "big", "∅", "∅", "big"]);
    let days = E::binary(Op::Gte, col("day"), E::Literal(L::Date("2026-11-01".into())));
    assert_eq!(
        values(&bench, days, T::Boolean).await,
        ["false", "false", "false", "true", "true"]
    );
    let instants = E::binary(Op::Lt, col("at"), E::Literal(L::Instant(1_774_746_000_000_000)));
    assert_eq!(
        values(&bench, instants, T::Boolean).await.first().map(String::as_str),
        Some("true")
    );
    assert_eq!(
        values(
            &bench,
            E::call(Function::Coalesce, vec![amount(), E::Literal(L::Int(0))]),
            T::Integer
        )
        .await
        .get(2)
        .map(String::as_str),
        Some("0")
    );
}

#[tokio::test]
async fn joins_unions_spines_and_windows() {
    let bench = bench();
    let values = |rows: Vec<(Option<&str>, i64)>| Node::Values {
        columns: vec!["region".to_owned(), "rank".to_owned()],
        rows: rows
            .into_iter()
            .map(|(name, rank)| vec![name.map_or(L::Null, |name| L::Text(name.to_owned())), L::Int(rank)])
            .collect(),
    };
    let join = |kind, null_equal| Node::Join {
        kind,
        left: Box::new(aggregate(
            scan(&["region"]),
            vec![("region", col("region"))],
            vec![("n", Call::CountRows)],
        )),
        right: Box::new(values(vec![(Some("North"), 7), (None, 8)])),
        on: vec![("region".to_owned(), "region".to_owned())],
        null_equal,
    };
    let columns = [("region", T::String), ("n", T::Integer), ("rank", T::Integer)];
    assert_eq!(
        answer(&bench, sorted(join(JoinKind::Left, true), &["region"]), &columns).await,
        ["North|2|7", "South|1|∅", "Ürban|1|∅", "∅|1|8"]
    );
    assert_eq!(
        answer(&bench, sorted(join(JoinKind::Inner, false), &["region"]), &columns).await,
        ["North|2|7"]
    );
    let left = [("region", T::String), ("n", T::Integer)];
    assert_eq!(
        answer(&bench, sorted(join(JoinKind::Semi, true), &["region"]), &left).await,
        ["North|2", "∅|1"]
    );
    assert_eq!(
        answer(&bench, sorted(join(JoinKind::Anti, true), &["region"]), &left).await,
        ["South|1", "Ürban|1"]
    );

    let spine = Node::Spine {
        column: "day".to_owned(),
        from: 1_774_656_000_000_000,
        to: 1_774_915_200_000_000,
        step: Span {
            count: 1,
            unit: TimeUnit::Day,
        },
    };
    let filled = Node::Join {
        kind: JoinKind::Left,
        left: Box::new(spine.clone()),
        right: Box::new(aggregate(
            scan(&["day"]),
            vec![("day", col("day"))],
            vec![("n", Call::CountRows)],
        )),
        on: vec![("day".to_owned(), "day".to_owned())],
        null_equal: true,
    };
    assert_eq!(
        answer(&bench, sorted(filled, &["day"]), &[("day", T::Date), ("n", T::Integer)]).await,
        ["2026-03-28|1", "2026-03-29|2", "2026-03-30|∅"]
    );

    let union = Node::Union {
        inputs: vec![
            values(vec![(Some("a"), 1)]),
            project(spine, vec![("region", E::null())]),
            scan(&["region"]),
        ],
    };
    let union = aggregate(
        union,
        vec![],
        vec![("n", Call::CountRows), ("r", Call::Sum(col("rank")))],
    );
    assert_eq!(
        answer(&bench, union, &[("n", T::Integer), ("r", T::Integer)]).await,
        ["9|1"]
    );

    let window = Node::Window {
        input: Box::new(values(vec![
            (Some("a"), 3),
            (Some("a"), 5),
            (Some("b"), 4),
            (Some("a"), 5),
        ])),
        partition: vec!["region".to_owned()],
        order: vec![SortKey {
            column: "rank".to_owned(),
            direction: SortDirection::Desc,
        }],
        columns: vec![
            Named::new("no", WindowCall::RowNumber),
            Named::new("rk", WindowCall::RankDescending("rank".to_owned())),
            Named::new("run", WindowCall::RunningSum("rank".to_owned())),
            Named::new("all", WindowCall::PartitionSum("rank".to_owned())),
        ],
    };
    let columns = [
        ("region", T::String),
        ("rank", T::Integer),
        ("no", T::Integer),
        ("rk", T::Integer),
        ("run", T::Integer),
        ("all", T::Integer),
    ];
    assert_eq!(
        answer(&bench, sorted(window, &["region", "no"]), &columns).await,
        ["a|5|1|1|5|13", "a|5|2|1|10|13", "a|3|3|3|13|13", "b|4|1|1|4|4"]
    );
}

#[tokio::test]
async fn rows_and_totals_come_in_one_answer() {
    let bench = bench();
    let key = bench.store("sales.csv", SALES, '1').await;
    let rows = sorted(
        aggregate(
            scan(&["region"]),
            vec![("region", col("region"))],
            vec![("n", Call::CountRows)],
        ),
        &["region"],
    );
    let total = project(
        aggregate(scan(&["region"]), vec![], vec![("n", Call::CountRows)]),
        vec![("region", E::null()), ("n", col("n"))],
    );
    let mut query = planned(rows, &[("region", T::String), ("n", T::Integer)]);
    query.totals = vec![PlannedTotals {
        by: vec![],
        rows: total,
    }];
    query.limit = 2;
    let answer = bench.run(&query, &[("sales", &key)]).await.unwrap();
    assert_eq!(table(&answer.rows), ["North|2", "South|1"]);
    assert!(answer.truncated);
    assert_eq!(
        answer.totals.first().map(|totals| table(&totals.rows)),
        Some(vec!["∅|5".to_owned()])
    );
    assert_eq!(answer.rows_read, Some(5));
    let sorted_down = Node::Limit {
        input: Box::new(sorted(scan(&["id"]), &["id"])),
        offset: 3,
        count: None,
    };
    assert_eq!(
        table(
            &bench
                .run(&planned(sorted_down, &[("id", T::Integer)]), &[("sales", &key)])
                .await
                .unwrap()
                .rows
        ),
        ["4", "5"]
    );
}

#[tokio::test]
async fn a_window_of_rows() {
    let bench = bench();
    let csv = (0..300_000).fold("n,t\n".to_owned(), |text, row| text + &format!("{row},x{row}\n"));
    let key = bench.store("long.csv", csv, '2').await;
    let cancel = engine::CancellationToken::new();
    let page = bench.engine.rows(&key, 262_140, 3, &cancel).await.unwrap();
    assert_eq!(
        (page.total, table(&page.rows)),
        (
            300_000,
            vec![
                "262140|x262140".into(),
                "262141|x262141".into(),
                "262142|x262142".into()
            ]
        )
    );
    assert!(
        bench
            .engine
            .rows(&key, 400_000, 3, &cancel)
            .await
            .unwrap()
            .rows
            .is_empty()
    );
}

#[tokio::test]
async fn what_is_no_text_is_compared_and_searched_as_it_is_written() {
    let bench = bench();
    let csv = "id,opens,at\n1,09:30,2026-03-29T00:30:00\n2,17:05:10.5,2026-03-29T01:30:00\n3,,2026-03-29T01:30:00.25\n";
    let key = bench.store("shops.csv", csv, '1').await;
    let text = |text: &str| E::Literal(L::Text(text.to_owned()));
    let contains =
        |column: &str, needle: &str| E::call(Function::Contains { case: false }, vec![col(column), text(needle)]);
    let one_of = |column: &str, value: &str| E::In {
        operand: Box::new(col(column)),
        list: vec![L::Text(value.to_owned())],
    };
    for (predicate, found) in [
        (E::binary(Op::Eq, col("opens"), text("09:30:00")), "1"),
        (E::binary(Op::Eq, col("opens"), text("17:05:10.500")), "2"),
        (E::binary(Op::Gt, col("opens"), text("12:00:00")), "2"),
        (one_of("opens", "09:30:00"), "1"),
        (contains("opens", "05:1"), "2"),
        (E::binary(Op::Eq, col("at"), text("2026-03-29T00:30:00")), "1"),
        (E::binary(Op::Eq, col("at"), text("2026-03-29T01:30:00.250")), "3"),
        (E::binary(Op::Eq, text("2"), col("id")), "2"),
        (contains("id", "3"), "3"),
    ] {
        let node = Node::Filter {
            input: Box::new(Node::Scan {
                source: source("shops"),
                columns: ["id", "opens", "at"].map(str::to_owned).to_vec(),
            }),
            predicate: predicate.clone(),
        };
        let plan = planned(project(node, vec![("id", col("id"))]), &[("id", T::Integer)]);
        let answer = bench.run(&plan, &[("shops", &key)]).await.unwrap();
        assert_eq!(table(&answer.rows), [found], "{predicate:?}");
    }
}
