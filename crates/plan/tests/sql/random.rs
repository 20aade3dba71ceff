//! Random expressions and nodes over a small table: every function of the plan's language, in every database.

use chrono::DateTime;
use plan::logical::{
    AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, Named, Node, Origin, Scalar, SortKey,
    SourceTable, UnaryOperator, WindowCall,
};
use shared::{
    semantic::{DatePart, Grain, Interpolation, SortDirection, Source, Span, TimeUnit, WeekStart},
    table::ColumnType,
};

use super::databases::agree;
use crate::interpreter::{Table, Tables, Value, run};

/// A fixed sequence: the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    pub fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())].clone()
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Wanted {
    Truth,
    Whole,
    Number,
    Text,
    Date,
    Wall,
    Instant,
}

const COLUMNS: [(&str, Wanted); 9] = [
    ("id", Wanted::Whole),
    ("units", Wanted::Whole),
    ("amount", Wanted::Number),
    ("name", Wanted::Text),
    ("other name", Wanted::Text),
    ("gift", Wanted::Truth),
    ("day", Wanted::Date),
    ("at", Wanted::Wall),
    ("moment", Wanted::Instant),
];

const WORDS: [&str; 14] = [
    "",
    "a",
    "A",
    "a ",
    "Österreich",
    "österREICH",
    "100%",
    "it's",
    "back\\slash",
    "[x]*?",
    "under_score",
    "Straße",
    "two\nlines",
    "a.b",
];

const ZONES: [&str; 4] = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu"];

fn micros(text: &str) -> i64 {
    DateTime::parse_from_rfc3339(text).unwrap().timestamp_micros()
}

fn clock(dice: &mut Dice) -> i64 {
    let from = micros("2023-12-25T00:00:00Z");
    let special = [
        "2024-02-29T12:00:00Z",
        "2024-01-31T23:59:59.999999Z",
        "2024-03-31T02:30:00Z",
        "2024-03-31T01:00:00Z",
        "2024-10-27T00:30:00Z",
        "2024-10-27T01:30:00Z",
        "2024-10-27T02:30:00Z",
        "2024-12-30T00:00:00Z",
        "2024-12-31T23:00:00Z",
        "2024-06-30T22:30:00.5Z",
    ];
    match dice.roll(3) {
        0 => micros(dice.pick(&special)),
        1 => from + i64::try_from(dice.roll(400 * 24)).unwrap() * 3_600_000_000,
        _ => from + i64::try_from(dice.roll(400 * 86_400)).unwrap() * 1_000_000 + 120_000,
    }
}

fn table(dice: &mut Dice) -> Tables {
    let rows = (0..dice.roll(25) + 5)
        .map(|id| {
            let mut row = vec![
                Value::Int(i64::try_from(id).unwrap()),
                Value::Int(i64::try_from(dice.roll(9)).unwrap() - 4),
                Value::Float(f64::from(u32::try_from(dice.roll(400)).unwrap()) / 4.0 - 50.0),
                Value::Text(dice.pick(&WORDS).to_owned()),
                Value::Text(dice.pick(&WORDS).to_owned()),
                Value::Bool(dice.roll(2) == 0),
                Value::Date(clock(dice).div_euclid(86_400_000_000)),
                Value::Wall(clock(dice)),
                Value::Instant(clock(dice)),
            ];
            for value in row.iter_mut().skip(1) {
                if dice.roll(6) == 0 {
                    *value = Value::Null;
                }
            }
            row
        })
        .collect();
    let columns = COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect();
    [("things".to_owned(), Table { columns, rows })].into()
}

pub fn scan() -> Node {
    Node::Scan {
        source: SourceTable {
            table: "things".to_owned(),
            origin: Origin::Table(Source::Dataset("things".to_owned())),
        },
        columns: COLUMNS.iter().map(|(name, _)| (*name).to_owned()).collect(),
    }
}

