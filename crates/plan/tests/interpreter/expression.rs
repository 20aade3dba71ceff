use std::cmp::Ordering;

use plan::logical::{BinaryOperator, Expression, Function, Literal, UnaryOperator};
use shared::table::ColumnType;

use super::{Table, Value, scalar::scalar, time};

pub fn evaluate(expression: &Expression, table: &Table, row: &[Value]) -> Value {
    let inner = |expression: &Expression| evaluate(expression, table, row);
    match expression {
        Expression::Column(name) => row[table.position(name)].clone(),
        Expression::Literal(value) => literal(value),
        Expression::Unary { operator, operand } => match (operator, inner(operand)) {
            (UnaryOperator::IsNull, value) => Value::Bool(value.is_null()),
            (UnaryOperator::IsNotNull, value) => Value::Bool(!value.is_null()),
            (_, Value::Null) => Value::Null,
            (UnaryOperator::Not, Value::Bool(truth)) => Value::Bool(!truth),
            (UnaryOperator::Negate, value) => Value::Float(-value.number().unwrap()),
            (operator, value) => panic!("{operator:?} {value:?}"),
        },
        Expression::Binary { operator, left, right } => binary(*operator, inner(left), inner(right)),
        Expression::In { operand, list } => match inner(operand) {
            Value::Null => Value::Null,
            value => Value::Bool(list.iter().any(|item| value.compare(&literal(item)) == Ordering::Equal)),
        },
        Expression::Case { branches, otherwise } => branches
            .iter()
            .find(|(condition, _)| inner(condition) == Value::Bool(true))
            .map_or_else(|| inner(otherwise), |(_, value)| inner(value)),
        Expression::Call { function, arguments } => call(function, &arguments.iter().map(inner).collect::<Vec<_>>()),
    }
}

pub fn literal(value: &Literal) -> Value {
    match value {
        Literal::Null => Value::Null,
        Literal::Bool(truth) => Value::Bool(*truth),
        Literal::Int(whole) => Value::Int(*whole),
        Literal::Float(number) => Value::Float(*number),
        Literal::Text(text) => Value::Text(text.clone()),
        Literal::Decimal(text) => Value::Float(text.parse().unwrap()),
        Literal::Date(text) => Value::Date(time::parse_day(text)),
        Literal::Timestamp(wall) => Value::Wall(*wall),
        Literal::Instant(instant) => Value::Instant(*instant),
    }
}

fn binary(operator: BinaryOperator, left: Value, right: Value) -> Value {
    match operator {
        BinaryOperator::And => match (left, right) {
            (Value::Bool(false), _) | (_, Value::Bool(false)) => return Value::Bool(false),
            (Value::Bool(true), Value::Bool(true)) => return Value::Bool(true),
            _ => return Value::Null,
        },
        BinaryOperator::Or => match (left, right) {
            (Value::Bool(true), _) | (_, Value::Bool(true)) => return Value::Bool(true),
            (Value::Bool(false), Value::Bool(false)) => return Value::Bool(false),
            _ => return Value::Null,
        },
        BinaryOperator::IsNotDistinctFrom => return Value::Bool(left.key() == right.key()),
        _ => {}
    }
    if left.is_null() || right.is_null() {
        return Value::Null;
    }
    let numbers = || (left.number().unwrap(), right.number().unwrap());
    let order = |wanted: &[Ordering]| Value::Bool(wanted.contains(&left.compare(&right)));
    match operator {
        BinaryOperator::Eq => order(&[Ordering::Equal]),
        BinaryOperator::Ne => order(&[Ordering::Less, Ordering::Greater]),
        BinaryOperator::Lt => order(&[Ordering::Less]),
        BinaryOperator::Lte => order(&[Ordering::Less, Ordering::Equal]),
        BinaryOperator::Gt => order(&[Ordering::Greater]),
        BinaryOperator::Gte => order(&[Ordering::Greater, Ordering::Equal]),
        BinaryOperator::Add => Value::Float(numbers().0 + numbers().1),
        BinaryOperator::Subtract => Value::Float(numbers().0 - numbers().1),
        BinaryOperator::Multiply => Value::Float(numbers().0 * numbers().1),
        BinaryOperator::Divide if numbers().1 == 0.0 => Value::Null,
        BinaryOperator::Divide => Value::Float(numbers().0 / numbers().1),
        BinaryOperator::And | BinaryOperator::Or | BinaryOperator::IsNotDistinctFrom => unreachable!(),
    }
}

