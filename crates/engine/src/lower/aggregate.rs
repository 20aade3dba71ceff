//! Groups and their measures. Over no values a count is 0 and everything else NULL.

use plan::logical::{AggregateCall, Expression, Named};
use polars::prelude::*;
use shared::semantic::Interpolation;

use super::{
    Kind,
    codes::{Codes, coded},
    expression::{self, Typed},
    failure::mismatched,
    table::{Columns, Table},
};
use crate::{coding::code_column, protocol::WorkerFailure};

pub fn lower(
    input: Table,
    keys: &[Named<Expression>],
    measures: &[Named<AggregateCall>],
) -> Result<Table, WorkerFailure> {
    let mut columns = Columns::default();
    let mut key_expressions = Vec::with_capacity(keys.len());
    let mut codes = Codes::default();
    let mut arguments = Arguments {
        columns: &input.columns,
        codes: &input.codes,
        constants: Vec::new(),
    };
    for key in keys {
        if let Some((code, texts)) = coded(&key.value, &input.codes) {
            key_expressions.push(code.alias(code_column(&key.name)));
            columns.0.push((key.name.clone(), Kind::Text));
            codes.push(&key.name, texts.clone());
            continue;
        }
        let Typed { expression, kind, .. } = arguments.lower(&key.value)?;
        key_expressions.push(expression.alias(key.name.as_str()));
        columns.0.push((key.name.clone(), kind));
    }
    let mut measure_expressions = Vec::with_capacity(measures.len());
    for measure in measures {
        let (expression, kind) = lower_call(&measure.value, &mut arguments)?;
        measure_expressions.push(expression.alias(measure.name.as_str()));
        columns.0.push((measure.name.clone(), kind));
    }
    let constants = arguments.constants;
    let frame = if constants.is_empty() {
        input.frame
    } else {
        input.frame.with_columns(constants)
    };
    let frame = match (keys.is_empty(), measures.is_empty()) {
        (true, _) => frame.select(measure_expressions),
        (false, true) => frame.select(key_expressions).unique(None, UniqueKeepStrategy::Any),
        (false, false) => frame.group_by(key_expressions).agg(measure_expressions),
    };
    let frame = if codes.is_empty() {
        frame
    } else {
        frame.with_columns(codes.decoded().collect::<Vec<_>>())
    };
    Ok(Table { frame, columns, codes })
}

/// Lowers keys and arguments. A constant has one row, but is to be counted, added up or grouped by once per row of the
/// input: it becomes a column first.
struct Arguments<'c> {
    columns: &'c Columns,
    codes: &'c Codes,
    constants: Vec<Expr>,
}

impl Arguments<'_> {
    fn lower(&mut self, argument: &Expression) -> Result<Typed, WorkerFailure> {
        let lowered = expression::lower(argument, self.columns)?;
        if expression::reads_columns(&lowered.expression) {
            return Ok(lowered);
        }
        let name = format!("__constant_{}", self.constants.len());
        self.constants.push(lowered.expression.alias(name.as_str()));
        Ok(Typed::new(col(name.as_str()), lowered.kind))
    }

    fn number(&mut self, argument: &Expression) -> Result<Expr, WorkerFailure> {
        self.lower(argument)?.into_number()
    }
}

fn lower_call(call: &AggregateCall, arguments: &mut Arguments<'_>) -> Result<(Expr, Kind), WorkerFailure> {
    Ok(match call {
        AggregateCall::CountRows => (len().cast(DataType::Int64), Kind::Integer),
        AggregateCall::Count(counted) => (
            arguments.lower(counted)?.expression.count().cast(DataType::Int64),
            Kind::Integer,
        ),
        AggregateCall::CountDistinct(counted) => {
            // n_unique counts NULL as a value of its own.
            let value = match coded(counted, arguments.codes) {
                Some((code, _)) => code,
                None => arguments.lower(counted)?.expression,
            };
            let has_null = value.clone().null_count().gt(lit(0)).cast(DataType::Int64);
            (value.n_unique().cast(DataType::Int64) - has_null, Kind::Integer)
        }
        AggregateCall::Sum(summed) => {
            let summed = arguments.lower(summed)?;
            exact_sum(summed.expression, summed.kind)?
        }
        AggregateCall::Avg(averaged) => (arguments.number(averaged)?.mean(), Kind::Number),
        AggregateCall::Min(value) => {
            let value = arguments.lower(value)?;
            (value.expression.min(), value.kind)
        }
        AggregateCall::Max(value) => {
            let value = arguments.lower(value)?;
            (value.expression.max(), value.kind)
        }
        AggregateCall::Median(value) => (arguments.number(value)?.median(), Kind::Number),
        AggregateCall::Percentile {
            argument,
            p,
            interpolation,
        } => {
            // Equiprobable is the definition of percentile_disc: the first value with cumulative share ≥ p.
            let method = match interpolation {
                Interpolation::Continuous => QuantileMethod::Linear,
                Interpolation::Discrete => QuantileMethod::Equiprobable,
            };
            (arguments.number(argument)?.quantile(lit(*p), method), Kind::Number)
        }
        AggregateCall::Stddev(value) => (arguments.number(value)?.std(1), Kind::Number),
        AggregateCall::First { argument: value, order } => edge(value, order.as_ref(), arguments, Edge::First)?,
        AggregateCall::Last { argument: value, order } => edge(value, order.as_ref(), arguments, Edge::Last)?,
    })
}

/// A sum that is exact for whole numbers and decimals: an overflow is an error, never a wrong number. NULL over no values.
pub fn exact_sum(value: Expr, kind: Kind) -> Result<(Expr, Kind), WorkerFailure> {
    let has_values = value.clone().count().gt(lit(0));
    let (sum, kind) = match kind {
        Kind::Integer => (
            value.cast(DataType::Int128).sum().strict_cast(DataType::Int64),
            Kind::Integer,
        ),
        Kind::Boolean | Kind::Null => (value.cast(DataType::Int64).sum(), Kind::Integer),
        Kind::Number | Kind::Decimal { .. } => (value.sum(), kind),
        Kind::Text | Kind::Date | Kind::Time | Kind::Timestamp | Kind::Instant => {
            return Err(mismatched("only numbers can be added up"));
        }
    };
    Ok((when(has_values).then(sum.cast(kind.dtype())).otherwise(lit(NULL)), kind))
}

#[derive(Clone, Copy)]
enum Edge {
    First,
    Last,
}

/// The value of the row with the smallest or greatest `order`, rows without a value or an order left out.
fn edge(
    value: &Expression,
    order: Option<&Expression>,
    arguments: &mut Arguments<'_>,
    edge: Edge,
) -> Result<(Expr, Kind), WorkerFailure> {
    let Typed { expression, kind, .. } = arguments.lower(value)?;
    let Some(order) = order else {
        return Ok((
            match edge {
                Edge::First => expression.first_non_null(),
                Edge::Last => expression.last_non_null(),
            },
            kind,
        ));
    };
    let order = arguments.lower(order)?.expression;
    let order = when(expression.clone().is_not_null()).then(order).otherwise(lit(NULL));
    let found = order.clone().count().gt(lit(0));
    let picked = match edge {
        Edge::First => expression.min_by(order),
        Edge::Last => expression.max_by(order),
    };
    Ok((when(found).then(picked).otherwise(lit(NULL)), kind))
}
