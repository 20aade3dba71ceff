//! Aggregates that a database lacks, put together from window functions over the rows before they are grouped.

use shared::semantic::{Interpolation, SortDirection};

use super::{
    Kind, Printed,
    block::{Block, Item, WindowColumn, WindowFunction},
    dialect::{Dialect, Quantile},
    scope::Place,
    term::Term,
    write::Writer,
};
use crate::logical::{AggregateCall, BinaryOperator, Expression, Function, Literal, Named, WindowCall};

/// Does the database have no such aggregate, though it can be put together?
pub fn is_missing(call: &AggregateCall, dialect: &dyn Dialect) -> bool {
    let value = || Term::atom("x", Kind::Number);
    match call {
        AggregateCall::Median(_) | AggregateCall::Percentile { .. } => {
            matches!(dialect.quantile(&value(), Quantile::Continuous(0.5)), Ok(None))
        }
        AggregateCall::First { order: Some(_), .. } => dialect.edge(&value(), &value(), false).is_none(),
        AggregateCall::Last { order: Some(_), .. } => dialect.edge(&value(), &value(), true).is_none(),
        AggregateCall::CountRows
        | AggregateCall::Count(_)
        | AggregateCall::CountDistinct(_)
        | AggregateCall::Sum(_)
        | AggregateCall::Avg(_)
        | AggregateCall::Min(_)
        | AggregateCall::Max(_)
        | AggregateCall::Stddev(_)
        | AggregateCall::First { order: None, .. }
        | AggregateCall::Last { order: None, .. } => false,
    }
}

/// First a stage with keys, arguments and each row's place among its group; then the groups. Keys and arguments are places
/// of `block`.
pub fn aggregate(
    writer: &mut Writer<'_>,
    mut block: Block,
    keys: &[Named<Expression>],
    measures: &[Named<AggregateCall>],
) -> Printed<Block> {
    let mut rows = Rows {
        partition: keys.iter().map(|key| key.value.clone()).collect(),
        columns: Vec::new(),
        windows: Vec::new(),
    };
    let key_names: Vec<String> = keys.iter().map(|key| rows.column("k", key.value.clone())).collect();
    let mut calls: Vec<Named<AggregateCall>> = Vec::new();
    let mut finished: Vec<Named<Expression>> = Vec::new();
    for measure in measures {
        let mut own = |call: AggregateCall| {
            let name = format!("g{}", calls.len());
            calls.push(Named::new(name.clone(), call));
            Expression::Column(name)
        };
        let value = match &measure.value {
            AggregateCall::Median(argument) if is_missing(&measure.value, writer.dialect) => {
                continuous(&mut rows, argument, 0.5, &mut own)
            }
            AggregateCall::Percentile {
                argument,
                p,
                interpolation,
            } if is_missing(&measure.value, writer.dialect) => match interpolation {
                Interpolation::Continuous => continuous(&mut rows, argument, *p, &mut own),
                Interpolation::Discrete => discrete(&mut rows, argument, *p, &mut own),
            },
            AggregateCall::First {
                argument,
                order: Some(order),
            } if is_missing(&measure.value, writer.dialect) => {
                edge(&mut rows, argument, order, SortDirection::Asc, &mut own)
            }
            AggregateCall::Last {
                argument,
                order: Some(order),
            } if is_missing(&measure.value, writer.dialect) => {
                edge(&mut rows, argument, order, SortDirection::Desc, &mut own)
            }
            plain => {
                // Its arguments are columns of the stage.
                for argument in plain.arguments() {
                    rows.column("x", argument.clone());
                }
                own(plain.try_map(&|argument| rows.known(argument))?)
            }
        };
        finished.push(Named::new(measure.name.clone(), value));
    }
    block.columns = rows
        .columns
        .iter()
        .map(|column| {
            Ok(Item {
                name: column.name.clone(),
                kind: block.scope(writer.dialect).term(&column.value)?.kind,
                value: column.value.clone(),
            })
        })
        .collect::<Printed<Vec<_>>>()?;
    for window in rows.windows {
        block.columns.push(Item {
            name: window.name,
            value: Place::Window(block.windows.len()).expression(),
            kind: Kind::Integer,
        });
        block.windows.push(window.value);
    }
    let stage = writer.close(block, "ranked")?;
    let placed = |expression: &Expression| stage.placed(expression);
    let group_keys = keys
        .iter()
        .zip(&key_names)
        .map(|(key, name)| Ok(Named::new(key.name.clone(), placed(&Expression::Column(name.clone()))?)))
        .collect::<Printed<Vec<_>>>()?;
    let calls = calls
        .into_iter()
        .map(|call| Ok(Named::new(call.name, call.value.try_map(&placed)?)))
        .collect::<Printed<Vec<_>>>()?;
    let mut groups = writer.group(stage, group_keys, calls)?;
    let mut columns: Vec<Item> = groups.columns.iter().take(keys.len()).cloned().collect();
    for measure in finished {
        let value = groups.placed(&measure.value)?;
        columns.push(Item {
            name: measure.name,
            kind: groups.scope(writer.dialect).term(&value)?.kind,
            value,
        });
    }
    groups.columns = columns;
    Ok(groups)
}

