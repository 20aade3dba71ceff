//! Aggregate calls that a database has.

use shared::semantic::Interpolation;

use super::{
    Kind, Printed, Unsupported,
    dialect::{Quantile, call},
    expression::number,
    scope::Scope,
    term::Term,
};
use crate::logical::{AggregateCall, Expression, UnaryOperator};

pub fn print(aggregate: &AggregateCall, scope: &Scope<'_>) -> Printed<Term> {
    let dialect = scope.dialect;
    let numeric = |argument: &Expression| number(&scope.term(argument)?, dialect);
    match aggregate {
        AggregateCall::CountRows => Ok(Term::atom("count(*)", Kind::Integer)),
        AggregateCall::Count(argument) => Ok(call("count", &scope.term(argument)?, Kind::Integer)),
        AggregateCall::CountDistinct(argument) => {
            let text = format!("count(DISTINCT {})", dialect.comparable(scope.term(argument)?).text);
            Ok(Term::atom(text, Kind::Integer))
        }
        AggregateCall::Sum(argument) => {
            let value = scope.term(argument)?;
            let value = match value.kind {
                Kind::Null | Kind::Boolean => dialect.convert(&value, Kind::Integer)?,
                Kind::Integer | Kind::Number | Kind::Decimal => value,
                Kind::Text | Kind::Date | Kind::Time | Kind::Timestamp | Kind::Instant => {
                    return Err(Unsupported::new(format!("sum of {}", value.kind.noun())));
                }
            };
            dialect.sum(&value, "")
        }
        AggregateCall::Avg(argument) => Ok(call("avg", &numeric(argument)?, Kind::Number)),
        AggregateCall::Min(argument) => extreme(&scope.term(argument)?, false, scope),
        AggregateCall::Max(argument) => extreme(&scope.term(argument)?, true, scope),
        AggregateCall::Median(argument) => quantile(&numeric(argument)?, Quantile::Continuous(0.5), scope),
        AggregateCall::Percentile {
            argument,
            p,
            interpolation,
        } => quantile(&numeric(argument)?, quantile_of(*p, *interpolation), scope),
        AggregateCall::Stddev(argument) => dialect.deviation(&numeric(argument)?).ok_or_else(put_together),
        AggregateCall::First { argument, order } => edge(argument, order.as_ref(), false, scope),
        AggregateCall::Last { argument, order } => edge(argument, order.as_ref(), true, scope),
    }
}

pub const fn quantile_of(share: f64, interpolation: Interpolation) -> Quantile {
    match interpolation {
        Interpolation::Continuous => Quantile::Continuous(share),
        Interpolation::Discrete => Quantile::Discrete(share),
    }
}

fn extreme(value: &Term, greatest: bool, scope: &Scope<'_>) -> Printed<Term> {
    let name = if greatest { "max" } else { "min" };
    Ok(match value.kind {
        Kind::Boolean => scope.dialect.extreme_truth(value, greatest),
        Kind::Text => call(name, &scope.dialect.bytewise(value.clone()), Kind::Text),
        Kind::Null => call(name, &scope.dialect.convert(value, Kind::Text)?, Kind::Null),
        kind => call(name, value, kind),
    })
}

fn quantile(value: &Term, quantile: Quantile, scope: &Scope<'_>) -> Printed<Term> {
    scope.dialect.quantile(value, quantile)?.ok_or_else(put_together)
}

fn edge(argument: &Expression, order: Option<&Expression>, last: bool, scope: &Scope<'_>) -> Printed<Term> {
    let Some(order) = order else {
        return Err(Unsupported::new(
            "order of its rows, of which the first or last could be taken",
        ));
    };
    if argument.is_constant() || order.is_constant() {
        // Nothing to order, and some databases refuse to.
        let has_order = Expression::unary(UnaryOperator::IsNotNull, order.clone());
        let value = Expression::only_if(has_order, argument.clone());
        return extreme(&scope.term(&value)?, false, scope);
    }
    let (value, order) = (scope.term(argument)?, scope.term(order)?);
    scope.dialect.edge(&value, &order, last).ok_or_else(put_together)
}

/// Written by `emulate` instead; reached only where that does not look.
fn put_together() -> Unsupported {
    Unsupported::new("aggregate of that kind")
}