fn call(function: &Function, arguments: &[Value]) -> Value {
    if let Function::Scalar(function) = function {
        return scalar(*function, arguments);
    }
    if let Function::Coalesce = function {
        return arguments
            .iter()
            .find(|value| !value.is_null())
            .cloned()
            .unwrap_or(Value::Null);
    }
    let [first, rest @ ..] = arguments else {
        panic!("{function:?} without arguments")
    };
    if first.is_null() {
        return Value::Null;
    }
    let searched = |case: bool| {
        let fold = |value: &Value| match value {
            Value::Text(text) if case => text.clone(),
            Value::Text(text) => text.to_lowercase(),
            other => panic!("{other:?} is no text"),
        };
        (fold(first), fold(&rest[0]))
    };
    match function {
        Function::Coalesce | Function::Scalar(_) => unreachable!(),
        Function::Cast(kind) => cast(first, *kind),
        Function::Truncate {
            grain,
            week_start,
            zone,
        } => {
            let start = time::micros(time::truncate(
                time::reading(first, zone.as_deref()),
                *grain,
                *week_start,
            ));
            match first {
                Value::Date(_) => Value::Date(start.div_euclid(86_400_000_000)),
                _ => Value::Wall(start),
            }
        }
        Function::TruncateInstant { grain, zone } => {
            let Value::Instant(instant) = first else {
                panic!("{first:?} is no instant")
            };
            let wall = time::to_wall(*instant, zone);
            let start = time::micros(time::truncate(
                time::naive(wall),
                *grain,
                shared::semantic::WeekStart::Monday,
            ));
            Value::Instant(instant - (wall - start))
        }
        Function::Part { part, zone } => Value::Int(time::part(time::reading(first, zone.as_deref()), *part)),
        Function::ToInstant { zone } => match first {
            Value::Wall(wall) => Value::Instant(time::to_instant(*wall, zone)),
            other => panic!("{other:?} is no wall clock"),
        },
        Function::Shift { months, microseconds } => match first {
            Value::Date(day) => {
                Value::Date(time::shift(day * 86_400_000_000, *months, *microseconds).div_euclid(86_400_000_000))
            }
            Value::Wall(wall) => Value::Wall(time::shift(*wall, *months, *microseconds)),
            Value::Instant(instant) => Value::Instant(time::shift(*instant, *months, *microseconds)),
            other => panic!("{other:?} is no time"),
        },
        Function::Contains { case } => Value::Bool(searched(*case).0.contains(&searched(*case).1)),
        Function::StartsWith { case } => Value::Bool(searched(*case).0.starts_with(&searched(*case).1)),
        Function::EndsWith { case } => Value::Bool(searched(*case).0.ends_with(&searched(*case).1)),
        Function::Matches => panic!("regular expressions are the back ends' own"),
        Function::JsonText { .. } => panic!("values within JSON are the engine's own"),
        Function::Bin { edges } => {
            let number = first.number().unwrap();
            edges
                .iter()
                .rev()
                .find(|edge| **edge <= number)
                .map_or(Value::Null, |edge| Value::Float(*edge))
        }
        Function::Step { width } => Value::Float((first.number().unwrap() / width).floor() * width),
    }
}

fn cast(value: &Value, kind: ColumnType) -> Value {
    match (value, kind) {
        (Value::Date(_), ColumnType::Date) => value.clone(),
        (Value::Wall(wall), ColumnType::Date) => Value::Date(wall.div_euclid(86_400_000_000)),
        (Value::Text(_), ColumnType::String) => value.clone(),
        (Value::Int(whole), ColumnType::String) => Value::Text(whole.to_string()),
        (Value::Float(number), ColumnType::String) => Value::Text(number.to_string()),
        (Value::Bool(truth), ColumnType::String) => Value::Text(truth.to_string()),
        (value, ColumnType::Number) if value.number().is_some() => Value::Float(value.number().unwrap_or_default()),
        (value, kind) => panic!("cast of {value:?} to {kind:?}"),
    }
}
