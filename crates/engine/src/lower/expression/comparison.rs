//! Comparisons. With NULL they are NULL; `In` leaves NULL out of its list.

use plan::logical::Literal;
use polars::prelude::*;

use super::Typed;
use crate::{
    lower::{Kind, failure::mismatched, values::literal_series},
    protocol::WorkerFailure,
};

pub fn compare(left: Typed, right: Typed, operator: impl Fn(Expr, Expr) -> Expr) -> Result<Typed, WorkerFailure> {
    let kind = meet(left.kind, right.kind)?;
    Ok(Typed::new(
        operator(left.into_kind(kind), right.into_kind(kind)),
        Kind::Boolean,
    ))
}

pub fn is_in(operand: Typed, list: &[Literal]) -> Result<Typed, WorkerFailure> {
    let members: Vec<&Literal> = list.iter().filter(|literal| **literal != Literal::Null).collect();
    if members.is_empty() {
        return Ok(Typed::new(lit(false), Kind::Boolean));
    }
    let (own, series) = literal_series("members", &members)?;
    let kind = meet(operand.kind, own)?;
    let members = own.convert(lit(series), kind).implode(true);
    Ok(Typed::new(operand.into_kind(kind).is_in(members, false), Kind::Boolean))
}

/// Where one side is text, both are compared as text: a column without a type of its own in the model, such as a time of day,
/// is asked by what it looks like.
fn meet(left: Kind, right: Kind) -> Result<Kind, WorkerFailure> {
    left.meet(right)
        .or_else(|| [left, right].contains(&Kind::Text).then_some(Kind::Text))
        .ok_or_else(|| mismatched(format!("{} and {} cannot be compared", left.noun(), right.noun())))
}
