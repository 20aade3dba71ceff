//! Random steps upon steps, so that every one is folded into every other.

use plan::logical::{
    AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, SortKey, WindowCall,
};
use shared::semantic::SortDirection;

use super::random::{Dice, check_all, scan};

const COLUMNS: [&str; 3] = ["name", "units", "amount"];

fn column(name: &str) -> Expression {
    Expression::column(name)
}

fn whole(number: i64) -> Expression {
    Expression::Literal(Literal::Int(number))
}

fn binary(operator: BinaryOperator, left: Expression, right: Expression) -> Expression {
    Expression::binary(operator, left, right)
}

fn predicate(dice: &mut Dice) -> Expression {
    let text = |text: &str| Expression::Literal(Literal::Text(text.to_owned()));
    match dice.roll(6) {
        0 => binary(BinaryOperator::Gt, column("units"), whole(-2)),
        1 => column("name").is_null().negated(),
        2 => binary(BinaryOperator::Lt, column("amount"), whole(40)),
        3 => binary(BinaryOperator::Gte, column("name"), text("a")),
        4 => Expression::any([
            column("amount").is_null(),
            binary(BinaryOperator::Ne, column("units"), whole(1)),
        ]),
        _ => Expression::call(Function::Contains { case: false }, vec![column("name"), text("S")]),
    }
}

fn projected(dice: &mut Dice, node: Node) -> Node {
    let units = match dice.roll(4) {
        0 => binary(BinaryOperator::Add, column("units"), whole(1)),
        1 => column("units").or_literal(Literal::Int(0)),
        2 => whole(7),
        _ => column("units"),
    };
    let amount = match dice.roll(5) {
        0 => binary(BinaryOperator::Multiply, column("amount"), column("units")),
        1 => Expression::only_if(column("name").is_null(), column("amount")),
        2 => Expression::call(Function::Step { width: 5.0 }, vec![column("amount")]),
        3 => Expression::null(),
        _ => column("amount"),
    };
    let name = match dice.roll(4) {
        0 => Expression::Case {
            branches: vec![(predicate(dice), column("name"))],
            otherwise: Box::new(Expression::Literal(Literal::Text("Others".to_owned()))),
        },
        1 => Expression::Literal(Literal::Text("constant".to_owned())),
        _ => column("name"),
    };
    node.project(vec![
        Named::new("units", units),
        Named::new("name", name),
        Named::new("amount", amount),
    ])
}

fn grouped(dice: &mut Dice, node: Node) -> Node {
    let keys = match dice.roll(3) {
        0 => vec![Named::same("name")],
        1 => vec![
            Named::same("name"),
            Named::new(
                "units",
                Expression::call(Function::Coalesce, vec![column("units"), whole(0)]),
            ),
        ],
        _ => Vec::new(),
    };
    let has = |name: &str, keys: &[Named<Expression>]| keys.iter().any(|key| key.name == name);
    let mut measures = vec![Named::new(
        "amount",
        match dice.roll(5) {
            0 => AggregateCall::Median(column("amount")),
            1 => AggregateCall::Max(column("amount")),
            2 => AggregateCall::Avg(column("units")),
            _ => AggregateCall::Sum(column("amount")),
        },
    )];
    if !has("units", &keys) {
        measures.push(Named::new("units", AggregateCall::CountRows));
    }
    if !has("name", &keys) {
        measures.push(Named::new("name", AggregateCall::Min(column("name"))));
    }
    node.aggregate(keys, measures)
}

/// In an order without ties but between equal rows.
fn order(dice: &mut Dice) -> Vec<SortKey> {
    COLUMNS
        .iter()
        .map(|column| SortKey {
            column: (*column).to_owned(),
            direction: dice.pick(&[SortDirection::Asc, SortDirection::Desc]),
        })
        .collect()
}

fn windowed(dice: &mut Dice, node: Node) -> Node {
    let call = match dice.roll(4) {
        0 => WindowCall::RowNumber,
        1 => WindowCall::RankDescending("amount".to_owned()),
        2 => WindowCall::RunningSum("units".to_owned()),
        _ => WindowCall::RankDescending("units".to_owned()),
    };
    let window = Node::Window {
        input: Box::new(node),
        partition: dice.pick(&[Vec::new(), vec!["name".to_owned()]]),
        order: order(dice),
        columns: vec![Named::new("w", call)],
    };
    let window = if dice.roll(2) == 0 {
        window.filter(binary(BinaryOperator::Lte, column("w"), whole(3)))
    } else {
        window
    };
    window.project(vec![
        Named::same("name"),
        Named::same("amount"),
        Named::new("units", column("w")),
    ])
}

fn joined(dice: &mut Dice, node: Node, depth: usize) -> Node {
    let other = pipeline(dice, depth);
    let on = vec![("name".to_owned(), "name".to_owned())];
    let kind = dice.pick(&[JoinKind::Semi, JoinKind::Anti, JoinKind::Left, JoinKind::Inner]);
    let other = other.aggregate(
        vec![Named::same("name")],
        vec![Named::new("most", AggregateCall::Max(column("units")))],
    );
    let keeps = matches!(kind, JoinKind::Semi | JoinKind::Anti);
    let join = Node::Join {
        kind,
        left: Box::new(node),
        right: Box::new(other),
        on,
        null_equal: dice.roll(2) == 0,
    };
    if keeps || dice.roll(2) == 0 {
        return join.project(COLUMNS.map(Named::same).into());
    }
    let more = binary(BinaryOperator::Subtract, column("units"), column("most"));
    join.project(vec![
        Named::same("name"),
        Named::new("units", more),
        Named::same("amount"),
    ])
}

fn pipeline(dice: &mut Dice, depth: usize) -> Node {
    let mut node = scan().project(COLUMNS.map(Named::same).into());
    for _ in 0..dice.roll(5) {
        node = match dice.roll(8) {
            0 | 1 => node.filter(predicate(dice)),
            2 => projected(dice, node),
            3 => grouped(dice, node),
            4 => windowed(dice, node),
            5 => Node::Limit {
                input: Box::new(Node::Sort {
                    input: Box::new(node),
                    keys: order(dice),
                }),
                offset: dice.pick(&[0, 1]),
                count: dice.pick(&[Some(5), None]),
            },
            6 if depth > 0 => joined(dice, node, depth - 1),
            7 if depth > 0 => Node::Union {
                inputs: vec![node, pipeline(dice, depth - 1)],
            },
            _ => projected(dice, node),
        };
    }
    node
}

#[test]
fn pipelines() {
    check_all(400, 5, |dice| pipeline(dice, 2));
}