fn column(dice: &mut Dice, wanted: Wanted) -> Expression {
    let fitting: Vec<&str> = COLUMNS
        .iter()
        .filter(|(_, kind)| *kind == wanted)
        .map(|(name, _)| *name)
        .collect();
    Expression::column(dice.pick(&fitting))
}

fn literal(dice: &mut Dice, wanted: Wanted) -> Literal {
    match wanted {
        Wanted::Truth => Literal::Bool(dice.roll(2) == 0),
        Wanted::Whole => Literal::Int(i64::try_from(dice.roll(9)).unwrap() - 4),
        Wanted::Number => dice.pick(&[
            Literal::Float(-2.5),
            Literal::Float(0.0),
            Literal::Float(12.25),
            Literal::Decimal("-1.5".to_owned()),
        ]),
        Wanted::Text => Literal::Text(dice.pick(&WORDS).to_owned()),
        Wanted::Date => Literal::Date(dice.pick(&["2024-02-29", "2024-07-01"]).to_owned()),
        Wanted::Wall => Literal::Timestamp(clock(dice)),
        Wanted::Instant => Literal::Instant(clock(dice)),
    }
}

fn call(function: Function, arguments: Vec<Expression>) -> Expression {
    Expression::call(function, arguments)
}

/// An expression of a kind, at most `depth` deep.
fn expression(dice: &mut Dice, wanted: Wanted, depth: usize) -> Expression {
    if depth == 0 || dice.roll(5) == 0 {
        return if dice.roll(4) == 0 {
            Expression::Literal(literal(dice, wanted))
        } else {
            column(dice, wanted)
        };
    }
    let depth = depth - 1;
    // What every kind has.
    match dice.roll(6) {
        0 => {
            let branches = vec![(expression(dice, Wanted::Truth, depth), expression(dice, wanted, depth))];
            let otherwise = if dice.roll(2) == 0 {
                Expression::null()
            } else {
                expression(dice, wanted, depth)
            };
            return Expression::Case {
                branches,
                otherwise: Box::new(otherwise),
            };
        }
        1 => {
            return call(
                Function::Coalesce,
                vec![expression(dice, wanted, depth), expression(dice, wanted, depth)],
            );
        }
        _ => {}
    }
    match wanted {
        Wanted::Truth => truth(dice, depth),
        Wanted::Whole if dice.roll(4) == 0 => {
            let text = expression(dice, Wanted::Text, depth);
            call(Function::Scalar(Scalar::Length), vec![text])
        }
        Wanted::Whole => {
            let part = dice.pick(&[
                DatePart::Year,
                DatePart::Quarter,
                DatePart::Month,
                DatePart::Week,
                DatePart::Day,
                DatePart::DayOfWeek,
                DatePart::DayOfYear,
                DatePart::Hour,
                DatePart::Minute,
            ]);
            let (time, zone) = time(dice, depth);
            call(Function::Part { part, zone }, vec![time])
        }
        Wanted::Number => number(dice, depth),
        Wanted::Text if dice.roll(2) == 0 => {
            let function = dice.pick(&[
                Scalar::Concat,
                Scalar::Join,
                Scalar::Least,
                Scalar::Greatest,
                Scalar::Upper,
            ]);
            let other = expression(dice, Wanted::Text, depth);
            let arguments = vec![expression(dice, Wanted::Text, depth), other];
            let arguments = arguments
                .into_iter()
                .take(if function == Scalar::Upper { 1 } else { 2 });
            call(Function::Scalar(function), arguments.collect())
        }
        Wanted::Text => {
            let kind = dice.pick(&[Wanted::Text, Wanted::Whole, Wanted::Truth]);
            call(Function::Cast(ColumnType::String), vec![expression(dice, kind, depth)])
        }
        Wanted::Date => {
            let inner = dice.pick(&[Wanted::Date, Wanted::Wall]);
            let time = expression(dice, inner, depth);
            let moved = match dice.roll(2) {
                0 => shift(dice, time, 86_400_000_000),
                _ => truncate(dice, time, None),
            };
            call(Function::Cast(ColumnType::Date), vec![moved])
        }
        Wanted::Wall => match dice.roll(3) {
            0 => {
                let zone = dice.pick(&ZONES).to_owned();
                let instant = expression(dice, Wanted::Instant, depth);
                truncate(dice, instant, Some(zone))
            }
            1 => {
                let wall = expression(dice, Wanted::Wall, depth);
                truncate(dice, wall, None)
            }
            _ => {
                let wall = expression(dice, Wanted::Wall, depth);
                shift(dice, wall, 1_000_000)
            }
        },
        Wanted::Instant => match dice.roll(3) {
            0 => {
                let zone = dice.pick(&ZONES).to_owned();
                call(
                    Function::ToInstant { zone },
                    vec![expression(dice, Wanted::Wall, depth)],
                )
            }
            1 => {
                let grain = dice.pick(&[Grain::Minute, Grain::Hour]);
                let zone = dice.pick(&ZONES).to_owned();
                call(
                    Function::TruncateInstant { grain, zone },
                    vec![expression(dice, Wanted::Instant, depth)],
                )
            }
            _ => {
                let instant = expression(dice, Wanted::Instant, depth);
                shift(dice, instant, 1_000_000)
            }
        },
    }
}

