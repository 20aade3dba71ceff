use std::{cmp::Ordering, collections::BTreeSet};

use plan::logical::{AggregateCall, Expression};
use shared::semantic::Interpolation;

use super::{Table, Value, expression::evaluate};

pub fn aggregate(call: &AggregateCall, table: &Table, rows: &[&Vec<Value>]) -> Value {
    let present = |argument: &Expression| -> Vec<Value> {
        rows.iter()
            .map(|row| evaluate(argument, table, row))
            .filter(|value| !value.is_null())
            .collect()
    };
    let numbers = |argument: &Expression| -> Vec<f64> {
        let mut numbers: Vec<f64> = present(argument).iter().map(|value| value.number().unwrap()).collect();
        numbers.sort_by(|a, b| a.partial_cmp(b).unwrap());
        numbers
    };
    let float = |number: Option<f64>| number.map_or(Value::Null, Value::Float);
    match call {
        AggregateCall::CountRows => Value::Int(rows.len() as i64),
        AggregateCall::Count(argument) => Value::Int(present(argument).len() as i64),
        AggregateCall::CountDistinct(argument) => {
            Value::Int(present(argument).iter().map(Value::key).collect::<BTreeSet<_>>().len() as i64)
        }
        AggregateCall::Sum(argument) => {
            let numbers = numbers(argument);
            float((!numbers.is_empty()).then(|| numbers.iter().sum()))
        }
        AggregateCall::Avg(argument) => {
            let numbers = numbers(argument);
            float((!numbers.is_empty()).then(|| numbers.iter().sum::<f64>() / numbers.len() as f64))
        }
        AggregateCall::Min(argument) => present(argument)
            .into_iter()
            .min_by(Value::compare)
            .unwrap_or(Value::Null),
        AggregateCall::Max(argument) => present(argument)
            .into_iter()
            .max_by(Value::compare)
            .unwrap_or(Value::Null),
        AggregateCall::Median(argument) => float(continuous(&numbers(argument), 0.5)),
        AggregateCall::Percentile {
            argument,
            p,
            interpolation,
        } => float(match interpolation {
            Interpolation::Continuous => continuous(&numbers(argument), *p),
            Interpolation::Discrete => discrete(&numbers(argument), *p),
        }),
        AggregateCall::Stddev(argument) => {
            let numbers = numbers(argument);
            let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
            let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
            float((numbers.len() > 1).then(|| (squares / (numbers.len() as f64 - 1.0)).sqrt()))
        }
        AggregateCall::First { argument, order } => edge(table, rows, argument, order, Ordering::Less),
        AggregateCall::Last { argument, order } => edge(table, rows, argument, order, Ordering::Greater),
    }
}

fn continuous(sorted: &[f64], p: f64) -> Option<f64> {
    let position = p * (sorted.len().checked_sub(1)? as f64);
    let (low, high) = (sorted[position.floor() as usize], sorted[position.ceil() as usize]);
    Some(low + (high - low) * position.fract())
}

fn discrete(sorted: &[f64], p: f64) -> Option<f64> {
    let rank = (p * sorted.len() as f64).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied()
}

fn edge(
    table: &Table,
    rows: &[&Vec<Value>],
    argument: &Expression,
    order: &Option<Expression>,
    wanted: Ordering,
) -> Value {
    let mut best: Option<(Value, Value)> = None;
    for row in rows {
        let value = evaluate(argument, table, row);
        let at = order
            .as_ref()
            .map_or(Value::Int(0), |order| evaluate(order, table, row));
        if value.is_null() || at.is_null() {
            continue;
        }
        if best.as_ref().is_none_or(|(known, _)| at.compare(known) == wanted) {
            best = Some((at, value));
        }
    }
    best.map_or(Value::Null, |(_, value)| value)
}
