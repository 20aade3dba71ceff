//! Which expressions are never NULL. In doubt they may be.

use shared::table::ColumnType;

use super::{
    block::WindowFunction,
    scope::{Place, Role, Scope},
};
use crate::logical::{
    AggregateCall, BinaryOperator, Expression, Function, JoinKind, Literal, UnaryOperator, WindowCall,
};

/// May a value over the places of a SELECT be NULL?
pub fn nullable(expression: &Expression, scope: &Scope<'_>) -> bool {
    let inner = |expression: &Expression| nullable(expression, scope);
    match expression {
        Expression::Column(name) => Place::of(name).is_none_or(|place| nullable_place(place, scope)),
        Expression::Literal(value) => *value == Literal::Null,
        Expression::Unary { operator, operand } => match operator {
            UnaryOperator::IsNull | UnaryOperator::IsNotNull => false,
            UnaryOperator::Not | UnaryOperator::Negate => inner(operand),
        },
        Expression::Binary { operator, left, right } => match operator {
            BinaryOperator::IsNotDistinctFrom => false,
            BinaryOperator::Divide => true,
            BinaryOperator::And
            | BinaryOperator::Or
            | BinaryOperator::Eq
            | BinaryOperator::Ne
            | BinaryOperator::Lt
            | BinaryOperator::Lte
            | BinaryOperator::Gt
            | BinaryOperator::Gte
            | BinaryOperator::Add
            | BinaryOperator::Subtract
            | BinaryOperator::Multiply => inner(left) || inner(right),
        },
        Expression::In { operand, .. } => inner(operand),
        Expression::Case { branches, otherwise } => inner(otherwise) || branches.iter().any(|(_, value)| inner(value)),
        Expression::Call { function, arguments } => match function {
            Function::Coalesce => arguments.iter().all(inner),
            Function::Cast(ColumnType::Date | ColumnType::Timestamp | ColumnType::Timestamptz | ColumnType::String)
            | Function::Truncate { .. }
            | Function::TruncateInstant { .. }
            | Function::Part { .. }
            | Function::ToInstant { .. }
            | Function::Shift { .. }
            | Function::Contains { .. }
            | Function::StartsWith { .. }
            | Function::EndsWith { .. }
            | Function::Step { .. } => arguments.iter().any(inner),
            Function::Cast(
                ColumnType::Integer
                | ColumnType::Number
                | ColumnType::Decimal
                | ColumnType::Boolean
                | ColumnType::Time
                | ColumnType::Json
                | ColumnType::Geo,
            )
            | Function::Matches
            | Function::Bin { .. }
            | Function::JsonText { .. }
            | Function::Scalar(_) => true,
        },
    }
}

fn nullable_place(place: Place, scope: &Scope<'_>) -> bool {
    match place {
        Place::Source { source, column } => scope.sources.get(source).is_none_or(|source| {
            let unmatched = match &source.role {
                Role::Joined { kind, .. } => *kind == JoinKind::Left,
                Role::From => false,
            };
            unmatched || source.columns.get(column).is_none_or(|column| column.nullable)
        }),
        Place::Aggregate(index) => scope.aggregates.get(index).is_none_or(|call| match call {
            AggregateCall::CountRows | AggregateCall::Count(_) | AggregateCall::CountDistinct(_) => false,
            AggregateCall::Sum(_)
            | AggregateCall::Avg(_)
            | AggregateCall::Min(_)
            | AggregateCall::Max(_)
            | AggregateCall::Median(_)
            | AggregateCall::Percentile { .. }
            | AggregateCall::Stddev(_)
            | AggregateCall::First { .. }
            | AggregateCall::Last { .. } => true,
        }),
        Place::Window(index) => scope.windows.get(index).is_none_or(|column| match &column.call {
            WindowFunction::Count(_) => false,
            WindowFunction::Call(call) => match call {
                WindowCall::RowNumber | WindowCall::RunningSum(_) => false,
                WindowCall::RankDescending(_) | WindowCall::PartitionSum(_) => true,
            },
        }),
    }
}