fn time(dice: &mut Dice, depth: usize) -> (Expression, Option<String>) {
    match dice.roll(3) {
        0 => (expression(dice, Wanted::Date, depth), None),
        1 => (expression(dice, Wanted::Wall, depth), None),
        _ => (
            expression(dice, Wanted::Instant, depth),
            Some(dice.pick(&ZONES).to_owned()),
        ),
    }
}

fn truncate(dice: &mut Dice, time: Expression, zone: Option<String>) -> Expression {
    let grain = dice.pick(&[
        Grain::Millisecond,
        Grain::Second,
        Grain::Minute,
        Grain::Hour,
        Grain::Day,
        Grain::Week,
        Grain::Month,
        Grain::Quarter,
        Grain::Year,
    ]);
    let week_start = dice.pick(&[WeekStart::Monday, WeekStart::Sunday]);
    call(
        Function::Truncate {
            grain,
            week_start,
            zone,
        },
        vec![time],
    )
}

fn shift(dice: &mut Dice, time: Expression, step: i64) -> Expression {
    let months = dice.pick(&[0, 1, -1, 12, -12, 3, -13]);
    let microseconds = step * (i64::try_from(dice.roll(9)).unwrap() - 4);
    call(Function::Shift { months, microseconds }, vec![time])
}

fn number(dice: &mut Dice, depth: usize) -> Expression {
    let of = |dice: &mut Dice| {
        let kind = dice.pick(&[Wanted::Number, Wanted::Whole]);
        expression(dice, kind, depth)
    };
    match dice.roll(6) {
        4 => {
            let function = dice.pick(&[
                Scalar::Abs,
                Scalar::Floor,
                Scalar::Ceil,
                Scalar::Sign,
                Scalar::Round,
                Scalar::Sqrt,
            ]);
            call(Function::Scalar(function), vec![of(dice)])
        }
        5 => {
            let function = dice.pick(&[Scalar::Least, Scalar::Greatest]);
            call(Function::Scalar(function), vec![of(dice), of(dice), of(dice)])
        }
        0 => Expression::unary(UnaryOperator::Negate, of(dice)),
        1 => call(
            Function::Step {
                width: dice.pick(&[1.0, 2.5, 10.0]),
            },
            vec![of(dice)],
        ),
        2 => call(
            Function::Bin {
                edges: vec![-10.0, 0.0, 7.5],
            },
            vec![of(dice)],
        ),
        _ => {
            let operator = dice.pick(&[
                BinaryOperator::Add,
                BinaryOperator::Subtract,
                BinaryOperator::Multiply,
                BinaryOperator::Divide,
            ]);
            Expression::binary(operator, of(dice), of(dice))
        }
    }
}

