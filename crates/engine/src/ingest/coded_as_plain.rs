//! Property: a file with codes gives the same answers as one without.

use plan::logical::{
    AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, Origin, SourceTable,
};
use polars::prelude::*;
use proptest::prelude::*;

use super::table::TableWriter;
use crate::{
    answer::frame_rows,
    lower::{BoundTables, explain, lower, open_parquet},
};

type Rows = Vec<(Option<&'static str>, Option<&'static str>, i64)>;

fn rows() -> impl Strategy<Value = Rows> {
    let text = || prop::option::weighted(0.8, prop::sample::select(vec!["a", "b", "B", "", "ü", "a b"]));
    prop::collection::vec((text(), text(), 0_i64..9), 0..40)
}

fn condition() -> impl Strategy<Value = Expression> {
    let column = || prop::sample::select(vec!["region", "channel"]).prop_map(Expression::column);
    let text = || prop::sample::select(vec!["a", "B", "", "zz"]).prop_map(|text| Literal::Text(text.to_owned()));
    let operators = vec![
        BinaryOperator::Eq,
        BinaryOperator::Ne,
        BinaryOperator::Lt,
        BinaryOperator::Gte,
        BinaryOperator::IsNotDistinctFrom,
    ];
    let leaf =
        prop_oneof![
            (prop::sample::select(operators), column(), text())
                .prop_map(|(operator, column, text)| Expression::binary(operator, column, Expression::Literal(text))),
            (column(), prop::collection::vec(text(), 0..3)).prop_map(|(operand, list)| Expression::In {
                operand: Box::new(operand),
                list,
            }),
            column().prop_map(Expression::is_null),
            column().prop_map(|column| Expression::call(
                Function::Contains { case: false },
                vec![column, Expression::Literal(Literal::Text("b".to_owned()))],
            )),
            (column(), column()).prop_map(|(left, right)| Expression::binary(BinaryOperator::Eq, left, right)),
            Just(Expression::binary(
                BinaryOperator::Lt,
                Expression::column("amount"),
                Expression::Literal(Literal::Int(5)),
            )),
            Just(Expression::Literal(Literal::Bool(true))),
            Just(Expression::null()),
        ];
    leaf.prop_recursive(3, 8, 2, |part| {
        prop_oneof![
            part.clone().prop_map(Expression::negated),
            (part.clone(), part.clone()).prop_map(|(left, right)| Expression::all([left, right])),
            (part.clone(), part).prop_map(|(left, right)| Expression::any([left, right])),
        ]
    })
}

#[derive(Clone, Debug)]
enum Shape {
    Groups,
    /// Grouped, joined with other groups by a text, and grouped again.
    Joined(JoinKind),
    Renamed,
    Union,
}

fn scan() -> Node {
    Node::Scan {
        source: source(),
        columns: ["region", "channel", "amount"].map(str::to_owned).to_vec(),
    }
}

fn source() -> SourceTable {
    SourceTable {
        origin: Origin::Rollup,
        table: "sales".to_owned(),
    }
}

fn by(input: Node, keys: &[(&str, &str)]) -> Node {
    let keys = keys
        .iter()
        .map(|(name, column)| Named::new(*name, Expression::column(*column)));
    let measures = vec![
        Named::new("total", AggregateCall::Sum(Expression::column("amount"))),
        Named::new("rows", AggregateCall::CountRows),
        Named::new("first", AggregateCall::Min(Expression::column("region"))),
        Named::new("texts", AggregateCall::CountDistinct(Expression::column("region"))),
    ];
    input.aggregate(keys.collect(), measures)
}

fn plan(shape: &Shape, condition: Expression) -> Node {
    let kept = scan().filter(condition);
    let renamed = |input: Node, region: &str| {
        input.project(vec![
            Named::new("region", Expression::column(region)),
            Named::new("again", Expression::column("region")),
            Named::new("amount", Expression::column("amount")),
        ])
    };
    match shape {
        Shape::Groups => by(kept, &[("channel", "channel"), ("region", "region")]),
        Shape::Joined(kind) => {
            // What a semi join only looks at may be called as what it keeps.
            let keys: &[&str] = match kind {
                JoinKind::Semi | JoinKind::Anti => &["region", "channel"],
                JoinKind::Inner | JoinKind::Left | JoinKind::Cross => &["region"],
            };
            let others = scan().aggregate(
                keys.iter().map(|key| Named::same(*key)).collect(),
                vec![Named::new("others", AggregateCall::CountRows)],
            );
            let joined = by(kept, &[("region", "region"), ("channel", "channel")]).join_on(
                *kind,
                others,
                &["region".to_owned()],
            );
            joined.aggregate(
                vec![Named::same("region")],
                vec![
                    Named::new("total", AggregateCall::Sum(Expression::column("total"))),
                    Named::new("texts", AggregateCall::CountDistinct(Expression::column("channel"))),
                ],
            )
        }
        Shape::Renamed => by(renamed(kept, "channel"), &[("one", "again"), ("two", "region")]),
        Shape::Union => by(
            Node::union(vec![renamed(kept, "channel"), renamed(scan(), "region")]),
            &[("one", "again"), ("two", "region")],
        ),
    }
}

fn answers(plan: &Node, file: &std::path::Path) -> Vec<String> {
    let tables = BoundTables::open(&[(source(), file.to_owned())], &[]).unwrap();
    let table = lower(plan, &tables).unwrap().without_codes();
    let frame = table
        .frame
        .collect_with_engine(Engine::Streaming)
        .map_err(explain)
        .unwrap()
        .unwrap_single();
    let (_, rows) = frame_rows(&frame).unwrap();
    let mut rows: Vec<String> = rows.iter().map(|row| format!("{row:?}")).collect();
    rows.sort();
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn codes_change_no_answer(
        rows in rows(),
        condition in condition(),
        shape in prop::sample::select(vec![
            Shape::Groups,
            Shape::Joined(JoinKind::Inner),
            Shape::Joined(JoinKind::Left),
            Shape::Joined(JoinKind::Semi),
            Shape::Joined(JoinKind::Anti),
            Shape::Renamed,
            Shape::Union,
        ]),
    ) {
        let column = |texts: Vec<Option<&str>>, name: &str| Series::new(name.into(), texts).into_column();
        let mut frame = DataFrame::new(rows.len(), vec![
            column(rows.iter().map(|row| row.0).collect(), "region"),
            column(rows.iter().map(|row| row.1).collect(), "channel"),
            Series::new("amount".into(), rows.iter().map(|row| row.2).collect::<Vec<_>>()).into_column(),
        ]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (coded, plain) = (folder.path().join("coded.parquet"), folder.path().join("plain.parquet"));
        let mut writer = TableWriter::new(&coded, frame.schema());
        writer.write(frame.clone()).unwrap();
        writer.finish().unwrap();
        ParquetWriter::new(std::fs::File::create(&plain).unwrap()).finish(&mut frame).unwrap();
        prop_assert!(open_parquet(&coded).unwrap().codes.texts("region").is_some());
        prop_assert!(open_parquet(&plain).unwrap().codes.is_empty());
        let plan = plan(&shape, condition);
        prop_assert_eq!(answers(&plan, &coded), answers(&plan, &plain), "{:?}", plan);
    }
}