/// The stage of the rows.
struct Rows {
    partition: Vec<Expression>,
    columns: Vec<Named<Expression>>,
    windows: Vec<Named<WindowColumn>>,
}

impl Rows {
    /// The name of a column with this value.
    fn column(&mut self, prefix: &str, value: Expression) -> String {
        if let Some(known) = self.columns.iter().find(|column| column.value == value) {
            return known.name.clone();
        }
        let name = format!("{prefix}{}", self.columns.len());
        self.columns.push(Named::new(name.clone(), value));
        name
    }

    fn known(&self, value: &Expression) -> Printed<Expression> {
        let column = self.columns.iter().find(|column| column.value == *value);
        column
            .map(|column| Expression::Column(column.name.clone()))
            .ok_or_else(super::scope::missing)
    }

    fn window(&mut self, prefix: &str, call: WindowFunction, order: Vec<(Expression, SortDirection)>) -> Expression {
        let name = format!("{prefix}{}", self.columns.len() + self.windows.len());
        let partition = self.partition.clone();
        self.windows
            .push(Named::new(name.clone(), WindowColumn { call, partition, order }));
        Expression::Column(name)
    }
}

fn binary(operator: BinaryOperator, left: &Expression, right: Expression) -> Expression {
    Expression::binary(operator, left.clone(), right)
}

fn whole(number: i64) -> Expression {
    Expression::Literal(Literal::Int(number))
}

/// Position `p (n - 1)` among the sorted values, counted from 0; between two of them by its fraction.
fn continuous(
    rows: &mut Rows,
    argument: &Expression,
    p: f64,
    aggregate: &mut dyn FnMut(AggregateCall) -> Expression,
) -> Expression {
    let value = Expression::Column(rows.column("x", argument.clone()));
    let (place, count) = (rank(rows, argument), counted(rows, argument));
    let last = binary(BinaryOperator::Subtract, &count, whole(1));
    let position = Expression::binary(BinaryOperator::Multiply, Expression::Literal(Literal::Float(p)), last);
    let low = Expression::call(Function::Step { width: 1.0 }, vec![position.clone()]);
    let mut at = |offset: i64| {
        let wanted = binary(BinaryOperator::Add, &low, whole(offset));
        let value = Expression::only_if(binary(BinaryOperator::Eq, &place, wanted), value.clone());
        let number = Expression::binary(
            BinaryOperator::Multiply,
            value,
            Expression::Literal(Literal::Float(1.0)),
        );
        aggregate(AggregateCall::Max(number))
    };
    let (below, above) = (at(1), at(2));
    let fraction = aggregate(AggregateCall::Max(Expression::binary(
        BinaryOperator::Subtract,
        position,
        low,
    )));
    let gap = Expression::binary(BinaryOperator::Subtract, above, below.clone());
    let part = Expression::binary(BinaryOperator::Multiply, gap, fraction).or_literal(Literal::Int(0));
    Expression::binary(BinaryOperator::Add, below, part)
}

/// The least value whose place is not below `p n`.
fn discrete(
    rows: &mut Rows,
    argument: &Expression,
    p: f64,
    aggregate: &mut dyn FnMut(AggregateCall) -> Expression,
) -> Expression {
    let value = Expression::Column(rows.column("x", argument.clone()));
    let (place, count) = (rank(rows, argument), counted(rows, argument));
    let share = Expression::binary(BinaryOperator::Multiply, Expression::Literal(Literal::Float(p)), count);
    let value = Expression::only_if(binary(BinaryOperator::Gte, &place, share), value);
    let number = Expression::binary(
        BinaryOperator::Multiply,
        value,
        Expression::Literal(Literal::Float(1.0)),
    );
    aggregate(AggregateCall::Min(number))
}

/// The value in the first row that has both; of equal orders the least value.
fn edge(
    rows: &mut Rows,
    argument: &Expression,
    order: &Expression,
    direction: SortDirection,
    aggregate: &mut dyn FnMut(AggregateCall) -> Expression,
) -> Expression {
    let value = Expression::Column(rows.column("x", argument.clone()));
    let has_value = Expression::unary(crate::logical::UnaryOperator::IsNotNull, argument.clone());
    let order = Expression::only_if(has_value, order.clone());
    let ordered = Expression::Column(rows.column("y", order.clone()));
    let place = rows.window(
        "r",
        WindowFunction::Call(WindowCall::RowNumber),
        vec![(order, direction), (argument.clone(), SortDirection::Asc)],
    );
    let first = binary(BinaryOperator::Eq, &place, whole(1));
    let has_order = Expression::unary(crate::logical::UnaryOperator::IsNotNull, ordered);
    let value = Expression::only_if(Expression::all([first, has_order]), value);
    aggregate(AggregateCall::Max(value))
}

fn rank(rows: &mut Rows, argument: &Expression) -> Expression {
    rows.window(
        "r",
        WindowFunction::Call(WindowCall::RowNumber),
        vec![(argument.clone(), SortDirection::Asc)],
    )
}

fn counted(rows: &mut Rows, argument: &Expression) -> Expression {
    rows.window("n", WindowFunction::Count(argument.clone()), Vec::new())
}