fn truth(dice: &mut Dice, depth: usize) -> Expression {
    let kind = dice.pick(&[
        Wanted::Whole,
        Wanted::Number,
        Wanted::Text,
        Wanted::Date,
        Wanted::Wall,
        Wanted::Instant,
    ]);
    match dice.roll(7) {
        0 => {
            let operator = dice.pick(&[
                BinaryOperator::Eq,
                BinaryOperator::Ne,
                BinaryOperator::Lt,
                BinaryOperator::Lte,
                BinaryOperator::Gt,
                BinaryOperator::Gte,
                BinaryOperator::IsNotDistinctFrom,
            ]);
            Expression::binary(operator, expression(dice, kind, depth), expression(dice, kind, depth))
        }
        1 => {
            let operator = dice.pick(&[BinaryOperator::And, BinaryOperator::Or]);
            Expression::binary(
                operator,
                expression(dice, Wanted::Truth, depth),
                expression(dice, Wanted::Truth, depth),
            )
        }
        2 => Expression::unary(UnaryOperator::Not, expression(dice, Wanted::Truth, depth)),
        3 => {
            let operator = dice.pick(&[UnaryOperator::IsNull, UnaryOperator::IsNotNull]);
            Expression::unary(operator, expression(dice, kind, depth))
        }
        4 => Expression::In {
            operand: Box::new(expression(dice, kind, depth)),
            list: (0..dice.roll(3) + 1).map(|_| literal(dice, kind)).collect(),
        },
        _ => {
            let case = dice.roll(2) == 0;
            let function = dice.pick(&[
                Function::Contains { case },
                Function::StartsWith { case },
                Function::EndsWith { case },
            ]);
            let needle = dice.pick(&["", "A", "ö", "%", "_", "'", "\\", "]*", "ß", "s\nl", ".B", "ICH", "a "]);
            call(
                function,
                vec![
                    expression(dice, Wanted::Text, depth),
                    Expression::Literal(Literal::Text(needle.to_owned())),
                ],
            )
        }
    }
}

/// Fails with all differences there are, and says how many plans each database computed whole.
pub fn check_all(rounds: usize, seed: u64, make: impl Fn(&mut Dice) -> Node) {
    let mut dice = Dice(seed);
    let mut whole = std::collections::BTreeMap::new();
    let mut wrong = Vec::new();
    let mut tables = table(&mut dice);
    for round in 0..rounds {
        if round % 10 == 9 {
            tables = table(&mut dice);
        }
        let node = make(&mut dice);
        match agree(&node, &tables, &run(&node, &tables)) {
            Ok(dialects) => dialects
                .into_iter()
                .for_each(|dialect| *whole.entry(dialect).or_insert(0) += 1),
            Err(difference) => wrong.push(difference),
        }
    }
    eprintln!("{rounds} plans, whole in {whole:?}, {} wrong", wrong.len());
    wrong.sort_by_key(String::len);
    assert!(
        wrong.is_empty(),
        "{}",
        wrong.into_iter().take(6).collect::<Vec<_>>().join("\n\n")
    );
}

const KINDS: [Wanted; 7] = [
    Wanted::Truth,
    Wanted::Whole,
    Wanted::Number,
    Wanted::Text,
    Wanted::Date,
    Wanted::Wall,
    Wanted::Instant,
];

#[test]
fn expressions() {
    check_all(400, 1, |dice| {
        let kind = dice.pick(&KINDS);
        let value = expression(dice, kind, 3);
        scan().project(vec![Named::same("id"), Named::new("value", value)])
    });
}

#[test]
fn filters() {
    check_all(200, 2, |dice| {
        let predicate = expression(dice, Wanted::Truth, 3);
        scan()
            .filter(predicate)
            .project(vec![Named::same("id"), Named::same("moment")])
    });
}

fn aggregate(dice: &mut Dice) -> AggregateCall {
    let numeric = expression_of(dice, &[Wanted::Number, Wanted::Whole]);
    let any = expression_of(dice, &KINDS);
    // Ties may be broken in any way: the order is unique.
    let order = Some(Expression::column("id"));
    match dice.roll(12) {
        0 => AggregateCall::CountRows,
        1 => AggregateCall::Count(any),
        2 => AggregateCall::CountDistinct(any),
        3 => AggregateCall::Sum(numeric),
        4 => AggregateCall::Avg(numeric),
        5 => AggregateCall::Min(any),
        6 => AggregateCall::Max(any),
        7 => AggregateCall::Median(numeric),
        8 => AggregateCall::Percentile {
            argument: numeric,
            p: dice.pick(&[0.0, 0.1, 0.25, 0.95, 1.0]),
            interpolation: dice.pick(&[Interpolation::Continuous, Interpolation::Discrete]),
        },
        9 => AggregateCall::Stddev(numeric),
        10 => AggregateCall::First { argument: any, order },
        _ => AggregateCall::Last { argument: any, order },
    }
}

fn expression_of(dice: &mut Dice, kinds: &[Wanted]) -> Expression {
    let kind = dice.pick(kinds);
    let depth = dice.roll(2);
    // A constant of a whole group is not what is looked at here.
    if depth == 0 {
        column(dice, kind)
    } else {
        expression(dice, kind, depth)
    }
}

fn grouped(dice: &mut Dice) -> Node {
    let keys = (0..dice.roll(3))
        .map(|index| {
            let key = expression_of(dice, &KINDS);
            Named::new(format!("key{index}"), key)
        })
        .collect();
    let measures = (0..dice.roll(3) + 1)
        .map(|index| Named::new(format!("m{index}"), aggregate(dice)))
        .collect();
    let input = if dice.roll(2) == 0 {
        scan()
    } else {
        scan().filter(expression(dice, Wanted::Truth, 2))
    };
    input.aggregate(keys, measures)
}

#[test]
fn groups() {
    check_all(300, 3, grouped);
}

fn sorted(node: Node, keys: &[&str]) -> Node {
    Node::Sort {
        input: Box::new(node),
        keys: keys
            .iter()
            .enumerate()
            .map(|(index, column)| SortKey {
                column: (*column).to_owned(),
                direction: if index % 2 == 0 {
                    SortDirection::Desc
                } else {
                    SortDirection::Asc
                },
            })
            .collect(),
    }
}

fn small(dice: &mut Dice) -> Node {
    let columns: Vec<Named<Expression>> = ["name", "units"].map(Named::same).into();
    let node = scan().filter(expression(dice, Wanted::Truth, 1)).project(columns);
    match dice.roll(3) {
        0 => node,
        1 => node.aggregate(
            vec![Named::same("name"), Named::same("units")],
            vec![Named::new("rows", AggregateCall::CountRows)],
        ),
        _ => Node::Limit {
            input: Box::new(sorted(
                scan().project(vec![Named::same("id"), Named::same("name"), Named::same("units")]),
                &["name", "id"],
            )),
            offset: u64::try_from(dice.roll(3)).unwrap(),
            count: dice.pick(&[None, Some(4)]),
        }
        .project(vec![Named::same("name"), Named::same("units")]),
    }
}

fn related(dice: &mut Dice) -> Node {
    let on: Vec<(String, String)> = dice
        .pick(&[
            vec![("name", "word")],
            vec![("name", "word"), ("units", "number")],
            vec![("day", "on")],
        ])
        .into_iter()
        .map(|(left, right)| (left.to_owned(), right.to_owned()))
        .collect();
    let kind = dice.pick(&[JoinKind::Inner, JoinKind::Left, JoinKind::Semi, JoinKind::Anti]);
    let right = match dice.roll(2) {
        0 => scan().project(vec![
            Named::new("word", Expression::column("other name")),
            Named::new("number", Expression::column("units")),
            Named::new("on", Expression::column("day")),
            Named::new("seen", Expression::Literal(Literal::Bool(true))),
        ]),
        _ => scan().aggregate(
            vec![
                Named::new("word", Expression::column("other name")),
                Named::new("number", Expression::column("units")),
                Named::new("on", Expression::column("day")),
            ],
            vec![Named::new("most", AggregateCall::Max(Expression::column("amount")))],
        ),
    };
    Node::Join {
        kind,
        left: Box::new(scan()),
        right: Box::new(right),
        on,
        null_equal: dice.roll(2) == 0,
    }
}

#[test]
fn relations() {
    check_all(300, 4, |dice| match dice.roll(6) {
        0 => related(dice),
        1 => {
            let joined = related(dice).filter(expression(dice, Wanted::Truth, 1));
            joined.aggregate(
                vec![Named::same("name")],
                vec![Named::new("rows", AggregateCall::CountRows)],
            )
        }
        2 => Node::Union {
            inputs: vec![
                small(dice),
                small(dice).project(vec![
                    Named::same("name"),
                    Named::new("extra", Expression::column("units")),
                ]),
                small(dice),
            ],
        },
        3 => {
            let call = dice.pick(&[
                WindowCall::RowNumber,
                WindowCall::RankDescending("units".to_owned()),
                WindowCall::RunningSum("amount".to_owned()),
                WindowCall::RunningSum("units".to_owned()),
                WindowCall::RankDescending("amount".to_owned()),
            ]);
            let order = ["name", "moment", "id"].map(|column| SortKey {
                column: column.to_owned(),
                direction: SortDirection::Asc,
            });
            let window = Node::Window {
                input: Box::new(scan()),
                partition: dice.pick(&[
                    vec![],
                    vec!["gift".to_owned()],
                    vec!["other name".to_owned(), "gift".to_owned()],
                ]),
                order: order.into(),
                columns: vec![Named::new("w", call)],
            };
            sorted(
                window.filter(Expression::column("w").is_null().negated()),
                &["w", "name", "id"],
            )
        }
        4 => {
            let spine = Node::Spine {
                column: "bucket".to_owned(),
                from: micros(dice.pick(&["2024-01-31T00:00:00Z", "2023-12-01T06:00:00Z"])),
                to: micros(dice.pick(&["2024-03-10T00:00:00Z", "2025-02-01T00:00:00Z", "2023-01-01T00:00:00Z"])),
                step: Span {
                    count: u32::try_from(dice.roll(3)).unwrap() + 1,
                    unit: dice.pick(&[
                        TimeUnit::Hour,
                        TimeUnit::Day,
                        TimeUnit::Week,
                        TimeUnit::Month,
                        TimeUnit::Quarter,
                        TimeUnit::Year,
                    ]),
                },
            };
            match dice.roll(2) {
                0 => spine,
                _ => spine
                    .join_on(JoinKind::Cross, scan().project(vec![Named::same("name")]), &[])
                    .aggregate(
                        vec![Named::same("name")],
                        vec![Named::new("last", AggregateCall::Max(Expression::column("bucket")))],
                    ),
            }
        }
        _ => {
            let keys = vec![
                Named::same("name"),
                Named::new(
                    "size",
                    call(Function::Step { width: 10.0 }, vec![Expression::column("amount")]),
                ),
            ];
            let measures = vec![
                Named::new("total", AggregateCall::Sum(Expression::column("units"))),
                Named::new("rows", AggregateCall::CountRows),
            ];
            let ratio = Expression::binary(
                BinaryOperator::Divide,
                Expression::column("total"),
                Expression::column("rows"),
            );
            let node = scan().aggregate(keys, measures);
            let node = if dice.roll(2) == 0 {
                node.filter(Expression::binary(
                    BinaryOperator::Gt,
                    Expression::column("rows"),
                    Expression::Literal(Literal::Int(1)),
                ))
            } else {
                node
            };
            let node = node.project(vec![
                Named::same("size"),
                Named::new("ratio", ratio),
                Named::same("name"),
            ]);
            Node::Limit {
                input: Box::new(sorted(node, &["name", "size"])),
                offset: 0,
                count: Some(7),
            }
        }
    });
}
